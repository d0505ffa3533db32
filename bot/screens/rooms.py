"""What rooms and voters are told: the board, the table, results, letters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.ballot import Round
from bot.domain.hunt import Hunt
from bot.domain.names import IdeaNumber
from bot.domain.tally import Tally
from bot.screens.pieces import IdeaLine, ThemeBlock


@dataclass(frozen=True, slots=True)
class Parted:
    """What run-offs decided: the newest one's tally, and the final list, best first."""

    tally: Tally
    final: tuple[IdeaNumber, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """The hunt's one message in a room, updated in place. Themes are empty until ideas may be shown."""

    hunt: Hunt
    themes: tuple[ThemeBlock, ...] = ()
    more_themes: int = 0
    parked: int = 0
    round: Round | None = None
    tally: Tally | None = None
    lines: tuple[IdeaLine, ...] = ()
    """Winners, once the round is closed."""
    parted: Parted | None = None
    outside: str = ""
    """The host that ideas' words are sent to so that they can be grouped; "" when they stay here."""


@dataclass(frozen=True, slots=True)
class Table:
    """The full table in the hunt's thread, at most 200 rows; `total` tells how many there are."""

    hunt: Hunt
    lines: tuple[IdeaLine, ...]
    total: int
    with_dots: bool = False


@dataclass(frozen=True, slots=True)
class Results:
    """The result of a closed round, told in words first. `lines` holds every ranked option's idea.

    `parted` is set once a run-off over its tie is closed: the round's own result stands, and the tie is decided.
    """

    hunt: Hunt
    round: Round
    tally: Tally
    lines: Mapping[IdeaNumber, IdeaLine]
    parted: Parted | None = None
    fingerprint: str = ""
    """SHA-256 over everything the round was counted from."""
    runoff_until: datetime | None = None
    """A run-off opened by itself, until then."""


@dataclass(frozen=True, slots=True)
class SecondReading:
    """Another look at a closed round, on request: the balanced list, and what groups by role chose."""

    hunt: Hunt
    round: Round
    tally: Tally
    lines: Mapping[IdeaNumber, IdeaLine]


@dataclass(frozen=True, slots=True)
class DigestHunt:
    """One hunt's week: counters and what changed."""

    hunt: Hunt
    new_ideas: int
    new_voices: int
    newest: tuple[IdeaLine, ...]
    round: Round | None = None


@dataclass(frozen=True, slots=True)
class Digest:
    """The weekly letter of a room; never sent empty."""

    week_of: datetime
    hunts: tuple[DigestHunt, ...]


@dataclass(frozen=True, slots=True)
class SessionReminder:
    """The next session is near."""

    hunt: Hunt
    at: datetime


@dataclass(frozen=True, slots=True)
class Nudge:
    """To one voter, once, a day before the end: dots are left."""

    hunt: Hunt
    round: Round
    left: int
