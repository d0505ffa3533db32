"""The inbox: Bolt's app with one listener for each kind of payload, and what becomes of a listener's failure.

A listener commits, then its payload is acknowledged. A failed event is not acknowledged, so Slack brings it again.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import secrets
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import BadForm, Problem, Refusal
from bot.failpoint import failpoint
from bot.screens import Note
from bot.words import Translator, translator
from bot.words.refusals import refusal_words
from handlers.desk import listeners, listeners_forms, wire
from handlers.desk.beside import beside
from handlers.desk.wishes import Wish, text_at
from handlers.door import Shut
from handlers.platform import Ambiguous, TenantDead, Trouble, Wait
from handlers.slack import listeners_events, listeners_shortcuts, payloads
from handlers.slack.answers import DEEPEST
from handlers.slack.desk import SlackDesk
from handlers.slack.envelopes import malformed
from handlers.slack.payloads import Unreadable

log = logging.getLogger(__name__)

ANY = re.compile(".*", re.DOTALL)
Body = dict[str, Any]
OK, BAD, AGAIN, UNKNOWN = 200, 400, 500, 404
AWAY = 503
PASSING = (Shut, Ambiguous, Wait, TenantDead)
"""The database or Slack is away: no fault of the event, which comes again as often as Slack brings it."""


class Inbox:
    """Takes payloads, however they arrived."""

    def __init__(self, desk: SlackDesk, web: AsyncWebClient, bot_id: str) -> None:
        self._desk = desk
        self._bot = AuthorizeResult(
            enterprise_id=None,
            team_id=desk.home.team,
            bot_id=bot_id,
            bot_user_id=desk.home.bot,
            bot_token="-",  # noqa: S106 - none: the app calls nothing, our own client does
        )
        self._app = self._wired(web)
        self._under_way: set[asyncio.Task[BoltResponse]] = set()
        self._closing = False
        self.counted: Counter[str] = Counter()
        """Payloads by what became of them."""

    # --- taking --------------------------------------------------------------------------------------------------

    async def take(self, body: Body, headers: Mapping[str, Any]) -> BoltResponse:
        """What a payload is answered with; 200 acknowledges it."""
        if self._closing:
            return BoltResponse(status=AWAY)
        task = asyncio.create_task(self._dispatched(body, headers))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return await asyncio.shield(task)

    async def drained(self) -> None:
        """Takes nothing more; returns when everything under way is answered."""
        self._closing = True
        while self._under_way:
            await asyncio.wait(tuple(self._under_way))

    async def _dispatched(self, body: Body, headers: Mapping[str, Any]) -> BoltResponse:
        if malformed(body):
            return self._unreadable("parts")
        try:
            request = AsyncBoltRequest(mode="socket_mode", body=body, headers=dict(headers))
            answer = await self._app.async_dispatch(request)
        except (AttributeError, KeyError, TypeError, ValueError) as strange:  # Bolt, on what no Slack sends
            return self._unreadable(type(strange).__name__)
        failpoint("inbox.before_ack")
        if answer.status == UNKNOWN:  # a kind of payload that did not exist when this was written
            self.counted["unhandled"] += 1
            log.warning("a payload of kind %s was not for us", str(body.get("type"))[:60])
            return BoltResponse(status=OK, body="")
        self.counted["acknowledged" if answer.status == OK else "refused"] += 1
        return answer

    def _unreadable(self, what: str) -> BoltResponse:
        """Refused where it was asked over HTTP; over a socket the line acknowledges it, or it would come for ever."""
        self.counted["unreadable"] += 1
        log.warning("a payload without its %s", what)
        return BoltResponse(status=BAD, body="")

    # --- listening -----------------------------------------------------------------------------------------------

    def _wired(self, web: AsyncWebClient) -> AsyncApp:
        """One listener for each kind, the hottest first: each one tried costs every payload after it."""

        async def ourselves() -> AuthorizeResult:  # asked once, at the start: not again for each payload
            return self._bot

        app = AsyncApp(
            name="slack_bolt.app",  # Bolt gives the logger of this name the level of the next: not ours
            logger=logging.getLogger("slack_bolt"),  # else each of its parts takes the root's level, and tells bodies
            client=web,
            authorize=ourselves,
            process_before_response=True,
            request_verification_enabled=False,  # ours is stricter, and stands before the parser (handlers/web.py)
            ssl_check_enabled=False,
            url_verification_enabled=False,
            attaching_function_token_enabled=False,
            attaching_conversation_kwargs_enabled=False,
        )
        app.action(ANY)(self.press)
        app.event("message")(self.message)
        app.view(ANY)(self.form)
        app.command(ANY)(self.command)
        app.event(ANY)(self.event)
        app.shortcut(ANY)(self.shortcut)
        app.view_closed(ANY)(self.closed)
        app.options(ANY)(self.options)
        app.error(self.failed)
        return app

    async def press(self, body: Body, ack: AsyncAck) -> None:
        """A button or a choice."""
        await listeners.press(self._desk, self._known(payloads.press(self._desk.home, body)))
        await ack()

    async def message(self, body: Body) -> None:
        """A message, of any subtype."""
        await listeners_events.message(self._desk, body)

    async def form(self, body: Body, ack: AsyncAck) -> None:
        """A filled form."""
        await ack(
            **await listeners_forms.submitted(self._desk, self._known(payloads.submission(self._desk.home, body)))
        )

    async def command(self, body: Body, ack: AsyncAck) -> None:
        """Our command, whatever the workspace calls it."""
        await listeners.command(self._desk, self._known(payloads.command(self._desk.home, body)))
        await ack()

    async def event(self, body: Body) -> None:
        """Any other event."""
        await listeners_events.event(self._desk, body)

    async def shortcut(self, body: Body, ack: AsyncAck) -> None:
        """A shortcut."""
        await listeners_shortcuts.shortcut(self._desk, self._known(payloads.shortcut(self._desk.home, body)))
        await ack()

    async def closed(self, ack: AsyncAck) -> None:
        """A form was closed: every change was saved when it was made."""
        await ack()

    async def options(self, ack: AsyncAck) -> None:
        """No choice of ours is filled from outside; an old form may still ask."""
        await ack(options=[])

    # --- failing -------------------------------------------------------------------------------------------------

    async def failed(self, error: Exception, body: Body) -> BoltResponse:
        """The one place where a failure becomes words for the person, a line for the administrator, or a retry."""
        if isinstance(error, Unreadable):
            return self._unreadable(str(error))
        if body.get("type") == "event_callback":
            return await self._failed_event(error, body)
        if body.get("type") == "view_submission":
            return await self._failed_form(error, payloads.submission(self._desk.home, body))
        wish = self._wish(body)
        if isinstance(error, Refusal):
            await self._desk.answers.refuse(wish, error)
        else:
            await self._desk.answers.whisper(wish, self._note(error))
        return BoltResponse(status=OK, body="")

    def _wish(self, body: Body) -> Wish:
        if "command" in body:
            return payloads.command(self._desk.home, body)
        read = payloads.press if body.get("type") == "block_actions" else payloads.shortcut
        return self._known(read(self._desk.home, body))

    def _known(self, wish: Wish) -> Wish:
        """The wish of the person whose account that is."""
        return replace(wish, who=wish.who.known_as(self._desk.accounts.asker(wish.asker)))

    def _note(self, error: Exception) -> Note:
        """What a person is told about a failure that is not theirs."""
        if isinstance(error, Shut):
            self.counted["busy"] += 1
            log.warning("the door was shut: %s", error)
            return Note("problem.busy", good=False)
        reference = secrets.token_hex(2).upper()
        self.counted["failed"] += 1
        log.error("failure %s", reference, exc_info=error)
        return Note("problem.failed", {"ref": reference}, good=False)

    async def _failed_form(self, error: Exception, wish: Wish) -> BoltResponse:
        """Told in the form, beside its field, so that nothing typed is lost; on top of a form without fields."""
        shown = list(wish.place.view.state) if wish.place.view else []
        voice = await self._desk.answers.voice(wish.who)
        words = translator(voice.language)
        note = _refused(error) if isinstance(error, Refusal) else self._note(error)
        if not any(map(wire.field_of, shown)):
            full = wish.place.view is not None and wish.place.view.depth >= DEEPEST
            where = "update" if full else "push"
            return _json({**await self._desk.answers.instead(wish, note), "response_action": where})
        if isinstance(error, BadForm):
            told = {field: _told(problem, words, voice.zone) for field, problem in error.problems.items()}
        else:
            told = {beside(error, shown): words.plain(note.key, voice.zone, **note.facts)}
        return _json({"response_action": "errors", "errors": wire.errors(told, shown)})

    async def _failed_event(self, error: Exception, body: Body) -> BoltResponse:
        """Not acknowledged, so that it comes again; put aside after the third time, so that the next ones flow."""
        if isinstance(error, Refusal):
            await self._refused_event(error, body)
            return BoltResponse(status=OK, body="")
        if isinstance(error, Shut | Trouble):
            log.warning("an event comes again: %s %s", type(error).__name__, error)
        else:
            log.error("an event failed", exc_info=error)
        if isinstance(error, PASSING):
            self.counted["again"] += 1
            return BoltResponse(status=AGAIN)
        given_up = await self._count(body, type(error).__name__)
        self.counted["given_up" if given_up else "again"] += 1
        return BoltResponse(status=OK if given_up else AGAIN, body="")

    async def _count(self, body: Body, error: str) -> bool:
        """Whether this was the last failure of an event."""
        desk, key, kept = self._desk, payloads.event_id(body), payloads.clipped(body)
        count = desk.core.clock.failed_event
        try:
            return await desk.door.do(count, desk.home.tenant, key, kept, error, desk.now())
        except Shut:
            return False

    async def _refused_event(self, refusal: Refusal, body: Body) -> None:
        """A message that could not become an idea: its author is told beside it."""
        if text_at(body, "event", "type") != "message":
            return
        said = payloads.said(self._desk.home, body, {})
        await self._desk.answers.refuse(listeners_events.at(said), refusal)


def _refused(refusal: Refusal) -> Note:
    key, facts = refusal_words(refusal)
    return Note(key, facts, good=False)


def _told(problem: str | Problem, words: Translator, zone: str) -> str:
    """The sentence beside a field."""
    return words.plain(problem) if isinstance(problem, str) else words.plain(problem.key, zone, **problem.facts)


def _json(body: dict[str, Any]) -> BoltResponse:
    return BoltResponse(status=OK, body=json.dumps(body), headers={"content-type": ["application/json;charset=utf-8"]})
