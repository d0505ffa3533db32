"""The switchboard: every platform of one tenant as one; a platform that refuses us rests, and the others go on."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from bot.domain.names import MessageId, RoomId, TenantId
from bot.usecases.post import Outgoing
from handlers.courier import ASLEEP
from handlers.platform import Platform, Resting, RoomFacts, Seen, TenantDead

log = logging.getLogger(__name__)

T = TypeVar("T")
GRACE = timedelta(seconds=30)
"""How long a platform whose rest is over is still told of: until its letters were tried again."""
REMEDY = "run ideahunt doctor"


@dataclass(frozen=True, slots=True)
class Served:
    """A platform by its name, and which rooms and people are its own."""

    name: str
    platform: Platform
    owns: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Rest:
    """A platform that refuses us: until when nothing is asked of it, and its own word."""

    until: datetime
    word: str


class Switchboard:
    """Every platform of one tenant as one: whatever is sent or read goes where its room or person is.

    A platform that refuses us rests, and is asked again later; the others go on.
    """

    def __init__(
        self, tenant: TenantId, now: Callable[[], datetime], unserved: Callable[[], timedelta] = lambda: ASLEEP
    ) -> None:
        """`unserved`: how long whatever is for a platform that is not served waits."""
        self._tenant = tenant
        self._now = now
        self._unserved = unserved
        self._served: list[Served] = []
        self._rests: dict[str, Rest] = {}

    @property
    def tenant(self) -> TenantId:
        """The organisation they are all served in."""
        return self._tenant

    def add(self, served: Served) -> None:
        """One more platform; one that was begun again takes the place of its first beginning."""
        self._served = [*(one for one in self._served if one.name != served.name), served]

    def refusals(self) -> Mapping[str, str]:
        """The platforms that refuse us, and their own word; one is told of until it was asked again."""
        now = self._now() - GRACE
        return {name: rest.word for name, rest in self._rests.items() if now < rest.until}

    def _of(self, place: str) -> Served:
        for served in self._served:
            if served.owns(place):
                return served
        raise Resting("platform not served", self._unserved().total_seconds(), place)

    async def _asked(self, place: str, ask: Callable[[Platform], Awaitable[T]]) -> T:
        """What the place's platform answers. Raises Resting while it refuses us."""
        served, now = self._of(place), self._now()
        if (rest := self._rests.get(served.name)) is not None and now < rest.until:
            raise Resting(rest.word, (rest.until - now).total_seconds(), place)
        try:
            answer = await ask(served.platform)
        except TenantDead as dead:
            self._rest(served.name, str(dead))
            raise Resting(str(dead), ASLEEP.total_seconds(), place) from dead
        self._rests.pop(served.name, None)
        return answer

    def _rest(self, name: str, word: str) -> None:
        """Told once, however many letters were under way."""
        now = self._now()
        if (rest := self._rests.get(name)) is None or rest.until <= now:
            log.error("%s refuses us (%s): its letters wait, it is asked again every 5 minutes; %s", name, word, REMEDY)
            self._rests[name] = Rest(now + ASLEEP, word)

    async def enter(self, room: RoomId) -> RoomFacts:
        """Where the room is."""
        return await self._asked(room, lambda platform: platform.enter(room))

    async def send(self, letter: Outgoing) -> MessageId | None:
        """Where the letter's room or person is."""
        return await self._asked(str(letter.room or letter.person), lambda platform: platform.send(letter))

    async def find(self, letter: Outgoing, since: datetime) -> MessageId | None:
        """Where the letter's room or person is."""
        return await self._asked(str(letter.room or letter.person), lambda platform: platform.find(letter, since))

    def history(self, room: RoomId, since: MessageId) -> AsyncIterator[tuple[Seen, ...]]:
        """Where the room is."""
        return self._of(room).platform.history(room, since)

    def replies(self, room: RoomId, thread: MessageId, since: MessageId) -> AsyncIterator[tuple[Seen, ...]]:
        """Where the room is."""
        return self._of(room).platform.replies(room, thread, since)

    async def one(self, room: RoomId, message: MessageId) -> Seen | None:
        """Where the room is."""
        return await self._asked(room, lambda platform: platform.one(room, message))

    async def gone(self, room: RoomId, message: MessageId) -> bool:
        """Where the room is."""
        return await self._asked(room, lambda platform: platform.gone(room, message))
