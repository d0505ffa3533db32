"""Our own pace: at most as many calls in a conversation as Teams takes, so that a refusal stays the exception."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from handlers.platform import Wait

Windows = tuple[tuple[float, int], ...]
WINDOWS: Windows = ((1.0, 7), (2.0, 8), (30.0, 60), (3600.0, 1_800))
"""Seconds, and messages within them, for each conversation (Teams' rate limits); new chats are counted alike."""
MEMBERS: Windows = ((1.0, 14), (2.0, 16), (30.0, 120), (3600.0, 3_600))
"""The same for reading who is in a conversation."""
REACTIONS: Windows = ((1.0, 2),)
"""The same for reactions, of all conversations together."""
MARGIN = 0.05
"""Seconds added to each window: the two clocks do not run alike."""
MOST_GATES = 2_000
PATIENCE = 3.0
"""Seconds a caller waits here; a letter that would wait longer goes back to the outbox, so that others go on."""


@dataclass
class Gate:
    """The turns of one conversation: how many are under way, and when the others were answered."""

    under_way: int = 0
    ended: deque[float] = field(default_factory=deque)
    next: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held by whoever has the next turn: first come, first served."""

    def free(self, now: float, windows: Windows, second: float) -> float:
        """The first moment at which no window is full, as far as is known: what is under way may end now."""
        at = now
        for span, most in windows:
            rest = most - self.under_way  # how many of those that ended may still lie in the window
            if rest <= 0:
                at = max(at, now + span * second + MARGIN)
            elif len(self.ended) >= rest:
                at = max(at, self.ended[-rest] + span * second + MARGIN)
        return at


class Pace:
    """Turns in a conversation. `second`: how many real seconds one of Teams' lasts; 0 sets no limit.

    A turn counts from its beginning until a window after its answer, because nobody here knows when in between it
    arrived. So a window of Teams never holds too many: of the turns that arrived within one, look at the one that began
    last; each of the others was either under way then or had been answered less than a window before, and was counted.
    """

    def __init__(self, second: float = 1.0, time: Callable[[], float] | None = None) -> None:
        self._second = second
        self._time = time or asyncio.get_running_loop().time
        self._gates: OrderedDict[str, Gate] = OrderedDict()
        self._rests: dict[str, float] = {}

    @asynccontextmanager
    async def turn(self, name: str, patience: float = PATIENCE, windows: Windows = WINDOWS) -> AsyncIterator[None]:
        """Waits for the next turn; it lasts as long as the block. Raises Wait when it is too far away."""
        if not self._second:
            yield
            return
        gate = self._gate(name)
        await self._free(gate, name, self._time() + patience, windows)
        gate.under_way += 1
        try:
            yield
        finally:
            gate.under_way -= 1
            gate.ended.append(self._time())
            while len(gate.ended) > windows[-1][1]:
                gate.ended.popleft()

    def _gate(self, name: str) -> Gate:
        gate = self._gates.setdefault(name, Gate())
        self._gates.move_to_end(name)
        while len(self._gates) > MOST_GATES:
            self._gates.popitem(last=False)
        return gate

    async def _free(self, gate: Gate, name: str, until: float, windows: Windows) -> None:
        """Returns when the turn may begin. Raises Wait when that would be after `until`."""
        async with gate.next:
            while (at := self._at(gate, name, windows)) > (now := self._time()):
                if at > until:
                    raise Wait("our own pace", at - now, name)
                await asyncio.sleep(at - now)

    def _at(self, gate: Gate, name: str, windows: Windows) -> float:
        return max(gate.free(self._time(), windows, self._second), self._rests.get(name, 0.0))

    def rest(self, name: str, seconds: float) -> None:
        """Teams asked for a pause here."""
        self._rests = {one: at for one, at in self._rests.items() if at > self._time()}
        self._rests[name] = self._time() + seconds
