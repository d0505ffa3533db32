"""Showing a screen to one person, where they are: a form, a room, their own conversation, their home page."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Coroutine, Mapping
from dataclasses import replace
from typing import Any

import aiohttp

from bot.domain.errors import BadForm, Refusal
from bot.domain.names import HuntId
from bot.screens import Button, Deed, Home, Note, Screen
from bot.usecases.requests import Voice
from bot.words.refusals import refusal_words
from handlers.desk.wire import ViewState
from handlers.desk.wishes import Place, Someone, View, Wish, remembered_room
from handlers.door import Shut
from handlers.platform import BadPayload, NotInvited, Trouble, Wait
from handlers.slack import draw
from handlers.slack.people import People
from handlers.slack.web_api import WebApi

log = logging.getLogger(__name__)

ACK_WITHIN = 2.0
"""Seconds an answer may hold the acknowledgement back; then it goes on by itself."""
TRIGGER_LIFE = 2.5
OPEN_PATIENCE = 0.5
LATE = frozenset(
    {
        "expired_trigger_id",
        "trigger_expired",
        "exchanged_trigger_id",
        "trigger_exchanged",
        "invalid_trigger",
        "invalid_trigger_id",
    }
)
REFUSED_BLOCKS = frozenset({"invalid_blocks", "invalid_arguments", "invalid_view"})
DEEPEST = 3
LONGEST_WAIT = 60.0
MOST_LOCKS = 2_000
RESPONSE_URL_WAIT = 5.0
STRANGER = Voice("en", "UTC", fresh=False)
"""How to speak to somebody while even the database does not answer."""


def _first_problem(refusal: Refusal) -> tuple[str, Mapping[str, object]] | None:
    """The sentence of a form's first problem, where it comes from a press and no field can be pointed at."""
    problem = next(iter(refusal.problems.values()), None) if isinstance(refusal, BadForm) else None
    if problem is None:
        return None
    return (problem, {}) if isinstance(problem, str) else (problem.key, problem.facts)


class Answers:
    """Every private answer of ours goes through here."""

    def __init__(self, api: WebApi, people: People, session: aiohttp.ClientSession) -> None:
        self._api = api
        self._people = people
        self._session = session
        self._newest: OrderedDict[str, int] = OrderedDict()
        self._locks: dict[str, asyncio.Lock] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._late: set[asyncio.Task[None]] = set()
        self._plain = False
        self.lost = 0
        """Answers nobody could be shown."""

    # --- timing --------------------------------------------------------------------------------------------------

    async def soon(self, work: Coroutine[Any, Any, None]) -> None:
        """Waits for an answer a little, so that it is usually there before the acknowledgement; never longer."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        await asyncio.wait((task,), timeout=ACK_WITHIN)

    async def drained(self) -> None:
        """When every answer under way is given or lost; drawings that wait for Slack are let go."""
        for late in self._late:
            late.cancel()
        while self._tasks:
            await asyncio.wait(tuple(self._tasks))

    def _postpone(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._late.add(task)
        task.add_done_callback(self._late.discard)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            self.lost += 1
            log.warning("an answer was not shown: %s", error if isinstance(error, Trouble) else repr(error))

    # --- forms ---------------------------------------------------------------------------------------------------

    async def open(self, wish: Wish, screen: Screen) -> None:
        """A form on top of what the person sees; a whisper where the moment for it has passed."""
        voice = await self._people.voice(wish.who)
        await self.soon(self._open(wish, screen, voice))

    async def _open(self, wish: Wish, screen: Screen, voice: Voice) -> None:
        room = remembered_room(wish.place)
        names = await self._people.strangers(screen)
        await self._lay(wish, draw.view(screen, voice.language, voice.zone, room=room, names=names), voice)

    async def ask_name(self, wish: Wish, hunt: HuntId, *, number: int = 0, theme: str = "", name: str = "") -> None:
        """The small form for one name: of a theme, which is called `name` so far, or of a new one for an idea."""
        voice, below = await self._people.voice(wish.who), wish.place.view
        at = ViewState.unpack(below.meta) if below else ViewState()
        state = ViewState(hunt, at.room, page=at.page, unsorted=at.unsorted, number=number, theme=theme)
        await self.soon(self._lay(wish, draw.theme_name(state, voice.language, name), voice))

    async def _lay(self, wish: Wish, drawn: dict[str, Any], voice: Voice) -> None:
        """On top of the modal that is open; in its place where the stack is full; alone where there is none."""
        below = wish.place.view if wish.place.view and wish.place.view.modal else None
        if below is not None and below.depth >= DEEPEST:
            await self._view("views.update", drawn, view_id=below.id)
            return
        method = "views.push" if below else "views.open"
        try:
            await self._view(
                method, drawn, trigger_id=wish.place.trigger, patience=OPEN_PATIENCE, deadline=TRIGGER_LIFE
            )
        except Wait:
            await self._too_slow(wish, voice)
        except BadPayload as late:
            if str(late) not in LATE:
                raise
            await self._too_slow(wish, voice)

    async def _view(self, method: str, drawn: dict[str, Any], **args: Any) -> None:  # noqa: ANN401 - as `WebApi.call`
        """Shows a modal; plainer, now and from then on, where the workspace refuses its blocks."""
        plain = draw.plainer(drawn)
        try:
            await self._api.call(method, view=plain if self._plain else drawn, **args)
        except BadPayload as refused:
            if str(refused) not in REFUSED_BLOCKS or self._plain or plain == drawn:
                raise
            self._plain = True
            await self._api.call(method, view=plain, **args)

    async def _too_slow(self, wish: Wish, voice: Voice) -> None:
        """The moment to open a form has passed: a button opens it again."""
        button = Button(Deed.HUB, str(wish.place.room or ""), main=True)
        note = Note("problem.too_slow", buttons=(button,), good=False)
        await self._aside(wish.who, wish.place, note, voice)

    async def redraw(self, wish: Wish, screen: Screen) -> None:
        """The form the person is in, as it is now; the newest drawing wins whatever the order of arrival."""
        view = wish.place.view
        if view is None:
            await self.open(wish, screen)
            return
        voice = await self._people.voice(wish.who)
        turn = self._newest[view.id] = self._newest.get(view.id, 0) + 1
        self._newest.move_to_end(view.id)
        while len(self._newest) > MOST_LOCKS:
            self._newest.popitem(last=False)
        names = await self._people.strangers(screen)
        drawn = draw.view(screen, voice.language, voice.zone, room=remembered_room(wish.place), names=names)
        await self.soon(self._redraw(view, drawn, turn))

    async def _redraw(self, view: View, drawn: dict[str, Any], turn: int) -> None:
        lock = self._locks.setdefault(view.id, asyncio.Lock())
        try:
            async with lock:
                if self._newest.get(view.id, turn) == turn:
                    await self._update(view, drawn)
        except Wait as wait:  # many vote at once: the choice is saved, its drawing comes when Slack takes it
            self._postpone(self._redraw_after(wait.seconds, replace(view, hash=""), drawn, turn))
        finally:
            if not lock.locked():
                self._locks.pop(view.id, None)

    async def _redraw_after(self, seconds: float, view: View, drawn: dict[str, Any], turn: int) -> None:
        await asyncio.sleep(min(seconds, LONGEST_WAIT))
        await self._redraw(view, drawn, turn)

    async def _update(self, view: View, drawn: dict[str, Any]) -> None:
        try:
            unchanged: dict[str, Any] = {"hash": view.hash} if view.hash else {}
            await self._view("views.update", drawn, view_id=view.id, patience=0.0, **unchanged)
        except BadPayload as refused:
            if str(refused) == "hash_conflict":  # our drawing is from the database, so it is the newer one
                await self._view("views.update", drawn, view_id=view.id)
            elif str(refused) != "not_found":  # closed meanwhile: nothing to draw on
                raise

    async def below(self, wish: Wish, screen: Screen) -> None:
        """The form under the one that was just sent, as it is now."""
        voice, view = await self._people.voice(wish.who), wish.place.view
        if view is None or not view.below:
            return
        drawn = draw.view(screen, voice.language, voice.zone, room=remembered_room(wish.place))
        await self.soon(self._update_only(view.below, drawn))

    async def _update_only(self, id: str, drawn: dict[str, Any]) -> None:
        try:
            await self._view("views.update", drawn, view_id=id)
        except BadPayload as refused:
            if str(refused) != "not_found":
                raise

    async def instead(self, wish: Wish, screen: Screen) -> dict[str, Any]:
        """What takes the place of the form that was just sent: plain, as nobody tells us where it is refused."""
        voice = await self.voice(wish.who)
        drawn = draw.plainer(draw.view(screen, voice.language, voice.zone, room=remembered_room(wish.place)))
        return {"response_action": "update", "view": drawn}

    async def voice(self, who: Someone) -> Voice:
        """How to speak to somebody, whatever is out of order."""
        try:
            return await self._people.voice(who)
        except Shut:
            return self._people.known(who.account) or STRANGER

    # --- words ---------------------------------------------------------------------------------------------------

    async def whisper(self, wish: Wish, screen: Screen) -> None:
        """Something to read, for this person alone, where they are."""
        await self.soon(self._whisper(wish, screen, await self.voice(wish.who)))

    async def refuse(self, wish: Wish, refusal: Refusal) -> None:
        """Why a wish was not granted, and what one can do next."""
        key, facts = _first_problem(refusal) or refusal_words(refusal)
        await self.whisper(wish, Note(key, facts, good=False))

    async def _whisper(self, wish: Wish, screen: Screen, voice: Voice) -> None:
        if wish.place.view is not None and wish.place.trigger:
            await self._open(wish, screen, voice)
        else:
            await self._aside(wish.who, wish.place, screen, voice)

    async def _aside(self, who: Someone, place: Place, screen: Screen, voice: Voice) -> None:
        if not (place.answer_to and await self._respond(place, screen, voice)):
            await self._say(who, place, screen, voice)

    async def _respond(self, place: Place, screen: Screen, voice: Voice) -> bool:
        """By the response address: five times within half an hour, then it refuses and we go another way."""
        drawn = draw.message(screen, voice.language, voice.zone, mentions=True)
        body: dict[str, Any] = {"response_type": "ephemeral", "text": drawn.text, "blocks": drawn.fallback_blocks}
        body["replace_original"] = place.whispered
        limit = aiohttp.ClientTimeout(total=RESPONSE_URL_WAIT)
        try:
            async with self._session.post(place.answer_to, json=body, timeout=limit) as answer:
                return answer.ok and "error" not in (await answer.text())[:200].lower()
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return False

    async def _say(self, who: Someone, place: Place, screen: Screen, voice: Voice) -> None:
        """In the room for one person's eyes, or in their own conversation; in blocks that every workspace draws."""
        drawn = draw.message(screen, voice.language, voice.zone)
        words: dict[str, Any] = {"text": drawn.text, "blocks": drawn.fallback_blocks}
        person = str(who.account)
        if place.room and not place.direct:
            thread: dict[str, Any] = {"thread_ts": place.thread} if place.thread else {}
            try:
                await self._api.call("chat.postEphemeral", channel=place.room, user=person, **words, **thread)
            except (NotInvited, BadPayload):  # the bot or the person is not in the room
                await self._direct(person, words)
        else:
            await self._direct(str(place.room or person), words)

    async def _direct(self, to: str, words: dict[str, Any]) -> None:
        quiet = {"unfurl_links": False, "unfurl_media": False}
        await self._api.call("chat.postMessage", room=to, channel=to, **words, **quiet)

    # --- home ----------------------------------------------------------------------------------------------------

    async def home(self, who: Someone, screen: Home) -> None:
        """The person's home page."""
        voice = await self._people.voice(who)
        await self.soon(self._home(str(who.account), screen, voice))

    async def _home(self, person: str, screen: Home, voice: Voice) -> None:
        await self._api.call("views.publish", user_id=person, view=draw.home(screen, voice.language, voice.zone))
