"""Why an idea belongs where it is suggested, in words that people can check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from bot.theming.stems import Stem, language_of, stems_of

MOST_SHARED = 3
"""Words named as a reason: the ones that most of the theme's ideas hold."""


def shared_words(texts: Mapping[int, str], name: str, told: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """For the ideas `told`, the words they share with the theme's name or with other ideas of the theme.

    `texts` are all ideas of the theme by number. The words are as the idea writes them; none where nothing is shared.
    """
    fallback = language_of([*texts.values(), name])
    read = {number: _once(stems_of(text, fallback)) for number, text in texts.items()}
    held = Counter(stem for stems in read.values() for stem in stems)
    named = _once(stems_of(name, fallback))
    found: dict[int, tuple[str, ...]] = {}
    for number in told:
        shared = [stem for stem in read[number] if held[stem] > 1 or stem in named]
        best = sorted(shared, key=lambda stem: (stem not in named, -held[stem], stem))[:MOST_SHARED]
        found[number] = tuple(read[number][stem] for stem in best)
    return found


def _once(stems: Sequence[Stem]) -> dict[str, str]:
    """Each stem with the first word it stands for."""
    return {stem.stem: stem.word for stem in reversed(stems)}
