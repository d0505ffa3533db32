"""Texts as TF-IDF vectors, and an index that finds the ones that share words without comparing all with all."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from heapq import nlargest
from math import log, sqrt

COMMON = 100
"""A stem held by more texts than this brings none together; it still weighs in the cosine of those that met."""
TELLING = 25
"""Stems of one text, the weightiest, that are looked up to find its neighbours."""
LOOK_AT = 3
"""How many texts are compared whole for each neighbour wanted."""

Vector = Mapping[str, float]


class Vectors:
    """Unit TF-IDF vectors of texts given as stems, and which texts hold which stem.

    The weight of a stem is `1 + log((1 + texts) / (1 + texts with it))`: never nothing, so that two equal ideas in
    a hunt of two are equal still. Finding neighbours looks at no more than TELLING * COMMON entries a text, so the
    whole is linear in the number of texts.
    """

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        self.found_in = Counter(stem for stems in texts for stem in set(stems))
        self.count = len(texts)
        self.all = [self.vector(stems) for stems in texts]
        self._holding: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for place, vector in enumerate(self.all):
            for stem, weight in vector.items():
                if 1 < self.found_in[stem] <= COMMON:
                    self._holding[stem].append((place, weight))

    def rarity(self, stem: str) -> float:
        """How much a stem tells: greater when fewer texts hold it."""
        return 1 + log((1 + self.count) / (1 + self.found_in[stem]))

    def vector(self, stems: Iterable[str]) -> Vector:
        """The unit vector of some stems; empty when there are none."""
        weights = {stem: (1 + log(times)) * self.rarity(stem) for stem, times in sorted(Counter(stems).items())}
        length = sqrt(sum(weight * weight for weight in weights.values()))
        return {stem: weight / length for stem, weight in weights.items()}

    def near(self, place: int, least: float, most: int) -> list[tuple[int, float]]:
        """The texts that share a telling stem with this one and have a cosine of at least `least`, nearest first.

        At most `most` of them.
        """
        vector = self.all[place]
        telling = nlargest(TELLING, (stem for stem in vector if stem in self._holding), key=vector.__getitem__)
        met: dict[int, float] = defaultdict(float)
        for stem in telling:
            for other, weight in self._holding[stem]:
                met[other] += vector[stem] * weight
        met.pop(place, None)
        likely = nlargest(LOOK_AT * most, met, key=lambda other: (met[other], -other))
        found = ((other, cosine(vector, self.all[other])) for other in likely)
        return sorted((pair for pair in found if pair[1] >= least), key=lambda pair: (-pair[1], pair[0]))[:most]


def cosine(one: Vector, other: Vector) -> float:
    """The cosine of two unit vectors, 0 to 1."""
    small, large = (one, other) if len(one) <= len(other) else (other, one)
    return min(1.0, sum(weight * large[stem] for stem, weight in small.items() if stem in large))
