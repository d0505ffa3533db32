"""A readable name for each pile: two or three of the words that its ideas share and the other piles do not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from bot.theming.stems import Stem
from bot.theming.stopwords import FOR_LABELS
from bot.theming.vectors import Vectors

MAX_LABEL = 40
MOST_WORDS = 3
SHORTEST = 3
"""Letters of a word that a label is made of."""
ENOUGH = 0.35
"""A second or third word is added when at least this share of the first one's weight is behind it."""

Pile = Sequence[Sequence[Stem]]


def labels(piles: Sequence[Pile], vectors: Vectors) -> list[str]:
    """A label for each pile, all different, each at most MAX_LABEL characters; empty where no word is fit for one."""
    everywhere = Counter(stem for pile in piles for stem in _held(pile))
    taken: set[str] = set()
    made: list[str] = []
    for pile in piles:
        label = next((one for one in _candidates(pile, everywhere, vectors) if one.casefold() not in taken), "")
        taken.add(label.casefold())
        made.append(label)
    return made


def _held(pile: Pile) -> Counter[str]:
    """How many ideas of a pile hold each stem."""
    return Counter(stem for idea in pile for stem in {one.stem for one in idea})


def _candidates(pile: Pile, everywhere: Counter[str], vectors: Vectors) -> Iterator[str]:
    """Labels for a pile, best first: its best words, then with later ones in the place of the last."""
    scored = _words(pile, everywhere, vectors)
    words = [word for word, _ in scored]
    if words:
        yield _joined(words[: _strong(scored)])
    for later in range(1, len(words)):
        yield _joined([words[0], words[later]])


def _strong(words: Sequence[tuple[str, float]]) -> int:
    """How many of the first words are behind enough of the pile."""
    return sum(1 for _, score in words[:MOST_WORDS] if score >= ENOUGH * words[0][1])


def _words(pile: Pile, everywhere: Counter[str], vectors: Vectors) -> list[tuple[str, float]]:
    """The pile's words fit for a label with their scores, best first.

    The score is the number of its ideas that hold the word, times how rare it is, times the share of the word's
    ideas that lie in this pile.
    """
    surfaces: dict[str, Counter[str]] = {}
    for stem in (stem for idea in pile for stem in idea):
        surfaces.setdefault(stem.stem, Counter())[stem.word if stem.word.isupper() else stem.word.lower()] += 1
    held = _held(pile)
    least = 2 if any(count > 1 for count in held.values()) else 1
    scored = [
        (_shown(surfaces[stem]), count * vectors.rarity(stem) * count / everywhere[stem])
        for stem, count in held.items()
        if count >= least
    ]
    fit = [(word, score) for word, score in scored if _fit(word)]
    return sorted(fit, key=lambda word: (-word[1], word[0]))


def _shown(surfaces: Counter[str]) -> str:
    """The most frequent way of writing a stem, the shorter and then the first of the alphabet among equals."""
    return min(surfaces, key=lambda word: (-surfaces[word], len(word), word))


def _fit(word: str) -> bool:
    return SHORTEST <= len(word) <= MAX_LABEL and word.isalpha() and word.casefold() not in FOR_LABELS


def _joined(words: Iterable[str]) -> str:
    """Words with commas, as many as fit in MAX_LABEL, the first with a capital."""
    label = ""
    for word in words:
        longer = f"{label}, {word}" if label else word[:1].upper() + word[1:]
        label = longer if len(longer) <= MAX_LABEL else label
    return label
