"""What was said while nobody listened: history is read again at the start, after a reconnection, and every hour."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime

from bot.domain.errors import Refusal
from bot.domain.names import MessageId, PersonId
from bot.failpoint import failpoint
from bot.usecases import Core
from bot.usecases.requests import Heard, Watch
from handlers.door import Door, Shut
from handlers.platform import Platform, Seen, Trouble, Wait

log = logging.getLogger(__name__)

PATIENCE = 20.0
MOST_WAITS = 3
ROOM = ""
"""The cursor of a room's own messages; a thread's cursor is named by its first message."""


class CatchUp:
    """Feeds history to the same use cases as events: what is known already changes nothing there."""

    def __init__(
        self,
        core: Core,
        door: Door,
        platform: Platform,
        now: Callable[[], datetime],
        itself: Callable[[PersonId], PersonId] = lambda person: person,
        owns: Callable[[str], bool] = lambda _: True,
    ) -> None:
        """`itself`: the account an author is known under; `owns`: whether a room is this platform's."""
        self._itself = itself
        self._owns = owns
        self._core = core
        self._door = door.patient(PATIENCE)
        self._platform = platform
        self._now = now
        self._running = asyncio.Lock()
        self.recovered = 0
        """Messages that were fed to the core since the start."""

    async def run(self) -> int:
        """Reads every place that is listened to; how many messages were fed. Two runs never overlap."""
        async with self._running:
            before = self.recovered
            for watch in await self._door.look(self._core.people.watched, self._platform.tenant):
                if self._owns(watch.room):
                    await self._read_place(watch)
            return self.recovered - before

    async def _read_place(self, watch: Watch) -> None:
        """A room that cannot be read now is read next time; the others go on."""
        for _ in range(MOST_WAITS):
            try:
                await self._both(watch)
            except Wait as wait:
                await asyncio.sleep(wait.seconds)
            except (Trouble, Shut) as trouble:
                log.warning("history of %s was not read: %s", watch.room, trouble)
                return
            else:
                return

    async def _both(self, watch: Watch) -> None:
        """The whole thread each time, because edits and deletions move nothing.

        What is an idea already is asked first: a message that is kept while we read must not look deleted.
        """
        tenant = self._platform.tenant
        taken = await self._door.look(self._core.incoming.taken, tenant, watch.hunt, watch.room)
        seen = await self._feed(watch, str(watch.board), self._platform.replies(watch.room, watch.board, watch.board))
        if watch.whole_room:
            since = watch.board
            seen |= await self._feed(watch, ROOM, self._platform.history(watch.room, since))
        await self._miss(watch, taken, seen)

    async def _feed(self, watch: Watch, cursor: str, pages: AsyncIterator[tuple[Seen, ...]]) -> set[MessageId]:
        """Feeds pages and moves the cursor after each, once its messages are committed."""
        seen: set[MessageId] = set()
        read = (watch.thread_read if cursor else watch.room_read) or MessageId("")
        async for page in pages:
            for message in page:
                seen.add(message.heard.message)
                await self._hear(message, new=message.heard.message > read)
            if page and page[-1].heard.message > read:
                last = page[-1].heard.message
                failpoint("catchup.before_cursor")
                await self._door.do(self._core.people.moved, self._platform.tenant, watch.room, cursor, last)
        return seen

    async def _hear(self, message: Seen, *, new: bool) -> None:
        """One message as it stands now. A refused text is refused silently: its author has moved on."""
        if message.ours:
            return
        message = replace(message, heard=replace(message.heard, author=self._itself(message.heard.author)))
        try:
            if message.gone:
                await self._gone(message.heard)
                return
            if new:
                self.recovered += 1
                await self._door.do(self._core.incoming.heard, message.heard, self._now())
            if message.heard.edited:
                await self._door.do(self._core.incoming.edited, message.heard, self._now())
        except Refusal as refusal:
            log.debug("a message from history was refused: %s", refusal)

    async def _gone(self, heard: Heard) -> None:
        await self._door.do(self._core.incoming.gone, heard.tenant, heard.room, heard.message, self._now())

    async def _miss(self, watch: Watch, taken: tuple[tuple[MessageId, bool], ...], seen: set[MessageId]) -> None:
        """Ideas whose message is not there any more were deleted while nobody listened.

        What was not read is not deleted for that: the platform must say so of each, and only of what it still shows
        anything as old as (a workspace of the free plan hides what is older than 90 days).
        """
        missed = [one for one, in_thread in taken if (in_thread or watch.whole_room) and one not in seen]
        oldest = await self._oldest(watch, seen) if missed else None
        for message in missed:
            if oldest is not None and message > oldest and await self._platform.gone(watch.room, message):
                await self._door.do(self._core.incoming.gone, self._platform.tenant, watch.room, message, self._now())

    async def _oldest(self, watch: Watch, seen: set[MessageId]) -> MessageId | None:
        """How far back the platform shows this room: to the board, which is older than its ideas, or less far."""
        if await self._platform.one(watch.room, watch.board) is not None:
            return watch.board
        return min(seen, default=None)
