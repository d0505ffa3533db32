"""How fast a bot may write: per conversation 7 in 1 s, 8 in 2 s, 60 in 30 s, 1,800 in an hour (Teams' rate limits)."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from enum import Enum, auto

from standins.teams.wire import Refused

WINDOWS = ((1.0, 7), (2.0, 8), (30.0, 60), (3600.0, 1800))


class Pace(Enum):
    """Whether the limits hold."""

    STRICT = auto()
    OFF = auto()


@dataclass
class Rates:
    """Counts every write of the bot; a write too many is answered 429 with `Retry-After`."""

    pace: Pace = Pace.STRICT
    refused: int = 0
    _written: dict[str, deque[float]] = field(default_factory=dict)

    def write(self, conversation: str) -> None:
        """Raises Refused 429 where any window is full; a refused write is not counted."""
        if self.pace is Pace.OFF:
            return
        now = time.monotonic()
        written = self._written.setdefault(conversation.partition(";")[0], deque(maxlen=2_000))
        for span, most in WINDOWS:
            recent = [at for at in written if at > now - span]
            if len(recent) >= most:
                self.refused += 1
                raise Refused(429, "TooManyRequests", wait=max(0.1, recent[0] + span - now))
        written.append(now)

    def busiest(self, span: float) -> int:
        """The most writes any conversation saw within `span` seconds."""
        most = 0
        for written in self._written.values():
            times = list(written)
            most = max([most, *(sum(1 for at in times if start <= at < start + span) for start in times)])
        return most
