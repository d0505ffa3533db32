"""The clock of a played day: it goes on by itself, and jumps ahead when nothing more happens that hour."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


class PlayClock:
    """One clock for the stand-in and for the bot; it starts at `start` (aware) and never goes back."""

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ValueError("the clock of a played day must know its zone")
        self._base = start.astimezone(UTC)
        self._since = time.monotonic()

    def now(self) -> datetime:
        """The moment it is in the played day, in UTC."""
        return self._base + timedelta(seconds=time.monotonic() - self._since)

    def jump(self, to: datetime) -> None:
        """Goes ahead to a moment; one that is past already changes nothing."""
        if to > self.now():
            self._base, self._since = to.astimezone(UTC), time.monotonic()
