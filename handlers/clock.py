"""The clock: ticks every five seconds, reads history every hour, tidies every night; keeps nothing itself."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.usecases import Core
from bot.usecases.clock import Due, Quiet
from handlers.door import Door, Shut

log = logging.getLogger(__name__)

Ask = Callable[[Callable[[Due, datetime], int], Due, datetime], Awaitable[int]]
TICK = timedelta(seconds=5)
CATCH_UP = timedelta(hours=1)
TIDY_HOUR = 3
PATIENCE = 60.0
LONG = 3_600.0
"""Seconds that comparing or grouping the ideas of one hunt may take."""
STILL = timedelta(seconds=60)
"""A clock that has not ticked for so long is reported as stopped: a hung job is skipped without a word."""


def utc_now() -> datetime:
    """The moment it is, aware, in UTC: the one place outside the command line where a clock is read."""
    return datetime.now(UTC)


class Ticker:
    """APScheduler over jobs of ours. Due work lives in tables, so a process may die between any two ticks."""

    def __init__(
        self,
        core: Core,
        door: Door,
        now: Callable[[], datetime],
        nudge: Callable[[], None],
        every: timedelta = TICK,
    ) -> None:
        self._core = core
        self._door = door.patient(PATIENCE)
        self._thinking = door.patient(LONG)
        self._under_way: dict[tuple[str, str], asyncio.Task[int]] = {}
        """What takes long, by what it is and whose."""
        self._one_at_a_time = asyncio.Lock()
        self._now = now
        self._nudge = nudge
        self._every = every
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        self.last: datetime | None = None
        """When the last tick ended well."""

    def start(
        self,
        catch_up: Callable[[], Awaitable[object]] | None = None,
        read: Callable[[], Awaitable[object]] | None = None,
    ) -> None:
        """Begins ticking; `catch_up` runs every hour, `read` as often as the clock ticks."""
        self._scheduler.add_job(self.strike, "interval", seconds=self._every.total_seconds(), id="tick")
        self._scheduler.add_job(self.tidy, "cron", hour=TIDY_HOUR, id="tidy")
        if read is not None:
            self._scheduler.add_job(read, "interval", seconds=self._every.total_seconds(), id="read")
        if catch_up is not None:
            hour = CATCH_UP.total_seconds()
            self._scheduler.add_job(catch_up, "interval", seconds=hour, id="catch_up")
        self._scheduler.start()

    def stop(self) -> None:
        """Ticks no more. A tick under way ends by itself: each of its steps is one transaction."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        for task in self._under_way.values():
            task.cancel()

    async def tick(self) -> int:
        """Does all that is due, to its end; how many things were done."""
        done = await self.strike()
        return done + sum(await asyncio.gather(*self._under_way.values()))

    async def strike(self) -> int:
        """Does what is due; how many things were done. Any number of instances may tick.

        What compares or groups ideas is begun only, and goes on behind the next ticks: votes close at their time.
        """
        now = self._now()
        try:
            waiting = await self._door.look(self._core.clock.due, now)
        except Shut as shut:
            log.warning("the tick of %s found the door shut (%s); the next one does its work", now, shut)
            return 0
        done = 0
        for due in waiting:
            if self._core.clock.long(due, now):
                self._begin(due, now)
            else:
                done += await self._carry_out(self._door.look, due, now)
        self.last = self._now()
        if done:
            self._nudge()
        return done

    def _begin(self, due: Due, now: datetime) -> None:
        """Begins what takes long, unless it is under way already."""
        key = (type(due).__name__, self._core.clock.about(due))
        if key not in self._under_way:
            task = self._under_way[key] = asyncio.create_task(self._behind(due, now))
            task.add_done_callback(lambda _: self._under_way.pop(key))

    async def _behind(self, due: Due, now: datetime) -> int:
        """What takes long; hunts are grouped one after the other, and leave room for what people ask."""
        if isinstance(due, Quiet):
            async with self._one_at_a_time:
                done = await self._carry_out(self._thinking.think, due, now)
        else:
            done = await self._carry_out(self._thinking.think, due, now)
        if done:
            self._nudge()
        return done

    async def _carry_out(self, ask: Ask, due: Due, now: datetime) -> int:
        """One thing that is due; where it fails, the others are done all the same, and it is tried at the next tick.

        Beside the writer, though it writes: people vote meanwhile. Each transaction inside is short.
        """
        try:
            return await ask(self._core.clock.carry_out, due, now)
        except Exception:
            log.exception("a thing that was due could not be done; it is tried again at the next tick")
            return 0

    async def tidy(self) -> None:
        """Prunes what is no longer needed."""
        await self._door.do(self._core.clock.tidy, self._now())

    def ticking(self) -> bool:
        """Whether the last tick ended less than a minute ago."""
        return self.last is not None and self._now() - self.last < STILL
