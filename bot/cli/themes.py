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
from bot.reports.table import SEPARATORS
from bot.theming.choice import Choice, engine
from bot.theming.lexicon import BadWordList, WordList
from bot.words import Fact, Raw, Translator, translator

FORMATS = ("table", "csv", "json", "html")
MOST_BYTES = 200_000_000
MOST_IDEAS = 100_000
LONG = 300
"""Ideas from which people see that something goes on."""
LONGEST = 4_000
"""Characters read of one idea."""
SHOWN = 3
"""Ideas of a theme in the table, the most central first."""
FAULTS = ("missing", "unreadable")
"""What may be wrong with a model of one's own, as the catalogue names it."""


def group_file(  # noqa: PLR0913, PLR0917 - the options of the command
    path: Path,
    shape: str,
    out: Path | None,
    words: Path | None,
    model: str,
    fineness: float,
    language: str = "en",
) -> None:
    """Reads, groups and writes, in one language. Raises Stopped for what cannot be read, used or written."""
    told = translator(language)
    if shape not in FORMATS:
        raise _stopped(told, "format", typed=shape, formats=", ".join(FORMATS))
    if not 0.2 <= fineness <= 5:  # noqa: PLR2004 - beyond, all ideas are one theme or each its own
        raise _stopped(told, "fineness", typed=str(fineness))
    ideas = read_ideas(path, told)
    choice = Choice(words=read_words(words, told), model=model, fineness=fineness)
    with _model_told(told), _progress(len(ideas), choice.name, told):
        piles = engine(choice).group(ideas)
    _write(_told(shape, ideas, piles, path.name, told), out, told)


def _stopped(told: Translator, what: str, **facts: Fact) -> Stopped:
    """A problem and what to do about it, as the catalogue has them under `themes.problem.` and `themes.fix.`."""
    held: dict[str, Fact] = {name: Raw(fact) if isinstance(fact, str) else fact for name, fact in facts.items()}
    say = (told.flat(told.say(f"themes.{part}.{what}", **held)) for part in ("problem", "fix"))
    return Stopped(Problem(*say))


def read_ideas(path: Path, told: Translator) -> list[IdeaText]:
    """The ideas of a file, one a line or one a row, numbered from 1. Raises Stopped."""
    from standins.play.any_ideas import NoIdeas, decoded, ideas_of

    try:
        content = path.read_bytes()
    except OSError as error:
        raise _stopped(told, "file", file=str(path), why=error.strerror or "") from None
    if len(content) > MOST_BYTES:
        raise _stopped(told, "large", file=str(path))
    try:
        found = ideas_of(decoded(content, path.name), table=path.suffix.lower() in {".csv", ".tsv"})
    except NoIdeas as refused:
        raise _stopped(told, refused.reason, file=path.name, line=refused.line) from None
    if not found:
        raise _stopped(told, "empty", file=path.name)
    if len(found) > MOST_IDEAS:
        raise _stopped(told, "many", file=path.name, n=len(found), most=MOST_IDEAS)
    return [IdeaText(number, text[:LONGEST]) for number, text in enumerate(found, start=1)]


def read_words(path: Path | None, told: Translator) -> str:
    """A word list as text, checked. Raises Stopped."""
    if path is None:
        return ""
    try:
        text = path.read_text("utf-8-sig")
        WordList.read(text)
    except (OSError, UnicodeDecodeError):
        raise _stopped(told, "words", file=str(path)) from None
    except BadWordList as bad:
        raise _stopped(told, f"words.{bad.why}", file=str(path), line=bad.line, word=bad.word) from None
    return text


def choice_of(settings: Settings) -> Choice:
    """What groups ideas in the bot of these settings. Raises Stopped for a word list that cannot be used."""
    key = settings.embeddings_key
    return Choice(
        words=read_words(settings.words_file, translator("en")),
        model=settings.themes_model or "",
        url=settings.embeddings_url or "",
        url_model=settings.embeddings_model or "",
        key=key.get_secret_value() if key else "",
    )


@contextmanager
def _model_told(told: Translator) -> Iterator[None]:
    """A model that cannot be used becomes a sentence with what to do. Raises Stopped."""
    from bot.theming.models import BadModel

    try:
        yield
    except BadModel as bad:
        why = bad.why if bad.why in FAULTS else "unreadable"
        raise _stopped(told, f"model.{why}", model=bad.name, why=bad.told) from None


@contextmanager
def _progress(count: int, name: str, told: Translator) -> Iterator[None]:
    under_way = told.plain("themes.cli.under_way", n=count, engine=Raw(name))
    if count < LONG or not sys.stderr.isatty():
        print(under_way, file=sys.stderr)
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(under_way):
        yield


def _told(shape: str, ideas: Sequence[IdeaText], piles: Sequence[Pile], name: str, told: Translator) -> str:
    texts = {idea.number: idea.text for idea in ideas}
    if shape == "csv":
        return _csv(texts, piles, told)
    if shape == "json":
        return _json(texts, piles)
    return _html(texts, piles, name, told) if shape == "html" else _table(texts, piles, told)


def sureness(pile: Pile, number: int) -> str:
    """How sure a place is, in a word of ours: `central`, `likely`, `check` or `loose`."""
    if not pile.label:
        return "loose"
    return "central" if number == pile.example else "check" if number in pile.unsure else "likely"


def _csv(texts: dict[int, str], piles: Sequence[Pile], told: Translator) -> str:
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=SEPARATORS.get(told.lang, ","))
    writer.writerow(told.plain(f"themes.column.{name}") for name in ("number", "theme", "sure", "idea"))
    rows = [(number, pile.label, sureness(pile, number)) for pile in piles for number in pile.ideas]
    for number, label, sure in sorted(rows):
        writer.writerow((number, _harmless(label), told.plain(f"sure.{sure}"), _harmless(texts[number])))
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


def _table(texts: dict[int, str], piles: Sequence[Pile], told: Translator) -> str:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    headings = (told.plain(f"themes.column.{name}") for name in ("theme", "ideas", "example"))
    table = Table(*headings, box=None, pad_edge=False, header_style="bold")
    for pile in piles:
        examples = [pile.example, *(n for n in pile.ideas if n != pile.example and n not in pile.unsure)][:SHOWN]
        shown = "\n".join(f"{number}. {texts[number][:100]}" for number in examples)
        table.add_row(Text(pile.label or told.plain("sure.loose")), str(len(pile.ideas)), Text(shown))
    file = io.StringIO()
    Console(file=file, width=120 if not sys.stdout.isatty() else None).print(table)
    return file.getvalue()


def _html(texts: dict[int, str], piles: Sequence[Pile], name: str, told: Translator) -> str:
    from bot.reports.piles import pile_page

    return pile_page(name, texts, piles, told)


def _write(text: str, out: Path | None, told: Translator) -> None:
    if out is None:
        sys.stdout.buffer.write(text.encode())
        sys.stdout.flush()
        return
    try:
        out.write_text(text, "utf-8", newline="")
    except OSError as error:
        raise _stopped(told, "out", file=str(out), why=error.strerror or "") from None
