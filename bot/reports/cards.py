"""The ideas as cards under their themes, each theme with a colour of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.names import NO_THEME, IdeaNumber
from bot.domain.tally import Rank
from bot.reports.report import HuntReport, ReportIdea
from bot.reports.telling import Telling
from bot.text import shorten

HUES = 12
"""Colours of the page's palette: as many as a hunt may hold themes."""
FOLDED_FROM = 180
"""Characters of an idea that a card shows before it folds the whole."""
BEGINNING = 120
"""Characters shown of a folded idea that has no title."""
MOST_STICKERS = 40
"""More dots than this are told as a number only: nobody counts them on a wall."""


@dataclass(frozen=True, slots=True)
class Card:
    """One idea. `title` is empty for one shown whole; `folded` asks for the text behind "read on"."""

    number: str
    title: str
    text: str
    folded: bool
    author: str
    nameless: bool
    merged_label: str = ""
    merged: tuple[Card, ...] = ()
    voices: str = ""
    dots: str = ""
    stickers: int = 0
    wins: bool = False
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A theme with its cards; `hue` chooses its colour."""

    name: str
    count: str
    hue: int
    cards: tuple[Card, ...]
    ideas: tuple[ReportIdea, ...] = ()


def columns(telling: Telling) -> tuple[Column, ...]:
    """Themes in their order with their standing ideas; ideas without a theme come last."""
    report = telling.report
    hues = theme_hues(report)
    main = report.main_round
    dots = {rank.option: rank for rank in main.tally.ranks} if main else {}
    piles: dict[str, list[ReportIdea]] = {theme: [] for theme in hues}
    for idea in report.standing:
        piles.setdefault(idea.theme, []).append(idea)
    loose = piles.pop("", [])
    told = [*piles.items(), *([("", loose)] if loose else [])]
    return tuple(_column(telling, theme, ideas, hues.get(theme, 0), dots) for theme, ideas in told if ideas)


def _column(
    telling: Telling, theme: str, ideas: Sequence[ReportIdea], hue: int, dots: Mapping[IdeaNumber, Rank]
) -> Column:
    name = theme or telling.say("report.theme.none")
    cards = tuple(card(telling, idea, dots) for idea in ideas)
    return Column(name, telling.say("report.ideas", n=len(ideas)), hue, cards, tuple(ideas))


def card(telling: Telling, idea: ReportIdea, dots: Mapping[IdeaNumber, Rank]) -> Card:
    """One idea with what was merged into it, and its dots where `dots` knows them."""
    rank, folded = dots.get(idea.number), len(idea.text) > FOLDED_FROM
    merged = telling.merged.get(idea.number, ())
    return Card(
        number=telling.number(idea.number),
        title=idea.title or (shorten(" ".join(idea.text.split()), BEGINNING) if folded else ""),
        text=idea.text,
        folded=folded,
        author=telling.author(idea),
        nameless=not idea.author,
        merged_label=telling.say("report.merged", n=len(merged)) if merged else "",
        merged=tuple(card(telling, other, {}) for other in merged),
        voices=telling.say("idea.voices", n=idea.voices) if idea.voices > 1 else "",
        dots=telling.dots(rank.dots) if rank else "",
        stickers=rank.dots if rank and rank.dots <= MOST_STICKERS else 0,
        wins=idea.number in telling.final,
        suggestion=telling.suggestion(idea),
    )


def theme_hues(report: HuntReport) -> dict[str, int]:
    """Theme -> its colour, in the order of the themes; 0 is the colour of "no theme"."""
    names = dict.fromkeys([*(theme.name for theme in report.themes), *(i.theme for i in report.standing)])
    return {name: 1 + place % HUES for place, name in enumerate(name for name in names if name)}


def option_hues(report: HuntReport) -> dict[IdeaNumber, int]:
    """Option -> the colour of its theme, or its own where it is a theme; what is nobody's idea has none."""
    themes = theme_hues(report)
    hues = {idea.number: themes.get(idea.theme, 0) for idea in report.ideas}
    voted = (option for round in report.closed_rounds for option in round.options if option.number >= NO_THEME)
    return hues | {option.number: themes.get(option.text, 0) for option in voted}
