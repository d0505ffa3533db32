"""`ideahunt themes FILE`: ideas of any CSV or text file in piles, as a table, CSV, JSON or a page with a map."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bot.cli.problems import Problem, Stopped
from bot.cli.settings import Settings
from bot.domain.ideas import IdeaText, Pile
from bot.theming.choice import Choice, engine
from bot.theming.lexicon import BadWordList, WordList

FORMATS = ("table", "csv", "json", "html")
MOST_BYTES = 200_000_000
MOST_IDEAS = 100_000
LONG = 300
"""Ideas from which people see that something goes on."""
LONGEST = 4_000
"""Characters read of one idea."""
SHOWN = 3
"""Ideas of a theme in the table, the most central first."""
TROUBLES = {
    "shape": "is neither `word → word` nor `word: english sense`",
    "cycle": "leads a word back to itself",
    "long": "is longer than 400 characters",
    "many": "is one too many: 20,000 lines are the most",
}
FAULTS = {
    "missing": ("needs the package {told}, which is not installed.", "pip install {told}, or leave out --model."),
    "unreadable": (
        "cannot be read ({told}).",
        "Give the folder of a whole model, or a name that is on this machine. HF_HUB_OFFLINE=0 lets it be fetched.",
    ),
}


def group_file(path: Path, shape: str, out: Path | None, words: Path | None, model: str, fineness: float) -> None:
    """Reads, groups and writes. Raises Stopped for what cannot be read, used or written."""
    if shape not in FORMATS:
        raise Stopped(Problem(f"There is no format {shape!r}.", f"Write one of {', '.join(FORMATS)}."))
    if not 0.2 <= fineness <= 5:  # noqa: PLR2004 - beyond, all ideas are one theme or each its own
        raise Stopped(Problem(f"{fineness} is no fineness.", "1 is usual; 0.7 gives fewer themes, 1.4 more."))
    ideas = read_ideas(path)
    choice = Choice(words=read_words(words), model=model, fineness=fineness)
    with _model_told(), _progress(len(ideas), choice.name):
        piles = engine(choice).group(ideas)
    _write(_told(shape, ideas, piles, path.name), out)


def read_ideas(path: Path) -> list[IdeaText]:
    """The ideas of a file, one a line or one a row, numbered from 1. Raises Stopped."""
    from standins.play.any_ideas import NoIdeas, decoded, ideas_of

    try:
        content = path.read_bytes()
    except OSError as error:
        raise Stopped(Problem(f"{path} cannot be read ({error.strerror}).", "Give a CSV or text file.")) from None
    if len(content) > MOST_BYTES:
        raise Stopped(Problem(f"{path} is larger than 200 MB.", "Give a smaller file."))
    try:
        told = ideas_of(decoded(content, path.name), table=path.suffix.lower() in {".csv", ".tsv"})
    except NoIdeas as refused:
        raise Stopped(Problem(str(refused), "Save it as CSV or text (UTF-8) and try again.")) from None
    if not told:
        raise Stopped(Problem(f"{path.name} holds no idea.", "Write one idea a line, or one a row."))
    if len(told) > MOST_IDEAS:
        what = f"{path.name} holds {len(told):,} ideas; 100,000 are the most."
        raise Stopped(Problem(what, "Cut the file in parts."))
    return [IdeaText(number, text[:LONGEST]) for number, text in enumerate(told, start=1)]


def read_words(path: Path | None) -> str:
    """A word list as text, checked. Raises Stopped."""
    if path is None:
        return ""
    fix = "Write one line a word: VTT → vélo, or doléance: grievance."
    try:
        text = path.read_text("utf-8-sig")
        WordList.read(text)
    except (OSError, UnicodeDecodeError):
        raise Stopped(Problem(f"{path} cannot be read as UTF-8 text.", fix)) from None
    except BadWordList as bad:
        where = f"{path}, line {bad.line}" if bad.line else f"{path}: {bad.word!r}"
        raise Stopped(Problem(f"{where} {TROUBLES[bad.why]}.", fix)) from None
    return text


def choice_of(settings: Settings) -> Choice:
    """What groups ideas in the bot of these settings. Raises Stopped for a word list that cannot be used."""
    key = settings.embeddings_key
    return Choice(
        words=read_words(settings.words_file),
        model=settings.themes_model or "",
        url=settings.embeddings_url or "",
        url_model=settings.embeddings_model or "",
        key=key.get_secret_value() if key else "",
    )


@contextmanager
def _model_told() -> Iterator[None]:
    """A model that cannot be used becomes a sentence with what to do. Raises Stopped."""
    from bot.theming.models import BadModel

    try:
        yield
    except BadModel as bad:
        what, fix = (one.format(told=bad.told) for one in FAULTS[bad.why])
        raise Stopped(Problem(f"The model {bad.name} {what}", fix)) from None


@contextmanager
def _progress(count: int, name: str) -> Iterator[None]:
    if count < LONG or not sys.stderr.isatty():
        print(f"{count} ideas, {name}", file=sys.stderr)
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(f"{count:,} ideas, {name}"):
        yield


def _told(shape: str, ideas: Sequence[IdeaText], piles: Sequence[Pile], name: str) -> str:
    texts = {idea.number: idea.text for idea in ideas}
    if shape == "csv":
        return _csv(texts, piles)
    if shape == "json":
        return _json(texts, piles)
    return _html(texts, piles, name) if shape == "html" else _table(texts, piles)


def sureness(pile: Pile, number: int) -> str:
    """How sure a place is, in a word."""
    if not pile.label:
        return "not grouped yet"
    return "central" if number == pile.example else "unsure" if number in pile.unsure else "likely"


def _csv(texts: dict[int, str], piles: Sequence[Pile]) -> str:
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(("number", "theme", "sure", "idea"))
    rows = [(number, pile.label, sureness(pile, number)) for pile in piles for number in pile.ideas]
    for number, label, sure in sorted(rows):
        writer.writerow((number, _harmless(label), sure, _harmless(texts[number])))
    return file.getvalue()


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in "=+-@\t\r" and cell[:1] else cell


def _json(texts: dict[int, str], piles: Sequence[Pile]) -> str:
    told = [
        {
            "theme": pile.label,
            "example": pile.example if pile.label else None,
            "ideas": [{"number": n, "text": texts[n], "sure": sureness(pile, n)} for n in pile.ideas],
        }
        for pile in piles
    ]
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def _table(texts: dict[int, str], piles: Sequence[Pile]) -> str:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("theme", "ideas", "for example", box=None, pad_edge=False, header_style="bold")
    for pile in piles:
        examples = [pile.example, *(n for n in pile.ideas if n != pile.example and n not in pile.unsure)][:SHOWN]
        shown = "\n".join(f"{number}. {texts[number][:100]}" for number in examples)
        table.add_row(Text(pile.label or "not grouped yet"), str(len(pile.ideas)), Text(shown))
    file = io.StringIO()
    Console(file=file, width=120 if not sys.stdout.isatty() else None).print(table)
    return file.getvalue()


def _html(texts: dict[int, str], piles: Sequence[Pile], name: str) -> str:
    from bot.reports.piles import pile_page

    return pile_page(name, texts, piles)


def _write(text: str, out: Path | None) -> None:
    if out is None:
        sys.stdout.buffer.write(text.encode())
        sys.stdout.flush()
        return
    try:
        out.write_text(text, "utf-8", newline="")
    except OSError as error:
        raise Stopped(Problem(f"{out} cannot be written ({error.strerror}).", "Choose another --out.")) from None
