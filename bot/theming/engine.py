"""The engine behind the Themer port: meaning and words over a graph of neighbours, and its communities."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.domain.ideas import IdeaText, Likeness, Pile, Standing, ThemeSeed
from bot.theming.calling import WORD, Names, call, doubtful
from bot.theming.communities import FINENESS, Ties, communities, grouped, kept_communities, parted
from bot.theming.doubts import doubts
from bot.theming.lexical import FEW, LexicalThemer
from bot.theming.lexicon import EMPTY, WordList
from bot.theming.meanings import Meanings
from bot.theming.nearness import Nearness, Sparse, graph, nearness, wanted
from bot.theming.pairs import pairs
from bot.theming.phrases import name_piles
from bot.theming.stems import Stem, language_of, language_of_one, languages_and_stems, stems_of
from bot.theming.wordings import Told

if TYPE_CHECKING:
    from bot.theming.nearness import Floats

BEST = 3
"""An idea is as near to a theme as the mean of its nearest ideas there, this many."""
LEAST_IN_PILE = 2
LIKELY = 0.2
CLEARLY = 0.05
MOST_EXAMPLES = 20
NAME = 0.6
"""What a theme's name counts beside its ideas, when an arriving idea is placed."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Ideas in an order of their own, with what is known of each; copies of words stand beside their first."""

    numbers: tuple[int, ...]
    texts: tuple[str, ...]
    stems: tuple[tuple[Stem, ...], ...]
    languages: tuple[str, ...]
    near: Nearness

    def told(self, places: Iterable[int]) -> tuple[int, ...]:
        """The numbers of ideas at some places, the lowest first."""
        return tuple(sorted(self.numbers[place] for place in places))


@dataclass(frozen=True, slots=True)
class Themes:
    """Groups ideas by meaning and words. Deterministic: the same ideas, the same piles, whatever their order."""

    meanings: Meanings
    own: WordList = EMPTY
    fineness: float = FINENESS
    words: LexicalThemer = field(default_factory=LexicalThemer)
    outside: str = ""

    def wake(self) -> None:
        """Reads the models' first words."""
        self.meanings.wake()

    def foresee(self, text: str, seeds: Sequence[ThemeSeed]) -> None:
        """Nothing: `place` is asked in the process of this engine."""

    def place(self, text: str, seeds: Sequence[ThemeSeed]) -> int | None:
        """The likely theme of one idea among those given, or None when unsure.

        Meanings alone are compared, by the quickest model: what is known of the themes is read once, and an idea costs
        one reading of a few milliseconds. All models together place a twentieth more of them rightly; the second look
        asks all.
        """
        own = self.own.apply(text)
        if not seeds or not stems_of(own):
            return None
        if not self.meanings.parts:
            return self.words.place(own, seeds)
        told = tuple(
            (seed.id, self.own.apply(one))
            for seed in seeds
            for one in (seed.name, *seed.examples[-MOST_EXAMPLES:])
            if one
        )
        fallback = language_of(tuple(seed.name for seed in seeds))
        close = (
            self.meanings.quickly((own,), fallback)[0]
            @ self.meanings.quickly(tuple(one for _, one in told), fallback).T
        )
        scores = {seed.id: _closeness(seed, told, close) for seed in seeds}
        (best, score), (_, second) = [*sorted(scores.items(), key=lambda one: (-one[1], one[0])), (0, 0.0)][:2]
        return best if score >= LIKELY and score >= second + CLEARLY else None

    def group(self, ideas: Sequence[IdeaText]) -> tuple[Pile, ...]:
        """Piles for ideas, the largest first; a last pile with an empty label holds what is not grouped yet."""
        if len(ideas) < FEW:
            return self.words.group(ideas)
        read = self.read(ideas)
        web = graph(read.near, wanted(len(read.numbers)))
        places = grouped(_beside_first(communities(web, self.fineness).tolist(), read.stems))
        return self.piles(read, web, places)

    def regroup(self, ideas: Sequence[IdeaText], standing: Standing) -> tuple[Pile, ...]:
        """Piles that go on from what stands: decisions kept, themes with their names, moves only where worth it."""
        if len(ideas) < FEW:
            return ()
        read = self.read(ideas)
        web = graph(read.near, wanted(len(read.numbers)))
        ties = _ties(read, standing)
        names = self._names(read, standing, ties)
        labels = kept_communities(web, ties, self.fineness)
        labels = parted(call(names, web, labels, ties.pinned) if names else labels, ties, web)
        known = {theme.id: theme.name for theme in standing.themes}
        fresh = [pile for pile in grouped(labels.tolist()) if int(labels[pile[0]]) not in known]
        going = {int(labels[pile[0]]): pile for pile in grouped(labels.tolist()) if int(labels[pile[0]]) in known}
        unsure = doubts(read.near, web, list(going.values())) | (doubtful(names, going) if names else frozenset())
        kept = [
            Pile(
                known[theme],
                read.told(pile),
                read.numbers[central(web, pile)],
                (),
                read.told(p for p in pile if p in unsure),
                theme,
            )
            for theme, pile in going.items()
        ]
        return (*kept, *self.piles(read, web, fresh, tuple(known.values())))

    def _names(self, read: Reading, standing: Standing, ties: Ties) -> Names | None:
        """How near each idea is to each given name: their meaning, and a little more where they share a word."""
        import numpy as np

        seeds = [theme for theme in standing.themes if theme.named]
        if not seeds or not self.meanings.parts:
            return None
        names, fallback = tuple(self.own.apply(seed.name) for seed in seeds), language_of(read.texts)
        spoken = [language_of_one(name, fallback) for name in names]
        both = zip(self.meanings.vectors(read.texts, read.languages), self.meanings.vectors(names, spoken), strict=True)
        shares = (part.share for part in self.meanings.parts)
        close = sum(share * (ideas @ told.T) for share, (ideas, told) in zip(shares, both, strict=True))
        words = [{one.stem for one in stems_of(name, fallback)} for name in names]
        held = [[any(one.stem in roots for one in stems) for roots in words] for stems in read.stems]
        near = np.asarray(close + WORD * np.array(held), dtype=np.float32)
        return Names(tuple(seed.id for seed in seeds), near, ties.present)

    def piles(
        self, read: Reading, web: Sparse, places: Sequence[Sequence[int]], taken: Sequence[str] = ()
    ) -> tuple[Pile, ...]:
        """Named piles from places; those of one idea, and what no word can name, are not grouped yet."""
        chosen = sorted((pile for pile in places if len(pile) >= LEAST_IN_PILE), key=lambda pile: (-len(pile), pile[0]))
        chosen = [pile for pile in chosen if any(read.stems[place] for place in pile)]
        named = name_piles(
            [[Told(read.texts[p], read.stems[p], read.languages[p]) for p in pile] for pile in chosen], taken
        )
        unsure = doubts(read.near, web, chosen)
        made = [
            Pile(
                name.text,
                read.told(pile),
                read.numbers[central(web, pile)],
                name.parts,
                read.told(p for p in pile if p in unsure),
            )
            for pile, name in zip(chosen, named, strict=True)
            if name.text
        ]
        inside = {number for pile in made for number in pile.ideas}
        rest = tuple(sorted(read.numbers[p] for pile in places for p in pile if read.numbers[p] not in inside))
        return (*made, Pile("", rest, rest[0])) if rest else tuple(made)

    def alike(self, ideas: Sequence[IdeaText], *, patient: bool = False) -> tuple[Likeness, ...]:
        """Pairs that may be the same idea by meaning and words, most alike first, with the words they share, if any."""
        if len(ideas) < FEW or not self.meanings.parts:
            return self.words.alike(ideas)
        return pairs([IdeaText(idea.number, self.own.apply(idea.text)) for idea in ideas], self.meanings)

    def alike_in_words(self, ideas: Sequence[IdeaText]) -> tuple[Likeness, ...]:
        """Pairs by shared words alone."""
        return self.words.alike(ideas)

    def read(self, ideas: Sequence[IdeaText]) -> Reading:
        """Ideas with their stems and vectors, around the middle of their languages.

        In the order of their texts: what came first must not matter, and communities depend on an order.
        """
        ordered = sorted(ideas, key=lambda idea: (idea.text, idea.number))
        texts = tuple(self.own.apply(idea.text) for idea in ordered)
        numbers = tuple(idea.number for idea in ordered)
        languages, stems = languages_and_stems(texts)
        glosses = [
            self.meanings.words.gloss(t) if lang == "fr" else t.lower()
            for t, lang in zip(texts, languages, strict=True)
        ]
        shares = [part.share for part in self.meanings.parts] if texts else []
        vectors = list(zip(shares, self.meanings.vectors(texts, languages), strict=True))
        near = nearness(stems, glosses, vectors, languages)
        return Reading(numbers, texts, stems, languages, near)


def _ties(read: Reading, standing: Standing) -> Ties:
    """What stands, by place instead of number."""
    place = {number: at for at, number in enumerate(read.numbers)}
    here = {number: theme for number, theme in standing.placed.items() if number in place}
    return Ties(
        {place[number]: theme for number, theme in here.items() if number in standing.pinned},
        {place[number]: theme for number, theme in here.items()},
        frozenset(theme.id for theme in standing.themes),
        tuple((place[one], place[other]) for one, other in standing.apart if one in place and other in place),
        frozenset(place[number] for number in standing.looked_over if number in place),
    )


def _beside_first(labels: Sequence[int], stems: Sequence[Sequence[Stem]]) -> list[int]:
    """Ideas of the same words go where the first of them is: whose neighbours equals are, is a matter of chance."""
    firsts: dict[frozenset[str], int] = {}
    same = (frozenset(one.stem for one in told) for told in stems)
    return [labels[firsts.setdefault(words, place) if words else place] for place, words in enumerate(same)]


def central(web: Sparse, pile: Sequence[int]) -> int:
    """The place of the idea that the others of its pile are nearest to, the first of equals."""
    import numpy as np

    inside = web[list(pile)][:, list(pile)].sum(1)
    return pile[int(np.argmax(np.asarray(inside).ravel()))]


def _closeness(seed: ThemeSeed, told: Sequence[tuple[int, str]], close: Floats) -> float:
    """How near a theme is: its name, or its nearest ideas, or both, whichever speaks more for it."""
    values = [float(value) for (theme, _), value in zip(told, close, strict=True) if theme == seed.id]
    name = values.pop(0) if seed.name and values else 0.0
    nearest = sorted(values)[-BEST:]
    if not nearest:
        return name
    ideas = sum(nearest) / len(nearest)
    return max(NAME * name + (1 - NAME) * ideas, ideas)
