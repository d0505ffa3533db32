"""Pairs that may be one idea, by meaning and words together: candidates from both, none compared with all others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.domain.ideas import IdeaText, Likeness
from bot.theming.lexical import MOST_PAIRS, WordReading
from bot.theming.meanings import Meanings
from bot.theming.nearness import graph, nearness
from bot.theming.stems import language_of, language_of_one
from bot.theming.vectors import cosine

if TYPE_CHECKING:
    from bot.theming.nearness import Floats

WORDS_SHARE = 0.2
"""Of the score, what shared words bring; the rest is the meaning, around the middle of the hunt's own language."""
TOGETHER = 0.45
"""Score from which a pair is shown: the best F1 that finds all pairs of the Bois des Forts, measured by
`python -m benchmarks.themes.duplicates` (figures in docs/themes.md)."""
ONE_WORD = 0.5
"""Where a single word is shared: it is more often a theme (or a place, and places) than the same idea."""
BY_MEANING = 6
"""Nearest by meaning that are looked at for each idea."""
BY_WORDS = 0.3
"""Cosine of words from which a pair is looked at, whatever its meaning."""


def pairs(ideas: Sequence[IdeaText], meanings: Meanings, least: float = TOGETHER) -> tuple[Likeness, ...]:
    """Pairs from `least` on, most alike first, with the words they share, if any; copies with their first only.

    Raises BadModel.
    """
    read = WordReading.of(ideas)
    close = _meaning(ideas, meanings)
    places = sorted({*_met(close, read.firsts), *read.near(BY_WORDS)})
    found = [read.likeness(one, other, _score(read, close, one, other)) for one, other in places]
    likely = [pair for pair in found if pair.score >= (max(least, ONE_WORD) if len(pair.shared) == 1 else least)]
    return tuple(sorted(likely + read.copied(), key=lambda pair: (-pair.score, pair.one, pair.other))[:MOST_PAIRS])


def _meaning(ideas: Sequence[IdeaText], meanings: Meanings) -> Floats:
    """Unit vectors, one row an idea by its number, around the middle of each language."""
    texts = tuple(idea.text for idea in sorted(ideas, key=lambda idea: idea.number))
    fallback = language_of(texts)
    languages = [language_of_one(text, fallback) for text in texts]
    shares = [part.share for part in meanings.parts]
    vectors = list(zip(shares, meanings.vectors(texts, languages), strict=True))
    found = nearness([()] * len(texts), [""] * len(texts), vectors, languages, doubt=0).meaning
    assert found is not None  # asked with a model only
    return found


def _met(close: Floats, firsts: Sequence[int]) -> set[tuple[int, int]]:
    """Places of each first with its nearest by meaning, the smaller first."""
    import numpy as np

    from bot.theming.nearness import Nearness

    kept = np.array(firsts)
    nothing = nearness([()] * len(kept), [""] * len(kept), (), None).words
    web = graph(Nearness(close[kept], nothing, len(kept)), min(BY_MEANING, len(kept) - 1)).tocoo()
    upper = web.row < web.col
    return {(int(one), int(other)) for one, other in zip(kept[web.row[upper]], kept[web.col[upper]], strict=True)}


def _score(read: WordReading, close: Floats, one: int, other: int) -> float:
    meaning = max(0.0, float(close[one] @ close[other]))
    return (1 - WORDS_SHARE) * meaning + WORDS_SHARE * cosine(read.vectors.all[one], read.vectors.all[other])
