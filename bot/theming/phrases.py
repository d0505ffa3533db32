"""A name for each pile in its ideas' own words: two to four, spelled as people spell them, each name its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log, sqrt

from bot.theming.stems import Stem, bare, stem, words_of
from bot.theming.stopwords import ENGLISH, FOR_LABELS, FRENCH

MAX_LABEL = 40
MOST_WORDS = 3
SHORTEST = 3
LINKS = frozenset("de du des d la le les l à au aux en et of and the for in to".split())  # noqa: SIM905 - read as a line
"""Little words that may stand inside a phrase, never at its ends."""
MOST_LINKS = 2
PHRASE = 1.25
"""What a phrase is worth beside its words: people read "piste cyclable" before "piste, cyclable"."""
SHARE = 0.06
"""A phrase is said in this share of the pile's ideas, and in two of them at least."""
ONCE = 0.5
"""A word of a single idea counts half."""
ENOUGH = 0.3
"""A second or third word is added when it is worth this share of the first."""


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


Pile = Sequence[Told]


def name_piles(piles: Sequence[Pile], known: Sequence[str] = ()) -> list[str]:
    """A name for each pile, all different, each at most MAX_LABEL characters; empty where no word is fit for one.

    None is a name that is `known` already.
    """
    spread = _Spread.of(piles)
    ranked = [
        sorted(_candidates(pile, place, spread), key=lambda one: (-one.worth, one.shown))
        for place, pile in enumerate(piles)
    ]
    taken = {bare(name) for name in known}
    names: list[str] = []
    for candidates in ranked:
        name = next((one for one in _names(candidates) if bare(one) not in taken), "")
        taken.add(bare(name))
        names.append(name)
    return names


@dataclass(frozen=True, slots=True)
class _Spread:
    """How many ideas of each pile hold each stem, and how many ideas and piles there are."""

    held: tuple[Counter[str], ...]
    everywhere: Counter[str]
    ideas: int

    @classmethod
    def of(cls, piles: Sequence[Pile]) -> _Spread:
        held = tuple(Counter(one for told in pile for one in {s.stem for s in told.stems}) for pile in piles)
        return cls(held, sum(held, Counter()), sum(map(len, piles)))

    def worth(self, place: int, stem: str, size: int) -> float:
        """How well a stem tells a pile: the share of its ideas that hold it, times how much rarer it is elsewhere.

        c-TF-IDF (Grootendorst 2022) with counts of ideas instead of counts of words.
        """
        inside = self.held[place][stem]
        outside = self.everywhere[stem] - inside
        rest = max(1, self.ideas - size)
        telling = log(1 + (inside / size + 0.02) / (outside / rest + 0.02))
        return inside / size * telling * (ONCE if inside == 1 < size else 1)


def _candidates(pile: Pile, place: int, spread: _Spread) -> Iterator[Candidate]:
    surfaces: dict[str, Counter[str]] = {}
    for one in (one for told in pile for one in told.stems):
        surfaces.setdefault(one.stem, Counter())[one.word if one.word.isupper() else one.word.lower()] += 1
    for root, written in surfaces.items():
        shown = _most_written(written)
        if _fit(shown):
            yield Candidate(shown, frozenset({root}), spread.worth(place, root, len(pile)))
    least = max(2, SHARE * len(pile))
    for phrase, count, written in _phrases(pile):
        if count >= least and len(shown := _most_written(written)) <= MAX_LABEL:
            worths = [spread.worth(place, one, len(pile)) for one in phrase]
            said = min(1.0, count / max(1, min(spread.held[place][one] for one in phrase)))
            yield Candidate(shown, frozenset(phrase), PHRASE * said * sum(worths) / sqrt(len(worths)))


def _phrases(pile: Pile) -> Iterator[tuple[tuple[str, ...], int, Counter[str]]]:
    """Two telling words, at most MOST_LINKS little ones between: their stems, how many ideas, ways of writing."""
    found: dict[tuple[str, ...], Counter[str]] = {}
    ideas: Counter[tuple[str, ...]] = Counter()
    for told in pile:
        here = dict(_pairs(told))
        for phrase, shown in here.items():
            found.setdefault(phrase, Counter())[shown] += 1
        ideas.update(here.keys())
    return ((phrase, ideas[phrase], written) for phrase, written in found.items())


def _pairs(told: Told) -> Iterator[tuple[tuple[str, ...], str]]:
    stop = FRENCH if told.language == "fr" else ENGLISH
    last: tuple[str, int] | None = None
    words = words_of(told.text)
    for place, word in enumerate(words):
        low = word.lower()
        if low in stop or low in LINKS or not _fit(low):
            if low not in LINKS:
                last = None
            continue
        root = stem(low, told.language)
        if (
            last
            and place - last[1] <= 1 + MOST_LINKS
            and last[0] != root
            and _adjacent(told.text, words, last[1], place)
        ):
            yield (last[0], root), _as_written(told.text, words, last[1], place)
        last = (root, place)


def _makes_phrase(text: str, words: Sequence[str], last: tuple[str, int], next_one: tuple[str, int]) -> bool:
    near = next_one[1] - last[1] <= 1 + MOST_LINKS
    return near and last[0] != next_one[0] and _adjacent(text, words, last[1], next_one[1])


def _adjacent(text: str, words: Sequence[str], first: int, last: int) -> bool:
    """Nothing but spaces, hyphens and apostrophes between the words: no comma, no full stop."""
    run = _span(text, words, first, last)
    return bool(run) and not set(run) & set(',;:.!?()«»"/\n')


def _as_written(text: str, words: Sequence[str], first: int, last: int) -> str:
    run = _span(text, words, first, last)
    return " ".join(run.split()) if run.isupper() else " ".join(run.lower().split())


def _span(text: str, words: Sequence[str], first: int, last: int) -> str:
    """The text from one word to another."""
    start = 0
    for place, word in enumerate(words[: last + 1]):
        found = text.find(word, start)
        if found < 0:
            return ""
        if place == first:
            begin = found
        start = found + len(word)
    return text[begin:start]


def _most_written(written: Counter[str]) -> str:
    return min(written, key=lambda word: (-written[word], len(word), word))


def _fit(word: str) -> bool:
    return SHORTEST <= len(word) <= MAX_LABEL and word.isalpha() and word.casefold() not in FOR_LABELS


def _names(candidates: Sequence[Candidate]) -> Iterator[str]:
    """Names for a pile, best first; then with later words in the place of the last."""
    if not candidates or candidates[0].worth <= 0:
        return
    best = candidates[0]
    chosen = [best]
    for one in candidates[1:]:
        if len(chosen) == MOST_WORDS or one.worth < ENOUGH * best.worth:
            break
        if not any(one.stems & other.stems for other in chosen) and _words_in([*chosen, one]) <= MOST_WORDS + 1:
            chosen.append(one)
    yield _joined(chosen)
    for one in candidates[1:]:
        if not one.stems & best.stems:
            yield _joined([best, one])


def _words_in(chosen: Sequence[Candidate]) -> int:
    return sum(len(one.stems) for one in chosen)


def _joined(chosen: Sequence[Candidate]) -> str:
    """Words with commas, as many as fit in MAX_LABEL, the first with a capital."""
    label = ""
    for one in chosen:
        longer = f"{label}, {one.shown}" if label else one.shown[:1].upper() + one.shown[1:]
        label = longer if len(longer) <= MAX_LABEL else label
    return label
