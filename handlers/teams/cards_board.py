"""The hunt's one message in its channel, at each phase, and the full table in its thread."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.hunt import Capture, Hunt, Names, Phase
from bot.domain.rules import RoundKind
from bot.screens import Board, Button, Deed, IdeaLine, Table, ThemeBlock
from bot.trust import rules_told
from bot.words import Raw, Sentence, Words
from handlers.teams import elements, markup
from handlers.teams.cards_results import decided, podium
from handlers.teams.cards_vote import sentences
from handlers.teams.elements import Drawn, Json
from handlers.teams.pen import Pen, summary

LEADS: Mapping[Phase, str] = {
    Phase.DRAFT: "board.draft",
    Phase.COLLECTING: "board.collecting",
    Phase.REVEALED: "board.revealed",
    Phase.CLOSED: "board.closed",
}
HOW: Mapping[Capture, str] = {
    Capture.THREAD: "teams.how.thread",
    Capture.CHANNEL: "teams.how.channel",
    Capture.FORM: "board.how.form",
}
TRUST: Mapping[tuple[Names, bool], str] = {
    (Names.SHOWN, True): "trust.names.hidden",
    (Names.SHOWN, False): "trust.names.open",
    (Names.NONE, True): "trust.nameless.hidden",
    (Names.NONE, False): "trust.nameless.open",
}
MOST_IN_ROW = 110
RULES_FIRST = 3
"""Rules told on top of the board; the others stand in its small print."""
MOST_THEME = 24
MOST_QUESTION = 150
TABLE_BYTES = 20_000


def board(screen: Board, pen: Pen) -> Drawn:
    """The board. While a vote is open nothing in it depends on a dot: only on who voted at all."""
    hunt = screen.hunt
    lead, figures = _lead(screen, pen), _figures(screen, pen)
    head = [elements.heading(markup.typed(markup.one_line(hunt.question, MOST_QUESTION))), *elements.lines(lead)]
    foot = [elements.small(figures), *pen.buttons(_buttons(screen)), *_small_print(screen, pen)]
    themes = screen.themes if hunt.phase is Phase.REVEALED else ()
    flat = [elements.group([elements.title(_theme_title(t, pen)), *elements.lines(_ideas(t, pen))]) for t in themes]
    told = [pen.plain("board.question", question=hunt.question), *lead, figures]
    return Drawn(summary(told), [*head, *flat, *_left_out(screen, pen), *foot], [*head, *foot])


def _lead(screen: Board, pen: Pen) -> list[str]:
    hunt = screen.hunt
    if hunt.phase is Phase.VOTING:
        return _voting(screen, pen)
    lines = [pen.say(LEADS[hunt.phase])]
    if hunt.phase is Phase.CLOSED:
        return lines + _winners(screen, pen)
    if hunt.takes_ideas:
        lines.append(pen.say(HOW[Capture.FORM if hunt.names is Names.NONE else hunt.capture]))
    if hunt.phase is Phase.REVEALED:
        return [*lines, pen.say("board.vote_from", at=hunt.vote_from)] if hunt.vote_from else lines
    lines += [pen.say("board.hidden")] if hunt.private else []
    lines += [pen.say("board.until", at=hunt.collect_until)] if hunt.collect_until else []
    named = any(theme.name for theme in screen.themes)
    return [*lines, pen.say("board.themes", themes=_theme_names(screen, pen))] if named else lines


def _voting(screen: Board, pen: Pen) -> list[str]:
    round = screen.round
    if round is None:
        return [pen.say("board.voting")]
    kind = {RoundKind.RUNOFF: "board.runoff", RoundKind.THEMES: "board.by_theme"}.get(round.kind, "board.voting")
    papers = [pen.say("board.papers", n=round.papers)] if round.papers else []
    told = sentences(rules_told(round), pen)[:RULES_FIRST]
    return [pen.say(kind), *(f"• {rule}" for rule in told), *papers, pen.say("board.secret")]


def _winners(screen: Board, pen: Pen) -> list[str]:
    if screen.tally is None or screen.round is None or screen.round.open:
        return []
    lines = {line.number: line for line in screen.lines}
    told = podium(screen.tally, lines, pen, None if screen.parted else screen.round.tie)
    return [*told, *decided(screen.parted, lines, pen)]


def _figures(screen: Board, pen: Pen) -> str:
    hunt = screen.hunt
    told = [pen.say("count.ideas", n=hunt.ideas), pen.say("count.voices", n=hunt.voices)]
    if screen.round is not None and hunt.phase in {Phase.VOTING, Phase.CLOSED}:
        told.append(pen.say("count.turnout", n=screen.round.voters, eligible=screen.round.eligible))
    return " · ".join(told)


def _theme_names(screen: Board, pen: Pen) -> Sentence:
    named = [(Raw(theme.name), Words(f" ({theme.total})")) for theme in screen.themes if theme.name]
    return pen.words.listed(named)


def _theme_title(theme: ThemeBlock, pen: Pen) -> str:
    if theme.id is None:
        return pen.say("board.ungrouped", n=theme.total)
    return pen.say("board.theme", theme=theme.name, n=theme.total)


def _ideas(theme: ThemeBlock, pen: Pen) -> list[str]:
    lines = [f"• {pen.idea(line)}" for line in theme.ideas]
    left = theme.total - len(theme.ideas)
    more = [pen.say("board.more_ideas", n=left)] if left > 0 else []
    return [*lines, *more] or [pen.say("board.no_ideas")]


def _left_out(screen: Board, pen: Pen) -> list[Json]:
    if screen.hunt.phase is not Phase.REVEALED:
        return []
    told = [pen.say("board.more_themes", n=screen.more_themes)] if screen.more_themes else []
    told += [pen.say("board.parked", n=screen.parked)] if screen.parked else []
    return [elements.small(" · ".join(told))] if told else []


def _buttons(screen: Board) -> list[Button]:
    hunt = screen.hunt
    row: list[Button] = []
    if hunt.phase is Phase.VOTING:
        row.append(Button(Deed.VOTE, hunt.id, main=True))
    if hunt.takes_ideas:
        row.append(Button(Deed.ADD_IDEA, hunt.id, main=hunt.phase is Phase.COLLECTING))
    if hunt.phase is Phase.CLOSED and screen.tally is not None:
        row.append(Button(Deed.RESULTS))
    if hunt.shows_ideas:
        row.append(Button(Deed.SEE_ALL, hunt.id))
    if hunt.phase is not Phase.CLOSED:
        row.append(Button(Deed.HUB))
    return row


def _small_print(screen: Board, pen: Pen) -> list[Json]:
    hunt = screen.hunt
    told = [pen.say("board.next_session", at=hunt.next_session)] if hunt.next_session else []
    told += [trust(hunt, pen)] if hunt.takes_ideas else []
    told += [pen.say("trust.outside", host=screen.outside)] if screen.outside and hunt.takes_ideas else []
    if hunt.phase is Phase.VOTING and screen.round is not None:
        told.append(" ".join(sentences(rules_told(screen.round), pen)[RULES_FIRST:]))
    return [elements.small(line) for line in told]


def trust(hunt: Hunt, pen: Pen) -> str:
    """Who will see what, from the hunt's own settings and stage."""
    return pen.say(TRUST[hunt.names, not hunt.shows_ideas])


def table(screen: Table, pen: Pen) -> Drawn:
    """Every idea, a line each, as many as a card holds; the rest behind a button, page by page."""
    head = [elements.title(pen.say("table.title", question=screen.hunt.question))]
    head.append(pen.small("count.ideas", n=screen.total))
    foot = pen.buttons([Button(Deed.SEE_ALL, screen.hunt.id)])
    told = [pen.plain("table.title", question=screen.hunt.question), pen.plain("count.ideas", n=screen.total)]
    rows = fitting([_row(line, pen, dots=screen.with_dots) for line in screen.lines], TABLE_BYTES)
    if not rows:
        return Drawn.same(summary(told), [*head, pen.text("board.no_ideas")])
    if len(rows) < screen.total:
        head.append(pen.small("table.first", n=len(rows)))
    return Drawn(summary(told), [*head, *rows, *foot], [*head, *foot])


def fitting(rows: list[Json], most: int) -> list[Json]:
    """The first rows that together take at most `most` bytes."""
    kept, taken = [], 0
    for row in rows:
        taken += elements.size(row)
        if taken > most:
            break
        kept.append(row)
    return kept


def _row(line: IdeaLine, pen: Pen, *, dots: bool) -> Json:
    told = pen.idea(line, MOST_IN_ROW)
    told += f" · {markup.typed(markup.one_line(line.theme_name, MOST_THEME))}" if line.theme_name else ""
    return elements.text(told + (f" · {pen.say('count.dots', n=line.dots or 0)}" if dots else ""), spacing="Small")
