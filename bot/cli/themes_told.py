"""Piles of ideas as people and programs read them: a table, CSV, JSON or a page with a map."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING

from bot.domain.ideas import Pile
from bot.reports.table import BOM, SEPARATORS, guarded
from bot.words import Translator

if TYPE_CHECKING:
    from rich.console import RenderableType

FORMATS = ("table", "csv", "json", "html")
ENDINGS = {".csv": "csv", ".json": "json", ".html": "html", ".htm": "html", ".txt": "table"}
"""What --out may end with, and the format that it stands for."""
SHOWN = 3
"""Ideas of a theme in the table, the most central first."""
LONGEST_EXAMPLE = 120
WIDEST_NAME = 26
"""Columns of a theme's name before it goes on in the next line: the examples need the room."""


def shape_of(typed: str, out: Path | None) -> str:
    """The format asked for, it may be none of FORMATS; else the one that --out ends with, "" for an unknown ending.

    Without an ending, or without --out, it is a table.
    """
    ending = out.suffix.lower() if out else ""
    return typed.strip().lower() or (ENDINGS.get(ending, "") if ending else FORMATS[0])


def in_file(shape: str, text: str) -> str:
    """The text as a file holds it: without its mark a spreadsheet reads UTF-8 as an older encoding."""
    return BOM + text if shape == "csv" else text


def tell(shape: str, texts: Mapping[int, str], piles: Sequence[Pile], told: Translator, name: str, width: int) -> str:
    """The piles in one of FORMATS; `name` is the page's title, `width` the table's, in columns."""
    match shape:
        case "csv":
            return _csv(texts, piles, told)
        case "json":
            return _json(texts, piles)
        case "html":
            from bot.reports.piles import pile_page

            return pile_page(name, texts, piles, told)
        case _:
            return _table(texts, piles, told, width)


def sureness(pile: Pile, number: int) -> str:
    """How sure a place is, in a word of ours: `central`, `likely`, `check` or `loose`."""
    if not pile.label:
        return "loose"
    return "central" if number == pile.example else "check" if number in pile.unsure else "likely"


def _csv(texts: Mapping[int, str], piles: Sequence[Pile], told: Translator) -> str:
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=SEPARATORS.get(told.lang, ","), quoting=csv.QUOTE_ALL)
    writer.writerow(told.plain(f"themes.column.{name}") for name in ("number", "theme", "sure", "idea"))
    rows = [(number, pile.label, sureness(pile, number)) for pile in piles for number in pile.ideas]
    for number, label, sure in sorted(rows):
        writer.writerow((number, guarded(label), told.plain(f"sure.{sure}"), guarded(texts[number])))
    return file.getvalue()


def _json(texts: Mapping[int, str], piles: Sequence[Pile]) -> str:
    told = [
        {
            "theme": pile.label,
            "example": pile.example if pile.label else None,
            "ideas": [{"number": n, "text": texts[n], "sure": sureness(pile, n)} for n in pile.ideas],
        }
        for pile in piles
    ]
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def _table(texts: Mapping[int, str], piles: Sequence[Pile], told: Translator, width: int) -> str:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(told.plain("themes.column.theme"), max_width=WIDEST_NAME)
    table.add_column(told.plain("themes.column.ideas"), justify="right")
    table.add_column(told.plain("themes.column.example"))
    for pile in piles:
        name = pile.label or told.plain("themes.page.loose").lower()
        table.add_row(Text(name), told.figure(len(pile.ideas)), _examples(texts, pile))
    file = io.StringIO()
    Console(file=file, width=width).print(table)
    return "".join(f"{line.rstrip()}\n" for line in file.getvalue().splitlines())


def _examples(texts: Mapping[int, str], pile: Pile) -> RenderableType:
    """A few ideas, each once, their numbers beside them so that a second line begins under the first."""
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(justify="right", no_wrap=True)
    grid.add_column()
    sure = [pile.example, *(number for number in pile.ideas if number not in pile.unsure)]
    first: dict[str, int] = {}
    for number in sure:
        first.setdefault(texts[number], number)
    for text, number in list(first.items())[:SHOWN]:
        grid.add_row(Text(f"{number}."), Text(example(text)))
    return grid


def example(text: str) -> str:
    """An idea as the table shows it: whole words, three dots in one sign where there is more; no terminal obeys it."""
    plain = "".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in text)
    if len(plain) <= LONGEST_EXAMPLE:
        return plain
    cut = shorten(plain, LONGEST_EXAMPLE, placeholder="…")
    whole = cut.rstrip("….,;:!? \u00a0\u202f")
    return f"{whole or plain[: LONGEST_EXAMPLE - 1]}…"
