"""The result as pictures made of figures: the podium, the bars, the run-off, the coverage."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain.names import IdeaNumber
from bot.domain.tally import Rank
from bot.reports.cards import MOST_STICKERS, option_hues
from bot.reports.report import ClosedRound
from bot.reports.telling import Telling
from bot.words import Raw

HIGHEST = 4
"""Steps of the podium, from the first place down."""


@dataclass(frozen=True, slots=True)
class Step:
    """A winner on the podium: `place` says more than the numeral, or nothing; `height` in 1..4."""

    place: str
    numeral: int
    number: str
    headline: str
    dots: str
    supporters: str
    stickers: int
    height: int
    hue: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a chart: `value` is the figure, `percent` (0..100) its length beside the longest."""

    place: str
    number: str
    headline: str
    value: int
    dots: str
    supporters: str
    percent: float
    hue: int
    wins: bool


@dataclass(frozen=True, slots=True)
class Runoff:
    """The second vote over tied ideas."""

    told: str
    bars: tuple[Bar, ...]
    won: str
    close: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Covered:
    """Voters who find a choice of theirs in a list, out of all; `final` when that list was chosen.

    `method` tells how a second reading made its list.
    """

    sentence: str
    voters: int
    all: int
    final: bool
    method: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """Options above and below a gap too small to be a verdict: `dots` and `fewer` are what each of them received."""

    above: str
    below: str
    dots: str
    fewer: str
    told: str


@dataclass(frozen=True, slots=True)
class Party:
    """Voters of one role: how many of how many, and what they chose most."""

    role: str
    told: str
    first: tuple[str, ...]
    percent: float


@dataclass(frozen=True, slots=True)
class ThemeVote:
    """The vote over themes that came before, or a run-off over its tie."""

    heading: str
    told: str
    bars: tuple[Bar, ...]
    close: tuple[str, ...]
    tie: str


def percent(part: int, whole: int) -> float:
    """A share in 0..100, to one decimal."""
    return round(100 * part / whole, 1) if whole else 0.0


def podium(telling: Telling) -> tuple[Step, ...]:
    """The ideas that have a place, best first, with the dots of the round over all ideas.

    The winners of a run-off say what they got there.
    """
    report, main = telling.report, telling.report.main_round
    hues, ranks = option_hues(report), {rank.option: rank for rank in main.tally.ranks} if main else {}
    steps: list[Step] = []
    for round in report.main_chain:
        before, here = len(steps), {rank.option: rank for rank in round.tally.ranks}
        for option in round.tally.winners:
            place, own = before + here[option].place, ranks.get(option, here[option])
            told = _place(telling, here[option], place, runoff=round.runoff)
            steps.append(_step(telling, own, place, told, hues.get(option, 0)))
    return tuple(steps)


def _place(telling: Telling, rank: Rank, place: int, *, runoff: bool) -> str:
    """What the numeral does not say: a tie, or what parted it."""
    if runoff:
        dots = telling.dots(rank.dots)
        return telling.say("report.place.runoff", place=Raw(telling.place(place)), dots=Raw(dots))
    return telling.place(place, tied=True) if rank.tied else ""


def _step(telling: Telling, rank: Rank, place: int, told: str, hue: int) -> Step:
    return Step(
        place=told,
        numeral=place,
        number=telling.number(rank.option),
        headline=telling.headlines.get(rank.option, ""),
        dots=telling.dots(rank.dots),
        supporters=telling.supporters(rank.supporters),
        stickers=rank.dots if rank.dots <= MOST_STICKERS else 0,
        height=max(1, HIGHEST + 1 - place),
        hue=hue,
    )


def bars(telling: Telling, round: ClosedRound) -> tuple[Bar, ...]:
    """One bar for each option with a dot, longest first; equal dots, equal bars."""
    return tuple(bar for _, bar in _bars_by_number(telling, round))


def _bars_by_number(telling: Telling, round: ClosedRound) -> list[tuple[IdeaNumber, Bar]]:
    most = max((rank.dots for rank in round.tally.ranks), default=0)
    hues = option_hues(telling.report)
    return [(rank.option, _bar(telling, rank, most, hues.get(rank.option, 0))) for rank in round.supported]


def _bar(telling: Telling, rank: Rank, most: int, hue: int) -> Bar:
    return Bar(
        place=telling.place(rank.place, tied=rank.tied),
        number=telling.number(rank.option),
        headline=telling.headlines.get(rank.option, ""),
        value=rank.dots,
        dots=telling.dots(rank.dots),
        supporters=telling.supporters(rank.supporters),
        percent=percent(rank.dots, most),
        hue=hue,
        wins=rank.option in telling.final,
    )


def tied(telling: Telling, round: ClosedRound) -> tuple[Bar, ...]:
    """The options that share the last places, as bars of one length."""
    across = set(round.tally.tied_at_cut)
    hues = option_hues(telling.report)
    return tuple(
        _bar(telling, rank, rank.dots, hues.get(rank.option, 0)) for rank in round.tally.ranks if rank.option in across
    )


def runoff(telling: Telling, round: ClosedRound) -> Runoff:
    """A closed run-off: who voted, what each option got, what came of it."""
    dots = telling.dots(round.round.dots)
    told = telling.say("report.runoff.voters", n=round.tally.voters, dots=Raw(dots))
    tie = telling.tie(round)
    won = telling.say("report.runoff.won", idea=Raw(telling.listed(round.tally.winners)))
    ended = tie or (won if round.tally.winners else "")
    return Runoff(told, bars(telling, round), ended, telling.close_calls(round))


def covered(telling: Telling, round: ClosedRound) -> tuple[Covered, ...]:
    """Coverage for each way a tie may fall, the one that came true marked, and the second reading."""
    ways = tuple(
        Covered(sentence, coverage.voters, round.tally.voters, telling.final == frozenset(coverage.chosen))
        for coverage, (sentence, _) in zip(round.tally.coverages, telling.coverage(round), strict=True)
        if round.tally.voters
    )
    balanced = round.tally.balanced
    if balanced is None:
        return ways
    method = telling.say("reading.method")
    return (*ways, Covered(telling.balanced(round), balanced.voters, round.tally.voters, final=False, method=method))


def without(telling: Telling, round: ClosedRound) -> str:
    """The options nobody chose, by number; "" when there is none, or too many to read."""
    left = [rank.option for rank in round.tally.ranks if not rank.dots]
    if not left or len(left) > MOST_STICKERS:
        return ""
    numbers = telling.words.listed([Raw(telling.number(number)) for number in left])
    return telling.say("report.chart.none", n=len(left), ideas=numbers)


def gaps(telling: Telling, round: ClosedRound) -> tuple[Gap, ...]:
    """What deserves a talk, each side in words."""
    return tuple(
        Gap(
            telling.shortly(call.above),
            telling.shortly(call.below),
            telling.dots(call.dots),
            telling.dots(call.dots - call.gap),
            telling.say("report.close.gap", n=call.gap),
        )
        for call in round.close_calls
    )


def parties(telling: Telling, round: ClosedRound) -> tuple[Party, ...]:
    """Groups by role, largest first, where the rules asked for them and they are large enough."""
    ordered = sorted(round.tally.groups, key=lambda group: (not group.role, -group.voters, group.role))
    return tuple(
        Party(
            telling.role(group),
            f"{group.voters} {telling.say('report.figure.voters', n=group.voters, eligible=group.eligible)}",
            telling.group_first(group),
            percent(group.voters, group.eligible),
        )
        for group in ordered
    )


def theme_vote(telling: Telling, round: ClosedRound) -> ThemeVote:
    """A closed vote over themes, told as any vote is."""
    heading = "report.heading.runoff" if round.runoff else "report.heading.themes"
    told = ". ".join(filter(None, (telling.turnout(round), telling.quorum(round))))
    chosen = frozenset(round.tally.winners)
    drawn = tuple(replace(bar, wins=number in chosen) for number, bar in _bars_by_number(telling, round))
    return ThemeVote(telling.words.plain(heading), f"{told}.", drawn, telling.close_calls(round), telling.tie(round))
