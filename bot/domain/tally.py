"""The tally of a closed round: ranks, honest ties, coverage, and what groups of voters chose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from bot.domain.names import IdeaNumber


@dataclass(frozen=True, slots=True)
class Score:
    """What one option received: dots and the number of voters behind them."""

    option: IdeaNumber
    dots: int
    supporters: int


@dataclass(frozen=True, slots=True)
class Rank:
    """A score with its rank: equal dots share a rank, the next one is skipped (1, 2, 2, 4)."""

    place: int
    option: IdeaNumber
    dots: int
    supporters: int
    tied: bool


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many voters find at least one of their choices in a list of options."""

    chosen: tuple[IdeaNumber, ...]
    voters: int


@dataclass(frozen=True, slots=True)
class Group:
    """Voters of one role (several small ones joined: `role` is ""), never fewer than five.

    `dots`: option -> dots; empty where ballots were detached from the first moment.
    """

    role: str
    voters: int
    eligible: int
    dots: Mapping[IdeaNumber, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CloseCall:
    """Two neighbouring ranks that the verdict parts by very little: `gap` dots lie between `above` and `below`."""

    above: tuple[IdeaNumber, ...]
    below: tuple[IdeaNumber, ...]
    dots: int
    """Of each option above."""
    gap: int


@dataclass(frozen=True, slots=True)
class Tally:
    """The result of a closed round; it can be built only from one (see `count`)."""

    ranks: tuple[Rank, ...]
    places: int
    voters: int
    eligible: int
    dots_placed: int
    dots_possible: int
    covered: int = 0
    """Voters who find at least one of their choices among the winners."""
    papers: int = 0
    """Paper ballots among the voters."""
    quorum: int | None = None
    """Voters that were needed; None without a quorum, or where it is not known how many might vote."""
    coverages: tuple[Coverage, ...] = ()
    """Of the list as it is, or one for each way a tie at the cut may fall."""
    balanced: Coverage | None = None
    """The second reading, by equal shares; None where it says nothing."""
    groups: tuple[Group, ...] = ()
    """By role, where the rules asked for it and two groups of five or more voters can be told apart."""

    @property
    def winners(self) -> tuple[IdeaNumber, ...]:
        """Options that surely fill a place: ranked within the places and not in a tie across the cut."""
        tied = set(self.tied_at_cut)
        return tuple(r.option for r in self.ranks if r.place <= self.places and r.dots and r.option not in tied)

    @property
    def tied_at_cut(self) -> tuple[IdeaNumber, ...]:
        """Options with equal dots of which only some fit into the places; empty when the cut is clean."""
        for _, group in groupby((r for r in self.ranks if r.dots), key=lambda r: r.place):
            members = list(group)
            if members[0].place <= self.places < members[0].place + len(members) - 1:
                return tuple(r.option for r in members)
        return ()

    @property
    def quorate(self) -> bool | None:
        """Whether the quorum was reached; None where there is none."""
        return None if self.quorum is None else self.voters >= self.quorum


def count(scores: Iterable[Score], places: int, voters: int, eligible: int, budget: int) -> Tally:
    """Ranks the scores. Ties are told as ties: never broken by number, time or supporters.

    `voters` and `eligible` count people, `budget` is dots a voter. Equal scores are listed by option number only so
    that the list is stable; they share a rank.
    """
    ordered = sorted(scores, key=lambda s: (-s.dots, s.option))
    ranks: list[Rank] = []
    for _, group in groupby(ordered, key=lambda s: s.dots):
        members = list(group)
        place = len(ranks) + 1
        ranks += [Rank(place, s.option, s.dots, s.supporters, len(members) > 1) for s in members]
    return Tally(tuple(ranks), places, voters, eligible, sum(s.dots for s in ordered), budget * voters)


def coverage(ballots: Iterable[Mapping[IdeaNumber, int]], chosen: Sequence[IdeaNumber]) -> int:
    """How many ballots hold at least one dot on a chosen option."""
    wanted = set(chosen)
    return sum(1 for ballot in ballots if any(dots and option in wanted for option, dots in ballot.items()))


def close_calls(tally: Tally) -> tuple[CloseCall, ...]:
    """Gaps too small to be a verdict, best first: to be discussed, not recounted and never decided by the bot.

    Looked at are only the lines the verdict draws: between what surely fills a place, what is tied for the last ones,
    and what fills none. One such line at a clean cut, up to two around a tie. Flagged is a gap of one dot, or of at
    most 5 % of the larger figure as people read it, in whole per cent: 39 against 37 is a tie to a facilitator
    (product rule E11). Not flagged: exact ties, told as ties already; ranks of one side among themselves, which all
    win or all lose; options without a dot, which cannot win.
    """
    won, tied = set(tally.winners), set(tally.tied_at_cut)
    ranked = [list(group) for _, group in groupby((r for r in tally.ranks if r.dots), key=lambda r: r.place)]
    sides = [(ranks[0].option in won, ranks[0].option in tied) for ranks in ranked]
    calls = []
    for (above, side), (below, other) in pairwise(zip(ranked, sides, strict=True)):
        gap = above[0].dots - below[0].dots
        if side != other and _small(gap, above[0].dots):
            calls.append(CloseCall(_options(above), _options(below), above[0].dots, gap))
    return tuple(calls)


def _small(gap: int, of: int) -> bool:
    """One dot, or less than 5.5 %, which is read as 5 %."""
    return gap <= 1 or 200 * gap < 11 * of


def _options(ranks: Iterable[Rank]) -> tuple[IdeaNumber, ...]:
    return tuple(rank.option for rank in ranks)
