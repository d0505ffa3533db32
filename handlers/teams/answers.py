"""Showing a screen to one person: in the dialog they are in, in the room for their eyes, or in their own chat."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from bot.domain.errors import BadForm, Problem, Refusal
from bot.domain.names import HuntId
from bot.screens import Button, Home, Note, Screen
from bot.words import translator
from bot.words.refusals import refusal_words
from handlers.desk.wire import ViewState
from handlers.desk.wishes import Someone, Wish, remembered_room
from handlers.platform import Trouble, Wait
from handlers.teams import cards, elements
from handlers.teams.elements import Json
from handlers.teams.people import People
from handlers.teams.platform import TeamsPlatform
from handlers.teams.seal import Seal

log = logging.getLogger(__name__)

TRIES = 3
LONGEST_WAIT = 30.0
"""Seconds; an answer that comes later than that answers nothing any more."""


@dataclass
class Reply:
    """What an invoke under way is answered with; the last drawing wins."""

    dialog: Json | None = None


_REPLY: ContextVar[Reply | None] = ContextVar("reply", default=None)


class Answers:
    """Every private answer of ours goes through here."""

    def __init__(
        self, platform: TeamsPlatform, people: People, later: Callable[[Awaitable[object]], None], seal: Seal
    ) -> None:
        self._platform = platform
        self.seal = seal
        self._people = people
        self._later = later
        self.lost = 0
        """Answers nobody could be shown."""

    @contextmanager
    def replying(self) -> Iterator[Reply]:
        """Inside, whatever is shown to the person is drawn in the dialog that the invoke opens or redraws."""
        token = _REPLY.set(reply := Reply())
        try:
            yield reply
        finally:
            _REPLY.reset(token)

    # --- forms

    async def open(self, wish: Wish, screen: Screen) -> None:
        """A form in the dialog; outside one, the button that opens it."""
        await self._show(wish, screen)

    async def redraw(self, wish: Wish, screen: Screen) -> None:
        """The form the person is in, as it is now."""
        await self._show(wish, screen)

    async def below(self, wish: Wish, screen: Screen) -> None:
        """Dialogs do not lie on each other here: the one before takes the place of the small one."""
        await self._show(wish, screen)

    async def instead(self, wish: Wish, screen: Screen) -> dict[str, Any]:
        """What takes the place of the form that was just sent."""
        await self._show(wish, screen)
        return {}

    async def ask_name(self, wish: Wish, hunt: HuntId, *, number: int = 0, theme: str = "", name: str = "") -> None:
        """The small form for one name: of a theme, which is called `name` so far, or of a new one for an idea."""
        voice, below = await self._people.voice(wish.who), wish.place.view
        at = ViewState.unpack(below.meta) if below else ViewState()
        state = ViewState(hunt, at.room, page=at.page, unsorted=at.unsorted, number=number, theme=theme)
        self._put(wish.who, cards.theme_name(state, voice.language, name, id=_new_id()))

    async def ask_first(self, wish: Wish, asked: Button, data: Json) -> None:
        """Whether the person means it."""
        voice = await self._people.voice(wish.who)
        self._put(wish.who, cards.confirmation(asked, data, voice.language, voice.zone))

    async def again(self, wish: Wish, screen: Screen | Json, problems: dict[str, str], told: str) -> None:
        """The form with what was typed in it, and what is wrong beside each field."""
        drawn = screen if isinstance(screen, dict) else await self._dialog(wish, screen)
        typed = dict(wish.place.view.state) if wish.place.view else {}
        self._put(wish.who, cards.refilled(drawn, typed, problems, told))

    def _put(self, who: Someone, dialog: Json) -> None:
        """The dialog is drawn so for them, where an invoke is under way."""
        if (reply := _REPLY.get()) is not None:
            self.seal.put(dialog, who.account)
            reply.dialog = dialog

    async def _dialog(self, wish: Wish, screen: Screen) -> Json:
        voice, names = await self._people.voice(wish.who), await self._people.names(screen)
        room = remembered_room(wish.place)
        return cards.dialog(screen, voice.language, voice.zone, names, room=room, id=_new_id())

    async def _show(self, wish: Wish, screen: Screen) -> None:
        if _REPLY.get() is not None:
            self._put(wish.who, await self._dialog(wish, screen))
        else:
            await self._aside(wish, screen)

    # --- words

    async def whisper(self, wish: Wish, screen: Screen) -> None:
        """Something to read, for this person alone, where they are."""
        await self._show(wish, screen)

    async def refuse(self, wish: Wish, refusal: Refusal) -> None:
        """Why a wish was not granted, and what one can do next."""
        await self.whisper(wish, refused(refusal))

    async def _aside(self, wish: Wish, screen: Screen) -> None:
        """In the room for this person's eyes, or in their own chat; an answer that cannot be shown stops nothing."""
        voice, names = await self._people.voice(wish.who), await self._people.names(screen)
        drawn = cards.message(screen, voice.language, voice.zone, names)
        place, person = wish.place, wish.who.account
        if place.direct or place.room is None:
            await self._patiently(lambda: self._platform.tell(person, drawn))
        else:
            room, thread, to = place.room, place.thread or "", place.answer_to
            await self._patiently(lambda: self._platform.whisper(room, thread, to, person, drawn))

    async def _patiently(self, say: Callable[[], Awaitable[None]], tries: int = TRIES) -> None:
        """Now, or aside when Teams takes it; the activity is answered meanwhile."""
        try:
            await say()
        except Wait as wait:
            if tries:
                self._later(self._after(min(wait.seconds, LONGEST_WAIT), say, tries - 1))
            else:
                self._lose(wait)
        except Trouble as trouble:
            self._lose(trouble)

    async def _after(self, seconds: float, say: Callable[[], Awaitable[None]], tries: int) -> None:
        await asyncio.sleep(seconds)
        await self._patiently(say, tries)

    def _lose(self, trouble: Trouble) -> None:
        self.lost += 1
        log.warning("an answer was not shown: %s", trouble)

    # --- home

    async def home(self, who: Someone, screen: Home) -> None:
        """The person's home card: in the dialog, or in their own chat."""
        voice, names = await self._people.voice(who), await self._people.names(screen)
        if _REPLY.get() is not None:
            self._put(who, cards.dialog(screen, voice.language, voice.zone, names, id=_new_id()))
            return
        drawn = cards.message(screen, voice.language, voice.zone, names)
        await self._patiently(lambda: self._platform.tell(who.account, drawn))

    async def plain(self, wish: Wish, key: str) -> str:
        """One of our sentences in the person's language."""
        voice = await self._people.voice(wish.who)
        return translator(voice.language).plain(key)


def refused(refusal: Refusal) -> Note:
    """A refusal as something to read; of a form that was pressed away from its fields, its first problem."""
    problem = next(iter(refusal.problems.values()), None) if isinstance(refusal, BadForm) else None
    if problem is not None:
        told = Problem(problem) if isinstance(problem, str) else problem
        return Note(told.key, told.facts, good=False)
    key, facts = refusal_words(refusal)
    return Note(key, facts, good=False)


def continued(dialog: Json) -> Json:
    """A dialog as the answer of an invoke."""
    value = {"title": dialog["title"], "width": "medium", "height": "large", "card": elements.attached(dialog["body"])}
    return {"task": {"type": "continue", "value": value}}


def _new_id() -> str:
    return secrets.token_hex(4)
