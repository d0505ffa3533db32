"""The office: one courier, one clock and one health for every platform this process serves."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.domain.names import MessageId, RoomId, TenantId
from bot.usecases import Core
from bot.usecases.post import Outgoing
from handlers.accounts import Accounts
from handlers.clock import Ticker
from handlers.courier import Courier
from handlers.door import Door
from handlers.health import Figures, Health
from handlers.platform import Platform, RoomFacts, Seen, TenantDead, Wait

log = logging.getLogger(__name__)

ASLEEP = 300.0
"""Seconds until a letter for a platform that does not know us any more is looked at again."""


class Side(Protocol):
    """A platform as the office sees it."""

    def connected(self) -> bool:
        """Whether the platform can reach us, as far as can be known here."""
        ...

    def figures(self) -> Figures: ...
    async def caught_up(self) -> None:
        """Reads what was said while nobody listened."""
        ...


@dataclass(frozen=True, slots=True)
class Served:
    """A platform, and which rooms and people are its own."""

    platform: Platform
    owns: Callable[[str], bool]


class Switchboard:
    """Every platform of one tenant as one: whatever is sent or read goes where its room or person is."""

    def __init__(self, tenant: TenantId) -> None:
        self._tenant = tenant
        self._served: list[Served] = []
        self.dead: set[int] = set()
        """Places of the platforms that do not know us any more; the others go on."""

    @property
    def tenant(self) -> TenantId:
        """The organisation they are all served in."""
        return self._tenant

    def add(self, platform: Platform, owns: Callable[[str], bool]) -> None:
        """One more platform."""
        self._served.append(Served(platform, owns))

    def _of(self, place: str) -> int:
        for number, served in enumerate(self._served):
            if served.owns(place):
                return number
        raise Wait("platform not served", ASLEEP, place)  # its keys are not set at this start: the room is still there

    def _platform(self, place: str) -> Platform:
        return self._served[self._of(place)].platform

    async def enter(self, room: RoomId) -> RoomFacts:
        """Where the room is."""
        return await self._platform(room).enter(room)

    async def send(self, letter: Outgoing) -> MessageId | None:
        """Where the letter's room or person is. A dead platform holds back only its own letters."""
        place = str(letter.room or letter.person)
        number = self._of(place)
        if number in self.dead:
            raise Wait("workspace not served", ASLEEP, place)
        try:
            return await self._served[number].platform.send(letter)
        except TenantDead as dead:
            if len(self._served) == 1:
                raise
            self.dead.add(number)
            log.error("one platform does not know us any more: %s", dead)  # noqa: TRY400 - its word says all
            raise Wait(str(dead), ASLEEP, place) from dead

    async def find(self, letter: Outgoing, since: datetime) -> MessageId | None:
        """Where the letter's room or person is."""
        return await self._platform(str(letter.room or letter.person)).find(letter, since)

    def history(self, room: RoomId, since: MessageId) -> AsyncIterator[tuple[Seen, ...]]:
        """Where the room is."""
        return self._platform(room).history(room, since)

    def replies(self, room: RoomId, thread: MessageId, since: MessageId) -> AsyncIterator[tuple[Seen, ...]]:
        """Where the room is."""
        return self._platform(room).replies(room, thread, since)

    async def one(self, room: RoomId, message: MessageId) -> Seen | None:
        """Where the room is."""
        return await self._platform(room).one(room, message)

    async def gone(self, room: RoomId, message: MessageId) -> bool:
        """Where the room is."""
        return await self._platform(room).gone(room, message)


class Office:
    """What every platform shares. Started by the first side that is ready, stopped by the first that stops."""

    def __init__(self, core: Core, door: Door, now: Callable[[], datetime]) -> None:
        self._core = core
        self._door = door
        self._boards: dict[TenantId, Switchboard] = {}
        self._accounts: dict[TenantId, Accounts] = {}
        self._sides: list[Side] = []
        self._tasks: set[asyncio.Task[Any]] = set()
        self._started = False
        self._learners: list[Callable[[frozenset[str]], None]] = []
        self.courier = Courier(core, door, self._boards, now)
        self.courier.entered = self._entered
        self.courier.shown = lambda: self.spawn(self.caught_up())
        self.ticker = Ticker(core, door, now, self.courier.nudge)
        self.health = Health(core, door, self.ticker, self._connected, self._figures, now)

    # --- sides ---------------------------------------------------------------------------------------------------

    def add(self, side: Side) -> None:
        """One more platform, not yet ready."""
        self._sides.append(side)

    def serve(self, platform: Platform, owns: Callable[[str], bool]) -> None:
        """A platform is ready to be written to."""
        self._boards.setdefault(platform.tenant, Switchboard(platform.tenant)).add(platform, owns)

    @property
    def tenants(self) -> tuple[TenantId, ...]:
        """The organisations served here."""
        return tuple(self._boards)

    def learns(self, learner: Callable[[frozenset[str]], None]) -> None:
        """Who wants to know who is in a room that was just entered."""
        self._learners.append(learner)

    def accounts(self, tenant: TenantId) -> Accounts:
        """The linked accounts of a tenant, shared by its platforms."""
        return self._accounts.setdefault(tenant, Accounts(self._core, self._door, tenant))

    def _entered(self, members: frozenset[str]) -> None:
        for learner in self._learners:
            learner(members)

    def _connected(self) -> bool:
        hung = self.courier.dead or any(board.dead for board in self._boards.values())
        return not hung and bool(self._sides) and all(side.connected() for side in self._sides)

    def _figures(self) -> Figures:
        together: dict[str, int | float | bool | str] = {}
        for side in self._sides:
            for name, figure in side.figures().items():
                known = together.get(name)
                counts = isinstance(known, int | float) and isinstance(figure, int | float)
                together[name] = known + figure if counts else figure  # type: ignore[operator]
        return together

    # --- working -------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Begins to bring letters and to tick, once."""
        if self._started:
            return
        self._started = True
        self.spawn(self.courier.run())
        self.ticker.start(self.caught_up, self.read_accounts)
        await self.ticker.strike()

    async def read_accounts(self) -> None:
        """Linked accounts may have been linked by another process."""
        for accounts in self._accounts.values():
            await accounts.read()

    async def caught_up(self) -> None:
        """Every platform reads what it missed."""
        for side in self._sides:
            await side.caught_up()

    def stop(self) -> None:
        """Claims and ticks no more; `drained` of the courier waits for what is under way."""
        self.ticker.stop()
        self.courier.stop()

    async def ended(self, within: float) -> None:
        """Lets go of what is still under way."""
        for task in tuple(self._tasks):
            task.cancel()
        if self._tasks:
            await asyncio.wait(tuple(self._tasks), timeout=within)

    # --- tasks ---------------------------------------------------------------------------------------------------

    def later(self, work: Awaitable[object]) -> None:
        """Does something nobody waits for."""

        async def done() -> None:
            await work

        self.spawn(done())

    def spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        """Runs until it ends or the office does; a failure is told."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._over)

    def _over(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("a task of ours ended badly", exc_info=error)
