"""A ballot: one voter's dots in one round, and the rules it cannot break."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.errors import BadDots, CapReached, NoDotsLeft, NotAnOption
from bot.domain.names import HuntId, IdeaNumber, RoundNumber, TenantId

LEAST_DOTS = 3
MOST_DOTS = 10
MOST = 99
"""Dots, cap and places are numbers of two digits at most: a round has a row for each dot it could ever take."""


def suggested_dots(options: int) -> int:
    """Dots each voter gets when nobody chose: a third of the options, 3 to 10.

    The facilitators' rule of thumb for dot votes (Global Learning Partners, "Dotmocracy").
    """
    return max(LEAST_DOTS, min(MOST_DOTS, round(options / 3)))


def beyond(rules: Iterable[tuple[str, int | None]]) -> tuple[str, ...]:
    """The names of the rules that are no number from 1 to 99; None is a rule nobody chose."""
    return tuple(name for name, number in rules if number is not None and not 1 <= number <= MOST)


@dataclass(frozen=True, slots=True)
class Option:
    """An idea as it stands on the ballot: wording and merges frozen at the opening."""

    number: IdeaNumber
    text: str
    theme: str = ""
    title: str = ""

    @property
    def headline(self) -> str:
        """What the ballot shows first."""
        return self.title or self.text


@dataclass(frozen=True, slots=True)
class Round:
    """One dot vote over frozen options. `eligible` and `voters` count people, `dots` and `cap` count dots.

    `eligible` 0: how many may vote is not known.
    """

    tenant: TenantId
    hunt: HuntId
    number: RoundNumber
    dots: int
    cap: int
    places: int
    opened_at: datetime
    closes_at: datetime | None = None
    closed_at: datetime | None = None
    eligible: int = 0
    voters: int = 0
    """People with at least one dot placed now: the only figure shown while the round is open."""
    runoff: bool = False
    seed: str = ""
    """Orders each voter's options; hexadecimal."""

    @property
    def open(self) -> bool:
        """Not closed yet (the closing time may have come; see `takes_dots`)."""
        return self.closed_at is None

    def takes_dots(self, now: datetime) -> bool:
        """A vote counts only if it commits before the close and the server's clock is before `closes_at`."""
        return self.closed_at is None and (self.closes_at is None or now < self.closes_at)


@dataclass(frozen=True, slots=True)
class Ballot:
    """One voter's dots: option number -> dots (never 0)."""

    placed: Mapping[IdeaNumber, int] = field(default_factory=dict)

    @property
    def used(self) -> int:
        """Dots placed."""
        return sum(self.placed.values())

    def wish(self, option: IdeaNumber, dots: int, rules: Round, options: frozenset[IdeaNumber]) -> Ballot:
        """The ballot with exactly `dots` dots on `option`.

        Raises NotAnOption, BadDots, CapReached or NoDotsLeft; the ballot is a value, so nothing changes then.
        """
        if option not in options:
            raise NotAnOption(option)
        if dots < 0:
            raise BadDots
        if dots > rules.cap:
            raise CapReached(self.placed.get(option, 0), rules.cap)
        placed = {number: count for number, count in self.placed.items() if number != option}
        if sum(placed.values()) + dots > rules.dots:
            raise NoDotsLeft(self.used, rules.dots)
        return Ballot({**placed, option: dots} if dots else placed)
