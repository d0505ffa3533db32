"""A hunt told whole, once, as frozen facts: what every export and the wall page are drawn from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.ballot import Option, Round
from bot.domain.chain import latest_chain
from bot.domain.hunt import Names, Phase
from bot.domain.ideas import IdeaState, Origin, Way
from bot.domain.names import IdeaNumber, RoundNumber
from bot.domain.rules import LEAST_VOTERS, RoundKind
from bot.domain.tally import CloseCall, Rank, Tally, close_calls

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

    `merged_into` is the number it is told together with. `suggested`: the bot put it under its theme and nobody decided
    it; `unsure`: the bot was less sure of it than of others. Raises ValueError when an idea without a name carries the
    moment it was posted: that moment could name its author (product rule E21); and for a suggestion of no theme, or a
    decision that is unsure.
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
    suggested: bool = False
    unsure: bool = False

    def __post_init__(self) -> None:
        if not self.author and self.at is not None:
            raise ValueError("an idea without a name keeps no finer moment than its day")
        if (self.suggested and not self.theme) or (self.unsure and not self.suggested):
            raise ValueError("only a theme is suggested, and only a suggestion unsure")
        if self.suggested and self.state is not IdeaState.STANDING:
            raise ValueError("only a theme is suggested of an idea that stands")

    @property
    def headline(self) -> str:
        """The title where there is one, else the text."""
        return self.title or self.text


@dataclass(frozen=True, slots=True)
class ReportRound:
    """What an open and a closed round share: the round with its rules, and the options frozen at its opening."""

    round: Round
    options: tuple[Option, ...]

    @property
    def number(self) -> RoundNumber:
        """Its number within the hunt."""
        return self.round.number

    @property
    def runoff(self) -> bool:
        """Whether it only parts a tie."""
        return self.round.runoff


@dataclass(frozen=True, slots=True)
class OpenRound(ReportRound):
    """A round still open: turnout only. It has no place for a total, so no export can tell one.

    Raises ValueError for a closed round, and for a seed: that is published at the close.
    """

    def __post_init__(self) -> None:
        if not self.round.open:
            raise ValueError("a closed round is told with its tally")
        if self.round.seed:
            raise ValueError("the seed of an open round is told to nobody")


@dataclass(frozen=True, slots=True)
class ClosedRound(ReportRound):
    """A closed round with its sealed tally. Raises ValueError for an open one.

    `fingerprint` is that of its record, in hexadecimal; "" where it was closed before there were records. `waved_by`
    is the name of who opened the vote although likely duplicates were undecided.
    """

    tally: Tally
    fingerprint: str = ""
    waved_by: str = ""

    def __post_init__(self) -> None:
        if self.round.open:
            raise ValueError("an open round has no tally")

    @property
    def closed_at(self) -> datetime:
        """When it was closed."""
        assert self.round.closed_at is not None
        return self.round.closed_at

    @property
    def kept_until(self) -> datetime | None:
        """Until when ballots without names are kept for recounts; None where the close deleted them."""
        if self.too_few or not self.round.keep_days:
            return None
        return self.closed_at + timedelta(days=self.round.keep_days)

    @property
    def too_few(self) -> bool:
        """Whether so few voted that a ballot could point at somebody, and none was kept."""
        return self.tally.voters < LEAST_VOTERS

    @property
    def close_calls(self) -> tuple[CloseCall, ...]:
        """Gaps too small to be a verdict."""
        return close_calls(self.tally)

    @property
    def supported(self) -> tuple[Rank, ...]:
        """The ranks with at least one dot, best first."""
        return tuple(rank for rank in self.tally.ranks if rank.dots)


@dataclass(frozen=True, slots=True)
class HuntReport:
    """One hunt, ready to be told in `language` with moments in `zone`.

    No drawing of it names a workspace or an account. Times are aware UTC. Withdrawn ideas may be given; no drawing
    shows them. Rounds come in order.
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
    def suggested(self) -> tuple[ReportIdea, ...]:
        """The standing ideas under a theme that the bot alone chose; by number."""
        return tuple(idea for idea in self.standing if idea.suggested)

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
    def main_chain(self) -> tuple[ClosedRound, ...]:
        """The vote over the ideas and its run-offs, once closed; a vote over themes never counts as one."""
        chain = latest_chain(self.closed_rounds)
        return chain if chain and chain[0].round.kind is RoundKind.MAIN else ()

    @property
    def main_round(self) -> ClosedRound | None:
        """The round over all options, once closed; run-offs only fill what it left undecided."""
        return next(iter(self.main_chain), None)

    @property
    def theme_rounds(self) -> tuple[ClosedRound, ...]:
        """The closed vote over themes that came before, with its run-offs."""
        main = self.main_chain
        return tuple(round for round in self.closed_rounds if not main or round.number < main[0].number)

    @property
    def final(self) -> tuple[IdeaNumber, ...]:
        """The options that surely have a place, best first; a run-off's winners come after those of the main round."""
        return tuple(number for round in self.main_chain for number in round.tally.winners)

    @property
    def undecided(self) -> tuple[IdeaNumber, ...]:
        """Options tied for the last places, as long as no run-off has parted them."""
        latest = self.main_chain[-1:]
        return latest[0].tally.tied_at_cut if latest else ()

    def parting(self, round: ClosedRound) -> ClosedRound | None:
        """The closed run-off over the tie of `round`, if any."""
        after = (other for other in self.closed_rounds if other.number > round.number)
        following = next(after, None)
        return following if following and following.runoff and round.tally.tied_at_cut else None
