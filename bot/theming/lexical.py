"""The first engine behind the Themer port: stems, TF-IDF, a graph of neighbours and its communities."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import ClassVar

from bot.domain.ideas import IdeaText, Likeness, Pile, Standing, ThemeSeed
from bot.theming.lexicon import EMPTY, WordList
from bot.theming.phrases import Name, name_piles
from bot.theming.stems import Stem, language_of, languages_and_stems, stems_of
from bot.theming.vectors import Vectors, cosine
from bot.theming.wordings import Told

ALIKE = 0.35
"""Cosine from which two ideas are shown as perhaps the same: the best F1 with the fewest wrong pairs, measured by
`python -m benchmarks.themes.duplicates` (figures in docs/themes.md)."""
FEW = 4
"""Ideas below which the words alone tell which are alike: around the middle of three there is no meaning."""
LEAST_SHARED = 2
SURELY = 0.8
"""One shared word is a theme and no duplicate, unless it is all that both say: "more places" is no market place."""
MOST_PAIRS = 500
"""Nobody decides on more, and the most alike come first."""
NEAR = 0.08
"""Cosine below which two ideas are no neighbours in the graph."""
NEIGHBOURS = 8
FINENESS = 1.2
"""Louvain's resolution: above 1 gives more and smaller piles, which people merge faster than they split."""
MOST_EXAMPLES = 20
"""Ideas read of each theme, the latest: placing costs the same however large the hunt."""
BEST = 3
"""How near an idea is to a theme: its cosine with the name, plus the mean of this many nearest examples."""
LIKELY = 0.10
"""How near a theme must be to be suggested."""
CLEARLY = 2.0
"""And how many times nearer than the next one: about two suggestions in three are right, most ideas get none."""
LEAST_IN_PILE = 2


@dataclass(frozen=True, slots=True)
class LexicalThemer:
    """Suggests themes and duplicates from shared words, `own` read first. Pure and deterministic."""

    own: WordList = EMPTY
    alike_from: float = ALIKE
    outside: ClassVar[str] = ""

    def wake(self) -> None:
        """Nothing to read."""

    def foresee(self, text: str, seeds: Sequence[ThemeSeed]) -> None:
        """Nothing: words are compared at once."""

    def place(self, text: str, seeds: Sequence[ThemeSeed]) -> int | None:
        """The likely theme of one idea among those given, or None when unsure."""
        text = self.own.apply(text)
        told = tuple((theme, self.own.apply(one)) for theme, one in _told(seeds))
        language = language_of([text, *(one for _, one in told)])
        vectors = _vectors(tuple(one for _, one in told), language)
        idea = vectors.vector(_bare(stems_of(text, language)))
        near: dict[int, list[float]] = {seed.id: [] for seed in seeds}
        for (theme, _), vector in zip(told, vectors.all, strict=True):
            near[theme].append(cosine(idea, vector))
        scores = {theme: name + sum(sorted(examples)[-BEST:]) / BEST for theme, (name, *examples) in near.items()}
        (theme, best), (_, second) = [*sorted(scores.items(), key=lambda score: -score[1]), (0, 0.0), (0, 0.0)][:2]
        return theme if best >= LIKELY and best >= CLEARLY * second else None

    def group(self, ideas: Sequence[IdeaText], language: str = "") -> tuple[Pile, ...]:
        """Piles for ideas, the largest first; a last pile with an empty label holds what is not grouped yet.

        `language` is that of ideas whose own words do not tell; by default the one most of them are in. The same ideas
        give the same piles, whatever their numbers: they are read in the order of their texts.
        """
        ordered = sorted(self._own(ideas), key=lambda idea: (idea.text, idea.number))
        numbers = [idea.number for idea in ordered]
        piles = self._grouped([IdeaText(place, idea.text) for place, idea in enumerate(ordered)], language)
        return tuple(
            replace(pile, ideas=tuple(sorted(numbers[place] for place in pile.ideas)), example=numbers[pile.example])
            for pile in piles
        )

    def _grouped(self, ideas: Sequence[IdeaText], language: str) -> tuple[Pile, ...]:
        read = WordReading.of(ideas, language)
        members = read.communities()
        piles = sorted((pile for pile in members if len(pile) >= LEAST_IN_PILE), key=lambda pile: (-len(pile), pile))
        named = name_piles([[read.told[place] for place in pile] for pile in piles])
        made = [read.pile(pile, name) for pile, name in zip(piles, named, strict=True) if name.text]
        grouped = {number for pile in made for number in pile.ideas}
        rest = tuple(number for number in read.numbers if number not in grouped)
        return (*made, Pile("", rest, rest[0])) if rest else tuple(made)

    def regroup(self, ideas: Sequence[IdeaText], standing: Standing) -> tuple[Pile, ...]:
        """Nothing: shared words alone are no ground to move what people see."""
        return ()

    def alike(self, ideas: Sequence[IdeaText], *, patient: bool = False) -> tuple[Likeness, ...]:
        """The same as `alike_in_words`: there is nothing else to compare by."""
        return self.alike_in_words(ideas)

    def alike_in_words(self, ideas: Sequence[IdeaText]) -> tuple[Likeness, ...]:
        """Pairs that may be the same idea, most alike first; each idea is told with its first exact copy only."""
        read = WordReading.of(self._own(ideas))
        return tuple(
            sorted(read.pairs(self.alike_from), key=lambda pair: (-pair.score, pair.one, pair.other))[:MOST_PAIRS]
        )

    def _own(self, ideas: Sequence[IdeaText]) -> Sequence[IdeaText]:
        return [IdeaText(idea.number, self.own.apply(idea.text)) for idea in ideas] if self.own.same else ideas


@dataclass(frozen=True, slots=True)
class WordReading:
    """Ideas by number, as told and as vectors; `copies` are places with the same words as an earlier place."""

    numbers: tuple[int, ...]
    told: tuple[Told, ...]
    vectors: Vectors
    firsts: tuple[int, ...]
    copies: Mapping[int, int]

    @classmethod
    def of(cls, ideas: Sequence[IdeaText], language: str = "") -> WordReading:
        """Reads ideas, in the order of their numbers whatever the order they come in."""
        ordered = sorted(ideas, key=lambda idea: idea.number)
        texts = [idea.text for idea in ordered]
        languages, stems = languages_and_stems(texts, language)
        told = tuple(Told(*one) for one in zip(texts, stems, languages, strict=True))
        seen: dict[tuple[str, ...], int] = {}
        copies: dict[int, int] = {}
        for place, one in enumerate(told):
            first = seen.setdefault(tuple(sorted(_bare(one.stems))), place)
            if one.stems and first != place:
                copies[place] = first
        firsts = tuple(place for place in range(len(told)) if place not in copies)
        vectors = Vectors([() if place in copies else _bare(one.stems) for place, one in enumerate(told)])
        return cls(tuple(idea.number for idea in ordered), told, vectors, firsts, copies)

    def pairs(self, alike_from: float) -> list[Likeness]:
        """Pairs whose cosine is at least `alike_from`, copies with their first."""
        near = [self.likeness(one, other, score) for (one, other), score in self.near(alike_from).items()]
        near = [pair for pair in near if len(pair.shared) >= LEAST_SHARED or pair.score >= SURELY]
        return near + self.copied()

    def near(self, least: float) -> dict[tuple[int, int], float]:
        """Places of two ideas, the smaller first, whose cosine is at least `least`; copies left out."""
        return {
            (min(place, other), max(place, other)): score
            for place in self.firsts
            for other, score in self.vectors.near(place, least, NEIGHBOURS)
        }

    def copied(self) -> list[Likeness]:
        """Ideas of the same words, each with the first of them."""
        return [self.likeness(first, copy, 1.0) for copy, first in self.copies.items()]

    def likeness(self, one: int, other: int, score: float) -> Likeness:
        """Two places as a pair, with the words of the first that the other has, too."""
        shared = {stem.stem for stem in self.told[other].stems}
        words = {stem.stem: stem.word for stem in reversed(self.told[one].stems) if stem.stem in shared}
        return Likeness(self.numbers[one], self.numbers[other], round(score, 3), tuple(reversed(words.values())))

    def communities(self) -> list[list[int]]:
        """Places that belong together: communities of the graph of nearest neighbours, copies beside their first."""
        import networkx as nx

        graph = nx.Graph()
        graph.add_nodes_from(self.firsts)
        for place in self.firsts:
            for other, score in self.vectors.near(place, NEAR, NEIGHBOURS):
                graph.add_edge(place, other, weight=score)
        beside: dict[int, list[int]] = defaultdict(list)
        for copy, first in self.copies.items():
            beside[first].append(copy)
        found = nx.community.louvain_communities(graph, weight="weight", seed=0, resolution=FINENESS)
        return [sorted(one for place in places for one in (place, *beside[place])) for places in found]

    def pile(self, places: Sequence[int], name: Name) -> Pile:
        """A pile with its most central idea (the first of equals) and the stems that hold it together, as words."""
        centre: dict[str, float] = defaultdict(float)
        for place in places:
            for stem, weight in self.vectors.all[self.copies.get(place, place)].items():
                centre[stem] += weight
        central = max(places, key=lambda place: (self._closeness(place, centre), -place))
        return Pile(name.text, tuple(self.numbers[p] for p in places), self.numbers[central], name.parts)

    def _closeness(self, place: int, centre: Mapping[str, float]) -> float:
        return cosine(self.vectors.all[self.copies.get(place, place)], centre)


def _told(seeds: Sequence[ThemeSeed]) -> tuple[tuple[int, str], ...]:
    """What is known of each theme: its name, then its latest ideas."""
    return tuple((seed.id, text) for seed in seeds for text in (seed.name, *seed.examples[-MOST_EXAMPLES:]))


@lru_cache(maxsize=16)
def _vectors(texts: tuple[str, ...], language: str) -> Vectors:
    """Kept for the themes of the busiest hunts: between two ideas of one hunt they are mostly the same."""
    return Vectors([_bare(stems_of(one, language)) for one in texts])


def _bare(stems: Sequence[Stem]) -> list[str]:
    return [stem.stem for stem in stems]
