"""The desk: what every listener works with, and the few steps they share."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import ParamSpec, TypeVar

from bot.domain.names import PersonId, RoomId
from bot.failpoint import failpoint
from bot.usecases import Core
from handlers.door import Door
from handlers.slack.allowance import Allowance
from handlers.slack.answers import Answers
from handlers.slack.payloads import Home, Wish
from handlers.slack.people import People
from handlers.slack.platform import SlackPlatform
from handlers.slack.wire import ViewState

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Desk:
    """Our workspace, the core behind its door, and the ways to answer."""

    home: Home
    core: Core
    door: Door
    people: People
    answers: Answers
    platform: SlackPlatform
    nudge: Callable[[], None]
    """A letter may have been written."""
    now: Callable[[], datetime]
    later: Callable[[Awaitable[object]], None]
    """Does something nobody waits for."""
    catch_up: Callable[[], Awaitable[object]]
    """Reads what was said while nobody listened."""
    allowance: Allowance = field(default_factory=Allowance)
    """How many ideas a person may still send now."""

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
