"""Ideas that nobody here wrote: read from a text or CSV file, given to made-up people, to be played as a day."""

from __future__ import annotations

import csv
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

from standins.play.day import Actor, Day, How, Line, Vote

MOST_IDEAS = 1_000
MOST_BYTES = 5_000_000
FEWEST_PEOPLE, MOST_PEOPLE = 6, 18
SEED = 2018
KNOWN = (
    "idea", "idee", "ideas", "idees", "text", "texte", "proposal", "proposition", "suggestion", "content", "contenu",
    "description", "body", "comment", "commentaire", "title", "titre", "message",
)  # fmt: skip
"""Headings of a column of ideas, the surest first; compared without accents and capitals."""
ASKING = frozenset({"votre", "vos", "quel", "quels", "quelle", "quelles", "your", "what", "which"})
"""How the question of a form begins, which its export has for a heading."""
SEPARATORS = ";,\t|"
EVEN = 0.8
"""Of all rows, how many are as wide as one another in a table: people forget a cell here and there."""
LONG_CELL = 4
"""Words: a column of ideas has longer cells than its heading, or than a column of names and dates."""
NAMES = (
    "Camille", "Jules", "Nora", "Hugo", "Salomé", "Idris", "Margaux", "Tom", "Aïcha", "Félix", "Léonie", "Marius",
    "Yasmine", "Gabin", "Rose", "Nils", "Inaya", "Basile", "Jeanne",
)  # fmt: skip
BETWEEN = timedelta(seconds=12)
CONTROL = bytes(sign for sign in range(32) if sign not in b"\t\n\v\f\r\x1b")
MOST_CONTROL = 0.01
"""Of a text's bytes, those that no keyboard writes: a picture or an archive has ten times as many."""


@dataclass(eq=False)
class NoIdeas(Exception):
    """The file cannot be played: `reason` is one of REASONS, `file` its name, `line` where it is broken.

    `columns` are those the file has, where the one asked for is none of them.
    """

    file: str
    reason: str
    line: int = 0
    columns: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.file}: {REASONS[self.reason]}"


REASONS = {
    "unreadable": "this file cannot be read.",
    "binary": "this is not a text file. Save it as CSV or text (UTF-8) and try again.",
    "empty": "no idea in it: one line, or one row, is one idea.",
    "quote": "a quotation mark is opened and never closed. Close it and try again.",
    "cell": "a cell is longer than 131,072 characters. Shorten it and try again.",
    "column": "it has no such column.",
    "few": "a hunt needs at least two ideas.",
    "too_big": "this file is larger than 5 MB.",
}


@dataclass(frozen=True, slots=True)
class Found:
    """Ideas, and of a table the column they stand in: its heading ("" for none), its place from 1, and of how many."""

    ideas: tuple[str, ...]
    column: str = ""
    place: int = 0
    columns: int = 0


def read_ideas(path: Path) -> tuple[str, ...]:
    """The ideas of a file, one a line or one a row, blank ones left out. Raises NoIdeas."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise NoIdeas(path.name, "unreadable") from error
    if len(content) > MOST_BYTES:
        raise NoIdeas(path.name, "too_big")
    try:
        found = ideas_of(decoded(content, path.name), table=path.suffix.lower() in {".csv", ".tsv"})
    except NoIdeas as refused:
        raise NoIdeas(path.name, refused.reason, refused.line) from None
    if not found:
        raise NoIdeas(path.name, "empty")
    if len(found) == 1:
        raise NoIdeas(path.name, "few")
    return found[:MOST_IDEAS]


def decoded(content: bytes, name: str = "") -> str:
    """Bytes as text: UTF-8 or UTF-16 with their marks, else the encoding of older spreadsheets. Raises NoIdeas."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    signs = len(content) - len(content.translate(None, CONTROL))
    if b"\0" in content or signs > MOST_CONTROL * len(content):
        raise NoIdeas(name, "binary")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def ideas_of(text: str, *, table: bool) -> tuple[str, ...]:
    """The ideas in a text, as `found_in` finds them. Raises NoIdeas."""
    return found_in(text, table=table).ideas


def found_in(text: str, *, table: bool, column: str = "") -> Found:
    """The ideas in a text; as a table where the file is one, or where its first line names a column we know.

    `column` is the heading of a column, or its number from 1: then the text is a table. Raises NoIdeas for a table
    whose cells cannot be told apart, and for a column it has not.
    """
    if column:
        return _from_column(_rows(text), column)
    lines = text.splitlines()
    first = next((line for line in lines if line.strip()), "")
    if table or (any(mark in first for mark in SEPARATORS) and _known_place(_cells(first)) is not None):
        rows = _rows(text)
        if _known_place(rows[0] if rows else ()) is not None or _even(rows):
            return _from_rows(rows)
    return Found(tuple(" ".join(line.split()) for line in lines if line.strip()))


def _even(rows: Sequence[Sequence[str]]) -> bool:
    """Whether nearly all rows have as many cells: a table, rather than sentences with commas."""
    widths = Counter(map(len, rows))
    return bool(rows) and widths.most_common(1)[0][1] >= EVEN * len(rows)


def _cells(line: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=_separator(line)), [])
    except csv.Error:
        return []


def _separator(sample: str) -> str:
    """The separator of a table; a comma where nothing tells, so that a single column stays whole."""
    try:
        return csv.Sniffer().sniff(sample, SEPARATORS).delimiter
    except csv.Error:
        head = sample.partition("\n")[0]
        return max(SEPARATORS, key=head.count) if any(mark in head for mark in SEPARATORS) else ","


def _rows(text: str) -> list[list[str]]:
    head = text.lstrip().partition("\n")[0]
    separator = _separator(head) if _known_place(_cells(head)) is not None else _separator(text[:20_000])
    _expect_closed(text, separator)
    read = csv.reader(StringIO(text, newline=""), delimiter=separator)
    try:
        return [row for row in read if any(cell.strip() for cell in row)]
    except csv.Error:
        raise NoIdeas("", "cell", read.line_num) from None


def _expect_closed(text: str, separator: str) -> None:
    """Raises NoIdeas where a quotation mark swallows the rest of the file, instead of making one idea of it."""
    read = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    last = 1
    try:
        for _ in read:
            last = read.line_num + 1
    except csv.Error as error:
        if "unexpected end" in str(error):
            raise NoIdeas("", "quote", last) from None


def _from_rows(rows: Sequence[Sequence[str]]) -> Found:
    if not rows:
        return Found(())
    known = _known_place(rows[0])
    place = known if known is not None else _wordiest(rows)
    return _column(rows, place, headed=known is not None or _is_heading(rows, place))


def _from_column(rows: Sequence[Sequence[str]], wanted: str) -> Found:
    """The column of a heading, as it is written or nearly; else of a number. Raises NoIdeas."""
    if not rows:
        return Found(())
    exact, nearly = [cell.strip() for cell in rows[0]], [_folded(cell) for cell in rows[0]]
    for names, name in ((exact, wanted.strip()), (nearly, _folded(wanted))):
        if name and name in names:
            return _column(rows, names.index(name), headed=True)
    place = int(wanted) - 1 if wanted.strip().isdecimal() else -1
    if not 0 <= place < max(map(len, rows)):
        raise NoIdeas("", "column", columns=tuple(exact))
    return _column(rows, place, headed=_known_place(rows[0]) is not None or _is_heading(rows, place))


def _column(rows: Sequence[Sequence[str]], place: int, *, headed: bool) -> Found:
    cells = (row[place] for row in (rows[1:] if headed else rows) if place < len(row))
    ideas = tuple(" ".join(cell.split()) for cell in cells if cell.strip())
    heading = " ".join(rows[0][place].split()) if headed and place < len(rows[0]) else ""
    return Found(ideas, heading, place + 1, max(map(len, rows)))


def _known_place(header: Sequence[str]) -> int | None:
    """The place of the column whose heading we know best."""
    headings = [_folded(cell) for cell in header]
    return next((headings.index(name) for name in KNOWN if name in headings), None)


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.strip().casefold())
    return "".join(sign for sign in plain if sign.isalnum())


def _wordiest(rows: Sequence[Sequence[str]]) -> int:
    """The column with the most words: ideas are sentences, the other columns are names, dates and numbers."""
    width = max(map(len, rows))
    words = [sum(len(row[place].split()) for row in rows if place < len(row)) for place in range(width)]
    return words.index(max(words))


def _is_heading(rows: Sequence[Sequence[str]], place: int) -> bool:
    if place >= len(rows[0]):
        return False
    first, *rest = [row[place] for row in rows if place < len(row)]
    words = [len(cell.split()) for cell in rest]
    shorter = bool(words) and len(first.split()) < LONG_CELL <= sum(words) / len(words)
    return shorter or (_asks(first) and not any(map(_asks, rest)))


def _asks(cell: str) -> bool:
    """Whether a cell asks for ideas, as the headings of forms do: "What is your idea?"."""
    words = [_folded(word) for word in cell.split()]
    return any(word in KNOWN for word in words) and (words[0] in ASKING or cell.rstrip().endswith("?"))


QUESTIONS = {
    "fr": "Quelles idées garder de «\u00a0{file}\u00a0»\u202f? (démonstration, vote simulé)",
    "en": "Which ideas of “{file}” shall we keep? (demonstration, simulated vote)",
}
FICTION = {
    "fr": "Démonstration : les idées viennent du fichier ; personnes et votes sont inventés.",
    "en": "A demonstration: the ideas come from the file; people and votes are made up.",
}


def day_of_ideas(ideas: Sequence[str], file: str, language: str = "fr") -> Day:
    """A day that plays these ideas: made-up people, no themes given, a vote simulated with a fixed seed."""
    people = max(FEWEST_PEOPLE, min(MOST_PEOPLE, len(ideas) // 2))
    cast = tuple(Actor(f"p{place}", name) for place, name in enumerate(NAMES[: people + 1]))
    launch = datetime(2018, 3, 21, 13, 0, tzinfo=UTC)
    reveal = launch + BETWEEN * len(ideas) + timedelta(hours=1)
    moments = {"launch": launch, "reveal": reveal, "group": reveal + timedelta(minutes=10)}
    moments["vote"] = reveal + timedelta(hours=1)
    moments["close"] = moments["vote"] + timedelta(days=2)
    moments["runoff"] = moments["close"] + timedelta(hours=2)
    moments["runoff_close"] = moments["runoff"] + timedelta(hours=25)
    ways = (How.FORM, How.THREAD, How.THREAD, How.FORM, How.THREAD, How.NAMELESS_FORM)
    lines = tuple(
        Line(f"L{place}", f"p{1 + place % people}", text, ways[place % len(ways)]) for place, text in enumerate(ideas)
    )
    return Day(
        language=language,
        zone="Europe/Paris",
        question=QUESTIONS[language].format(file=file[:60]),
        room={"fr": "vos-idees", "en": "your-ideas"}[language],
        fiction=FICTION[language],
        facilitator="p0",
        helpers=(),
        cast=cast,
        themes={},
        lines=lines,
        edges={},
        pairs=(),
        vote=Vote(5, 2, 3, {}, {}, 0),
        moments=moments,
        expected={},
        simulated=file,
    )
