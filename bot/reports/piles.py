"""Piles of ideas as one page with their map: no network, no script, nothing to install."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from bot.domain.ideas import Pile
from bot.reports.atlas import SAID, Land, Mark, Spot, atlas
from bot.reports.cards import BEGINNING, FOLDED_FROM, HUES
from bot.text import shorten
from bot.words import Translator

if TYPE_CHECKING:
    from jinja2 import Template


def pile_page(title: str, texts: Mapping[int, str], piles: Sequence[Pile], told: Translator) -> str:
    """The page as text, in one language; everything people typed is escaped by the template."""
    lands = [_land(place, pile, texts, told) for place, pile in enumerate(piles, start=1)]
    keys = {Mark.SOLID: "sure.likely", Mark.HOLLOW: "map.mark.check", Mark.LOOSE: "map.mark.loose"}
    meanings = {mark: told.plain(key) for mark, key in keys.items()}
    drawn = atlas(lands, meanings)
    begun = {n: shorten(" ".join(text.split()), BEGINNING) for n, text in texts.items() if len(text) > FOLDED_FROM}
    page = _template()
    return page.render(title=title, map=drawn, piles=piles, texts=texts, begun=begun, lang=told.lang, say=told.plain)


def _land(place: int, pile: Pile, texts: Mapping[int, str], told: Translator) -> Land:
    hue = 1 + (place - 1) % HUES if pile.label else 0
    count = told.plain("count.ideas", n=len(pile.ideas))
    spots = tuple(Spot(str(n), shorten(texts[n], SAID), _mark(pile, n)) for n in pile.ideas)
    unsure = sum(spot.mark is Mark.HOLLOW for spot in spots)
    counted = f"{count} ({told.plain('map.check', n=unsure)})" if unsure else count
    return Land(pile.label or told.plain("themes.page.loose"), counted, hue, spots)


def _mark(pile: Pile, number: int) -> Mark:
    if not pile.label:
        return Mark.LOOSE
    return Mark.HOLLOW if number in pile.unsure else Mark.SOLID


def _template() -> Template:
    from bot.reports.page import shelf

    return shelf().get_template("piles.html")
