"""The desk: what every listener works with, and the few steps they share."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ParamSpec, Protocol, TypeVar

from bot.domain.errors import Refusal, TooManyTries
from bot.domain.names import HuntId, MessageId, PersonId, RoomId, TenantId
from bot.failpoint import failpoint
from bot.screens import Home, Screen
from bot.usecases import Core
from bot.usecases.requests import Voice
from handlers.accounts import Accounts
from handlers.desk.allowance import Allowance
from handlers.desk.wire import ViewState
from handlers.desk.wishes import Someone, Wish
from handlers.door import Door, Shut
from handlers.platform import RoomFacts, Seen, Trouble

P = ParamSpec("P")
T = TypeVar("T")


class Answers(Protocol):
    """Shows a screen to one person, in the manner of their platform."""

    async def open(self, wish: Wish, screen: Screen) -> None:
        """A form on top of what the person sees."""
        ...

    async def redraw(self, wish: Wish, screen: Screen) -> None:
        """The form the person is in, as it is now."""
        ...

    async def below(self, wish: Wish, screen: Screen) -> None:
        """The form under the one that was just sent, as it is now."""
        ...

    async def instead(self, wish: Wish, screen: Screen) -> dict[str, Any]:
        """What takes the place of the form that was just sent: its acknowledgement carries it."""
        ...

    async def ask_name(self, wish: Wish, hunt: HuntId, *, number: int = 0, theme: str = "", name: str = "") -> None:
        """The small form for one name: of a theme, which is called `name` so far, or of a new one for an idea."""
        ...

    async def whisper(self, wish: Wish, screen: Screen) -> None:
        """Something to read, for this person alone, where they are."""
        ...

    async def refuse(self, wish: Wish, refusal: Refusal) -> None:
        """Why a wish was not granted."""
        ...

    async def home(self, who: Someone, screen: Home) -> None:
        """The person's home page."""
        ...


class People(Protocol):
    """How to speak to people."""

    async def voice(self, who: Someone) -> Voice: ...
    def forget(self, person: PersonId) -> None:
        """They changed their settings."""
        ...


class Messages(Protocol):
    """The platform itself: what was written there, and who is in its rooms."""

    async def enter(self, room: RoomId) -> RoomFacts:
        """Describes a room and who is in it."""
        ...

    async def one(self, room: RoomId, message: MessageId) -> Seen | None:
        """One message as it stands now."""
        ...


@dataclass(frozen=True, slots=True)
class Desk:
    """The core behind its door, and the ways to answer; each platform's desk says what else it has."""

    core: Core
    door: Door
    people: People
    answers: Answers
    platform: Messages
    nudge: Callable[[], None]
    """A letter may have been written."""
    now: Callable[[], datetime]
    accounts: Accounts
    """Which accounts are one person."""
    later: Callable[[Awaitable[object]], None]
    """Does something nobody waits for."""
    ours: Callable[[str], bool]
    """Whether a room or a person is one of this platform's."""
    shows_everybody: bool = True
    """Whether its forms show people of other platforms among those chosen."""
    allowance: Allowance = field(default_factory=Allowance)
    """How many ideas a person may still send now."""
    guesses: Allowance = field(default_factory=lambda: Allowance(TooManyTries))
    """How many codes a person may still try now."""

    def __post_init__(self) -> None:
        """Whoever knows the accounts knows which of them are this platform's."""
        self.accounts.serves(self.ours)

    async def do(self, use_case: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """A writing use case, committed; the courier looks at what it wrote."""
        failpoint("desk.before_ask")
        done = await self.door.do(use_case, *args, **kwargs)
        failpoint("desk.after_answer")
        self.nudge()
        return done

    async def keep(self, sender: PersonId, use_case: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """A writing use case that keeps an idea. Raises TooManyIdeas beyond ten a minute from one person."""
        with self.allowance.one(sender, self.now()):
            return await self.do(use_case, *args, **kwargs)

    async def look(self, use_case: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """A reading use case."""
        return await self.door.look(use_case, *args, **kwargs)

    async def think(self, use_case: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """A use case that groups or compares ideas, and may write after it: long, and in nobody's way."""
        failpoint("desk.before_ask")
        done = await self.door.think(use_case, *args, **kwargs)
        failpoint("desk.after_answer")
        self.nudge()
        return done

    async def foresee(
        self, tenant: TenantId, text: str, hunt: HuntId | None = None, room: RoomId | None = None
    ) -> None:
        """An idea is about to be kept: its likely theme and its twin are found out first. Where not, nobody waits."""
        with suppress(Shut, Refusal):
            await self.door.look(self.core.ideas.foresee, tenant, text, hunt, room)

    async def entered(self, room: RoomId) -> None:
        """Keeps who is in a room: they are voters. What goes wrong here is settled by the board's own letter."""
        try:
            facts = await self.platform.enter(room)
        except Trouble:
            return
        await self.do(self.core.people.keep_room, facts.room, facts.members)


def state_of(wish: Wish) -> ViewState:
    """Where the person's form is. Raises StaleForm where its memory cannot be read."""
    view = wish.place.view
    return ViewState.unpack(view.meta) if view is not None and view.modal else ViewState()


def room_of(wish: Wish) -> RoomId | None:
    """The room a wish is about: where it was done, else what its form remembers; a direct conversation is none."""
    here = wish.place.room
    if here is not None:
        return None if wish.place.direct else here
    return RoomId(state_of(wish).room) or None
