"""How fast a bot may call: in a conversation 7 messages in 1 s, 8 in 2 s, 60 in 30 s, 1,800 in an hour, and so on.

By Teams' pages on the limits of bots.
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from enum import Enum, auto

from standins.teams.wire import Refused

Windows = tuple[tuple[float, int], ...]
WINDOWS: Windows = ((1.0, 7), (2.0, 8), (30.0, 60), (3600.0, 1800))
MEMBERS: Windows = ((1.0, 14), (2.0, 16), (30.0, 120), (3600.0, 3600))
"""Reading who is in a conversation."""
REACTIONS: Windows = ((1.0, 2),)
"""Reactions of the bot, of all conversations together."""


class Pace(Enum):
    """Whether the limits hold."""

    STRICT = auto()
    OFF = auto()


@dataclass
class Rates:
    """Counts the bot's calls; a call too many is answered 429 with `Retry-After`."""

    pace: Pace = Pace.STRICT
    refused: int = 0
    _written: dict[str, deque[float]] = field(default_factory=dict)

    def call(self, gate: str, windows: Windows = WINDOWS) -> None:
        """Raises Refused 429 where any window is full; a refused call is not counted."""
        if self.pace is Pace.OFF:
            return
        now = time.monotonic()
        written = self._written.setdefault(gate, deque(maxlen=4_000))
        for span, most in windows:
            recent = [at for at in written if at > now - span]
            if len(recent) >= most:
                self.refused += 1
                raise Refused(429, "TooManyRequests", wait=max(0.1, recent[0] + span - now))
        written.append(now)
