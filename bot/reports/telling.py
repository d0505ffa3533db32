"""A report put into sentences, once for every form it takes: as text without any markup."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import comb
from typing import Literal

from bot.domain.names import NO_THEME, IdeaNumber, sign
from bot.domain.readings import MOST_WAYS
from bot.domain.rules import RoundKind
from bot.domain.tally import Group
from bot.reports.report import ClosedRound, HuntReport, OpenRound, ReportIdea
from bot.text import unstopped
from bot.words import Fact, Moment, Raw, Translator, Words, translator

ORDINALS = {
    "one": "report.place.one",
    "two": "report.place.two",
    "few": "report.place.few",
    "other": "report.place.other",
}
"""1st, 2nd, 3rd, 4th: the language's own classes of ordinals."""
DATES = {
    RoundKind.MAIN: ("report.date.opened", "report.date.closed"),
    RoundKind.THEMES: ("report.date.themes.opened", "report.date.themes.closed"),
    RoundKind.RUNOFF: ("report.date.runoff.opened", "report.date.runoff.closed"),
}
MOST_LISTED = 6
"""More options than this are told by their number where a sentence holds them."""
FIRST_OF_GROUP = 3


@dataclass(frozen=True)
class Telling:
    """Sentences about one report, in its language and zone."""

    report: HuntReport
    words: Translator = field(init=False)
    headlines: Mapping[IdeaNumber, str] = field(init=False)
    """What a list shows of an idea: the words frozen on the ballot where there are any."""
    merged: Mapping[IdeaNumber, tuple[ReportIdea, ...]] = field(init=False)
    """Idea -> the ideas told together with it."""
    final: frozenset[IdeaNumber] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", translator(self.report.language))
        object.__setattr__(self, "headlines", _headlines(self.report))
        object.__setattr__(self, "merged", _merged(self.report))
        object.__setattr__(self, "final", frozenset(self.report.final))

    def say(self, key: str, /, **facts: Fact) -> str:
        """The sentence of a key of the catalogue."""
        return self.words.plain(key, self.report.zone, **facts)

    def moment(self, at: datetime, style: Literal["date", "both", "day"] = "both") -> str:
        """A moment in the report's zone; `both` also tells the year's day and month in words."""
        return self.words.when(Moment(at, style), self.report.zone)

    def day(self, at: datetime) -> str:
        """The day with its year and the time: the moment a file names must still be clear years later."""
        return f"{self.moment(at, 'date')}, {self.words.when(Moment(at, 'time'), self.report.zone)}"

    def number(self, number: IdeaNumber) -> str:
        """`n° 7` or `#7` for an idea; for anything else its sign, `T3` or `A`."""
        if number >= NO_THEME:
            return sign(number)
        return self.say("report.number", number=number)

    def named(self, number: IdeaNumber) -> str:
        """Number and headline together."""
        return f"{self.number(number)} {self.headlines.get(number, '')}".strip()

    def author(self, idea: ReportIdea) -> str:
        """The author's name, or that there is none."""
        return idea.author or self.say("report.nameless")

    def suggestion(self, idea: ReportIdea) -> str:
        """That the bot alone chose an idea's theme, and whether to check it; "" where people decided."""
        if not idea.suggested:
            return ""
        return self.say("report.theme.check" if idea.unsure else "report.theme.suggested")

    def legend(self) -> str:
        """What the marks of suggestions mean; "" where there are none."""
        marked = self.report.suggested
        keys = ["report.legend.suggested"] * bool(marked) + ["report.legend.check"] * any(i.unsure for i in marked)
        return " ".join(self.say(key) for key in keys)

    def place(self, place: int, *, tied: bool = False) -> str:
        """`1st`, or `4th, tied`."""
        told = self.say(ORDINALS[self._ordinal(place)], place=place)
        return self.say("report.place.tied", place=Raw(told)) if tied else told

    def _ordinal(self, place: int) -> str:
        from babel import Locale

        return str(Locale.parse(self.words.lang).ordinal_form(place))

    def dots(self, n: int) -> str:
        """`8 dots`."""
        return self.say("report.dots", n=n)

    def supporters(self, n: int) -> str:
        """`6 supporters`."""
        return self.say("report.supporters", n=n)

    def listed(self, numbers: Iterable[IdeaNumber]) -> str:
        """Numbers and headlines as a list in words."""
        return self.words.flat(self.words.listed([Raw(self.named(number)) for number in numbers]))

    def shortly(self, numbers: Sequence[IdeaNumber]) -> str:
        """The same, or how many there are where they are too many to read."""
        return self.listed(numbers) if len(numbers) <= MOST_LISTED else self.say("report.options", n=len(numbers))

    def tie(self, round: ClosedRound) -> str:
        """The tie across the last places, told as a tie; "" when the cut is clean."""
        tied = round.tally.tied_at_cut
        if not tied:
            return ""
        dots = next(rank.dots for rank in round.tally.ranks if rank.option == tied[0])
        return self.say(
            "report.tie",
            n=round.tally.places - len(round.tally.winners),
            ideas=Raw(self.listed(tied)),
            dots=Raw(self.dots(dots)),
            count=len(tied),
        )

    def close_calls(self, round: ClosedRound) -> tuple[str, ...]:
        """Gaps too small to be a verdict, a sentence each."""
        return tuple(
            self.say("results.close_call", n=c.gap, above=Raw(self.shortly(c.above)), below=Raw(self.shortly(c.below)))
            for c in round.close_calls
        )

    def coverage(self, round: ClosedRound) -> tuple[tuple[str, int], ...]:
        """One sentence for each way a tie may fall, with its voters, or one for the list as it is.

        None where the ways are too many; see `ways`.
        """
        tied = set(round.tally.tied_at_cut)
        return tuple(
            (self._covered(Words(self._open_part(c.chosen, tied)), c.voters, round), c.voters)
            for c in round.tally.coverages
        )

    def ways(self, round: ClosedRound) -> str:
        """That a tie may fall in too many ways to tell who is covered by each; "" where it may not."""
        tally = round.tally
        ways = comb(len(tally.tied_at_cut), tally.places - len(tally.winners)) if tally.tied_at_cut else 1
        return self.say("count.ways", n=ways, most=MOST_WAYS) if ways > MOST_WAYS else ""

    def role(self, group: Group) -> str:
        """A group's name; several small ones are told together."""
        return group.role or self.say("role.others")

    def group(self, group: Group) -> str:
        """`Foresters: 6 voters out of 8`."""
        return self.say("results.group", role=Raw(self.role(group)), n=group.voters, eligible=group.eligible)

    def group_first(self, group: Group) -> tuple[str, ...]:
        """What a group chose most, each with its dots; nothing where its ballots were detached."""
        first = sorted(group.dots.items(), key=lambda one: (-one[1], one[0]))[:FIRST_OF_GROUP]
        return tuple(
            self.say("report.group.dots", idea=Raw(self.named(number)), dots=Raw(self.dots(dots)))
            for number, dots in first
        )

    def balanced(self, round: ClosedRound) -> str:
        """The second reading, called what it is; "" where there is none."""
        if round.tally.balanced is None:
            return ""
        ideas = Raw(self.listed(round.tally.balanced.chosen))
        return self.say("report.balanced", n=round.tally.balanced.voters, voters=round.tally.voters, ideas=ideas)

    def _open_part(self, chosen: Sequence[IdeaNumber], tied: set[IdeaNumber]) -> str:
        return self.listed(number for number in chosen if number in tied)

    def _covered(self, idea: Words, n: int, round: ClosedRound) -> str:
        if idea.text:
            return self.say("report.coverage.with", n=n, voters=round.tally.voters, idea=idea)
        return self.say("report.coverage.list", n=n, voters=round.tally.voters)

    def turnout(self, round: ClosedRound | OpenRound) -> str:
        """`14 voters out of 18`."""
        voters, eligible = _turnout(round)
        return f"{voters} {self.say('report.figure.voters', n=voters, eligible=eligible)}"

    def quorum(self, round: ClosedRound) -> str:
        """Whether the quorum of the round's own rule was reached; nothing where there is none."""
        if round.tally.quorum is None:
            return ""
        key = "report.quorum.reached" if round.tally.quorate else "report.quorum.missed"
        return self.say(key, quorum=round.tally.quorum)

    def heading(self, round: ClosedRound) -> str:
        """What a round is called in the annex."""
        key = {
            RoundKind.MAIN: "report.method.round",
            RoundKind.THEMES: "report.method.themes",
            RoundKind.RUNOFF: "report.method.runoff",
        }[round.round.kind]
        return self.words.plain(key, number=int(round.number))

    def dates(self) -> tuple[tuple[str, str], ...]:
        """What happened when, each with its label, oldest first."""
        report = self.report
        told: list[tuple[str, datetime | None]] = [
            ("report.date.created", report.created_at),
            ("report.date.collect", report.collect_until),
        ]
        for round in report.rounds:
            opened, closed = DATES[round.round.kind]
            told += [(opened, round.round.opened_at), (closed, round.round.closed_at)]
        told.append(("report.date.made", report.made_at))
        return tuple((self.words.plain(key), self.day(at)) for key, at in told if at is not None)


def _turnout(round: ClosedRound | OpenRound) -> tuple[int, int]:
    if isinstance(round, OpenRound):
        return round.round.voters, round.round.eligible
    return round.tally.voters, round.tally.eligible


def _headlines(report: HuntReport) -> dict[IdeaNumber, str]:
    told = {idea.number: idea.headline for idea in report.ideas}
    for round in report.rounds:
        told |= {option.number: option.headline for option in round.options}
    return {number: unstopped(headline) for number, headline in told.items()}


def _merged(report: HuntReport) -> dict[IdeaNumber, tuple[ReportIdea, ...]]:
    piles: dict[IdeaNumber, list[ReportIdea]] = {}
    for idea in report.counted:
        if idea.merged_into is not None:
            piles.setdefault(idea.merged_into, []).append(idea)
    return {number: tuple(ideas) for number, ideas in piles.items()}
