"""The hunt's one message in its room, at each phase, and the full table in its thread."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.hunt import Capture, Hunt, Names, Phase
from bot.domain.rules import RoundKind
from bot.screens import Board, Button, Deed, IdeaLine, Table, ThemeBlock
from bot.trust import rules_told
from bot.words import Raw, Sentence, Words
from handlers.slack import blocks, markup
from handlers.slack.blocks import Drawn, Json
from handlers.slack.blocks_results import decided, podium
from handlers.slack.blocks_vote import sentences
from handlers.slack.pen import Pen

LEADS: Mapping[Phase, str] = {
    Phase.DRAFT: "board.draft",
    Phase.COLLECTING: "board.collecting",
    Phase.REVEALED: "board.revealed",
    Phase.CLOSED: "board.closed",
}
HOW: Mapping[Capture, str] = {
    Capture.THREAD: "board.how.thread",
    Capture.CHANNEL: "board.how.channel",
    Capture.FORM: "board.how.form",
}
OPEN_THEMES = 3
"""Themes shown unfolded; the others open with a press."""
TABLE_CHARACTERS = 19_000
"""Slack takes 20,000 a message; the rest is for the heading."""
MOST_IN_CELL = 200
MOST_THEME = 24
LINES_A_SECTION = 20
RULES_FIRST = 3
"""Rules of a vote said in full size; the others stand in the small print."""


def board(screen: Board, pen: Pen) -> Drawn:
    """The board. While a vote is open nothing in it depends on a dot: only on who voted at all."""
    hunt = screen.hunt
    lead = _lead(screen, pen)
    figures = _figures(screen, pen)
    head = [blocks.header(markup.one_line(hunt.question, blocks.MOST_HEADER)), blocks.section("\n".join(lead))]
    if figures:
        head.append(blocks.context(figures))
    foot = [*pen.buttons(_buttons(screen)), *_small_print(screen, pen)]
    themes = screen.themes if hunt.phase is Phase.REVEALED else ()
    told = [pen.say("board.themes", themes=_theme_names(screen, pen))] if any(t.name for t in themes) else []
    text = "\n".join([pen.say("board.question", question=hunt.question), *lead, *told, figures])
    folded = [_folded(theme, place, pen) for place, theme in enumerate(themes)]
    flat = [blocks.section("\n".join([f"*{markup.typed(_theme_title(t, pen))}*", *_ideas(t, pen)])) for t in themes]
    rest = _left_out(screen, pen)
    return Drawn(
        blocks.whole_lines(text, blocks.MOST_FALLBACK), [*head, *folded, *rest, *foot], [*head, *flat, *rest, *foot]
    )


def _lead(screen: Board, pen: Pen) -> list[str]:
    hunt = screen.hunt
    if hunt.phase is Phase.VOTING:
        return _voting(screen, pen)
    lines = [pen.say(LEADS[hunt.phase])]
    if hunt.phase is Phase.CLOSED:
        return lines + _winners(screen, pen)
    if hunt.takes_ideas:
        nameless = hunt.names is Names.NONE
        lines.append(pen.say(HOW[Capture.FORM if nameless else hunt.capture]))
    if hunt.phase is not Phase.REVEALED:
        lines += [pen.say("board.hidden")] if hunt.private else []
        lines += [pen.say("board.until", at=hunt.collect_until)] if hunt.collect_until else []
        lines += (
            [pen.say("board.themes", themes=_theme_names(screen, pen))] if any(t.name for t in screen.themes) else []
        )
    elif hunt.vote_from:
        lines.append(pen.say("board.vote_from", at=hunt.vote_from))
    return lines


def _voting(screen: Board, pen: Pen) -> list[str]:
    round = screen.round
    if round is None:
        return [pen.say("board.voting")]
    kind = {RoundKind.RUNOFF: "board.runoff", RoundKind.THEMES: "board.by_theme"}.get(round.kind, "board.voting")
    told = sentences(rules_told(round), pen)[:RULES_FIRST]
    papers = [pen.say("board.papers", n=round.papers)] if round.papers else []
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
        return pen.plain("board.ungrouped", n=theme.total)
    return pen.plain("board.theme", theme=theme.name, n=theme.total)


def _ideas(theme: ThemeBlock, pen: Pen) -> list[str]:
    lines = [f"• {pen.idea(line)}" for line in theme.ideas]
    left = theme.total - len(theme.ideas)
    more = [pen.say("board.more_ideas", n=left)] if left > 0 else []
    return [*lines, *more] or [pen.say("board.no_ideas")]


def _folded(theme: ThemeBlock, place: int, pen: Pen) -> Json:
    inside = [blocks.section("\n".join(_ideas(theme, pen)))]
    return blocks.container(_theme_title(theme, pen), inside, collapsed=place >= OPEN_THEMES)


def _left_out(screen: Board, pen: Pen) -> list[Json]:
    if screen.hunt.phase is not Phase.REVEALED:
        return []
    told = [pen.say("board.more_themes", n=screen.more_themes)] if screen.more_themes else []
    told += [pen.say("board.parked", n=screen.parked)] if screen.parked else []
    return [blocks.context(" · ".join(told))] if told else []


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
    told = [trust(hunt, pen)] if hunt.takes_ideas else []
    told += [pen.say("trust.outside", host=screen.outside)] if screen.outside and hunt.takes_ideas else []
    if hunt.phase is Phase.VOTING and screen.round is not None:
        told.append(" ".join(sentences(rules_told(screen.round), pen)[RULES_FIRST:]))
    if hunt.next_session:
        told.insert(0, pen.say("board.next_session", at=hunt.next_session))
    return [blocks.context("\n".join(told))] if told else []


def trust(hunt: Hunt, pen: Pen) -> str:
    """Who will see what, from the hunt's own settings and stage."""
    return pen.say(TRUST[hunt.names, not hunt.shows_ideas])


TRUST: Mapping[tuple[Names, bool], str] = {
    (Names.SHOWN, True): "trust.names.hidden",
    (Names.SHOWN, False): "trust.names.open",
    (Names.NONE, True): "trust.nameless.hidden",
    (Names.NONE, False): "trust.nameless.open",
}


def table(screen: Table, pen: Pen) -> Drawn:
    """Every idea in one table (200 rows at most), to sort, filter and page through."""
    told = [pen.say("table.title", question=screen.hunt.question), pen.say("count.ideas", n=screen.total)]
    if len(screen.lines) < screen.total:
        told.append(pen.say("table.first", n=len(screen.lines)))
    text = "\n".join(told)
    head = [blocks.section(text)]
    if not screen.lines:
        return Drawn.same(text, [*head, pen.section("board.no_ideas")])
    return Drawn(text, [*head, _table(screen, pen)], [*head, *_listed(screen, pen)])


def _table(screen: Table, pen: Pen) -> Json:
    authors = pen.mentions and any(line.author for line in screen.lines)
    columns = ["table.number", "table.idea", "table.theme"]
    columns += ["table.author"] * authors + ["table.dots"] * screen.with_dots
    room = min(MOST_IN_CELL, TABLE_CHARACTERS // len(screen.lines) - MOST_THEME - 12 - 14 * authors)
    rows = [[_cell(pen.plain(key)) for key in columns]]
    rows += [_row(line, pen, room, authors=authors, dots=screen.with_dots) for line in screen.lines]
    return {
        "type": "data_table",
        "caption": pen.plain("table.caption", question=markup.one_line(screen.hunt.question, 150)),
        "page_size": 10,
        "row_header_column_index": 1,
        "rows": rows,
    }


def _row(line: IdeaLine, pen: Pen, room: int, *, authors: bool, dots: bool) -> list[Json]:
    theme = markup.one_line(line.theme_name, MOST_THEME) or pen.plain("table.no_theme")
    row = [_number(line.number), _cell(pen.words.flat((pen.headline(line, room),))), _cell(theme)]
    if authors:
        row.append(_author(line, pen))
    return [*row, _number(line.dots or 0)] if dots else row


def _cell(text: str) -> Json:
    return {"type": "raw_text", "text": text or "–"}


def _number(value: int) -> Json:
    return {"type": "raw_number", "value": value, "text": str(value)}


def _author(line: IdeaLine, pen: Pen) -> Json:
    if line.author is None or not markup.PERSON.fullmatch(line.author):
        known = pen.names.get(line.author, "") if line.author else ""
        return _cell(markup.one_line(known) or pen.plain("person.nameless"))
    person = {"type": "rich_text_section", "elements": [{"type": "user", "user_id": line.author}]}
    return {"type": "rich_text", "elements": [person]}


def _listed(screen: Table, pen: Pen) -> list[Json]:
    lines = [_table_line(line, pen, dots=screen.with_dots) for line in screen.lines]
    starts = range(0, len(lines), LINES_A_SECTION)
    return [blocks.section("\n".join(lines[start : start + LINES_A_SECTION])) for start in starts]


def _table_line(line: IdeaLine, pen: Pen, *, dots: bool) -> str:
    told = pen.idea(line, 70)
    told += f" · {markup.typed(markup.one_line(line.theme_name, MOST_THEME))}" if line.theme_name else ""
    return told + (f" · {pen.say('count.dots', n=line.dots or 0)}" if dots else "")
