"""Piles of ideas as one page with their map: no network, no script, nothing to install."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from bot.domain.ideas import Pile
from bot.reports.atlas import SAID, Land, Spot, atlas
from bot.reports.cards import HUES

if TYPE_CHECKING:
    from jinja2 import Template

LOOSE = "Not grouped yet"


def pile_page(title: str, texts: Mapping[int, str], piles: Sequence[Pile]) -> str:
    """The page as text; everything people typed is escaped by the template."""
    lands = [_land(place, pile, texts) for place, pile in enumerate(piles, start=1)]
    return _template().render(title=title, map=atlas(lands), piles=piles, texts=texts, loose=LOOSE)


def _land(place: int, pile: Pile, texts: Mapping[int, str]) -> Land:
    hue = 1 + (place - 1) % HUES if pile.label else 0
    count = f"{len(pile.ideas)} idea{'s' if len(pile.ideas) > 1 else ''}"
    return Land(pile.label or LOOSE, count, hue, tuple(Spot(str(n), texts[n][:SAID]) for n in pile.ideas))


def _template() -> Template:
    from bot.reports.page import shelf

    return shelf().get_template("piles.html")
