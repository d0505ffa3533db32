"""Our own pace: at most as many messages in a conversation as Teams takes, so that a refusal stays the exception."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable

from handlers.platform import Wait

WINDOWS = ((1.0, 7), (2.0, 8), (30.0, 60), (3600.0, 1_800))
"""Seconds, and messages within them, for each conversation (Teams' rate limits)."""
MARGIN = 0.05
"""Seconds added to each window: the two clocks count from different ends of the line."""
MOST_CONVERSATIONS = 2_000
PATIENCE = 3.0
"""Seconds a caller waits here; a letter that would wait longer goes back to the outbox, so that others go on."""


class Pace:
    """Turns in a conversation. `second`: how many real seconds one of Teams' lasts; 0 sets no limit."""

    def __init__(self, second: float = 1.0, time: Callable[[], float] | None = None) -> None:
        self._second = second
        self._time = time or asyncio.get_running_loop().time
        self._turns: OrderedDict[str, deque[float]] = OrderedDict()
        self._rests: dict[str, float] = {}

    async def turn(self, conversation: str, patience: float = PATIENCE) -> None:
        """Waits for the next turn. Raises Wait when that is too far away."""
        if not self._second:
            return
        now = self._time()
        turns = self._turns.setdefault(conversation, deque())
        self._turns.move_to_end(conversation)
        while len(self._turns) > MOST_CONVERSATIONS:
            self._turns.popitem(last=False)
        at = max(self._free(turns, now), self._rests.get(conversation, 0.0))
        if at - now > patience:
            raise Wait("our own pace", at - now, conversation)
        turns.append(at)
        if at > now:
            await asyncio.sleep(at - now)

    def _free(self, turns: deque[float], now: float) -> float:
        """The first moment at which no window is full: the n-th last turn must lie a window back."""
        longest = WINDOWS[-1][0] * self._second
        while turns and turns[0] <= now - longest - MARGIN:
            turns.popleft()
        at = max(now, turns[-1] if turns else now)
        for span, most in WINDOWS:
            if len(turns) >= most:
                at = max(at, turns[-most] + span * self._second + MARGIN)
        return at

    def rest(self, conversation: str, seconds: float) -> None:
        """Teams asked for a pause here."""
        self._rests = {gate: at for gate, at in self._rests.items() if at > self._time()}
        self._rests[conversation] = self._time() + seconds
