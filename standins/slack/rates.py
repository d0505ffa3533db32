"""How often the app may call: one post a second in a channel, and a number a minute for each method."""

from __future__ import annotations

import math
import time
from collections import deque
from dataclasses import dataclass
from typing import ClassVar

from standins.slack.wire import Refused

# Calls a minute by tier. Slack promises "at least" so many; here it is at most.
TIERS = {1: 1, 2: 20, 3: 50, 4: 100, 5: 300}
POSTS_A_MINUTE = 300
# Posts sent a second apart may arrive a little closer than that; over time they may not.
JITTER = 0.2


@dataclass(frozen=True, slots=True)
class Pace:
    """How many real seconds one second of Slack's limits lasts: 1 is Slack's own, 0 sets no limit."""

    second: float

    STRICT: ClassVar[Pace]
    OFF: ClassVar[Pace]


Pace.STRICT = Pace(1.0)
Pace.OFF = Pace(0.0)


class Rates:
    """The calls of the last minute, by method and by channel."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace
        self._minutes: dict[str, deque[float]] = {}
        # When the next post of each channel is due at the earliest.
        self._posts: dict[str, float] = {}

    def count(self, method: str, tier: int) -> None:
        """Count a call; `ratelimited` when its method had its number for this minute."""
        if self.pace.second and tier:
            self._window(method, TIERS[tier])

    def count_post(self, channel: str) -> None:
        """Count a post; `ratelimited` when the channel had one within the last second."""
        if not self.pace.second:
            return
        now = time.monotonic()
        due = self._posts.get(channel, now)
        if now < due - JITTER * self.pace.second:
            raise _too_fast(due - now)
        self._window("chat.postMessage", POSTS_A_MINUTE)
        self._posts[channel] = max(now, due) + self.pace.second

    def _window(self, name: str, most: int) -> None:
        now = time.monotonic()
        calls = self._minutes.setdefault(name, deque())
        minute = 60 * self.pace.second
        while calls and calls[0] <= now - minute:
            calls.popleft()
        if len(calls) >= most:
            raise _too_fast(calls[0] + minute - now)
        calls.append(now)


def _too_fast(wait: float) -> Refused:
    return Refused("ratelimited", breach="ratelimited", retry_after=max(1, math.ceil(wait)))
