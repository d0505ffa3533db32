"""The idea that stands already, when somebody writes one that may be the same: by shared words, in milliseconds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from math import log, sqrt

from bot.domain.ideas import IdeaText
from bot.theming.lexical import LEAST_SHARED
from bot.theming.lexicon import EMPTY, WordList
from bot.theming.stems import language_of_one, stem, stems_of, words_of

TWIN = 0.5
"""Cosine from which an author is told: higher than for pairs, which are shown to somebody who looks for them."""
NEWEST = 1_000
"""Ideas that are compared, so that the answer takes the same few milliseconds however large the hunt."""
READ = 20_000
"""Texts whose stems are remembered."""
AGAINST = {
    "fr": (
        "pas aucun aucune jamais ni sans non moins contre interdire interdiction supprimer suppression retirer enlever "
        "fermer fermeture arrêter arrêt éviter refuser empêcher réduire réduction limiter diminuer baisser couper "
        "éteindre bannir ralentir exclure renoncer cesser"
    ),
    "en": (
        "not no never without t nor less fewer cannot against ban forbid prohibit remove removal close stop avoid "
        "refuse prevent reduce reduction limit cut delete end"
    ),
}
"""Words that turn what follows around; two of them turn it back: "do not forbid". `t` is what is left of "don't"."""


def twin(text: str, ideas: Sequence[IdeaText], own: WordList = EMPTY) -> int | None:
    """The number of the idea most like a text, the first of equals; None where none is nearly the same.

    An idea that wants the contrary ("keep", "do not keep") is none, whatever words it shares.
    """
    fallback = language_of_one(own.apply(text))
    mine = _read(own.apply(text), fallback)
    others = [(idea.number, _read(own.apply(idea.text), fallback)) for idea in ideas[-NEWEST:]]
    met = [(number, other) for number, other in others if _meets(mine, other)]
    if not met:
        return None
    held = Counter(one for _, other in others for one in other[0])
    score, number = max((_cosine(mine[0], other[0], held, len(others)), -number) for number, other in met)
    return -number if score >= TWIN else None


Read = tuple[frozenset[str], bool]
"""The stems of a text, and whether it is against something."""


@lru_cache(maxsize=READ)
def _read(text: str, fallback: str) -> Read:
    language = language_of_one(text, fallback)
    turned = sum(stem(word.lower(), language) in _against(language) for word in words_of(text))
    return frozenset(one.stem for one in stems_of(text, fallback)), turned % 2 == 1


@lru_cache
def _against(language: str) -> frozenset[str]:
    return frozenset(stem(word, language) for word in AGAINST[language].split())


def _meets(mine: Read, other: Read) -> bool:
    """Whether two texts may be one idea: the same words, or two at least, and the same direction."""
    shared = len(mine[0] & other[0])
    return mine[1] == other[1] and (shared >= LEAST_SHARED or (shared > 0 and mine[0] == other[0]))


def _cosine(one: frozenset[str], other: frozenset[str], held: Counter[str], count: int) -> float:
    """As in `bot.theming.vectors`, a stem once a text."""
    weight = {stem: (1 + log((1 + count) / (1 + held[stem]))) ** 2 for stem in one | other}
    lengths = sqrt(sum(weight[stem] for stem in one) * sum(weight[stem] for stem in other))
    return sum(weight[stem] for stem in one & other) / lengths
