"""Why each suggested idea is where it is: made of what a grouping found, kept for whoever sorts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.domain.ideas import Idea, Pile, Reason, Standing
from bot.domain.names import IdeaNumber, ThemeId
from bot.theming.lexicon import WordList
from bot.theming.reasons import Reasons


def reasons_of(
    piles: Sequence[Pile], ideas: Mapping[IdeaNumber, Idea], standing: Standing, own: WordList
) -> tuple[Reason, ...]:
    """A reason for each idea that no person placed; `was` is the theme it is in now, also where it stays there."""
    names = {theme.id: theme.name for theme in standing.themes}
    read = Reasons.of({number: own.apply(ideas[IdeaNumber(number)].text) for pile in piles for number in pile.ideas})
    return tuple(reason for pile in piles for reason in _of_pile(pile, ideas, standing, read, names))


def _of_pile(
    pile: Pile, ideas: Mapping[IdeaNumber, Idea], standing: Standing, read: Reasons, names: Mapping[int, str]
) -> Iterator[Reason]:
    theme = ThemeId(pile.theme) if pile.theme is not None else None
    told = [number for number in pile.ideas if number not in standing.pinned]
    name = names.get(pile.theme, "") if pile.theme is not None else ""
    shared = read.shared_words(pile.ideas, name, told)
    for number in told:
        near = None if shared[number] else _near(number, pile, standing)
        was = ideas[IdeaNumber(number)].theme
        yield Reason(IdeaNumber(number), theme, was, shared[number], near, number in pile.unsure)


def _near(number: int, pile: Pile, standing: Standing) -> IdeaNumber | None:
    """What an idea of a pile is near to: its most central one; for that one itself, one that a person put there."""
    if number != pile.example:
        return IdeaNumber(pile.example)
    others = sorted((other not in standing.pinned, other) for other in pile.ideas if other != number)
    return IdeaNumber(others[0][1]) if others else None
