"""The result of a closed round: told in words first, then drawn by the card's own chart, or by bars of signs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from bot.domain.names import IdeaNumber, sign
from bot.domain.rules import LEAST_VOTERS, RoundKind, TieRule
from bot.domain.tally import Group, Rank, Tally, close_calls
from bot.screens import Button, Deed, IdeaLine, Parted, Results, SecondReading
from bot.text import shorten, unstopped
from bot.words import Raw, Sentence, Words
from handlers.desk.targets import ExportTarget, RoundTarget
from handlers.teams import elements, markup
from handlers.teams.elements import Drawn, Json
from handlers.teams.pen import Pen, summary

CHARTED = 10
MOST_LABEL = 40
TOLD_IN_A_TIE = 8
FULL_BAR = 12
PLACE_WORDS = 120
SHOWN_OF_FINGERPRINT = 16
"""Characters of the fingerprint in the room; the files hold it whole."""
FIRST_OF_GROUP = 5
NAMED_IN_A_GAP = 3


def results(screen: Results, pen: Pen) -> Drawn:
    """Places, ties and turnout in sentences; the ten first as a chart."""
    question = markup.one_line(screen.hunt.question, 110)
    told = [*podium(screen.tally, screen.lines, pen, tie_to_tell(screen))]
    told += [*decided(screen.parted, screen.lines, pen), *_turnout(screen, pen)]
    head = [elements.heading(pen.say("results.title", question=question)), *elements.lines(told)]
    foot = pen.buttons(_buttons(screen))
    ranked = [rank for rank in screen.tally.ranks if rank.dots and rank.option in screen.lines][:CHARTED]
    chart = [_chart(ranked, screen.lines, pen)] if ranked else []
    said = summary([pen.plain("results.title", question=question), *told])
    return Drawn(said, [*head, *chart, *foot], [*head, *foot])


def podium(tally: Tally, lines: Mapping[IdeaNumber, IdeaLine], pen: Pen, tie: TieRule | None) -> list[str]:
    """One sentence a place; equal dots are told as a tie, and a tie across the last place as what it is.

    `tie`: what the rules say will happen to it; None where a run-off has spoken already.
    """
    told: list[str] = []
    for place, group in groupby((r for r in tally.ranks if r.dots and r.place <= tally.places), lambda r: r.place):
        told += _place(place, [rank for rank in group if rank.option in lines], lines, pen)
    if not told:
        return [pen.say("results.no_votes")]
    if tally.tied_at_cut and tie is not None:
        told.append(pen.say(f"results.cut.{tie}", n=len(tally.tied_at_cut), places=tally.places - len(tally.winners)))
    return told


def tie_to_tell(screen: Results) -> TieRule | None:
    """The rule, as far as it still says what comes: a run-off that opens by itself did so, or never will."""
    if screen.parted is not None:
        return None
    late = screen.round.tie is TieRule.AUTO and screen.runoff_until is None
    return TieRule.ASK if late else screen.round.tie


def decided(parted: Parted | None, lines: Mapping[IdeaNumber, IdeaLine], pen: Pen) -> list[str]:
    """What a run-off decided: its dots, then the final list."""
    if parted is None:
        return []
    ranks = [rank for rank in parted.tally.ranks if rank.dots]
    scores = pen.words.listed([(Words(f"{sign(r.option)} "), *pen.words.say("count.dots", n=r.dots)) for r in ranks])
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
        idea = _named(lines[ranks[0].option], pen)
        return [pen.say("results.place", place=place, idea=idea, dots=dots, supporters=backers)]
    first = [f"• {pen.idea(lines[rank.option])}" for rank in ranks[:TOLD_IN_A_TIE]]
    more = [pen.say("board.more_ideas", n=len(ranks) - len(first))] if len(ranks) > len(first) else []
    return [pen.say("results.tie", place=place, n=len(ranks), dots=dots), *first, *more]


def _named(line: IdeaLine, pen: Pen) -> tuple[Raw | Words, ...]:
    """An option inside a sentence: its sign and its headline, without a full stop of its own."""
    shown = pen.headline(line, PLACE_WORDS)
    return (Words(f"{sign(line.number)} "), type(shown)(unstopped(shown.text)))


def _turnout(screen: Results, pen: Pen) -> list[str]:
    """Who voted, whether the quorum was reached, whom the list covers, what deserves a talk, and the seal."""
    tally = screen.tally
    told = [
        pen.say("results.turnout", n=tally.voters, eligible=tally.eligible),
        pen.say("results.dots", n=tally.dots_placed, possible=tally.dots_possible),
    ]
    told += [pen.say("results.papers", n=tally.papers)] if tally.papers else []
    if tally.quorum is not None:
        key = "results.quorum.reached" if tally.quorate else "results.quorum.missed"
        told.append(pen.say(key, quorum=tally.quorum))
    if tally.groups:
        told.append(pen.say("results.groups", groups=pen.words.listed([_group(group, pen) for group in tally.groups])))
    told += [*_covered(screen, pen), *_close_calls(screen, pen)]
    told += [pen.say("results.runoff.by_itself", at=screen.runoff_until)] if screen.runoff_until else []
    return [*told, *_seal(screen, pen)]


def _group(group: Group, pen: Pen) -> Sentence:
    role = Raw(group.role) if group.role else Words(pen.plain("role.others"))
    return pen.words.say("results.group", role=role, n=group.voters, eligible=group.eligible)


def _covered(screen: Results, pen: Pen) -> list[str]:
    """Whom the final list covers; with a tie at the cut, for each way it may fall."""
    tally, tied = screen.tally, set(screen.tally.tied_at_cut)
    if not tally.voters:
        return []
    if screen.parted:
        final = set(screen.parted.final)
        covered = next((way.voters for way in tally.coverages if set(way.chosen) == final), 0)
        return [pen.say("results.covered", n=covered, voters=tally.voters)] if covered else []
    if not tied:
        return [pen.say("results.covered", n=tally.covered, voters=tally.voters)] if tally.covered else []
    told = []
    for way in tally.coverages:
        ideas = [_named(screen.lines[n], pen) for n in way.chosen if n in tied and n in screen.lines]
        told.append(pen.say("results.covered.with", n=way.voters, voters=tally.voters, ideas=pen.words.listed(ideas)))
    return told


def _close_calls(screen: Results, pen: Pen) -> list[str]:
    """Gaps too small to be a verdict: those of the run-off once it has spoken, else those of the vote."""
    told = []
    for call in close_calls(screen.parted.tally if screen.parted else screen.tally):
        above, below = (_sides(numbers, screen, pen) for numbers in (call.above, call.below))
        told.append(pen.say("results.close_call", n=call.gap, above=above, below=below))
    return told


def _sides(numbers: Sequence[IdeaNumber], screen: Results, pen: Pen) -> Sentence:
    """The options of one side by name; only how many where a list would hide the sentence."""
    if len(numbers) > NAMED_IN_A_GAP:
        return pen.words.say("count.ideas", n=len(numbers))
    return pen.words.listed([_named(screen.lines[n], pen) for n in numbers if n in screen.lines])


def _seal(screen: Results, pen: Pen) -> list[str]:
    """What the close did to the ballots; rounds closed before there was a record are not spoken for."""
    if not screen.fingerprint:
        return []
    few = screen.tally.voters < LEAST_VOTERS or not screen.round.keep_days
    key = "results.sealed_now.few" if few else "results.sealed_now"
    return [
        pen.say(key, at=screen.round.closed_at, n=screen.round.keep_days),
        pen.say("results.fingerprint", fingerprint=Words(screen.fingerprint[:SHOWN_OF_FINGERPRINT])),
    ]


def _buttons(screen: Results) -> list[Button]:
    hunt, round = screen.hunt, screen.round
    latest = screen.parted.tally if screen.parted else screen.tally
    may_part = latest.tied_at_cut and not screen.runoff_until and round.tie is not TieRule.KEEP
    row = [Button(Deed.RUN_OFF, hunt.id, confirm=True)] if may_part else []
    row += [Button(Deed.OPEN_VOTE, hunt.id, label="button.vote_on_ideas")] if round.kind is RoundKind.THEMES else []
    more = screen.tally.balanced is not None or screen.tally.groups
    row += [Button(Deed.SECOND_READING, RoundTarget(hunt.id, round.number).pack())] if more else []
    exports = [
        Button(Deed.EXPORT, ExportTarget(hunt.id, form).pack(), facts={"format": form.upper()})
        for form in ("csv", "md")
    ]
    return [*row, Button(Deed.SEE_ALL, hunt.id), *exports]


def second_reading(screen: SecondReading, pen: Pen) -> list[Json]:
    """The balanced list, called what it is, beside the list by dots; then what each group chose."""
    tally, lines = screen.tally, screen.lines
    drawn = [pen.text("reading.lead")]
    if balanced := tally.balanced:
        listed = [f"{place}. {pen.idea(lines[n])}" for place, n in enumerate(balanced.chosen, 1) if n in lines]
        told = pen.say("reading.balanced", n=balanced.voters, voters=tally.voters)
        drawn.append(elements.group([*elements.lines([told, *listed]), pen.small("reading.method")]))
    if by_dots := [f"• {pen.idea(lines[n])}" for n in tally.winners if n in lines]:
        told = pen.say("reading.by_dots", n=tally.covered, voters=tally.voters)
        drawn.append(elements.group(elements.lines([told, *by_dots])))
    groups = [elements.group(elements.lines(_group_lines(group, lines, pen))) for group in tally.groups]
    return [*drawn, *([pen.text("reading.groups"), *groups] if groups else [])]


def _group_lines(group: Group, lines: Mapping[IdeaNumber, IdeaLine], pen: Pen) -> list[str]:
    first = sorted(group.dots.items(), key=lambda one: (-one[1], one[0]))[:FIRST_OF_GROUP]
    told = [f"• {pen.idea(lines[n], 80)} — {pen.say('count.dots', n=dots)}" for n, dots in first if n in lines]
    return [f"**{markup.typed(pen.words.flat(_group(group, pen)))}**", *told]


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
    return shorten(f"{sign(line.number)} {pen.words.flat((pen.headline(line),))}", MOST_LABEL)


def _bars(ranked: Sequence[Rank], lines: Mapping[IdeaNumber, IdeaLine], pen: Pen) -> list[Json]:
    most = max(rank.dots for rank in ranked)
    told = [pen.say("results.chart.title")]
    for rank in ranked:
        bar = "█" * max(1, round(FULL_BAR * rank.dots / most))
        told.append(f"{bar} {pen.say('count.dots', n=rank.dots)} · {pen.idea(lines[rank.option], 60)}")
    return elements.lines(told)
