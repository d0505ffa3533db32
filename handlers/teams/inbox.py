"""The inbox: every verified activity, one listener for each kind, and what becomes of a listener's failure.

A listener commits, then its activity is answered. Nothing is answered with a server's error but what must come again.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.domain.errors import BadForm, Problem, Refusal, StaleForm
from bot.failpoint import failpoint
from bot.screens import Note
from bot.words import Translator, translator
from handlers.desk import wire
from handlers.desk.beside import beside
from handlers.desk.wishes import Wish, text_at
from handlers.door import Shut
from handlers.platform import Trouble
from handlers.teams import listeners, listeners_files, listeners_rooms, payloads
from handlers.teams.answers import Reply, continued, refused
from handlers.teams.desk import TeamsDesk
from handlers.teams.payloads import Unreadable
from handlers.teams.pen import SUBMIT

log = logging.getLogger(__name__)

Body = dict[str, Any]
Answer = dict[str, Any]
OK, NOT_OURS, AWAY = 200, 403, 503
DIALOGS = frozenset({"task/fetch", "task/submit", "composeExtension/fetchTask", "composeExtension/submitAction"})
CARD_ACTION = "adaptiveCard/action"
FILE_CONSENT = "fileConsent/invoke"
MESSAGE = "application/vnd.microsoft.activity.message"
EDITED, DELETED = "editMessage", "softDeleteMessage"
EVENTS = frozenset({"conversationUpdate", "installationUpdate"})
"""What Teams tells by itself: the account that did it is named, as a rule, and nothing more of its person."""


class Inbox:
    """Takes activities once the SDK has verified who sent them."""

    def __init__(self, desk: TeamsDesk, allowed: Callable[[str], bool]) -> None:
        """`allowed`: whether a service address is one we write to."""
        self._desk = desk
        self._allowed = allowed
        self._under_way: set[asyncio.Task[Answer]] = set()
        self._closing = False
        self.counted: Counter[str] = Counter()
        """Activities by what became of them."""

    # --- taking --------------------------------------------------------------------------------------------------

    async def take(self, body: Body) -> Answer:
        """What an activity is answered with."""
        if self._closing:
            return {"status": AWAY}
        task = asyncio.create_task(self._taken(body))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return await asyncio.shield(task)

    async def drained(self) -> None:
        """Takes nothing more; returns when everything under way is answered."""
        self._closing = True
        while self._under_way:
            await asyncio.wait(tuple(self._under_way))

    async def _taken(self, body: Body) -> Answer:
        if payloads.from_tenant(body) not in self._desk.home.tenant_ids or not self._allowed(
            text_at(body, "serviceUrl")
        ):
            self.counted["not_ours"] += 1
            log.warning("an activity of a tenant or an address that is not served")
            return {"status": NOT_OURS}
        kind = text_at(body, "type")
        try:
            body = await self._identified(body)
            answer = await (self._invoked if kind == "invoke" else self._told)(body)
        except Unreadable as unreadable:
            self.counted["unreadable"] += 1
            log.warning("an activity without its %s", unreadable)
            return {"status": OK}
        except (Trouble, Shut) as passing:  # who it was could not be asked: nobody is made a second person for that
            self._note(passing)
            return {"status": AWAY}
        failpoint("inbox.before_ack")
        return answer

    async def _identified(self, body: Body) -> Body:
        """An activity that says who did it; what Teams itself tells needs nobody."""
        try:
            return dict(await self._desk.platform.rosters.identified(body))
        except Trouble:
            if text_at(body, "type") in EVENTS:
                return body
            raise

    async def _met(self, body: Body) -> None:
        """Where the conversation is written to, and how its doer speaks: told by every activity, and nowhere else."""
        desk, event = self._desk, text_at(body, "type") in EVENTS
        person = payloads.as_told(desk.home, body, desk.now())
        known = not (event and person.id.startswith(payloads.ACCOUNT))
        at = payloads.conversation(desk.home, body)
        if at is not None and (known or not payloads.is_direct(body)):
            await desk.platform.met(at)
        if known and not person.id.startswith("28:"):
            await desk.people.met(person)
            if at is not None and not event and not payloads.is_direct(body):
                await desk.platform.rosters.seen(body)

    def _known(self, wish: Wish) -> Wish:
        """The wish of the person whose account that is."""
        return replace(wish, who=wish.who.known_as(self._desk.accounts.asker(wish.asker)))

    # --- messages and events -------------------------------------------------------------------------------------

    async def _told(self, body: Body) -> Answer:
        listener = KINDS.get(text_at(body, "type"))
        if listener is None:  # typing, an event of a kind that did not exist when this was written
            self.counted["unhandled"] += 1
            return {"status": OK}
        try:
            await self._met(body)
            await listener(self, body)
        except (Refusal, Shut, Trouble) as passing:
            return await self._failed_message(passing, body)
        except Exception as fault:  # noqa: BLE001 - the one place where a fault of ours becomes words for the person
            return await self._failed_message(fault, body)
        self.counted["acknowledged"] += 1
        return {"status": OK}

    async def message(self, body: Body) -> None:
        """Somebody wrote, or pressed a button that sends."""
        if text_at(body, "from", "id").startswith("28:"):
            return  # a bot, perhaps we
        if isinstance(body.get("value"), Mapping):
            if self._broken(body):
                raise StaleForm
            await listeners.pressed(self._desk, await self._press(body), payloads.pressed(body))
            return
        wish = self._known(payloads.command(self._desk.home, body))
        if wish.place.direct:
            await listeners.direct(self._desk, wish, body)
        elif payloads.mentions_us(self._desk.home, body) or payloads.is_targeted(body):
            await listeners_rooms.name_room(self._desk, body, payloads.room_of(body))
            await listeners.spoken(self._desk, wish, body)
        else:
            await listeners.heard(self._desk, wish, body)

    async def message_changed(self, body: Body) -> None:
        """New words; a message that is shown again after it was deleted is not new."""
        if text_at(body, "channelData", "eventType") == EDITED:
            await listeners.edited(self._desk, self._known(payloads.command(self._desk.home, body)), body)

    async def message_deleted(self, body: Body) -> None:
        """Taken away by its author."""
        if text_at(body, "channelData", "eventType") == DELETED:
            await listeners.deleted(self._desk, self._known(payloads.command(self._desk.home, body)), body)

    async def conversation(self, body: Body) -> None:
        """Members or channels changed."""
        await listeners_rooms.changed(self._desk, body)

    async def file_consent(self, body: Body) -> None:
        """Somebody agreed to a file, or did not."""
        await listeners_files.answered(self._desk, self._known(payloads.command(self._desk.home, body)), body)

    async def installation(self, body: Body) -> None:
        """The app was added or removed."""
        await listeners_rooms.installed(self._desk, body)

    def _broken(self, body: Body) -> bool:
        """Whether the dialog's memory is not the one we sealed for whoever pressed."""
        return self._desk.answers.seal.broken(payloads.pressed_data(body), payloads.person_id(body.get("from")))

    async def _press(self, body: Body) -> Wish:
        """A press with its dialog; days and times in it are meant in the person's own zone."""
        who = payloads.someone(self._desk.home, body)
        zone = (await self._desk.people.voice(who)).zone
        return self._known(payloads.press(self._desk.home, body, zone))

    async def _failed_message(self, error: Exception, body: Body) -> Answer:
        """Told to the person beside their message; what the database could not keep must come again."""
        if text_at(body, "type") == "message":
            wish = self._known(payloads.command(self._desk.home, body))
            await self._desk.answers.whisper(wish, self._note(error))
        else:
            self._note(error)
        return {"status": AWAY if isinstance(error, Shut) else OK}

    # --- invokes -------------------------------------------------------------------------------------------------

    async def _invoked(self, body: Body) -> Answer:
        name = text_at(body, "name")
        if name == FILE_CONSENT:
            return await self._told({**body, "type": FILE_CONSENT})
        if name not in DIALOGS and name != CARD_ACTION:
            self.counted["unhandled"] += 1
            return {"status": OK}
        with self._desk.answers.replying() as reply:
            broken = self._broken(body)
            wish = await self._press(body)
            try:
                await self._met(body)
                await self._dialog(name, wish, body, broken=broken)
            except Exception as error:  # noqa: BLE001 - the one place where a failure becomes words in the dialog
                await self._failed_dialog(error, wish, body)
            self.counted["acknowledged"] += 1
            return await self._answer(name, reply, wish)

    async def _dialog(self, name: str, wish: Wish, body: Body, *, broken: bool) -> None:
        if broken:
            raise StaleForm
        if name == "composeExtension/fetchTask":
            await listeners.extended(self._desk, wish, body)
        else:
            await listeners.pressed(self._desk, wish, payloads.pressed(body))

    async def _answer(self, name: str, reply: Reply, wish: Wish) -> Answer:
        """The dialog as it is now; a card that knows no dialogs gets a sentence; nothing to show closes it."""
        if name == CARD_ACTION:
            told = await self._desk.answers.plain(wish, "teams.old_card")
            return {"status": OK, "body": {"statusCode": OK, "type": MESSAGE, "value": told}}
        return {"status": OK, "body": continued(reply.dialog)} if reply.dialog is not None else {"status": OK}

    async def _failed_dialog(self, error: Exception, wish: Wish, body: Body) -> None:
        """Told in the form beside its field, so that nothing typed is lost; else in its place."""
        note = self._note(error)
        form = wire.form_of(wish.place.view.callback) if wish.place.view else None
        do = payloads.pressed(body).do
        if (do in {SUBMIT, *TURNED} or wire.page_of(do) is not None) and form in listeners.AGAIN:
            try:
                await self._again(error, note, wish)
            except (Refusal, Shut):
                await self._desk.answers.whisper(wish, note)
        else:
            await self._desk.answers.whisper(wish, note)

    async def _again(self, error: Exception, note: Note, wish: Wish) -> None:
        view = wish.place.view
        assert view is not None
        screen = await listeners.AGAIN[wire.form_of(view.callback)](self._desk, wish)
        voice = await self._desk.people.voice(wish.who)
        words = translator(voice.language)
        if isinstance(error, BadForm):
            problems = {field: _told(problem, words, voice.zone) for field, problem in error.problems.items()}
        else:
            problems = {beside(error, list(view.state)): words.plain(note.key, voice.zone, **note.facts)}
        on_top = " ".join(told for field, told in problems.items() if wire.block(field) not in view.state)
        await self._desk.answers.again(wish, screen, problems, on_top)

    def _note(self, error: Exception) -> Note:
        """What a person is told about a failure, theirs or ours."""
        if isinstance(error, Refusal):
            return refused(error)
        if isinstance(error, Shut | Trouble):
            self.counted["busy"] += 1
            log.warning("not done now: %s %s", type(error).__name__, error)
            return Note("problem.busy", good=False)
        reference = secrets.token_hex(2).upper()
        self.counted["failed"] += 1
        log.error("failure %s", reference, exc_info=error)
        return Note("problem.failed", {"ref": reference}, good=False)


TURNED = frozenset(map(wire.pick_action, (wire.Pick.MORE, wire.Pick.MORE_RULES)))


def _told(problem: str | Problem, words: Translator, zone: str) -> str:
    """The sentence beside a field."""
    return words.plain(problem) if isinstance(problem, str) else words.plain(problem.key, zone, **problem.facts)


KINDS: Mapping[str, Callable[[Inbox, Body], Awaitable[None]]] = {
    "message": Inbox.message,
    "messageUpdate": Inbox.message_changed,
    "messageDelete": Inbox.message_deleted,
    "conversationUpdate": Inbox.conversation,
    "installationUpdate": Inbox.installation,
    FILE_CONSENT: Inbox.file_consent,
}
