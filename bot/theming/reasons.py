"""Why an idea belongs where it is suggested, in words that people can check and that tell its theme from the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

from bot.theming.stems import Stem, languages_and_stems, stems_of
from bot.theming.stopwords import FOR_LABELS

MOST_SHARED = 3
"""Words named as a reason: the ones that tell the theme best."""
TELLS = 2.0
"""A word tells a theme when its share of the theme's ideas is this many times that of the others."""
COMMON = 1 / 3
"""A word of more ideas than this share of the hunt is no reason, even in the theme's name, unless it tells it."""
SMOOTH = 0.02


@dataclass(frozen=True, slots=True)
class Reasons:
    """A hunt's ideas by number: each one's language, and its stems with the first word each stands for."""

    languages: Mapping[int, str]
    stems: Mapping[int, Mapping[str, str]]
    everywhere: Counter[str]

    @classmethod
    def of(cls, texts: Mapping[int, str]) -> Reasons:
        """Reads all ideas of a hunt."""
        languages, stems = languages_and_stems(tuple(texts.values()))
        once = [_once(one) for one in stems]
        everywhere = Counter([stem for one in once for stem in one])
        return cls(dict(zip(texts, languages, strict=True)), dict(zip(texts, once, strict=True)), everywhere)

    def shared_words(self, theme: Sequence[int], name: str, told: Sequence[int]) -> dict[int, tuple[str, ...]]:
        """For the ideas `told`, the words that they share with the theme's name or others of its ideas, best first.

        `theme` are the numbers of all its ideas. The words are as the idea writes them; none where nothing tells.
        """
        french = sum(self.languages[number] == "fr" for number in theme)
        named = set(_once(stems_of(name, "fr" if 2 * french >= len(theme) else "en")))
        held = Counter([stem for number in theme for stem in self.stems[number]])
        worth = {stem: self._worth(stem, count, len(theme), named) for stem, count in held.items()}
        return {number: self._best(self.stems[number], worth, named) for number in told}

    def _worth(self, stem: str, count: int, size: int, named: set[str]) -> float:
        """How well a stem tells a theme from the rest of the hunt; 0 when it is not shared or tells nothing."""
        total = len(self.stems)
        here, elsewhere = count / size, (self.everywhere[stem] - count) / max(1, total - size)
        tells = here >= TELLS * elsewhere
        if not (tells and count > 1) and not (stem in named and (tells or self.everywhere[stem] <= COMMON * total)):
            return 0.0
        return here * log(1 + (here + SMOOTH) / (elsewhere + SMOOTH))

    def _best(self, words: Mapping[str, str], worth: Mapping[str, float], named: set[str]) -> tuple[str, ...]:
        shared = [stem for stem in words if worth[stem] > 0 and words[stem].lower() not in FOR_LABELS]
        best = sorted(shared, key=lambda stem: (stem not in named, -worth[stem], stem))[:MOST_SHARED]
        return tuple(words[stem] for stem in best)


def _once(stems: Sequence[Stem]) -> dict[str, str]:
    """Each stem with the first word it stands for."""
    return {stem.stem: stem.word for stem in reversed(stems)}
