"""What the wall page shows, counted and worded, so that its template only places it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.names import NO_THEME
from bot.reports.annex import annexes
from bot.reports.atlas import SAID, Atlas, Land, Mark, Spot, atlas
from bot.reports.cards import Card, Column, card, columns
from bot.reports.chart import (
    Bar,
    Covered,
    Gap,
    Party,
    Runoff,
    Step,
    ThemeVote,
    bars,
    covered,
    gaps,
    parties,
    percent,
    podium,
    runoff,
    theme_vote,
    tied,
    without,
)
from bot.reports.pact import Pact, pact
from bot.reports.report import ClosedRound, HuntReport, ReportIdea
from bot.reports.telling import Telling
from bot.text import shorten

LABELS: Mapping[str, str] = {
    "kind": "report.kind",
    "skip": "report.skip",
    "figures": "report.heading.figures",
    "final": "report.heading.final",
    "leading": "report.heading.leading",
    "vote": "report.heading.vote",
    "tie": "report.heading.tie",
    "runoff": "report.heading.runoff",
    "coverage": "report.heading.coverage",
    "chart": "report.heading.chart",
    "chart_alt": "report.chart.alt",
    "map": "report.heading.map",
    "map_note": "report.map.note",
    "ideas": "report.heading.ideas",
    "parked": "report.heading.parked",
    "method": "report.heading.method",
    "dates": "report.heading.dates",
    "more": "report.more",
    "empty": "report.empty",
    "hidden": "report.hidden",
    "no_votes": "report.no_votes",
    "honest": "report.tie.honest",
    "parted": "report.tie.runoff",
    "open_tie": "report.tie.open",
    "secret": "report.secret",
    "tie_only": "report.tie.only",
    "close": "report.heading.close",
    "close_lead": "report.close.lead",
    "groups": "report.heading.groups",
    "groups_lead": "report.groups.lead",
}
"""Words of the page that hold no figure."""
MARKS: Mapping[Mark, str] = {
    Mark.SOLID: "map.mark.decided",
    Mark.TINTED: "map.mark.likely",
    Mark.HOLLOW: "map.mark.check",
    Mark.LOOSE: "map.mark.loose",
}
"""How an idea is drawn on the map when a person placed it, when the bot did, and when the bot was less sure."""
MAPPED_FROM = 2
"""Themes from which a map shows something."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One big number with what it counts; `percent` in 0..100 draws a gauge."""

    number: str
    label: str
    percent: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Wall:
    """Everything on the page, in reading order."""

    language: str
    question: str
    eyebrow: tuple[str, ...]
    phase: str
    say: Mapping[str, str]
    figures: tuple[Figure, ...]
    steps: tuple[Step, ...]
    voted: bool
    pact: Pact | None
    tie: str
    tied: tuple[Bar, ...]
    gaps: tuple[Gap, ...]
    parties: tuple[Party, ...]
    runoffs: tuple[Runoff, ...]
    covered: tuple[Covered, ...]
    ways: str
    bars: tuple[Bar, ...]
    without: str
    theme_votes: tuple[ThemeVote, ...]
    waiting: str
    map: Atlas | None
    legend: str
    columns: tuple[Column, ...]
    hidden: bool
    parked: tuple[Card, ...]
    method: tuple[tuple[str, tuple[str, ...]], ...]
    dates: tuple[tuple[str, str], ...]

    @property
    def sheets(self) -> int:
        """Sheets that stand beside each other below the podium."""
        return len(self.runoffs) + sum(map(bool, (self.tie, self.gaps, self.covered or self.ways, self.parties)))


def wall(report: HuntReport) -> Wall:
    """The page of a report."""
    telling = Telling(report)
    main = report.main_round
    shown = columns(telling)
    return Wall(
        language=report.language,
        question=report.question,
        eyebrow=_eyebrow(telling),
        phase=telling.say(f"phase.{report.phase}"),
        say={name: telling.words.plain(key) for name, key in LABELS.items()},
        figures=figures(telling),
        steps=podium(telling),
        voted=main is not None and main.tally.dots_placed > 0,
        pact=pact(telling, main) if main else None,
        tie=telling.tie(main) if main else "",
        tied=tied(telling, main) if main else (),
        gaps=gaps(telling, main) if main else (),
        parties=parties(telling, main) if main else (),
        runoffs=tuple(runoff(telling, round) for round in report.main_chain[1:]),
        covered=covered(telling, main) if main else (),
        ways=telling.ways(main) if main else "",
        bars=bars(telling, main) if main else (),
        without=without(telling, main) if main else "",
        theme_votes=tuple(theme_vote(telling, round) for round in report.theme_rounds),
        waiting=_waiting(telling),
        map=_map(telling, shown),
        legend=telling.legend(),
        columns=shown,
        hidden=not report.ideas and report.phase.value in {"draft", "collecting"},
        parked=tuple(card(telling, idea, {}) for idea in report.parked),
        method=annexes(telling),
        dates=telling.dates(),
    )


def _map(telling: Telling, columns: Sequence[Column]) -> Atlas | None:
    """The map, where there is more than one theme to see."""
    if sum(column.hue > 0 for column in columns) < MAPPED_FROM:
        return None
    meanings = {mark: telling.say(key) for mark, key in MARKS.items()}
    return atlas([_land(telling, column) for column in columns], meanings)


def _land(telling: Telling, column: Column) -> Land:
    """A theme of the map. What is suggested is counted beside its ideas, as its points are drawn apart."""
    spots = tuple(Spot(str(idea.number), shorten(idea.headline, SAID), _mark(idea)) for idea in column.ideas)
    return Land(column.name, _counted(telling, column), column.hue, spots)


def _counted(telling: Telling, column: Column) -> str:
    """How many ideas, how many of them suggested, and how many of those to check: each number is part of the former."""
    suggested = sum(idea.suggested for idea in column.ideas)
    unsure = sum(idea.unsure for idea in column.ideas)
    if suggested == len(column.ideas):
        count = telling.say("map.all", n=suggested)
    else:
        count = ", ".join([column.count, *([telling.say("map.some", n=suggested)] if suggested else [])])
    return f"{count} ({telling.say('map.check', n=unsure)})" if unsure else count


def _mark(idea: ReportIdea) -> Mark:
    if not idea.suggested:
        return Mark.SOLID if idea.theme else Mark.LOOSE
    return Mark.HOLLOW if idea.unsure else Mark.TINTED


def _eyebrow(telling: Telling) -> tuple[str, ...]:
    rooms = [f"#{room}" for room in telling.report.rooms]
    return (telling.say("report.kind"), *rooms, telling.moment(telling.report.created_at, "date"))


def figures(telling: Telling) -> tuple[Figure, ...]:
    """The strip of big numbers: ideas and voices always, turnout once a vote is open, dots once it is closed."""
    report, say = telling.report, telling.say
    ideas, voices = len(report.counted), report.voices
    strip = [
        Figure(telling.words.figure(ideas), say("report.figure.ideas", n=ideas)),
        Figure(telling.words.figure(voices), say("report.figure.voices", n=voices)),
    ]
    if main := report.main_round:
        strip += _closed_figures(telling, main)
    elif opened := report.open_round:
        voters, eligible = opened.round.voters, opened.round.eligible
        label = say("report.figure.voters", n=voters, eligible=eligible)
        strip.append(Figure(str(voters), label, percent(voters, eligible) if eligible else None))
    return tuple(strip)


def _closed_figures(telling: Telling, round: ClosedRound) -> list[Figure]:
    tally, say, figure = round.tally, telling.say, telling.words.figure
    options = sum(1 for option in round.options if option.number < NO_THEME)
    turnout = say("report.figure.voters", n=tally.voters, eligible=tally.eligible)
    voted = percent(tally.voters, tally.eligible) if tally.eligible else None
    dots = say("report.figure.dots", n=tally.dots_placed, possible=tally.dots_possible)
    papers = say("results.papers", n=tally.papers) if tally.papers else ""
    quorum = f"{told}." if (told := telling.quorum(round)) else ""
    return [
        Figure(figure(options), say("report.figure.options", n=options)),
        Figure(figure(tally.voters), turnout, voted, f"{quorum} {papers}".strip()),
        Figure(figure(tally.dots_placed), dots, percent(tally.dots_placed, tally.dots_possible)),
    ]


def _waiting(telling: Telling) -> str:
    """What is said while a vote is open: turnout, secrecy, the end; never a total."""
    opened = telling.report.open_round
    if opened is None:
        return ""
    closes = opened.round.closes_at
    until = telling.say("report.until", at=closes) if closes else ""
    return " ".join(part for part in (f"{telling.turnout(opened)}.", until) if part)
