"""Piles of ideas as one page with their map: no network, no script, nothing to install."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from bot.domain.ideas import Pile
from bot.reports.atlas import SAID, Land, Spot, atlas
from bot.reports.cards import HUES
from bot.words import Translator

if TYPE_CHECKING:
    from jinja2 import Template


def pile_page(title: str, texts: Mapping[int, str], piles: Sequence[Pile], told: Translator) -> str:
    """The page as text, in one language; everything people typed is escaped by the template."""
    lands = [_land(place, pile, texts, told) for place, pile in enumerate(piles, start=1)]
    return _template().render(title=title, map=atlas(lands), piles=piles, texts=texts, lang=told.lang, say=told.plain)


def _land(place: int, pile: Pile, texts: Mapping[int, str], told: Translator) -> Land:
    hue = 1 + (place - 1) % HUES if pile.label else 0
    count = told.plain("count.ideas", n=len(pile.ideas))
    name = pile.label or told.plain("themes.page.loose")
    return Land(name, count, hue, tuple(Spot(str(n), texts[n][:SAID]) for n in pile.ideas))


def _template() -> Template:
    from bot.reports.page import shelf

    return shelf().get_template("piles.html")
