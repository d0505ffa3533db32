"""Ballots from Pabulib, the library of participatory budgeting: sections META, PROJECTS and VOTES in one file.

The format: Stolicki, Szufa and Talmon, "Pabulib: A Participatory Budgeting Library" (2020), https://pabulib.org/format.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.cli.ballots import Cast, Poll, Source, named

SECTIONS = ("meta", "projects", "votes")
ONE_EACH = frozenset(("approval", "choose-1"))
WITH_POINTS = frozenset(("cumulative", "scoring"))
EXPECTED = "A Pabulib file has the sections META, PROJECTS and VOTES, each followed by a line of column names."


@dataclass(slots=True)
class _File:
    """What was read so far."""

    meta: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    casts: list[Cast] = field(default_factory=list)
    voters: Counter[str] = field(default_factory=Counter)


def read_pabulib(source: Source) -> Poll:
    """The ballots of a Pabulib file: approval, choose-1, cumulative or scoring. Raises Stopped.

    Costs are not used, because ideahunt fills places; `costly` says so.
    """
    file = _File()
    try:
        for section, line, row in _rows(source):
            if section == "meta":
                file.meta[row.get("key", "").strip()] = row.get("value", "").strip()
            elif section == "projects":
                _add_project(source, line, row, file)
            else:
                _add_ballot(source, line, row, file)
    except csv.Error as error:
        source.refuse(0, f"it cannot be read ({error}).", EXPECTED)
    if not file.names:
        source.refuse(0, "it has no projects.", EXPECTED)
    dots, cap = _rules(file.meta)
    names = {code: name for code, name in file.names.items() if name and name != code}
    repeated = sum(1 for ballots in file.voters.values() if ballots > 1)
    return Poll(tuple(file.names), file.casts, dots, cap, None, names, repeated, costly=True)


def _rows(source: Source) -> Iterator[tuple[str, int, Mapping[str, str]]]:
    """Section, line and cells by column, row by row."""
    section, heads = "", list[str]()
    with source.opened() as text:
        reader = csv.reader(text, delimiter=";")
        for cells in reader:
            word = cells[0].strip().lower() if cells else ""
            if word in SECTIONS and not any(cell.strip() for cell in cells[1:]):
                section, heads = word, [head.strip().lower() for head in next(reader, [])]
            elif any(cell.strip() for cell in cells):
                yield section, reader.line_num, dict(zip(heads, cells, strict=False))


def _add_project(source: Source, line: int, row: Mapping[str, str], file: _File) -> None:
    code = named(row.get("project_id", ""))
    if not code:
        source.refuse(line, "the project has no project_id.", EXPECTED)
    if code in file.names:
        source.refuse(line, f"a second project is called “{code}”.", "Give every project a number of its own.")
    file.names[code] = named(row.get("name", ""))


def _add_ballot(source: Source, line: int, row: Mapping[str, str], file: _File) -> None:
    kind = file.meta.get("vote_type", "").lower()
    if kind not in ONE_EACH | WITH_POINTS:
        what = f"votes of the type “{named(kind)}” hold no dots to count."
        source.refuse(line, what, "Counted are approval, choose-1, cumulative and scoring votes.")
    chosen = _split(row.get("vote", ""))
    points = _split(row.get("points", "")) if kind in WITH_POINTS else ["1"] * len(chosen)
    if len(points) != len(chosen):
        source.refuse(line, f"{len(chosen)} projects have {len(points)} numbers of points.", "Give one to each.")
    if len(set(chosen)) < len(chosen):
        source.refuse(line, "the vote names a project twice.", "Name each project once.")
    _expect_known(source, line, chosen, file.names)
    placed = {code: dots for code, n in zip(chosen, points, strict=True) if (dots := source.dots(n, line, code))}
    voter = named(row.get("voter_id", ""))
    file.casts.append(Cast(placed, line, voter))
    if voter:
        file.voters[voter] += 1


def _expect_known(source: Source, line: int, chosen: Sequence[str], names: Mapping[str, str]) -> None:
    for code in chosen:
        if code not in names:
            source.refuse(line, f"“{named(code)}” is not among the projects.", "Add it to PROJECTS, or correct it.")


def _split(cell: str) -> list[str]:
    text = cell.strip()
    return [] if text.lower() in {"", "none"} else [part.strip() for part in text.split(",")]


def _rules(meta: Mapping[str, str]) -> tuple[int | None, int | None]:
    """Dots a voter and at most on one project, as far as the file tells."""
    kind = meta.get("vote_type", "").lower()
    if kind in ONE_EACH:
        return (1 if kind == "choose-1" else _number(meta.get("max_length"))), 1
    return _number(meta.get("max_sum_points")), _number(meta.get("max_points"))


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and int(text) > 0 else None
