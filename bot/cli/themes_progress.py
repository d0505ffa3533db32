"""What people see while ideas are grouped: who reads them, how far it is on a terminal, and what it came to."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from bot.domain.ideas import Pile
from bot.theming.choice import WORDS, WORDS_ONLY, Choice
from bot.theming.stems import stems_of
from bot.words import Fact, Key, Raw, Translator
from standins.play.any_ideas import Found

Sign = Callable[[int, int], None]


def begin(found: Found, choice: Choice, told: Translator) -> str:
    """How many ideas, from which column, and who reads them; before it, where words are sent when they leave."""
    facts: dict[str, Fact] = {"ideas": _ideas(len(found.ideas), told), "engine": _engine(choice, told)}
    if found.place:
        facts |= {"column": Raw(found.column), "place": found.place, "columns": found.columns}
    table = "themes.cli.begin_column" if found.column else "themes.cli.begin_place"
    sentence = told.flat(told.say(table if found.place else "themes.cli.begin", **facts))
    return f"{told.plain('themes.cli.outside', host=Raw(choice.outside))}\n{sentence}" if choice.outside else sentence


def _engine(choice: Choice, told: Translator) -> Fact:
    if choice.model == WORDS:
        return Key("themes.cli.words")
    if choice.url:
        return told.say("themes.cli.at", model=Raw(choice.url_model), host=Raw(choice.outside))
    return Key("themes.cli.words_only") if choice.name == WORDS_ONLY else Raw(choice.name)


def _ideas(n: int, told: Translator) -> Fact:
    return told.say("count.ideas", n=n)


@contextmanager
def progress(total: int, told: Translator) -> Iterator[Sign]:
    """Gives what is to be called with how many texts were read, and of how many; draws on a terminal only."""
    if not sys.stderr.isatty():
        yield lambda _read, _of: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(told.plain("themes.cli.waking", n=total), total=None)

        def sign(read: int, of: int) -> None:
            done = max(total - (of - read), int(shown.tasks[0].completed))
            words = told.plain("themes.cli.reading", read=done, n=total)
            shown.update(task, total=total, completed=done, description=words, refresh=True)
            if read == of:  # what follows has no steps to count
                shown.update(task, description=told.plain("themes.cli.grouping"))
                shown.reset(task, start=False)

        yield sign


def end(piles: Sequence[Pile], seconds: float, told: Translator) -> str:
    """How many ideas in how many themes, how many are in none, and the seconds it took."""
    from babel.numbers import format_decimal

    loose = sum(len(pile.ideas) for pile in piles if not pile.label)
    facts: dict[str, Fact] = {
        "ideas": _ideas(sum(len(pile.ideas) for pile in piles), told),
        "themes": told.say("themes.cli.themes", n=sum(bool(pile.label) for pile in piles)),
        "seconds": Raw(format_decimal(seconds, "0.0", locale=told.lang)),
    }
    if loose:
        facts["loose"] = told.say("themes.cli.loose", n=loose)
    return told.flat(told.say("themes.cli.done_loose" if loose else "themes.cli.done", **facts))


def verdict(ideas: Sequence[str], piles: Sequence[Pile], told: Translator) -> str:
    """One sentence where there is nothing to group, "" where there is."""
    n = len(ideas)
    if n == 1:
        return told.plain("themes.cli.one")
    if len(set(ideas)) == 1:
        return told.plain("themes.cli.same", n=n)
    if any(pile.label for pile in piles):
        return ""
    return told.plain("themes.cli.none" if any(map(stems_of, ideas)) else "themes.cli.wordless", n=n)
