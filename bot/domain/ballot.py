"""A round and a ballot: one dot vote over frozen options, and one voter's dots, with the rules they cannot break."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.errors import BadDots, CapReached, NoDotsLeft, NotAnOption
from bot.domain.names import FIRST_EXTRA, HuntId, IdeaNumber, PersonId, RoundNumber, TenantId
from bot.domain.rules import KEEP_DAYS, Electorate, Quorum, RoundKind, Rules, Secrecy, TieRule

LEAST_DOTS = 3
MOST_DOTS = 10


def suggested_dots(options: int) -> int:
    """Dots each voter gets when nobody chose: a third of the options, 3 to 10.

    The facilitators' rule of thumb for dot votes (Global Learning Partners, "Dotmocracy").
    """
    return max(LEAST_DOTS, min(MOST_DOTS, round(options / 3)))


class Extra(StrEnum):
    """Options that are nobody's idea: a facilitator may put them on the ballot."""

    NOTHING = "nothing"
    """Change nothing."""
    OUTSIDE = "outside"
    """Entrust it to someone outside."""

    @property
    def number(self) -> IdeaNumber:
        """Its number on every ballot."""
        return IdeaNumber(FIRST_EXTRA + list(Extra).index(self))


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

    `eligible` 0: how many may vote is not known. The rules are those of `Rules`.
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
    kind: RoundKind = RoundKind.MAIN
    seed: str = ""
    """Orders each voter's options; hexadecimal. Published at the close."""
    who: Electorate = Electorate.ROOM
    quorum: Quorum = Quorum.TWO_THIRDS
    tie: TieRule = TieRule.ASK
    secrecy: Secrecy = Secrecy.SEALED
    by_role: bool = False
    keep_days: int = KEEP_DAYS
    waved: int = 0
    """Likely duplicates nobody had decided when the round opened."""
    waved_by: PersonId | None = None
    """Who opened it all the same."""
    papers: int = 0
    """Paper ballots among `voters`, entered by facilitators."""
    started: bool = False
    """A first dot was placed: from then on rules only become later or more private (see `rules.frozen`)."""

    @property
    def rules(self) -> Rules:
        """What it is voted by."""
        return Rules(
            self.dots,
            self.cap,
            self.places,
            self.closes_at,
            self.who,
            self.quorum,
            self.tie,
            self.secrecy,
            self.by_role,
            self.keep_days,
        )

    def under(self, rules: Rules) -> Round:
        """The same round under other rules."""
        return replace(self, **{name: getattr(rules, name) for name in Rules.__dataclass_fields__})

    @property
    def runoff(self) -> bool:
        """Whether it only parts a tie."""
        return self.kind is RoundKind.RUNOFF

    @property
    def detached(self) -> bool:
        """Whether a ballot is apart from its voter from the first moment, and so cast once."""
        return self.secrecy is Secrecy.DETACHED

    @property
    def open(self) -> bool:
        """Not closed yet (the closing time may have come; see `takes_dots`)."""
        return self.closed_at is None

    def takes_dots(self, now: datetime) -> bool:
        """A vote counts only if it commits before the close and the server's clock is before `closes_at`."""
        return self.closed_at is None and (self.closes_at is None or now < self.closes_at)


@dataclass(frozen=True, slots=True)
class Elector:
    """Where one person stands in an open round; nothing in it tells what they chose."""

    enrolled: bool = False
    """Known to the round: on its list, or a facilitator when it opened."""
    listed: bool = False
    """On the list of voters, and so counted among those who may vote."""
    declined: bool = False
    """Said "not this time"."""
    done: bool = False
    """Validated their ballot, or cast it where ballots are detached."""
    on_paper: bool = False
    """Theirs is among the paper ballots a facilitator entered."""
    role: str = ""
    """The role they count under."""


@dataclass(frozen=True, slots=True)
class Ballot:
    """One voter's dots: option number -> dots (never 0). `version` grows with every change."""

    placed: Mapping[IdeaNumber, int] = field(default_factory=dict)
    version: int = 0

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
        return Ballot({**placed, option: dots} if dots else placed, self.version)
