"""Ballots from a table: a row a ballot with a column an option, or a row for each voter's option."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from io import StringIO
from itertools import chain
from typing import TextIO

from bot.cli.ballots import Cast, Poll, Source, in_order, named
from bot.reports.table import unguarded
from bot.text import fold

SEPARATORS = ";,\t|"
VOTER = frozenset(
    fold(word)
    for word in (
        *("voter", "voters", "voter id", "voter_id", "name", "person", "participant", "participants", "ballot", "who"),
        *("votant", "votante", "votants", "votant·e", "électeur", "électrice", "nom", "prénom", "personne"),
        *("participante", "participant·e", "agent", "agente", "bulletin", "qui", "id", "email", "e-mail"),
    )
)
"""What a column of voters is called; any other column is an option."""
OPTION = frozenset(("option", "idea", "idee", "project", "projet", "choice", "choix"))
DOTS = frozenset(("dots", "dot", "gommettes", "gommette", "points", "point", "score", "voix"))
TOTALS = frozenset(("total", "totals", "totaux", "sum", "somme"))
LONGEST_HEAD = 100_000
SHAPES = "Start with a line of option names, one a column, or with voter, option, dots."

Row = tuple[int, list[str]]
"""The line a row starts on, and its cells."""


def read_table(source: Source) -> Poll:
    """The ballots of a table in either form. Raises Stopped."""
    with source.opened() as text:
        rows = _rows(source, text)
        line, heads = next(rows, None) or source.refuse(0, "it holds no table.", SHAPES)
        told = [fold(head) for head in heads]
        known = VOTER & set(told), OPTION & set(told)
        if all(known) and set(told) <= VOTER | OPTION | DOTS:
            return _long(source, line, told, rows)
        return _wide(source, line, heads, rows)


def _rows(source: Source, text: TextIO) -> Iterator[Row]:
    """Rows that hold anything. Raises Stopped for what no spreadsheet writes."""
    head = text.readline()
    skipped = 0
    while head and (not head.strip(" \r\n" + SEPARATORS) or head.startswith("sep=")):  # some spreadsheets say it
        skipped, head = skipped + 1, text.readline()
    while head.count('"') % 2 and len(head) < LONGEST_HEAD and (more := text.readline()):  # a name over two lines
        head += more
    first, begins = list(StringIO(head, newline="")), skipped + 1
    try:
        separator = max(SEPARATORS, key=lambda sign: len(next(csv.reader(first, delimiter=sign), [])))
        reader = csv.reader(chain(first, text), delimiter=separator, strict=True)
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield begins, cells
            begins = skipped + reader.line_num + 1
    except csv.Error as error:
        source.refuse(begins, f"this row cannot be read ({error}).", "Save the table again as CSV.")


# --- a row a ballot


def _wide(source: Source, line: int, heads: Sequence[str], rows: Iterator[Row]) -> Poll:
    start = int(fold(heads[0]) in VOTER or not heads[0].strip())
    columns = _columns(source, line, heads[start:])
    casts: list[Cast] = []
    seen: dict[str, int] = {}
    for begins, cells in rows:
        voter = named(unguarded(cells[0])) if start else ""
        _expect_ballot(source, begins, voter, seen)
        if any(cell.strip() for cell in cells[len(heads) :]):
            source.refuse(begins, f"it has more cells than the {len(heads)} of the first line.", SHAPES)
        placed = {
            option: dots
            for option, cell in zip(columns, cells[start:], strict=False)
            if cell not in {"", "0"} and (dots := _dots(source, cell, begins, option))
        }
        casts.append(Cast(placed, begins, voter))
    return Poll(tuple(option for option in columns if option), casts)


def _dots(source: Source, cell: str, line: int, option: str) -> int:
    if not option and cell.strip():
        source.refuse(line, f"“{named(cell)}” stands in a column without a name.", "Name its option in the first line.")
    return source.dots(cell, line, option)


def _columns(source: Source, line: int, heads: Sequence[str]) -> list[str]:
    """The option of each column, "" where it has no name. Raises Stopped when there are fewer than two."""
    columns = [named(unguarded(head)) for head in heads]
    options = [option for option in columns if option]
    if len(options) <= 1:
        source.refuse(line, "it names fewer than two options.", SHAPES)
    for option in options:
        if fold(option) in TOTALS:
            source.refuse(line, f"“{option}” looks like a column of totals, not an option.", "Take that column out.")
    source.expect_different(options, line)
    return columns


def _expect_ballot(source: Source, line: int, voter: str, seen: dict[str, int]) -> None:
    """Raises Stopped for a second ballot of one voter, and for the totals somebody left below the ballots."""
    if not voter:
        return
    if fold(voter) in TOTALS:
        source.refuse(line, f"“{voter}” looks like a row of totals, not a ballot.", "Take that row out.")
    if voter in seen:
        what = f"{voter} has a second ballot; the first is on line {seen[voter]}."
        source.refuse(line, what, "Keep one row a voter, or take the names out to count every row.")
    seen[voter] = line


# --- a row for each voter's option


def _long(source: Source, line: int, heads: Sequence[str], rows: Iterator[Row]) -> Poll:
    at = {role: _place(heads, names) for role, names in (("voter", VOTER), ("option", OPTION), ("dots", DOTS))}
    ballots: dict[str, dict[str, int]] = {}
    lines: dict[str, int] = {}
    options: dict[str, str] = {}
    for begins, cells in rows:
        voter, choice, written = (cells[place].strip() if 0 <= (place := at[role]) < len(cells) else "" for role in at)
        if not voter or not choice:
            what = "the voter is missing." if choice else "the option is missing."
            source.refuse(begins, what, "Each row names a voter, an option and dots.")
        option = options.setdefault(choice, named(unguarded(choice)))
        dots = source.dots(written, begins, option) if at["dots"] >= 0 else 1
        ballot = ballots.setdefault(voter, {})
        if option in ballot and at["dots"] >= 0:
            what = f"{named(voter)} has two rows for {option}."
            source.refuse(begins, what, "Keep one of them, with all the dots.")
        ballot[option] = ballot.get(option, 0) + dots
        lines.setdefault(voter, begins)
    if not ballots:
        source.refuse(line, "no ballot follows.", SHAPES)
    casts = [Cast(_with_dots(placed), lines[voter], named(unguarded(voter))) for voter, placed in ballots.items()]
    return Poll(in_order(set(options.values())), casts)


def _place(heads: Sequence[str], names: frozenset[str]) -> int:
    """The column of one of these names; -1 where there is none."""
    return next((at for at, head in enumerate(heads) if head in names), -1)


def _with_dots(placed: dict[str, int]) -> dict[str, int]:
    return {option: dots for option, dots in placed.items() if dots}
