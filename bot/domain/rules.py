"""The rules of a round: what is settled before the first dot, and what may still move after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

MOST = 99
"""Dots, cap and places are numbers of two digits at most: a round has a row for each dot it could ever take."""
KEEP_DAYS = 365
MOST_KEEP_DAYS = 3_650
LEAST_VOTERS = 5
"""Below so many, a list, a paper or a group could point at somebody (product rule E21)."""


class RoundKind(StrEnum):
    """What a round chooses among."""

    MAIN = "main"
    THEMES = "themes"
    """Themes first, because there are many ideas; the round over their ideas follows."""
    RUNOFF = "runoff"
    """Exactly the options tied at the cut of the round before."""


class Electorate(StrEnum):
    """Who may vote; guests, observers and deactivated people never do."""

    ROOM = "room"
    """Members of the hunt's rooms, those who join before the close included."""
    PRESENT = "present"
    """Members of the hunt's rooms when the vote opened, and nobody who joined since."""


class Quorum(StrEnum):
    """How many of those who may vote make a well attended round; told, never enforced."""

    NONE = "none"
    THIRD = "third"
    HALF = "half"
    TWO_THIRDS = "two_thirds"

    def of(self, eligible: int) -> int | None:
        """Voters needed among `eligible` people; None without a quorum, or where their number is not known."""
        if not eligible or self is Quorum.NONE:
            return None
        if self is Quorum.HALF:  # more than half
            return eligible // 2 + 1
        share = 1 if self is Quorum.THIRD else 2
        return -(-share * eligible // 3)


class TieRule(StrEnum):
    """What happens to a tie across the last place. Chance, age and order never part it."""

    ASK = "ask"
    """A facilitator may open a run-off."""
    AUTO = "auto"
    """A run-off opens by itself at the close."""
    KEEP = "keep"
    """It stays a tie; people decide by talking."""


class Secrecy(StrEnum):
    """How a ballot and its voter are kept apart while the round is open. Nobody sees a total in either."""

    SEALED = "sealed"
    """Under a keyed code: the voter may change it until the close, when the key is destroyed."""
    DETACHED = "detached"
    """Under a random name from the first moment: it can be neither changed nor seen again."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a round is voted by. `dots` and `cap` count dots, `places` options, `keep_days` days after the close.

    `keep_days`: how long ballots without names are kept for recounts; 0 deletes them at the close, the totals stay.
    `by_role`: results by role are told, for groups of at least five voters.
    """

    dots: int
    cap: int = 2
    places: int = 3
    closes_at: datetime | None = None
    who: Electorate = Electorate.ROOM
    quorum: Quorum = Quorum.TWO_THIRDS
    tie: TieRule = TieRule.ASK
    secrecy: Secrecy = Secrecy.SEALED
    by_role: bool = False
    keep_days: int = KEEP_DAYS


def beyond(rules: Mapping[str, int | None]) -> tuple[str, ...]:
    """The names of the rules that are no number from 1 to 99; None is a rule nobody chose."""
    return tuple(name for name, number in rules.items() if number is not None and not 1 <= number <= MOST)


def frozen(now: Rules, wanted: Rules) -> tuple[str, ...]:
    """The names of the rules that `wanted` would change and that may not change once a first dot was placed.

    From then on rules become only more private (results by role no longer told, ballots kept for fewer days) or later
    (the closing time): Loomio's ratchet, product rule c.1.
    """
    fixed = ("dots", "cap", "places", "who", "quorum", "tie", "secrecy")
    moved = [name for name in fixed if getattr(now, name) != getattr(wanted, name)]
    moved += ["closes_at"] * (not _later(now.closes_at, wanted.closes_at))
    moved += ["by_role"] * (wanted.by_role and not now.by_role)
    moved += ["keep_days"] * (wanted.keep_days > now.keep_days)
    return tuple(moved)


def _later(now: datetime | None, wanted: datetime | None) -> bool:
    """Whether the close stays or moves away; None never comes by itself."""
    return wanted is None or (now is not None and wanted >= now)
