"""The ideas as a table a spreadsheet opens: never a formula, and read back it gives the very same text."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from io import StringIO
from zoneinfo import ZoneInfo

from bot.domain.names import IdeaNumber
from bot.reports.report import ClosedRound, HuntReport, ReportIdea
from bot.reports.telling import Telling
from bot.words import Translator

BOM = "\ufeff"
"""Without it a spreadsheet reads UTF-8 as if it were an older encoding."""
COLUMNS = (
    "report.column.number",
    "report.column.idea",
    "report.column.title",
    "report.column.theme",
    "report.column.suggested",
    "report.column.author",
    "report.column.state",
    "report.column.merged_into",
    "report.column.voices",
    "report.column.way",
    "report.column.posted",
    "report.column.place",
    "report.column.dots",
    "report.column.supporters",
    "report.column.runoff",
    "report.column.final",
    "report.column.note",
)
BLANK = r"[\s\u200b-\u200f\u2060\ufeff]"
ACTIVE = re.compile(rf"'*(?:{BLANK}*[=+\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b]|{BLANK}*[\t\r\n])")
"""What a spreadsheet may take for a formula, also behind blanks, also full-width; or behind our own apostrophe,
so that taking one apostrophe away always gives the first text back (OWASP, "CSV Injection")."""
SEPARATORS = {"fr": ";"}
"""French spreadsheets keep the comma for decimals."""


def table(report: HuntReport) -> str:
    """Every idea but the withdrawn ones, one a row, with its dots once a round is closed.

    The text starts with a byte order mark, so it is written as plain UTF-8.
    """
    telling = Telling(report)
    words = telling.words
    written = StringIO(newline="")
    writer = csv.writer(written, delimiter=SEPARATORS.get(report.language, ","), quoting=csv.QUOTE_ALL)
    writer.writerow(words.plain(column) for column in COLUMNS)
    results = _results(report, words)
    for idea in sorted((*report.counted, *report.parked), key=lambda idea: idea.number):
        row = (*_told(idea, telling), *results.get(idea.number, ("",) * 6))
        writer.writerow([guarded(cell) for cell in row])
    return BOM + written.getvalue()


def guarded(cell: str) -> str:
    """The cell behind an apostrophe when a spreadsheet might run it, else as it is."""
    return f"'{cell}" if ACTIVE.match(cell) else cell


def unguarded(cell: str) -> str:
    """What `guarded` was given."""
    return cell[1:] if cell.startswith("'") and ACTIVE.match(cell) else cell


def rows(text: str) -> Iterator[dict[str, str]]:
    """The rows of a table written here, each cell as it was before it was made safe; columns by their heading."""
    body = text.removeprefix(BOM)
    header = body.partition("\n")[0]
    separator = ";" if header.count(";") > header.count(",") else ","
    for row in csv.DictReader(StringIO(body, newline=""), delimiter=separator):
        yield {heading: unguarded(cell) for heading, cell in row.items()}


def _told(idea: ReportIdea, telling: Telling) -> tuple[str, ...]:
    words, zone = telling.words, ZoneInfo(telling.report.zone)
    return (
        str(idea.number),
        idea.text,
        idea.title,
        idea.theme,
        telling.suggestion(idea),
        idea.author or words.plain("report.nameless"),
        words.plain(f"idea_state.{idea.state}"),
        str(idea.merged_into or ""),
        str(idea.voices),
        words.plain(f"way.{idea.way}"),
        f"{idea.at.astimezone(zone):%Y-%m-%d %H:%M}" if idea.at else idea.day.isoformat(),
    )


def _results(report: HuntReport, words: Translator) -> dict[int, tuple[str, ...]]:
    """Place, dots, supporters, dots in the run-off, final list, note: by idea; nothing while no round is closed."""
    main = report.main_round
    if main is None:
        return {}
    second = _second_dots(report.main_chain)
    notes = _notes(main, words)
    final = set(report.final)
    return {
        rank.option: (
            str(rank.place),
            str(rank.dots),
            str(rank.supporters),
            second.get(rank.option, ""),
            words.plain("report.yes") if rank.option in final else "",
            notes.get(rank.option, ""),
        )
        for rank in main.tally.ranks
    }


def _second_dots(rounds: tuple[ClosedRound, ...]) -> dict[int, str]:
    return {rank.option: str(rank.dots) for round in rounds if round.runoff for rank in round.tally.ranks}


def _notes(main: ClosedRound, words: Translator) -> dict[IdeaNumber, str]:
    """What the rank alone does not say: a tie across the last place, or a gap too small to be a verdict."""
    close = {option for call in main.close_calls for option in (*call.above, *call.below)}
    notes = dict.fromkeys(close, words.plain("report.note.close"))
    return {**notes, **dict.fromkeys(main.tally.tied_at_cut, words.plain("report.note.tied"))}
