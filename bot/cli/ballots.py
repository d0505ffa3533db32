"""Ballots from a file: what a poll holds once it was read, whatever its format, and how a file is opened."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn, TextIO

from bot.cli.problems import Problem, Stopped
from bot.text import one_line

LONGEST = 200
"""Characters kept of an option's or a voter's name."""
MOST_DIGITS = 9
WHOLE = re.compile(r"(-?[0-9]+)(?:[.,]0+)?")
PLAIN = {"": 0, "-": 0, **{str(number): number for number in range(100)}}
CHUNK = 1 << 20
NUMBERS = "Write 0, 1, 2… or nothing; a first column of names is called “voter”."


@dataclass(frozen=True, slots=True)
class Cast:
    """One ballot as its file has it: option -> dots, the line it starts on (0: the format has none), the voter."""

    placed: Mapping[str, int]
    line: int = 0
    voter: str = ""


@dataclass(frozen=True, slots=True)
class Poll:
    """What a file says of one vote. `dots`, `cap` and `places` are None where it does not say.

    `options` stand in the file's own order where it has one; that order only makes lists stable. `names`: what an
    option is called where the ballots use a code. `repeated` counts voters that come more than once and were not
    refused. `costly`: the file knows costs, which are not used. `runoff` is a second vote in the same file.
    """

    options: tuple[str, ...]
    casts: Sequence[Cast]
    dots: int | None = None
    cap: int | None = None
    places: int | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    repeated: int = 0
    costly: bool = False
    runoff: Poll | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """The file ballots come from: refuses what cannot be read, naming the line."""

    path: Path

    def refuse(self, line: int, what: str, fix: str) -> NoReturn:
        """Raises Stopped; `line` 0 where the format has none."""
        where = f"{self.path.name}, line {line}" if line else self.path.name
        raise Stopped(Problem(f"{where}: {what}", fix))

    def dots(self, written: str, line: int, option: str) -> int:
        """Dots as people write them: nothing and "-" are none, "2.0" and "2,0" are two. Raises Stopped."""
        text = written.strip()
        if text in PLAIN:  # nearly all there are, in a file of many
            return PLAIN[text]
        found = WHOLE.fullmatch(text)
        number = int(found[1]) if found and len(found[1]) <= MOST_DIGITS else -1
        if number < 0:
            shown = one_line(text, 40)
            self.refuse(line, f"“{shown}” for {option} is no whole number of dots.", NUMBERS)
        return number

    def expect_different(self, options: Sequence[str], line: int) -> None:
        """Raises Stopped where an option would be counted as two."""
        seen: set[str] = set()
        for option in options:
            if option in seen:
                self.refuse(line, f"two options are called “{option}”.", "Give every option a name of its own.")
            seen.add(option)

    @contextmanager
    def opened(self) -> Iterator[TextIO]:
        """The text of the file, its bytes told on a bar while they are read. Raises Stopped."""
        from rich import progress
        from rich.console import Console

        console = Console(stderr=True)
        try:
            with progress.open(
                self.path,
                "r",
                encoding=self._encoding(),
                newline="",
                description=self.path.name,
                console=console,
                transient=True,
                disable=not console.is_terminal,
            ) as text:
                yield text
        except OSError as error:
            self.refuse(0, f"it cannot be read ({error.strerror}).", "Check the name and its permissions.")
        except UnicodeError:
            self.refuse(0, "it is not text.", "Save the ballots as CSV, JSON or Pabulib text, in UTF-8.")

    def _encoding(self) -> str:
        """UTF-8 with or without a mark, UTF-16 with one; else what French spreadsheets wrote for decades."""
        decoder = codecs.getincrementaldecoder("utf-8")()
        with self.path.open("rb") as file:
            start = file.read(2)
            if start in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
                return "utf-16"
            file.seek(0)
            try:
                while chunk := file.read(CHUNK):
                    decoder.decode(chunk)
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                return "cp1252"
        return "utf-8-sig"


def read_poll(path: Path) -> Poll:
    """The ballots of a CSV, JSON or Pabulib file; what it is is told by how it starts. Raises Stopped."""
    from bot.cli.ballots_json import read_json
    from bot.cli.ballots_pabulib import read_pabulib
    from bot.cli.ballots_table import read_table

    source = Source(path)
    with source.opened() as text:
        start = text.read(CHUNK).lstrip()
    if not start:
        source.refuse(0, "it is empty.", "Give a file with one ballot a line; see ideahunt count --help.")
    if "\0" in start:
        source.refuse(0, "it is not text.", "Save the ballots as CSV, JSON or Pabulib text, in UTF-8.")
    first = start.partition("\n")[0].strip().rstrip(";")
    reader = read_json if start[0] in "{[" else read_pabulib if first.upper() == "META" else read_table
    poll = reader(source)
    if not poll.casts:
        source.refuse(0, "it holds no ballot.", "Give a file with one ballot a line; see ideahunt count --help.")
    return poll


def named(text: str) -> str:
    """A name as it is shown: one line, without controls that could write on the terminal."""
    plain = text.strip()
    if plain.isascii() and plain.isprintable() and "  " not in plain and len(plain) <= LONGEST:
        return plain  # what cleaning would give, for a file of many
    return one_line(text, LONGEST)


def in_order(options: Iterable[str]) -> tuple[str, ...]:
    """Options of a file that has no order of its own: by name, numbers in them as numbers (I9 before I10)."""
    return tuple(sorted(options, key=lambda option: (_parts(option), option)))


def _parts(option: str) -> list[str | int]:
    return [int(part) if part.isdecimal() else part.casefold() for part in re.split(r"([0-9]+)", option)]
