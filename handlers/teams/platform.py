"""Teams as the courier sees it: letters go by the stored address of their conversation; history is not readable."""

from __future__ import annotations

import asyncio
import html
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from bot.domain.names import MessageId, PersonId, RoomId, TenantId
from bot.domain.people import Conversation, Room
from bot.screens import File
from bot.usecases import Core
from bot.usecases.post import Outgoing
from handlers.desk.wishes import text_at
from handlers.door import Door
from handlers.platform import BadPayload, MessageGone, NotInvited, PersonUnreachable, RoomFacts, RoomGone, Seen, Trouble
from handlers.teams import cards, files, payloads
from handlers.teams.connector import Connector
from handlers.teams.elements import Drawn
from handlers.teams.files import Files, Offered
from handlers.teams.payloads import Home
from handlers.teams.people import People
from handlers.teams.rosters import Rosters
from handlers.teams.troubles import TOO_BIG

log = logging.getLogger(__name__)

BULB = "1f4a1_lightbulb"
"""Teams' own name of the sign that says "kept as an idea"."""
MOST_PIECE, MOST_PIECES = 8_000, 10
"""Characters of a file in one message, and messages of one file."""
PIECE_PATIENCE = 8.0
ANSWER_WITHIN = 3.0
"""Seconds a reply waits for the letters under way in its room: Teams waits five for the answer to it."""
MOST_REMEMBERED = 500
MOST_ADDRESSES = 5_000


class TeamsPlatform:
    """One bot in its tenants. Every method may raise any Trouble."""

    def __init__(  # noqa: PLR0913, PLR0917 - what a bot in Teams is made of
        self,
        home: Home,
        core: Core,
        door: Door,
        connector: Connector,
        people: People,
        rosters: Rosters,
        service_url: str,
        main: Callable[[PersonId], tuple[PersonId, ...]],
    ) -> None:
        """`main`: every account of a person; `service_url`: where somebody is written to whom we never heard from."""
        self._home = home
        self._core = core
        self._door = door
        self._connector = connector
        self._people = people
        self.rosters = rosters
        self.files = Files(service_url if service_url.startswith("http:") else "")
        self._service_url = service_url
        self._accounts = main
        self._addresses: OrderedDict[str, Conversation] = OrderedDict()
        self._said: OrderedDict[tuple[RoomId, MessageId], Seen] = OrderedDict()
        self._posted: OrderedDict[tuple[str, MessageId], None] = OrderedDict()
        self._posting: dict[str, set[asyncio.Future[None]]] = {}
        """Our letters under way in each conversation: people read them before we know their names."""
        self._silent: set[str] = set()
        """Conversations whose messages take no reactions of ours."""

    @property
    def tenant(self) -> TenantId:
        """The organisation as the core knows it."""
        return self._home.tenant

    # --- addresses

    async def met(self, conversation: Conversation) -> None:
        """Keeps where a conversation is written to, once for each change of it."""
        if self._addresses.get(conversation.place) != conversation:
            await self._door.do(self._core.rooms.met, conversation)
            self._remember(conversation)

    def _remember(self, conversation: Conversation) -> None:
        self._addresses[conversation.place] = conversation
        self._addresses.move_to_end(conversation.place)
        while len(self._addresses) > MOST_ADDRESSES:
            self._addresses.popitem(last=False)

    async def lost(self, place: RoomId | PersonId) -> None:
        """The bot was removed there."""
        self._addresses.pop(place, None)
        await self._door.do(self._core.rooms.lost, self.tenant, place)

    async def address(self, place: RoomId | PersonId) -> Conversation | None:
        """Where a room or a person is written to, as far as it was ever told."""
        if place not in self._addresses:
            known = await self._door.look(self._core.rooms.reach, self.tenant, place)
            if known is None:
                return None
            self._remember(known)
        return self._addresses[place]

    async def chat(self, person: PersonId) -> Conversation:
        """The own chat of this very account with the bot, opened where it was never used. Raises PersonUnreachable."""
        accounts = [one for one in self._accounts(person) if payloads.owns(one)]
        account = person if person in accounts or not accounts else accounts[0]
        if (known := await self.address(account)) is not None:
            return known
        try:
            id = await self._connector.open(self._service_url, self._home.bot, account, self._home.tenant_ids[0])
        except (NotInvited, RoomGone, BadPayload) as refused:
            raise PersonUnreachable(str(refused)) from refused
        opened = Conversation(self.tenant, account, id, self._service_url)
        await self.met(opened)
        return opened

    # --- letters

    async def enter(self, room: RoomId) -> RoomFacts:
        """Describes a channel or a chat, and who is in it. Raises NotInvited where the bot never was."""
        at = await self.address(room)
        if at is None:
            raise NotInvited("no address")
        members = await self.rosters.members(at)
        known = await self._door.look(self._core.people.room, self.tenant, room)
        facts = Room(self.tenant, room, name=known.name, private=True, present=True)
        return RoomFacts(facts, members or None)

    async def send(self, letter: Outgoing) -> MessageId | None:
        """Posts, updates, reacts or sends a file, as the letter says; the message it became, where there is one."""
        at = await self._to(letter)
        if letter.reaction:
            await self._react(at, letter)
            return None
        if isinstance(letter.screen, File) and letter.person:
            return await self._offer(at, letter, letter.screen)
        names = await self._people.names(letter.screen)
        drawn = cards.message(letter.screen, letter.language, letter.zone, names)
        try:
            return await self._write(at, letter, drawn, short=False)
        except BadPayload as refused:
            if str(refused) != TOO_BIG or drawn.body == drawn.short:
                raise
            return await self._write(at, letter, drawn, short=True)

    async def _offer(self, at: Conversation, letter: Outgoing, file: File) -> MessageId:
        """A file is brought once its person agrees; where Teams takes no such card, its text comes at once."""
        card = self.files.offer(PersonId(at.place), file, letter.language, letter.zone)
        try:
            return MessageId(await self._connector.send(at, card))
        except (BadPayload, NotInvited) as refused:
            log.info("no file offered in a chat: %s", refused)
            return await self._as_text(at, file, letter.language, letter.zone)

    async def hand_over(self, offered: Offered, card: MessageId, upload: Mapping[str, Any]) -> None:
        """Brings a file where its person agreed, and says in place of the card that it is there; else its text comes.

        `upload`: where Teams wants it, {} where they did not agree.
        """
        at, url = await self.chat(offered.person), text_at(upload, "uploadUrl")
        try:
            if not self.files.may_go_to(url):
                raise BadPayload("no place for a file")
            await self._connector.upload(url, offered.file.content)
        except Trouble as refused:
            log.info("a file was not brought: %s", refused)
            await self._as_text(at, offered.file, offered.language, offered.zone)
            return
        told = files.brought(offered.file.name, upload)
        try:
            await self._connector.update(at, card, told)
        except (MessageGone, BadPayload):
            await self._connector.send(at, told)

    async def _as_text(self, at: Conversation, file: File, language: str, zone: str) -> MessageId:
        sent = await self._connector.send(at, cards.message(file, language, zone, {}).activity())
        await self._pieces(at, file)
        return MessageId(sent)

    async def _to(self, letter: Outgoing) -> Conversation:
        if letter.person:
            return await self.chat(letter.person)
        at = await self.address(letter.room) if letter.room else None
        if at is None:
            raise NotInvited("no address")
        return at

    async def _write(self, at: Conversation, letter: Outgoing, drawn: Drawn, *, short: bool) -> MessageId:
        activity = drawn.activity(short=short)
        if letter.update:
            await self._connector.update(at, letter.update, activity)
            return letter.update
        # Only channels have threads; in a group chat the table stands below the board.
        thread = letter.thread if letter.thread and at.team else ""
        with self._under_way(at.id):
            sent = MessageId(await self._connector.send(at, activity, thread=thread or ""))
            self._posted[at.id, sent] = None
        while len(self._posted) > MOST_REMEMBERED:
            self._posted.popitem(last=False)
        return sent

    @contextmanager
    def _under_way(self, conversation: str) -> Iterator[None]:
        """Until the answer of a letter is here, or is not to come."""
        answered = asyncio.get_running_loop().create_future()
        posting = self._posting.setdefault(conversation, set())
        posting.add(answered)
        try:
            yield
        finally:
            answered.set_result(None)
            posting.discard(answered)
            if not posting:
                self._posting.pop(conversation, None)

    async def posted(self, room: RoomId, message: MessageId) -> bool:
        """Whether a message is one of our own letters, as far as is remembered: some answer it before it is kept.

        Some even before its answer is here: then letters under way in the room are waited for, a few seconds at most.
        """
        if (room, message) not in self._posted and (posting := self._posting.get(room)):
            await asyncio.wait(tuple(posting), timeout=ANSWER_WITHIN)
        return (room, message) in self._posted

    async def _react(self, at: Conversation, letter: Outgoing) -> None:
        """A sign under the message that became an idea, where Teams lets bots do that."""
        if at.id in self._silent or letter.update is None:
            return
        try:
            await self._connector.react(at, letter.update, BULB, remove=letter.remove)
        except (BadPayload, NotInvited, RoomGone) as refused:
            log.info("no reactions in a conversation: %s", refused)
            self._silent.add(at.id)
        except MessageGone:
            return  # nothing left to react to

    async def _pieces(self, at: Conversation, file: File) -> None:
        """A file as text, for whoever does not want it, or may not have it, in their OneDrive."""
        said = file.text or ""
        pieces = [said[start : start + MOST_PIECE] for start in range(0, len(said), MOST_PIECE)][:MOST_PIECES]
        for number, piece in enumerate(pieces, 1):
            text = f"{html.escape(file.name)} ({number}/{len(pieces)})<pre>{html.escape(piece)}</pre>"
            activity = {"type": "message", "textFormat": "xml", "text": text}
            await self._connector.send(at, activity, patience=PIECE_PATIENCE)

    async def find(self, letter: Outgoing, since: datetime) -> MessageId | None:
        """Nothing: a bot cannot read back what it wrote. A letter whose answer was lost may come twice."""
        return None

    # --- what was written

    def remember(self, seen: Seen) -> None:
        """A direct message that may be asked for again, while its author chooses a hunt."""
        self._said[seen.heard.room, seen.heard.message] = seen
        while len(self._said) > MOST_REMEMBERED:
            self._said.popitem(last=False)

    async def one(self, room: RoomId, message: MessageId) -> Seen | None:
        """One message as it was heard, while it is remembered."""
        return self._said.get((room, message))

    async def gone(self, room: RoomId, message: MessageId) -> bool:
        """Teams does not say."""
        return False

    async def history(self, room: RoomId, since: MessageId) -> AsyncIterator[tuple[Seen, ...]]:
        """Not readable by a bot."""
        nothing: tuple[tuple[Seen, ...], ...] = ()
        for page in nothing:
            yield page

    async def replies(self, room: RoomId, thread: MessageId, since: MessageId) -> AsyncIterator[tuple[Seen, ...]]:
        """Not readable by a bot."""
        nothing: tuple[tuple[Seen, ...], ...] = ()
        for page in nothing:
            yield page

    # --- private words

    async def whisper(self, room: RoomId, thread: str, account: str, person: PersonId, drawn: Drawn) -> None:
        """Something for one person's eyes in a room; in their own chat where Teams does not do that."""
        at = await self.address(room)
        if at is not None and account and at.place == room:
            activity = {**drawn.activity(), "recipient": {"id": account, "isTargeted": True}}
            try:
                await self._connector.send(at, activity, thread=thread if at.team else "")
            except (BadPayload, NotInvited) as refused:
                log.info("not shown privately in its room: %s", refused)
            else:
                return
        await self.tell(person, drawn)

    async def tell(self, person: PersonId, drawn: Drawn) -> None:
        """Something in a person's own chat."""
        await self._connector.send(await self.chat(person), drawn.activity())
