"""A name for each pile in its ideas' own words: two to four, spelled as people spell them, each name its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt

from bot.theming.stems import Stem, bare, spans_of, stem
from bot.theming.stopwords import ENGLISH, FOR_LABELS, FRENCH

MAX_LABEL = 40
MOST_WORDS = 3
SHORTEST = 3
LINKS = frozenset("de du des d la le les l à au aux en et of and the for in to".split())  # noqa: SIM905 - read as a line
"""Little words that may stand inside a phrase, never at its ends."""
MOST_LINKS = 2
BREAKS = frozenset(',;:.!?()«»"/\n')
PHRASE = 1.25
"""What a phrase is worth beside its words: people read "piste cyclable" before "piste, cyclable"."""
SHARE = 0.06
"""A phrase is said in this share of the pile's ideas, and in two of them at least."""
ONCE = 0.5
"""A word of a single idea counts half."""
ENOUGH = 0.3
"""A third word is added when it is worth this share of the first."""
SECOND = 0.12
"""A second word of two ideas already when it is worth this share: one word alone seldom tells two themes apart."""
BESIDE = 2
"""Words beside a word that tell how near it is to the heart of its pile."""


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


Pile = Sequence[Told]


def name_piles(piles: Sequence[Pile], known: Sequence[str] = ()) -> list[str]:
    """A name for each pile, all different, each at most MAX_LABEL characters; empty where no word is fit for one.

    None is a name that is `known` already.
    """
    spread = _Spread.of(piles)
    ranked = [
        sorted(_candidates(pile, place, spread), key=lambda one: (-round(one.worth, 6), -one.company, one.shown))
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
    worth = {root: spread.worth(place, root, len(pile)) for root in surfaces}
    company = _company(pile, worth)
    for root, written in surfaces.items():
        shown = _most_written(written)
        if _fit(shown):
            yield Candidate(shown, frozenset({root}), worth[root], company[root], spread.held[place][root])
    least = max(2, SHARE * len(pile))
    for phrase, count, written in _phrases(pile):
        if count >= least and len(shown := _most_written(written)) <= MAX_LABEL:
            worths = [worth[one] for one in phrase]
            said = min(1.0, count / max(1, min(spread.held[place][one] for one in phrase)))
            together = PHRASE * said * sum(worths) / sqrt(len(worths))
            yield Candidate(shown, frozenset(phrase), together, max(company[one] for one in phrase), count)


def _company(pile: Pile, worth: Mapping[str, float]) -> dict[str, float]:
    """For each stem, what the best stems beside it are worth, in the most telling idea that holds it."""
    found: dict[str, float] = {}
    for told in pile:
        roots = {one.stem for one in told.stems}
        best = sorted(((worth[root], root) for root in roots), reverse=True)[: BESIDE + 1]
        for root in roots:
            others = [value for value, other in best if other != root][:BESIDE]
            found[root] = max(found.get(root, 0.0), round(sum(others), 6))
    return found


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
    spans = spans_of(told.text)
    for place, (start, end) in enumerate(spans):
        low = told.text[start:end].lower()
        if low in stop or low in LINKS or not _fit(low):
            if low not in LINKS:
                last = None
            continue
        root = stem(low, told.language)
        if last and place - last[1] <= 1 + MOST_LINKS and last[0] != root:
            run = told.text[spans[last[1]][0] : end]
            if _in_one_breath(run):
                yield (last[0], root), _as_written(run)
        last = (root, place)


def _in_one_breath(run: str) -> bool:
    """Nothing but spaces, hyphens and apostrophes between the words: no comma, no full stop."""
    return not BREAKS.intersection(run)


def _as_written(run: str) -> str:
    return " ".join(run.split()) if run.isupper() else " ".join(run.lower().split())


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
        least = SECOND if len(chosen) == 1 and one.ideas > 1 else ENOUGH
        if len(chosen) == MOST_WORDS or one.worth < least * best.worth:
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
