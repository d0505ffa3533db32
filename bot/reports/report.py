"""A hunt told whole, once, as frozen facts: what every export and the wall page are drawn from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from hashlib import sha256
from math import ceil

from bot.domain.ballot import Option
from bot.domain.hunt import Names, Phase
from bot.domain.ideas import IdeaState, Origin, Way
from bot.domain.names import IdeaNumber, RoundNumber
from bot.domain.tally import Coverage, Rank, Tally

QUORUM = Fraction(2, 3)
"""Share of the eligible people whose vote makes a round well attended; told, never enforced."""
COUNTED = frozenset({IdeaState.STANDING, IdeaState.MERGED})
"""States of the ideas that count as proposed; parked ones are listed apart, withdrawn ones not at all."""


@dataclass(frozen=True, slots=True)
class ReportTheme:
    """A theme as people read it."""

    name: str
    origin: Origin = Origin.GIVEN


@dataclass(frozen=True, slots=True)
class ReportIdea:
    """One idea. `author` is a name, or "" for an idea without one; `at` is None then, `day` is always there.

    Raises ValueError when an idea without a name carries the moment it was posted: that moment could name its author
    (product rule E21). `merged_into` is the number it is told together with.
    """

    number: IdeaNumber
    text: str
    day: date
    title: str = ""
    theme: str = ""
    author: str = ""
    at: datetime | None = None
    state: IdeaState = IdeaState.STANDING
    way: Way = Way.FORM
    merged_into: IdeaNumber | None = None
    voices: int = 1

    def __post_init__(self) -> None:
        if not self.author and self.at is not None:
            raise ValueError("an idea without a name keeps no finer moment than its day")

    @property
    def headline(self) -> str:
        """The title where there is one, else the text."""
        return self.title or self.text


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a round, as they were told when it opened. `dots`, `cap` count dots, `places` ideas."""

    dots: int
    cap: int
    places: int
    opened_at: datetime
    closes_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OpenRound:
    """A round still open: turnout only. It has no place for a total, so no export can tell one."""

    number: RoundNumber
    rules: Rules
    options: tuple[Option, ...]
    eligible: int
    voters: int
    runoff: bool = False


@dataclass(frozen=True, slots=True)
class ClosedRound:
    """A closed round with its sealed tally. `coverages` holds one line for each way a tie may still fall."""

    number: RoundNumber
    rules: Rules
    options: tuple[Option, ...]
    tally: Tally
    closed_at: datetime
    runoff: bool = False
    seed: str = ""
    coverages: tuple[Coverage, ...] = ()
    balanced: Coverage | None = None
    """A second reading by the method of equal shares; None where it says nothing (run-offs, fewer than five voters)."""

    @property
    def quorum(self) -> int | None:
        """Voters that make two thirds of the eligible people; None where their number is not known."""
        return ceil(self.tally.eligible * QUORUM) if self.tally.eligible else None

    @property
    def quorate(self) -> bool | None:
        """Whether the quorum was reached; None where it is not known."""
        return None if self.quorum is None else self.tally.voters >= self.quorum

    @property
    def supported(self) -> tuple[Rank, ...]:
        """The ranks with at least one dot, best first."""
        return tuple(rank for rank in self.tally.ranks if rank.dots)

    @property
    def fingerprint(self) -> str:
        """SHA-256, in hexadecimal, of the seed and of every option's dots and supporters by number.

        Anybody can compute it again from an export: `seed`, then one line `number:dots:supporters` an option.
        """
        ranks = sorted(self.tally.ranks, key=lambda rank: rank.option)
        lines = [self.seed, *(f"{rank.option}:{rank.dots}:{rank.supporters}" for rank in ranks)]
        return sha256("\n".join(lines).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class HuntReport:
    """One hunt, ready to be told in `language` with moments in `zone`. Nothing in it names a workspace or an account.

    Times are aware UTC. Withdrawn ideas may be given; no drawing shows them.
    """

    question: str
    language: str
    zone: str
    rooms: tuple[str, ...]
    phase: Phase
    created_at: datetime
    made_at: datetime
    ideas: tuple[ReportIdea, ...] = ()
    themes: tuple[ReportTheme, ...] = ()
    rounds: tuple[OpenRound | ClosedRound, ...] = ()
    names: Names = Names.SHOWN
    collect_until: datetime | None = None
    vote_until: datetime | None = None
    closed_at: datetime | None = None

    @property
    def counted(self) -> tuple[ReportIdea, ...]:
        """The ideas people proposed and kept: standing, or merged into another; by number."""
        return tuple(sorted((i for i in self.ideas if i.state in COUNTED), key=lambda idea: idea.number))

    @property
    def standing(self) -> tuple[ReportIdea, ...]:
        """The ideas as the vote reads them, merged ones told through the one they joined; by number."""
        return tuple(idea for idea in self.counted if idea.state is IdeaState.STANDING)

    @property
    def parked(self) -> tuple[ReportIdea, ...]:
        """The ideas set aside as off topic; by number."""
        return tuple(sorted((i for i in self.ideas if i.state is IdeaState.PARKED), key=lambda idea: idea.number))

    @property
    def voices(self) -> int:
        """Authors' names among the counted ideas, plus one for each idea without a name."""
        named = {idea.author for idea in self.counted if idea.author}
        return len(named) + sum(1 for idea in self.counted if not idea.author)

    @property
    def closed_rounds(self) -> tuple[ClosedRound, ...]:
        """The rounds that have a result, in order."""
        return tuple(round for round in self.rounds if isinstance(round, ClosedRound))

    @property
    def open_round(self) -> OpenRound | None:
        """The round that takes dots now, if any."""
        return next((round for round in self.rounds if isinstance(round, OpenRound)), None)

    @property
    def main_round(self) -> ClosedRound | None:
        """The round over all options, once closed; run-offs only fill what it left undecided."""
        return next((round for round in self.closed_rounds if not round.runoff), None)

    @property
    def final(self) -> tuple[IdeaNumber, ...]:
        """The ideas that surely have a place, best first; a run-off's winners come after those of the main round."""
        return tuple(number for round in self.closed_rounds for number in round.tally.winners)

    @property
    def undecided(self) -> tuple[IdeaNumber, ...]:
        """Ideas tied for the last places, as long as no run-off has parted them."""
        latest = self.closed_rounds[-1:]
        return latest[0].tally.tied_at_cut if latest else ()
