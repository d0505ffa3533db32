"""Slack as the courier and the catch-up see it: letters carry a mark and are found again by it; history is read."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from bot.domain.names import MessageId, PersonId, RoomId, TenantId
from bot.domain.people import Room
from bot.failpoint import failpoint
from bot.screens import Board, File, Note, Screen
from bot.usecases.post import Outgoing
from bot.words import translator
from handlers.desk.wishes import text_at
from handlers.naming import Names as Strangers
from handlers.platform import Ambiguous, BadPayload, MessageGone, NotInvited, RoomFacts, RoomGone, Seen, Trouble
from handlers.slack import draw, markup
from handlers.slack.blocks import section
from handlers.slack.payloads import Home, by_a_person, heard
from handlers.slack.typed import Names
from handlers.slack.web_api import DEADLINE, PAGE, Json, WebApi

log = logging.getLogger(__name__)

EVENT_TYPE = "ideahunt"
BACK = timedelta(seconds=60)
"""How far before the first try a lost letter is looked for: clocks differ."""
MOST_LOST = 5
"""Pages read to find a letter again."""
REFUSED_BLOCKS = frozenset(
    {"invalid_blocks", "invalid_blocks_format", "invalid_attachments", "msg_blocks_too_long", "msg_too_long"}
)
BLOCK_MARK = "letter:"
FENCE = "'" * 3
"""In place of three backquotes, which would end the frame a file's text stands in."""
MOST_PIECE, MOST_PIECES, ESCAPED = 3_400, 10, 5
"""Characters of a file in one message (with its head at most 3,500), messages of one file, and what `&amp;` takes."""
PIECE_PATIENCE = 8.0
ALREADY_SO = frozenset({"already_reacted", "no_reaction", "already_pinned"})


async def _nobody(_: Screen) -> Strangers:
    return {}


class SlackPlatform:
    """One workspace. Every method may raise any Trouble."""

    def __init__(
        self, home: Home, api: WebApi, names: Names, strangers: Callable[[Screen], Awaitable[Strangers]] = _nobody
    ) -> None:
        """`strangers`: the names of a screen's authors who are not of Slack."""
        self._strangers = strangers
        self._home = home
        self._api = api
        self._names = names
        self._directs: dict[PersonId, str] = {}

    @property
    def tenant(self) -> TenantId:
        """The workspace as the core knows it."""
        return self._home.tenant

    def met(self, person: PersonId, direct: RoomId) -> None:
        """Where this person's own conversation with the bot is: needed to find a letter sent to them again."""
        self._directs[person] = direct

    async def enter(self, room: RoomId) -> RoomFacts:
        """Joins a public room where needed, and describes it. Raises NotInvited for a private one, RoomGone."""
        answer = await self._api.call("conversations.info", channel=room)
        channel = answer.get("channel") or {}
        if channel.get("is_archived"):
            raise RoomGone("is_archived")
        private = bool(channel.get("is_private"))
        if private and channel.get("is_member") is False:  # left out, it says nothing
            raise NotInvited("not_in_channel")
        if not private and not channel.get("is_member"):
            with suppress(BadPayload, NotInvited):  # perhaps we are in it all the same: a post tells
                await self._api.call("conversations.join", channel=room)
        facts = Room(self.tenant, room, name=text_at(channel, "name"), private=private, present=True)
        return RoomFacts(facts, await self._members(room))

    async def _members(self, room: RoomId) -> frozenset[PersonId] | None:
        members: set[PersonId] = set()
        try:
            async for page in self._api.pages("conversations.members", "members", channel=room):
                members.update(PersonId(str(member)) for member in page)
        except (BadPayload, NotInvited):  # the scope was not granted: turnout stays unknown
            return None
        return frozenset(members - {self._home.bot}) if members else None

    async def send(self, letter: Outgoing) -> MessageId | None:
        """Posts, updates, reacts or sends a file, as the letter says; the message it became, where there is one."""
        if letter.reaction:
            await self._react(letter)
            return None
        if isinstance(letter.screen, File):
            return await self._send_file(letter, letter.screen)
        names = await self._strangers(letter.screen)
        # An update notifies nobody, nor does a note to one person: only these may name people.
        quiet = letter.update is not None or (letter.person is not None and isinstance(letter.screen, Note))
        drawn = draw.message(letter.screen, letter.language, letter.zone, mentions=quiet, names=names)
        try:
            message = await self._write(letter, drawn.text, drawn.blocks)
        except BadPayload as refused:
            if str(refused) not in REFUSED_BLOCKS:
                raise
            message = await self._write(letter, drawn.text, drawn.fallback_blocks)
        if isinstance(letter.screen, Board) and not letter.update:
            with suppress(Trouble):  # a permission one may decline; nobody misses the board for it
                await self._api.call("pins.add", channel=letter.room, timestamp=message)
        return message

    async def _write(self, letter: Outgoing, text: str, blocks: Sequence[dict[str, Any]]) -> MessageId:
        body: dict[str, Any] = {"text": text, "blocks": marked_blocks(letter.mark, blocks), "link_names": False}
        body["metadata"] = self._mark(letter)
        if letter.update:
            return await self._update(RoomId(letter.room or ""), letter.update, body)
        if letter.thread:
            body["thread_ts"] = letter.thread
        to = letter.room or letter.person or ""
        quiet = {"unfurl_links": False, "unfurl_media": False}
        answer = await self._api.call("chat.postMessage", room=to, channel=to, **quiet, **body)
        if letter.person and text_at(answer, "channel"):
            self.met(letter.person, RoomId(text_at(answer, "channel")))
        if not text_at(answer, "ts"):
            raise Ambiguous("ok without ts")
        return MessageId(text_at(answer, "ts"))

    async def _update(self, room: RoomId, message: MessageId, body: dict[str, Any]) -> MessageId:
        """Changes a message; one that is said to be gone is looked for before that is believed. Raises MessageGone."""
        try:
            answer = await self._api.call("chat.update", channel=room, ts=message, **body)
        except MessageGone as gone:
            if str(gone) != "message_not_found" or not await self._stands(room, message):
                raise
            answer = await self._api.call("chat.update", channel=room, ts=message, **body)
        return MessageId(text_at(answer, "ts") or message)

    def _mark(self, letter: Outgoing) -> dict[str, Any]:
        """Only an opaque key: anybody in the workspace may read metadata."""
        return {"event_type": EVENT_TYPE, "event_payload": {"k": letter.mark}}

    async def _react(self, letter: Outgoing) -> None:
        method = "reactions.remove" if letter.remove else "reactions.add"
        try:
            await self._api.call(method, channel=letter.room, name=letter.reaction, timestamp=letter.update)
        except BadPayload as refused:
            if str(refused) not in ALREADY_SO:
                raise
        except MessageGone:
            return  # nothing left to react to

    async def _send_file(self, letter: Outgoing, file: File) -> MessageId | None:
        """A file in the person's own conversation; as text where files may not be sent."""
        words = draw.message(file, letter.language, letter.zone)
        first = await self._write(letter, words.text, words.blocks)
        failpoint("courier.before_file")
        to = self._directs.get(letter.person, "") if letter.person else letter.room or ""
        await self._upload(to, letter, file, first, ())
        return first

    async def _upload(self, to: str, letter: Outgoing, file: File, words: MessageId, there: Collection[str]) -> None:
        """The file, or its text piece by piece, or the word that it cannot be sent.

        `there` are the texts that arrived in an earlier try.
        """
        try:
            await self._api.call("files.upload", filename=file.name, title=file.name, content=file.content, channel=to)
        except BadPayload as refused:
            log.info("a file goes as text: %s", refused)
        else:
            return
        pieces = in_pieces(file.text or "")
        await self._excuse(to, letter, file, words, len(pieces))
        total = min(len(pieces), MOST_PIECES)
        for number, piece in enumerate(pieces[:MOST_PIECES], 1):
            head = f"{file.name} ({number}/{total})"
            if not any(text.startswith(head) for text in there):
                text = f"{head}\n```\n{piece}\n```"
                await self._api.call("chat.postMessage", room=to, channel=to, text=text, patience=PIECE_PATIENCE)

    async def _excuse(self, to: str, letter: Outgoing, file: File, words: MessageId, pieces: int) -> None:
        """Changes the words that announced a file: what follows instead, or that nothing can."""
        told = translator(letter.language)
        key = "file.as_text" if pieces <= MOST_PIECES else "file.as_text.cut"
        key = "file.not_sent" if file.text is None else key
        said = markup.mrkdwn(told.say(key, file=file.name, question=file.hunt.question), told, letter.zone)
        with suppress(BadPayload, MessageGone):
            blocks = marked_blocks(letter.mark, [section(said)])
            await self._api.call(
                "chat.update", channel=to, ts=words, text=said, blocks=blocks, metadata=self._mark(letter)
            )

    async def find(self, letter: Outgoing, since: datetime) -> MessageId | None:
        """The message that carries the letter's mark; None when it is not there, or may not be looked for."""
        room = letter.room or (await self._direct(letter.person) if letter.person else None)
        if not room or letter.update:
            return None
        oldest = f"{(since - BACK).timestamp():.6f}"
        method = "conversations.replies" if letter.thread else "conversations.history"
        thread: dict[str, Any] = {"ts": letter.thread} if letter.thread else {}
        looked = self._api.pages(method, "messages", channel=room, oldest=oldest, include_all_metadata=True, **thread)
        pages = 0
        async for page in looked:
            for message in page:
                if self._is(letter, message):
                    found = MessageId(text_at(message, "ts"))
                    if isinstance(letter.screen, File):
                        await self._complete(room, letter, letter.screen, found)
                    return found
            pages += 1
            if pages == MOST_LOST:
                break
        return None

    async def _direct(self, person: PersonId) -> str | None:
        """A person's own conversation with us: after a restart it is asked for, where that permission was given."""
        if person not in self._directs:
            try:
                answer = await self._api.call("conversations.open", users=person)
            except BadPayload:
                return None
            self.met(person, RoomId(text_at(answer, "channel", "id")))
        return self._directs[person] or None

    def _is(self, letter: Outgoing, message: Json) -> bool:
        """Whether a message is this letter: by its mark, else by a mark in its blocks, else by our name and its text.

        A workspace may keep no metadata; then two letters of the same words are told apart by their blocks only.
        """
        if held := text_at(message, "metadata", "event_payload", "k"):
            return held == letter.mark
        if not ours(self._home, message):
            return False
        ids = [text_at(one, "block_id") for one in message.get("blocks") or [] if isinstance(one, Mapping)]
        if marks := [id for id in ids if id.startswith(BLOCK_MARK)]:
            return BLOCK_MARK + letter.mark in marks
        drawn = draw.message(letter.screen, letter.language, letter.zone)
        return bool(drawn.text) and text_at(message, "text") == drawn.text

    async def _complete(self, room: str, letter: Outgoing, file: File, words: MessageId) -> None:
        """The words of a file are there; the file itself may have been lost on the way."""
        there: list[str] = []
        async for page in self._api.pages("conversations.history", "messages", channel=room, oldest=words):
            if any(text_at(one, "name") == file.name for message in page for one in message.get("files") or []):
                return
            there += [text_at(message, "text") for message in page]
        await self._upload(room, letter, file, words, there)

    def history(self, room: RoomId, since: MessageId) -> AsyncIterator[tuple[Seen, ...]]:
        """The room's own messages after `since`, oldest first, a page at a time."""
        return self._read(room, "conversations.history", since, {})

    def replies(self, room: RoomId, thread: MessageId, since: MessageId) -> AsyncIterator[tuple[Seen, ...]]:
        """The replies of a thread after `since`, oldest first, a page at a time."""
        return self._read(room, "conversations.replies", since, {"ts": thread})

    async def _read(
        self, room: RoomId, method: str, since: MessageId, more: dict[str, str]
    ) -> AsyncIterator[tuple[Seen, ...]]:
        """All pages first: Slack gives a room's newest first, and only the oldest first may move a cursor."""
        found: dict[str, Seen] = {}
        async for page in self._api.pages(method, "messages", channel=room, oldest=since, **more):
            found |= {ts: self._seen(room, message) for message in page if (ts := text_at(message, "ts"))}
        ordered = [found[ts] for ts in sorted(found, key=_moment) if _moment(ts) > _moment(since)]
        for start in range(0, len(ordered), PAGE):
            yield tuple(ordered[start : start + PAGE])

    def _seen(self, room: RoomId, message: dict[str, Any]) -> Seen:
        gone = message.get("subtype") == "tombstone"
        told = heard(self._home, room, message, self._names)
        return Seen(told, gone, ours=not gone and not by_a_person(self._home, message))

    async def one(self, room: RoomId, message: MessageId) -> Seen | None:
        """One message of a room or of any of its threads, as it stands now; None when it is not there."""
        found = await self._message(room, message)
        return self._seen(room, found) if found else None

    async def gone(self, room: RoomId, message: MessageId) -> bool:
        """Whether Slack says of a message that it is not there any more, or shows only its tombstone."""
        at: dict[str, Any] = {"ts": message, "latest": message, "oldest": message, "inclusive": True, "limit": 1}
        try:
            answer = await self._api.call("conversations.replies", channel=room, patience=DEADLINE, **at)
        except MessageGone:
            return True
        there = [found for found in answer.get("messages") or [] if text_at(found, "ts") == message]
        return any(found.get("subtype") == "tombstone" for found in there)

    async def still_marked(self, room: RoomId, message: MessageId, signs: Collection[str]) -> bool:
        """Whether a person other than us still has one of these reactions under a message."""
        for reaction in (await self._message(room, message) or {}).get("reactions") or []:
            users = {str(user) for user in reaction.get("users") or []}
            if text_at(reaction, "name") in signs and users - {self._home.bot}:
                return True
        return False

    async def _stands(self, room: RoomId, message: MessageId) -> bool:
        found = await self._message(room, message)
        return found is not None and found.get("subtype") != "tombstone"

    async def _message(self, room: RoomId, message: MessageId) -> dict[str, Any] | None:
        window: dict[str, Any] = {"latest": message, "oldest": message, "inclusive": True, "limit": 1}
        ways: tuple[tuple[str, dict[str, Any]], ...] = (
            ("conversations.history", {}),
            ("conversations.replies", {"ts": message}),
        )
        for method, more in ways:
            try:
                answer = await self._api.call(method, channel=room, **window, **more)
            except (MessageGone, NotInvited):
                continue
            for found in answer.get("messages") or []:
                if text_at(found, "ts") == message:
                    return dict(found)
        return None


def ours(home: Home, message: Json) -> bool:
    """Whether we wrote it: by our user or by our bot's own id."""
    return text_at(message, "user") == home.bot or (bool(home.bot_id) and text_at(message, "bot_id") == home.bot_id)


def marked_blocks(mark: str, drawn: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The blocks of a letter, its mark in the first: where no metadata is kept it is found again by that."""
    first = [{**block, "block_id": BLOCK_MARK + mark} for block in drawn[:1] if "block_id" not in block]
    return [*first, *drawn[len(first) :]]


def in_pieces(text: str) -> list[str]:
    """A file as texts of at most MOST_PIECE characters in Slack's spelling, cut between lines where that can be."""
    pieces, held = [], ""
    for line in text.replace("```", FENCE).splitlines(keepends=True):
        for start in range(0, len(line), MOST_PIECE // ESCAPED):
            part = markup.escaped(line[start : start + MOST_PIECE // ESCAPED])
            if held and len(held) + len(part) > MOST_PIECE:
                pieces.append(held)
                held = ""
            held += part
    return [*pieces, held] if held else pieces


def _moment(ts: str) -> tuple[int, str]:
    """Orders Slack's stamps, which are text: by length first, so that a longer number is later."""
    whole, _, part = ts.partition(".")
    return (int(whole) if whole.isdigit() else 0, part)
