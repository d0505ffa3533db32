"""A name for each pile in its ideas' own words: two to four, spelled as people spell them, each name its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from math import log

from bot.theming.habits import Habits
from bot.theming.lines import BOTH
from bot.theming.stems import bare, stems_of
from bot.theming.wordings import MAX_LABEL, Candidate, Told, Wording

MOST_WORDS = 4
MOST_PARTS = 3
ONCE = 0.5
"""A word of a single idea counts half."""
SMOOTH = 0.02
SECOND = 0.12
"""A second word of two ideas already when it is worth this share: one word alone seldom tells two themes apart."""
ENOUGH = 0.3
THIRD = 0.4
"""A third word is added to two single words when it is worth this share of the first."""
AND = {"fr": " et ", "en": " and "}

Pile = Sequence[Told]


@dataclass(frozen=True, slots=True)
class Name:
    """A pile's name, at most MAX_LABEL characters, and the words or phrases it is made of."""

    text: str
    parts: tuple[str, ...]


NAMELESS = Name("", ())


def name_piles(piles: Sequence[Pile], known: Sequence[str] = ()) -> list[Name]:
    """A name for each pile, all different, also in their stems; NAMELESS where no word is fit for one.

    None is a name that is `known` already.
    """
    spread = _Spread.of(piles)
    wordings = [Wording.of(pile, spread.roots[place], spread.worth(place)) for place, pile in enumerate(piles)]
    wanted = {root for wording in wordings for root in wording.worth}
    habits = Habits.of((line for wording in wordings for line in wording.lines), wanted)
    taken = {key for name in known for language in AND for key in _keys(name, language)}
    names: list[Name] = []
    for wording in wordings:
        made = (one for one in _names(wording, habits) if not _keys(one.text, wording.language) & taken)
        names.append(next(made, NAMELESS))
        taken |= _keys(names[-1].text, wording.language)
    return names


def _keys(name: str, language: str) -> set[str]:
    """What no second name may have: the same letters, the same stems."""
    return {bare(name), " ".join(sorted({one.stem for one in stems_of(name, language)}))}


@dataclass(frozen=True, slots=True)
class _Spread:
    """The stems of each idea of each pile, how many ideas of a pile and of all hold each, and how many there are."""

    roots: tuple[list[set[str]], ...]
    held: tuple[Counter[str], ...]
    everywhere: Counter[str]
    ideas: int

    @classmethod
    def of(cls, piles: Sequence[Pile]) -> _Spread:
        roots = tuple([{one.stem for one in told.stems} for told in pile] for pile in piles)
        held = tuple(Counter(chain.from_iterable(pile)) for pile in roots)
        everywhere: Counter[str] = Counter()
        for counts in held:
            everywhere.update(counts)
        return cls(roots, held, everywhere, sum(map(len, piles)))

    def worth(self, place: int) -> dict[str, float]:
        """How well each stem tells a pile: the share of its ideas that hold it, times how much rarer it is elsewhere.

        c-TF-IDF (Grootendorst 2022) with counts of ideas instead of counts of words.
        """
        size = len(self.roots[place])
        rest = max(1, self.ideas - size)
        found = {}
        for stem, inside in self.held[place].items():
            here, elsewhere = inside / size, (self.everywhere[stem] - inside) / rest
            telling = log(1 + (here + SMOOTH) / (elsewhere + SMOOTH))
            found[stem] = here * telling * (ONCE if inside == 1 < size else 1)
        return found


def _names(wording: Wording, habits: Habits) -> Iterator[Name]:
    """Names for a pile, best first: the best parts, then the best with each later one, then each later one alone."""
    candidates = wording.candidates(habits)
    if not candidates:
        return
    best = candidates[0]
    yield _joined(_chosen(candidates, wording, habits), wording.language)
    for one in candidates[1:]:
        if _goes_with([best], one):
            yield _joined([best, one], wording.language)
    for one in candidates[1:]:
        yield _joined([one], wording.language)


def _chosen(candidates: Sequence[Candidate], wording: Wording, habits: Habits) -> list[Candidate]:
    """The best candidate, and those that go with it and are worth enough beside it."""
    best, chosen = candidates[0], [candidates[0]]
    for one in candidates[1:]:
        least = THIRD if len(chosen) > 1 else SECOND if one.ideas > 1 else ENOUGH
        if len(chosen) == MOST_PARTS or one.worth < least * best.worth:
            break
        if together := wording.together(chosen[0], one, habits) if len(chosen) == 1 else None:
            chosen = [together]
        elif _goes_with(chosen, one):
            chosen.append(one)
    return chosen


def _goes_with(chosen: Sequence[Candidate], one: Candidate) -> bool:
    """Whether a part may stand beside others: another word, all nouns, three only where all are single words."""
    parts = [*chosen, one]
    if not all(part.noun for part in parts) or any(one.stems & other.stems for other in chosen):
        return False
    if any(one.beginnings() & other.beginnings() for other in chosen):
        return False
    if any(BOTH.intersection(part.shown.split()) for part in parts):
        return False
    words = sum(len(part.stems) for part in parts)
    long = sum(len(part.shown) for part in parts) + len(" and ") + 2 * (len(parts) - 2)
    return words <= (MOST_WORDS if len(parts) < MOST_PARTS else MOST_PARTS) and long <= MAX_LABEL


def _joined(parts: Sequence[Candidate], language: str) -> Name:
    """Parts as a heading: with commas and "and", and a capital unless the first word has its own."""
    shown = [one.shown for one in parts]
    text = ", ".join(shown[:-1]) + (AND[language] if shown[1:] else "") + shown[-1]
    odd = any(sign.isupper() for sign in text.split()[0])
    return Name(text if odd else text[0].upper() + text[1:], tuple(shown))
