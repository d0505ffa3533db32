"""A file of ideas that anybody made: CSV or text, read and looked through before anything is grouped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bot.cli.reasons import reason
from bot.cli.themes_problems import stopped
from bot.text import ITEM
from bot.words import Raw, Translator
from standins.play.any_ideas import Found, NoIdeas, decoded, found_in

MOST_BYTES = 200_000_000
MOST_IDEAS = 100_000
TABLES = frozenset({".csv", ".tsv"})
SHOWN_COLUMNS = 12
LONGEST_HEADING = 40
STANDARD_INPUT = "-"
BOX = re.compile(r"(?:\[[ xX]?\]|[☐☑☒□✓✔])[ \t]+(?=\S)")
"""A box to tick, with or without a mark of a list before it."""


def read_ideas(path: Path, column: str, told: Translator) -> Found:
    """The ideas of a file, one a line or one a row, at least one, without marks of a list. Raises Stopped.

    `column` is the heading or the number of a column, "" for the likeliest; the path `-` is standard input.
    """
    content = _content(path, told)
    if len(content) > MOST_BYTES:
        raise stopped(told, "large", file=str(path))
    try:
        found = found_in(decoded(content, path.name), table=path.suffix.lower() in TABLES, column=column)
    except NoIdeas as refused:
        columns = told.listed([Raw(one) for one in _shown(refused.columns)])
        raise stopped(told, refused.reason, file=path.name, line=refused.line, column=column, columns=columns) from None
    if not found.ideas:
        raise stopped(told, "empty", file=path.name)
    if len(found.ideas) > MOST_IDEAS:
        raise stopped(told, "many", file=path.name, n=len(found.ideas), most=MOST_IDEAS)
    return replace(found, ideas=tuple(map(unmarked, found.ideas)))


def unmarked(idea: str) -> str:
    """An idea without the mark that a list has before it: "- a", "• b", "1. c", "[ ] d"; inside it nothing changes."""
    for mark in (ITEM, BOX):
        found = mark.match(idea)
        idea = idea[found.end() :] if found else idea
    return idea


def _content(path: Path, told: Translator) -> bytes:
    try:
        if str(path) == STANDARD_INPUT:
            from sys import stdin

            return stdin.buffer.read()
        return path.read_bytes()
    except FileNotFoundError:
        raise stopped(told, "file.missing", file=str(path)) from None
    except OSError as error:
        raise stopped(told, "file", file=str(path), why=reason(error)) from None


def _shown(columns: Sequence[str]) -> list[str]:
    """Headings to choose from; a column without one is told by its number, which `--column` takes too."""
    names = [name[:LONGEST_HEADING] or str(place) for place, name in enumerate(columns, start=1)]
    return names if len(names) <= SHOWN_COLUMNS else [*names[:SHOWN_COLUMNS], "…"]
