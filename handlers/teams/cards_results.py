"""The result of a closed round: told in words first, then drawn by the card's own chart, or by bars of signs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from bot.domain.names import IdeaNumber
from bot.domain.tally import Rank, Tally
from bot.screens import Button, Deed, IdeaLine, Parted, Results
from bot.text import shorten
from bot.words import Raw, Words
from handlers.desk.targets import ExportTarget
from handlers.teams import elements, markup
from handlers.teams.elements import Drawn, Json
from handlers.teams.pen import Pen, summary

CHARTED = 10
MOST_LABEL = 40
TOLD_IN_A_TIE = 8
FULL_BAR = 12
PLACE_WORDS = 120


def results(screen: Results, pen: Pen) -> Drawn:
    """Places, ties and turnout in sentences; the ten first as a chart."""
    question = markup.one_line(screen.hunt.question, 110)
    told = [*podium(screen.tally, screen.lines, pen, parted=screen.parted is not None)]
    told += [*decided(screen.parted, screen.lines, pen), *_turnout(screen, pen)]
    head = [elements.heading(pen.say("results.title", question=question)), *elements.lines(told)]
    foot = pen.buttons(_buttons(screen))
    ranked = [rank for rank in screen.tally.ranks if rank.dots and rank.option in screen.lines][:CHARTED]
    chart = [_chart(ranked, screen.lines, pen)] if ranked else []
    said = summary([pen.plain("results.title", question=question), *told])
    return Drawn(said, [*head, *chart, *foot], [*head, *foot])


def podium(tally: Tally, lines: Mapping[IdeaNumber, IdeaLine], pen: Pen, *, parted: bool = False) -> list[str]:
    """One sentence a place; equal dots are told as a tie, and a tie across the last place as what it is."""
    told: list[str] = []
    for place, group in groupby((r for r in tally.ranks if r.dots and r.place <= tally.places), lambda r: r.place):
        told += _place(place, [rank for rank in group if rank.option in lines], lines, pen)
    if not told:
        return [pen.say("results.no_votes")]
    if tally.tied_at_cut and not parted:
        told.append(pen.say("results.cut", n=len(tally.tied_at_cut), places=tally.places - len(tally.winners)))
    return told


def decided(parted: Parted | None, lines: Mapping[IdeaNumber, IdeaLine], pen: Pen) -> list[str]:
    """What a run-off decided: its dots, then the final list."""
    if parted is None:
        return []
    ranks = [rank for rank in parted.tally.ranks if rank.dots]
    scores = pen.words.listed([(Words(f"#{r.option} "), *pen.words.say("count.dots", n=r.dots)) for r in ranks])
    told = [pen.say("results.runoff", scores=scores)] if ranks else [pen.say("results.runoff.none")]
    if parted.tally.tied_at_cut:
        told.append(pen.say("results.runoff.tied"))
    return [*told, pen.say("results.final"), *(f"• {pen.idea(lines[n])}" for n in parted.final if n in lines)]


def _place(place: int, ranks: Sequence[Rank], lines: Mapping[IdeaNumber, IdeaLine], pen: Pen) -> list[str]:
    if not ranks:
        return []
    dots = pen.words.say("count.dots", n=ranks[0].dots)
    if len(ranks) == 1:
        backers = pen.words.say("count.supporters", n=ranks[0].supporters)
        line = lines[ranks[0].option]
        idea: tuple[Raw | Words, ...] = (Words(f"#{line.number} "), pen.headline(line, PLACE_WORDS))
        return [pen.say("results.place", place=place, idea=idea, dots=dots, supporters=backers)]
    first = [f"• {pen.idea(lines[rank.option])}" for rank in ranks[:TOLD_IN_A_TIE]]
    more = [pen.say("board.more_ideas", n=len(ranks) - len(first))] if len(ranks) > len(first) else []
    return [pen.say("results.tie", place=place, n=len(ranks), dots=dots), *first, *more]


def _turnout(screen: Results, pen: Pen) -> list[str]:
    tally = screen.tally
    quorum = -(-2 * tally.eligible // 3)
    told = [
        pen.say("results.turnout", n=tally.voters, eligible=tally.eligible),
        pen.say("results.dots", n=tally.dots_placed, possible=tally.dots_possible),
    ]
    if tally.eligible:
        reached = "results.quorum.reached" if tally.voters >= quorum else "results.quorum.missed"
        told.append(pen.say(reached, quorum=quorum))
    if tally.covered:
        told.append(pen.say("results.covered", n=tally.covered, voters=tally.voters))
    return told


def _buttons(screen: Results) -> list[Button]:
    hunt = screen.hunt
    latest = screen.parted.tally if screen.parted else screen.tally
    row = [Button(Deed.RUN_OFF, hunt.id, confirm=True)] if latest.tied_at_cut else []
    exports = [
        Button(Deed.EXPORT, ExportTarget(hunt.id, form).pack(), facts={"format": form.upper()})
        for form in ("csv", "md")
    ]
    return [*row, Button(Deed.SEE_ALL, hunt.id), *exports]


def _chart(ranked: Sequence[Rank], lines: Mapping[IdeaNumber, IdeaLine], pen: Pen) -> Json:
    """Teams' own bars; a client without them shows the fallback."""
    return {
        "type": "Chart.HorizontalBar",
        "title": pen.plain("results.chart.title"),
        "xAxisTitle": pen.plain("results.chart.dots"),
        "data": [{"x": _label(lines[rank.option], pen), "y": rank.dots} for rank in ranked],
        "fallback": {"type": "Container", "items": _bars(ranked, lines, pen)},
    }


def _label(line: IdeaLine, pen: Pen) -> str:
    """Unique because the number comes first."""
    return shorten(f"#{line.number} {pen.words.flat((pen.headline(line),))}", MOST_LABEL)


def _bars(ranked: Sequence[Rank], lines: Mapping[IdeaNumber, IdeaLine], pen: Pen) -> list[Json]:
    most = max(rank.dots for rank in ranked)
    told = [pen.say("results.chart.title")]
    for rank in ranked:
        bar = "█" * max(1, round(FULL_BAR * rank.dots / most))
        told.append(f"{bar} {pen.say('count.dots', n=rank.dots)} · {pen.idea(lines[rank.option], 60)}")
    return elements.lines(told)
