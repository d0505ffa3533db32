"""What the doctor found: one finding a check, and the worst of them decides how the command leaves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How a check came out."""

    FINE = "fine"
    NOTE = "note"
    """Worth knowing; nothing to do."""
    WARNING = "warning"
    """The bot runs, and something of it does not work."""
    FAULT = "fault"
    """The bot cannot run."""
    SKIPPED = "skipped"
    """Could not be looked at because of a fault told elsewhere, or not needed here."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One check's outcome: what is so, in one sentence, and for a warning or a fault what to do about it."""

    check: str
    state: State
    what: str
    fix: str = ""


def exit_code(findings: Iterable[Finding]) -> int:
    """0 when all is well, 1 when something does not work, 2 when the bot cannot run."""
    states = {finding.state for finding in findings}
    if State.FAULT in states:
        return 2
    return 1 if State.WARNING in states else 0
