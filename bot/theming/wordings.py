"""How the ideas of one pile word what they are about: the words and phrases that its name may be made of."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import sqrt

from bot.theming.habits import VERB, Habits
from bot.theming.lines import Line
from bot.theming.stems import ENGLISH_ONLY, Stem, bare, stems_of, words_of
from bot.theming.stopwords import FOR_LABELS

MAX_LABEL = 40
SHORTEST = 3
NEVER_ALONE = frozenset({"saint", "sainte", "saints"})
"""Beginnings of names."""
LITTLE = FOR_LABELS | ENGLISH_ONLY | NEVER_ALONE
"""What no name is made of; English little words neither, which an idea of two languages holds."""
TELLING = 16
"""Words of a pile that its name may be made of."""
MOST_READ = 100
"""Ideas of a pile whose wording is read: more would change hardly a name, and cost time."""
LONGEST = 5
"""Words of a phrase, little ones too."""
PHRASE = 1.25
"""What a phrase is worth beside its words: people read "piste cyclable" before "piste, cyclable"."""
SHARE = 0.06
"""A phrase is said in this share of the pile's ideas, and in two of them at least."""
PART = 0.6
"""What a phrase is worth that is mostly part of a longer one."""
NEARLY = 0.7
"""A longer phrase said nearly as often takes the place of its parts."""
BESIDE = 2
"""Words beside a word that tell how near it is to the heart of its pile."""
ALIKE = 5
"""Words with as many first letters in common are not said side by side: "africain, Afrique"."""


@dataclass(frozen=True, slots=True)
class Told:
    """One idea of a pile: its text, its stems and its language."""

    text: str
    stems: tuple[Stem, ...]
    language: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A word or a phrase that may stand in a name."""

    shown: str
    stems: frozenset[str]
    worth: float
    company: float
    """How telling the words beside it are: of words worth as much, the one nearer to the heart of the pile is said."""
    ideas: int
    noun: bool
    """Whether it can be said beside others: no verb, no adjective."""

    def beginnings(self) -> set[str]:
        """How its longer words begin."""
        return {bare(word)[:ALIKE] for word in words_of(self.shown) if len(word) >= ALIKE}


@dataclass(slots=True)
class Run:
    """A phrase: in how many ideas, how often not part of a longer one, with a verb first, and its ways of writing."""

    ideas: int = 0
    whole: int = 0
    verbs: int = 0
    linked: int = 0
    written: Counter[str] = field(default_factory=Counter)
    cased: Counter[str] = field(default_factory=Counter)

    def see(self, line: Line, places: Sequence[int]) -> None:
        """One more idea that says it."""
        start, end = places[0], places[-1]
        said = line.written(line.compound(start)[0], line.compound(end)[1])
        self.ideas += 1
        self.whole += not line.beside(start if line.language == "fr" else end)
        self.verbs += line.verb(start)
        self.linked += end - start >= len(places)
        self.written[said.lower()] += 1
        if not line.plain and not line.first(start):
            self.cased[said] += 1

    def stands(self, language: str, habits: Habits) -> bool:
        """Whether it may be said for its two words even when a single idea says it."""
        bound = self.linked > 0 or language != "fr" or habits.bearing(words_of(most(self.written))[-1]) < 1
        return (not self.verbs or language != "fr") and (self.ideas > 1 or (self.whole > 0 and bound))

    def spelled(self, habits: Habits) -> str:
        """As most write it, with the capitals it has inside sentences."""
        low = most(self.written)
        cased = Counter({one: count for one, count in self.cased.items() if one.lower() == low})
        return habits.spelled(low) if not cased or (best := most(cased)) == low else best


@dataclass(slots=True)
class Wording:
    """The telling stems of a pile with their worth, and what its ideas in the language of most of them make of them."""

    language: str
    worth: Mapping[str, float]
    lines: list[Line]
    size: float
    company: Mapping[str, float]
    held: Counter[str] = field(default_factory=Counter)
    forms: dict[str, Counter[str]] = field(default_factory=dict)
    runs: dict[tuple[str, ...], Run] = field(default_factory=dict)

    @classmethod
    def of(cls, pile: Sequence[Told], roots: Sequence[set[str]], worth: Mapping[str, float]) -> Wording:
        """Reads a pile: the stems of each of its ideas, and what each stem is worth."""
        language = "fr" if 2 * sum(told.language == "fr" for told in pile) >= len(pile) else "en"
        mine = [(told.text, held) for told, held in zip(pile, roots, strict=True) if told.language == language]
        spoken = set().union(*(held for _, held in mine))
        best = heapq.nsmallest(TELLING, [(-worth[one], one) for one in spoken])
        telling = {one: -value for value, one in best}
        some = [(text, held) for text, held in mine if not held.isdisjoint(telling)]
        every = max(1, -(-len(some) // MOST_READ))
        lines = [Line.of(text, language) for text, _ in some[::every]]
        company = _company([held for _, held in some[::every]], worth, telling)
        made = cls(language, telling, lines, len(mine) / every, company)
        for line in lines:
            made._read(line)
        return made

    def _read(self, line: Line) -> None:
        """Notes how an idea writes the telling words, and the phrases it makes of them."""
        roots = line.roots
        telling = [at for at, root in enumerate(roots) if root in self.worth]
        self.held.update({roots[at] for at in telling})
        for at in telling:
            start, end = line.compound(at)
            form = line.low[at] if start == end else line.written(start, end).lower()
            self.forms.setdefault(roots[at], Counter())[form] += 1
        pairs = [(one, two) for one, two in pairwise(telling) if not roots[one].isdecimal() and line.run(one, two)]
        longer = [(*one, other[1]) for one, other in pairwise(pairs) if one[1] == other[0]]
        found = {tuple(roots[at] for at in run): run for run in reversed([*pairs, *longer])}
        for said, run in found.items():
            if len(set(said)) == len(said) and run[-1] - run[0] < LONGEST:
                self.runs.setdefault(said, Run()).see(line, run)

    def candidates(self, habits: Habits) -> list[Candidate]:
        """Words and phrases, best first."""
        found = [*self._words(habits), *self._phrases(habits)]
        return sorted(found, key=lambda one: (-round(one.worth, 6), -one.company, one.shown))

    def _words(self, habits: Habits) -> Iterator[Candidate]:
        strict = 2 if self.language == "fr" else 1  # "verify" is as good a heading as "verifying", "végétaliser" is not
        for root, forms in self.forms.items():
            weighed = {one: count * habits.bearing(one) ** strict for one, count in forms.items()}
            low = min(weighed, key=lambda one: (-weighed[one], len(one), one))
            shown = habits.spelled(low)
            if _fit(low, shown):
                stems = frozenset({root, *(one.stem for one in stems_of(low, self.language))})
                worth = self.worth[root] * habits.alone(low, root)
                company, noun = self.company.get(root, 0.0), habits.noun(low, root, self.language)
                yield Candidate(shown, stems, worth, company, self.held[root], noun)

    def _phrases(self, habits: Habits) -> Iterator[Candidate]:
        least = max(2, SHARE * self.size)
        enough = {roots: run for roots, run in self.runs.items() if run.ideas >= least}
        for roots, run in enough.items():
            shown = run.spelled(habits)
            if len(shown) <= MAX_LABEL and _ends(shown) and not _swallowed(roots, run, enough):
                worth = self._together(roots, run)
                company = max(self.company.get(one, 0.0) for one in roots)
                yield Candidate(shown, frozenset(roots), worth, company, run.ideas, 2 * run.verbs <= run.ideas)

    def _together(self, roots: Sequence[str], run: Run) -> float:
        worths = [self.worth.get(one, 0.0) for one in roots]
        said = min(1.0, run.ideas / max(1, min(self.held[one] for one in roots if one in self.worth)))
        whole = 1 if 2 * run.whole >= run.ideas else PART
        noun = VERB if self.language == "fr" and 2 * run.verbs > run.ideas else 1
        return PHRASE * whole * noun * said * sum(worths) / sqrt(len(worths))

    def together(self, one: Candidate, other: Candidate, habits: Habits) -> Candidate | None:
        """Two single words as an idea says them together, None where none does."""
        if len(one.stems) > 1 or len(other.stems) > 1:
            return None
        pair = (*one.stems, *other.stems)
        found = [self.runs[key] for key in (pair, pair[::-1]) if key in self.runs]
        standing = [run for run in found if run.stands(self.language, habits)]
        shown = max(standing, key=lambda run: run.ideas).spelled(habits) if standing else ""
        fits = 0 < len(shown) <= MAX_LABEL
        return Candidate(shown, frozenset(pair), one.worth, one.company, one.ideas, noun=True) if fits else None


def _company(some: Sequence[set[str]], worth: Mapping[str, float], telling: Mapping[str, float]) -> dict[str, float]:
    """For telling stems worth as much as another: what the best stems beside it are worth, in the idea where most."""
    alike = Counter(round(value, 6) for value in telling.values())
    found = {root: 0.0 for root, value in telling.items() if alike[round(value, 6)] > 1}
    for roots in some:
        mine = roots & found.keys()
        best = heapq.nlargest(BESIDE + 1, [(worth[root], root) for root in roots]) if mine else []
        for root in mine:
            others = [value for value, other in best if other != root][:BESIDE]
            found[root] = max(found[root], round(sum(others), 6))
    return found


def _swallowed(roots: tuple[str, ...], run: Run, others: Mapping[tuple[str, ...], Run]) -> bool:
    """Whether a longer phrase is said nearly as often."""
    return any(
        roots in (longer[:-1], longer[1:]) and other.ideas >= NEARLY * run.ideas for longer, other in others.items()
    )


def _fit(low: str, shown: str) -> bool:
    """Whether a word may stand in a name: as long as a word, or an acronym."""
    word = len(low) >= SHORTEST and not any(sign.isdecimal() for sign in low)
    return (word or shown.isupper()) and low not in LITTLE and len(shown) <= MAX_LABEL


def _ends(shown: str) -> bool:
    """Whether a phrase ends with a whole word, an acronym or a number: "Paris St" does not."""
    last = words_of(shown)[-1]
    return len(last) >= SHORTEST or last.isdecimal() or not (last.islower() or last.istitle())


def most(written: Mapping[str, int]) -> str:
    """The most frequent way of writing, the shorter and then the first of the alphabet among equals."""
    return min(written, key=lambda word: (-written[word], len(word), word))
