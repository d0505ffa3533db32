"""The office: one courier, one clock and one health for every platform this process serves."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.domain.names import TenantId
from bot.usecases import Core
from handlers.accounts import Accounts
from handlers.clock import Ticker
from handlers.courier import ASLEEP, Courier
from handlers.door import Door
from handlers.health import Figures, Health
from handlers.platform import Platform
from handlers.switchboard import REMEDY, Served, Switchboard

log = logging.getLogger(__name__)

STARTING, REFUSED = timedelta(seconds=2), timedelta(minutes=1)
LAST_MOMENT = 1.0
"""Seconds for tasks that were told to end, and again for hanging up."""
STOP_WITHIN = 6.0
"""Seconds for what is under way when all is stopped."""


class NotFirst(Exception):
    """A platform that was never served waits for the other one that is set: it becomes part of its tenant."""


class Side(Protocol):
    """A platform as the office sees it."""

    @property
    def name(self) -> str:
        """As health calls it."""
        ...

    def connected(self) -> bool:
        """Whether the platform can reach us, as far as can be known here."""
        ...

    def figures(self) -> Figures: ...
    async def caught_up(self) -> None:
        """Reads what was said while nobody listened."""
        ...

    def shut(self) -> None:
        """Takes nothing more."""
        ...

    async def drained(self) -> None:
        """When everything taken is answered."""
        ...

    async def hung_up(self) -> None:
        """Closes its connections."""
        ...


class Office:
    """What every platform shares. Started by the first side that is ready; closed as a whole."""

    def __init__(self, core: Core, door: Door, now: Callable[[], datetime]) -> None:
        self._core = core
        self._door = door
        self._now = now
        self._boards: dict[TenantId, Switchboard] = {}
        self._accounts: dict[TenantId, Accounts] = {}
        self._sides: list[Side] = []
        self._tasks: set[asyncio.Task[Any]] = set()
        self._started = self._closed = False
        self._ready: set[str] = set()
        self._not_started: dict[str, str] = {}
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

    def serve(self, name: str, platform: Platform, owns: Callable[[str], bool]) -> None:
        """A platform is ready to be written to."""
        board = self._boards.setdefault(platform.tenant, Switchboard(platform.tenant, self._now, self.unserved))
        board.add(Served(name, platform, owns))
        self._ready.add(name)

    def unserved(self) -> timedelta:
        """How long a letter waits for a platform that is starting, was refused, or is not set at this start."""
        if self._not_started:
            return REFUSED
        return STARTING if len(self._ready) < len(self._sides) else ASLEEP

    def refused(self, name: str, word: str) -> None:
        """A platform could not be started, and is tried again."""
        self._not_started[name] = word

    def started(self, name: str) -> None:
        """It could, after all."""
        self._not_started.pop(name, None)

    def alone(self) -> bool:
        """Whether one platform is all that is to be served here."""
        return len(self._sides) == 1

    def expects_another(self) -> bool:
        """Whether another platform is to be served here, and none is yet."""
        return not self.alone() and not self._boards

    def refusals(self) -> Mapping[str, str]:
        """The platforms that refuse us, and their own word."""
        resting = (board.refusals() for board in self._boards.values())
        return {**self._not_started, **{name: word for found in resting for name, word in found.items()}}

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

    def served(self) -> tuple[str, ...]:
        """The platforms that do not refuse us."""
        return tuple(side.name for side in self._sides if side.name not in self.refusals())

    def _serving(self) -> Mapping[str, bool]:
        """Whether each platform is served now."""
        refusals = self.refusals()
        return {side.name: side.connected() and side.name not in refusals for side in self._sides}

    def _connected(self) -> bool:
        """One that refuses us does not make the others unready: whoever routes requests would take them away too."""
        return any(self._serving().values())

    def _figures(self) -> Figures:
        together: dict[str, int | float | bool | str] = {**self._serving()}
        together |= {f"{name}_refused": f"{word.rstrip('.')}; {REMEDY}" for name, word in self.refusals().items()}
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

    async def close(self, within: float = STOP_WITHIN) -> None:
        """Stops everything, once, whoever asks: nothing more is taken, what is under way ends, lines are hung up.

        It lasts `within` seconds and two moments at most. What is not ended by then comes back by itself: platforms
        redeliver what was not acknowledged, and letters return from the outbox.
        """
        if self._closed:
            return
        self._closed = True
        self.ticker.stop()
        self.courier.stop()
        for side in self._sides:
            side.shut()
        try:
            await asyncio.wait_for(self._drained(), within)
        except TimeoutError:
            log.warning("stopped before everything was done; it comes back at the next start")
        await self._ended()
        try:
            await asyncio.wait_for(asyncio.gather(*(side.hung_up() for side in self._sides)), LAST_MOMENT)
        except TimeoutError:
            log.warning("a platform did not hang up in time")

    async def _drained(self) -> None:
        await asyncio.gather(*(side.drained() for side in self._sides))
        await self.courier.drained()

    async def _ended(self) -> None:
        """Lets go of what is still under way."""
        for task in tuple(self._tasks):
            task.cancel()
        if self._tasks:
            await asyncio.wait(tuple(self._tasks), timeout=LAST_MOMENT)

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
