"""`ideahunt themes FILE`: ideas of any CSV or text file in piles, as a table, CSV, JSON or a page with a map."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, MutableMapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import get_terminal_size
from time import monotonic

from bot.cli.ideas_file import STANDARD_INPUT, read_ideas
from bot.cli.problems import Stopped
from bot.cli.reasons import reason, reason_in
from bot.cli.themes_problems import stopped
from bot.cli.themes_progress import begin, end, progress, verdict
from bot.cli.themes_settings import Wanted, choice_of, language_of, read_grouping
from bot.cli.themes_told import ENDINGS, FORMATS, in_file, shape_of, tell
from bot.domain.ideas import IdeaText, Pile
from bot.theming.choice import Choice, engine
from bot.theming.worker import THREADS
from bot.words import Fact, Translator, translator

LONGEST = 4_000
"""Characters of one idea that are compared; all of it is written."""
PLAIN_WIDTH = 80
"""Columns of a table that goes to no terminal."""


def use_one_thread(environment: MutableMapping[str, str] = os.environ) -> None:
    """As the bot reads, before numpy is: on a machine with other work its threads wait for one another.

    Whoever set a number of threads keeps it.
    """
    for name in THREADS:
        environment.setdefault(name, "1")


def group_file(wanted: Wanted) -> None:
    """Reads, groups and writes, in one language. Raises Stopped for what cannot be read, used or written."""
    settings = read_grouping()
    told = translator(language_of(wanted.language, settings))
    shape = _shape(wanted, told)
    choice = choice_of(settings, wanted, told)
    _expect_place(wanted, told)
    found = read_ideas(wanted.file, wanted.column, told)
    print(begin(found, choice, told), file=sys.stderr, flush=True)
    began = monotonic()
    piles = _grouped(found.ideas, choice, told)
    said = verdict(found.ideas, piles, told)
    if shape == "table" and not any(pile.label for pile in piles):
        _write(f"{said}\n", wanted.out, told)  # the sentence is all there is to see
        return
    texts = dict(enumerate(found.ideas, start=1))
    name = told.plain("themes.page.title") if str(wanted.file) == STANDARD_INPUT else wanted.file.name
    text = tell(shape, texts, piles, told, name, _width(wanted.out))
    _write(in_file(shape, text) if wanted.out else text, wanted.out, told)
    print(said or end(piles, monotonic() - began, told), file=sys.stderr)


def _shape(wanted: Wanted, told: Translator) -> str:
    """One of FORMATS. Raises Stopped for another, and for an --out whose ending says none."""
    shape = shape_of(wanted.shape, wanted.out)
    if not shape and wanted.out:
        raise stopped(told, "ending", file=str(wanted.out), endings=", ".join(ENDINGS))
    if shape not in FORMATS:
        raise stopped(told, "format", typed=wanted.shape, formats=", ".join(FORMATS))
    return shape


def _grouped(texts: Sequence[str], choice: Choice, told: Translator) -> Sequence[Pile]:
    ideas = [IdeaText(number, text[:LONGEST]) for number, text in enumerate(texts, start=1)]
    with _model_told(told), progress(len(ideas), told) as sign:
        return engine(choice, sign).group(ideas)


@contextmanager
def _model_told(told: Translator) -> Iterator[None]:
    """A model that cannot be used becomes a sentence with what to do. Raises Stopped."""
    from bot.theming.models import BadModel

    try:
        yield
    except BadModel as bad:
        why: Fact = reason_in(bad.told) if bad.why == "endpoint" else bad.told
        raise stopped(told, f"model.{bad.why}", model=bad.name, why=why) from None


def _expect_place(wanted: Wanted, told: Translator) -> None:
    """Raises Stopped for an --out that cannot be written, before minutes are spent on it."""
    out = wanted.out
    if out is None or (out.exists() and not out.is_file() and not out.is_dir()):
        return
    if out.exists() and wanted.file.exists() and out.samefile(wanted.file):
        raise stopped(told, "same", file=str(out))
    fresh = not out.exists()
    try:
        out.open("ab").close()
        if fresh:
            out.unlink()
    except OSError as error:
        raise _unwritten(out, error, told) from None


def _unwritten(out: Path | None, error: OSError, told: Translator) -> Stopped:
    if out is None:
        return stopped(told, "stdout", why=reason(error))
    return stopped(told, "out", file=str(out), why=reason(error))


def _width(out: Path | None) -> int:
    """The columns of the terminal that shows the table, or as many as any has."""
    shown = out is None and sys.stdout.isatty()
    return get_terminal_size((PLAIN_WIDTH, 24)).columns if shown or "COLUMNS" in os.environ else PLAIN_WIDTH


def _write(text: str, out: Path | None, told: Translator) -> None:
    try:
        if out is not None:
            out.write_text(text, "utf-8", newline="")
            return
        sys.stdout.buffer.write(text.encode())
        sys.stdout.buffer.flush()
    except BrokenPipeError:  # whoever read us has read enough: the command line ends quietly
        raise
    except OSError as error:
        raise _unwritten(out, error, told) from None
