"""Our own pace: slower than Slack's limits, so that a refusal for speed stays the exception."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable

from handlers.platform import Wait

MOST_GATES = 5_000
PATIENCE = 3.0
"""Seconds a caller waits here; a letter that would wait longer goes back to the outbox, so that others go on."""


class Pace:
    """Turns at a gate (a room, a method). `second` is how many real seconds one of Slack's lasts; 0 sets no limit."""

    def __init__(self, second: float = 1.0, time: Callable[[], float] | None = None) -> None:
        self._second = second
        self._time = time or asyncio.get_running_loop().time
        self._next: OrderedDict[str, float] = OrderedDict()
        self._minutes: dict[str, deque[float]] = {}

    async def turn(self, gate: str, every: float, patience: float = PATIENCE) -> None:
        """Waits for the next turn, `every` seconds after the one before. Raises Wait when that is too far away."""
        now = self._time()
        at = max(self._next.get(gate, 0.0), now)
        await self._until(at, gate, patience, reserve=lambda: self._push_back(gate, at + every * self._second))

    async def window(self, method: str, most: int, patience: float = PATIENCE) -> None:
        """Waits until fewer than `most` calls were made within a minute. Raises Wait when that is too far away."""
        now, minute = self._time(), 60 * self._second
        calls = self._minutes.setdefault(method, deque())
        while calls and calls[0] <= now - minute:
            calls.popleft()
        free = calls[-most] + minute if len(calls) >= most else now
        at = max(free, self._next.get(method, 0.0), now)
        await self._until(at, method, patience, reserve=lambda: calls.append(at))

    def rest(self, gate: str, seconds: float) -> None:
        """Slack asked for a pause at this gate."""
        self._push_back(gate, self._time() + seconds)

    async def _until(self, at: float, gate: str, patience: float, reserve: Callable[[], None]) -> None:
        ahead = at - self._time()
        if ahead > patience:
            raise Wait("our own pace", ahead, gate)
        reserve()
        if ahead > 0:
            await asyncio.sleep(ahead)

    def _push_back(self, gate: str, at: float) -> None:
        self._next[gate] = max(self._next.get(gate, 0.0), at)
        self._next.move_to_end(gate)
        while len(self._next) > MOST_GATES:
            self._next.popitem(last=False)
