"""From kept ideas and themes to the lines that screens show, with names only where they may be seen."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from hashlib import sha256

from bot.domain.hunt import Hunt, Names
from bot.domain.ideas import Idea, Theme
from bot.domain.names import IdeaNumber, ThemeId
from bot.ports import Unit
from bot.screens import Choice, IdeaLine

PAGE = 20
SORT_PAGE = 15


def idea_line(idea: Idea, hunt: Hunt, themes: Mapping[ThemeId, Theme], dots: int | None = None) -> IdeaLine:
    """One idea as a list shows it; its author only where the hunt shows names and ideas."""
    theme = themes.get(idea.theme) if idea.theme is not None else None
    shown = hunt.names is Names.SHOWN and hunt.shows_ideas
    return IdeaLine(
        number=idea.number,
        text=idea.text,
        title=idea.title,
        theme=theme.id if theme else None,
        theme_name=theme.name if theme else "",
        suggested=idea.suggested,
        author=idea.author if shown else None,
        state=idea.state,
        voices=idea.voices,
        way=idea.way,
        dots=dots,
    )


def themes_by_id(unit: Unit, hunt: Hunt) -> dict[ThemeId, Theme]:
    """Every theme of the hunt that people can see, by id, in their order."""
    return {theme.id: theme for theme in unit.ideas.themes(hunt.tenant, hunt.id) if not theme.gone}


def theme_choices(themes: Iterable[Theme]) -> tuple[Choice, ...]:
    """Themes as entries of a choice."""
    return tuple(Choice(str(theme.id), theme.name) for theme in themes if not theme.gone)


def pages(total: int, size: int) -> int:
    """How many pages hold `total` lines; at least one."""
    return max(1, -(-total // size))


def clamp_page(page: int, total: int, size: int) -> int:
    """The page asked for, or the nearest that exists."""
    return max(1, min(page, pages(total, size)))


def right_over(hunt: Hunt, number: IdeaNumber) -> str:
    """The token that lets whoever holds it edit an idea without a name; it tells nothing about who that is."""
    return hmac.new(str(hunt.seed).encode(), f"{hunt.id}:{number}".encode(), sha256).hexdigest()[:32]


def holds_right(hunt: Hunt, number: IdeaNumber, token: str) -> bool:
    """Whether the token is the right over this idea (compared in constant time)."""
    return hmac.compare_digest(right_over(hunt, number), token or "-")
