"""The machine's clock, read here and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def machine_clock() -> datetime:
    """Read the machine's clock, in UTC."""
    return datetime.now(UTC)
