"""How the service is, in figures: alive, ready, and what waits. No names, no ideas, no totals of a vote."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.usecases import Core
from handlers.clock import Ticker
from handlers.door import Door, Shut

Figures = Mapping[str, int | float | bool | str]


@dataclass(frozen=True, slots=True)
class Readiness:
    """Ready or not, and the figures behind it."""

    ready: bool
    figures: Figures = field(default_factory=dict)


class Health:
    """Asks the database, the connection and the clock."""

    def __init__(
        self,
        core: Core,
        door: Door,
        ticker: Ticker,
        connected: Callable[[], bool],
        counters: Callable[[], Figures],
        now: Callable[[], datetime],
    ) -> None:
        self._core = core
        self._door = door
        self._ticker = ticker
        self._connected = connected
        self._counters = counters
        self._now = now

    async def readiness(self) -> Readiness:
        """Whether people are served now; each `false` names what is missing."""
        letters = await self._letters()
        connected, ticking = self._connected(), self._ticker.ticking()
        figures: dict[str, int | float | bool | str] = {
            "database": letters is not None,
            "connected": connected,
            "clock": ticking,
            "door_waiting": self._door.inside,
            "door_turned_away": self._door.turned_away,
            **{f"letters_{state}" if "events" not in state else state: n for state, n in (letters or {}).items()},
            **self._counters(),
        }
        if self._ticker.last is not None:
            figures["last_tick_seconds"] = round((self._now() - self._ticker.last).total_seconds(), 1)
        return Readiness(letters is not None and connected and ticking, figures)

    async def _letters(self) -> Mapping[str, int] | None:
        try:
            return await self._door.look(self._core.post.health, self._now())
        except Shut:
            return None
