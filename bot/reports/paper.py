"""The ballot on paper: as many copies as asked for, each in a neutral order of its own, as one PDF to print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from bot.domain.ballot import Option
from bot.domain.names import IdeaNumber, RoundNumber, sign
from bot.domain.people import LANGUAGES
from bot.reports.press import typeset
from bot.reports.signs import STAND_IN, lacks, printable, right_to_left, signs, worded
from bot.text import clean, one_line, shorten
from bot.words import Moment, Translator, translator

MOST_COPIES, MOST_PAGES = 60, 300
"""Of one file: the press takes about a megabyte a page while it works."""
MOST_CIRCLES = 5
"""Beyond that many dots on one idea, a number is written instead of circles ticked."""
LONG = 700
"""Characters from which an option may be cut between two pages: it could be taller than one."""
HEADLINE = 70
"""Characters of the question at the top of the pages that follow the first."""
MOST_QUESTION = 2_000
LINES_A_PAGE = 44

Drawn = dict[str, object]


@dataclass(frozen=True, slots=True)
class PaperSheet:
    """What is printed. `seed` (hexadecimal) orders each copy, see `paper_order`; `notice` holds whole sentences.

    Raises ValueError for a language we do not speak, no option, fewer copies than 1 or more than `most_copies`,
    a closing time without a zone, or a seed that is no hexadecimal.
    """

    question: str
    language: str
    zone: str
    round: RoundNumber
    options: tuple[Option, ...]
    dots: int
    cap: int
    places: int
    seed: str
    closes_at: datetime | None = None
    runoff: bool = False
    copies: int = 1
    notice: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    """The other rules as whole sentences: places, who votes, quorum, ties."""

    def __post_init__(self) -> None:
        if self.language not in LANGUAGES:
            raise ValueError(f"no words in {self.language!r}")
        if not self.options:
            raise ValueError("no option to print")
        if not 1 <= self.copies <= most_copies(self.options):
            raise ValueError(f"copies: 1 to {most_copies(self.options)}")
        if self.closes_at is not None and self.closes_at.tzinfo is None:
            raise ValueError("a closing time needs a zone")
        int(self.seed, 16)


def most_copies(options: Sequence[Option]) -> int:
    """Copies that one file may hold, 1 to MOST_COPIES: fewer where long or many options would pass MOST_PAGES."""
    lines = sum(_lines(text, a_line) for o in options for text, a_line in ((o.title, 60), (o.text, 65), (o.theme, 85)))
    pages = (lines + len(options)) // LINES_A_PAGE + 1
    return max(1, min(MOST_COPIES, MOST_PAGES // pages))


def _lines(text: str, a_line: int) -> int:
    return -(-len(text) // a_line)


def paper_order(seed: str, copy: int, numbers: Sequence[IdeaNumber]) -> tuple[IdeaNumber, ...]:
    """The options of copy `copy` (from 1) in the order printed: by SHA-256 of `seed:paper:copy:number`, as text.

    Anyone who has the seed, published at the close, can work it out again from the number at the foot of the page.
    """
    return tuple(sorted(numbers, key=lambda number: sha256(f"{seed}:paper:{copy}:{number}".encode()).digest()))


def paper(sheet: PaperSheet) -> bytes:
    """The PDF, A4, in black and white: the same bytes for the same sheet, without author and time.

    A copy of several pages takes an even number of them, so that each starts on a new sheet. Tagged for screen
    readers (PDF/UA-1). Some seconds for sixty copies: not for the event loop. Raises PressFailed.
    """
    return typeset(_facts(sheet))


def _facts(sheet: PaperSheet) -> Drawn:
    """What the template draws: words ready to print, nothing to interpret."""
    words = translator(sheet.language)
    options = {str(option.number): _option(option) for option in sheet.options}
    question = one_line(sheet.question, MOST_QUESTION)
    numbers = [option.number for option in sheet.options]
    return {
        "title": printable(f"{question} ({words.plain('paper.kind')})"),
        "language": sheet.language,
        "fonts": list(signs()),
        "question": printable(question),
        "question-short": printable(shorten(question, HEADLINE)),
        "words": _words(sheet, words),
        "rules": _rules(sheet, words),
        "hand-in": _hand_in(sheet, words),
        "notice": [worded(sentence) for sentence in sheet.notice],
        "circles": cap if (cap := _cap(sheet)) <= MOST_CIRCLES else 0,
        "options": options,
        "copies": [{"number": n, "order": paper_order(sheet.seed, n, numbers)} for n in range(1, sheet.copies + 1)],
    }


def _cap(sheet: PaperSheet) -> int:
    return min(sheet.cap, sheet.dots)


def _option(option: Option) -> Drawn:
    """Each on one line, whole: the title in bold before the text, or the text's own start in bold."""
    text, title, theme = (
        printable(clean(typed).replace("\n", " ")) for typed in (option.text, option.title, option.theme)
    )
    apart = not text.startswith(title)
    return {
        "number": sign(option.number).lstrip("#"),
        "bold": title,
        "apart": apart,
        "rest": text if apart else text.removeprefix(title),
        "theme": theme,
        "rtl": right_to_left(text),
        "theme-rtl": right_to_left(theme),
        "long": len(text) + len(title) > LONG,
    }


def _words(sheet: PaperSheet, words: Translator) -> Mapping[str, str]:
    dots = words.plain("paper.dots", n=sheet.dots)
    said = "paper.round.runoff" if sheet.runoff else "paper.round"
    round = words.plain(said, round=int(sheet.round))
    circles = _cap(sheet) <= MOST_CIRCLES
    return {
        "kind": f"{words.plain('paper.kind')} · {round}",
        "budget": words.plain("paper.budget", dots=dots, cap=words.plain("paper.cap", n=_cap(sheet))),
        "copy": words.plain("paper.copy", round=round, copy="{copy}"),
        "page": words.plain("paper.page", page="{page}", pages="{pages}"),
        "empty": words.plain("paper.empty"),
        "number": words.plain("paper.column.number"),
        "idea": words.plain("paper.column.idea"),
        "mark": words.plain("paper.column.circles" if circles else "paper.column.figure"),
        "hand-in": words.plain("paper.hand_in"),
        "notice": words.plain("paper.notice"),
    }


def _rules(sheet: PaperSheet, words: Translator) -> list[str]:
    circles = _cap(sheet) <= MOST_CIRCLES
    told = [
        words.plain("paper.tick" if circles else "paper.write"),
        words.plain("paper.most", n=sheet.dots),
        *(sheet.rules or (words.plain("paper.places", n=sheet.places),)),
        words.plain("paper.order"),
    ]
    typed = (sheet.question, *(text for o in sheet.options for text in (o.title, o.text, o.theme)))
    return [*told, words.plain("paper.lacking", box=STAND_IN)] if any(map(lacks, typed)) else told


def _hand_in(sheet: PaperSheet, words: Translator) -> list[str]:
    told = words.plain("paper.nameless")
    if sheet.closes_at is None:
        return [told, words.plain("paper.hand_in.when_told")]
    return [told, words.plain("paper.hand_in.until", zone=sheet.zone, at=Moment(sheet.closes_at))]
