"""What goes on the ballot: every standing idea as it reads now, themes instead of them, or what is nobody's idea."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.ballot import Extra, Option
from bot.domain.hunt import Hunt
from bot.domain.ideas import Idea, IdeaState
from bot.domain.names import NO_THEME, IdeaNumber, ThemeId
from bot.ports import Unit
from bot.usecases.lines import themes_by_id
from bot.usecases.results import themes_chosen
from bot.words import translator

MOST_OPTIONS = 5_000
STANDING = frozenset({IdeaState.STANDING})


def ideas_to_vote_on(unit: Unit, hunt: Hunt) -> tuple[Option, ...]:
    """The ideas of the themes a vote chose; every standing idea where none was, or where that leaves no choice."""
    chosen = themes_chosen(unit, hunt)
    options = ideas_on_ballot(unit, hunt, chosen) if chosen else ()
    return options if len(options) > 1 else ideas_on_ballot(unit, hunt)


def ideas_on_ballot(unit: Unit, hunt: Hunt, themes: frozenset[IdeaNumber] | None = None) -> tuple[Option, ...]:
    """Every standing idea: wording, title and theme of the coming ballot. `themes` (option numbers) narrows."""
    known = themes_by_id(unit, hunt)
    ideas = unit.ideas.page(hunt.tenant, hunt.id, states=STANDING, limit=MOST_OPTIONS)
    return tuple(
        _option(idea, known[idea.theme].name if idea.theme in known else "")
        for idea in ideas
        if themes is None or _theme_number(idea.theme if idea.theme in known else None) in themes
    )


def themes_on_ballot(unit: Unit, hunt: Hunt) -> tuple[Option, ...]:
    """Every theme that holds a standing idea, and one option for the ideas without a theme, if there are any."""
    held = [theme for theme in themes_by_id(unit, hunt).values() if theme.ideas]
    options = [Option(_theme_number(theme.id), theme.name) for theme in held]
    if unit.ideas.count(hunt.tenant, hunt.id, states=STANDING, unsorted=True):
        options.append(Option(_theme_number(None), translator(hunt.language).plain("option.no_theme")))
    return tuple(options)


def extras_on_ballot(hunt: Hunt, extras: Iterable[Extra]) -> tuple[Option, ...]:
    """Options that are nobody's idea, in the hunt's language."""
    words = translator(hunt.language)
    wanted = set(extras)
    return tuple(Option(extra.number, words.plain(f"option.{extra}")) for extra in Extra if extra in wanted)


def _option(idea: Idea, theme: str) -> Option:
    return Option(idea.number, idea.text, theme, idea.title)


def _theme_number(theme: ThemeId | None) -> IdeaNumber:
    return IdeaNumber(NO_THEME + int(theme or 0))
