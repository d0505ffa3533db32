"""The French-English lexicon: French words with the sense people mean, put before a model that reads English."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from bot.theming.stems import apart, bare, spans_of, stem, words_of
from bot.theming.stopwords import ENGLISH, FRENCH

OWN = "fr_en.txt"
ANYTHING = "[said of anything]"
BETWEEN = ": "
"""Between French words and their English gloss; `->` or `→` stands between a word and the word it is read as."""
ARROWS = ("→", "->", "=>")
SHORTEST_STEM = 4
"""Letters of a stem that may stand for a family: shorter ones bring strangers together ("mer" and "mère")."""
BEGINNING = 2
"""Letters that a word and its stem have in common."""
ENDINGS = ("s", "x", "e", "es")
ELIDED = "ld"
VOWELS = "aeiouhy"
MOST_ENTRIES = 20_000
LONGEST_LINE = 400
MOST_IN_RING = 4
"""Words of a cycle that are shown; of a longer one the first three and the last."""


class BadWordList(ValueError):
    """A word list that cannot be used. `line` counts from 1 (0: the whole list), `why` is one of REASONS.

    `word` is what the line holds; for a cycle the words in the order they are read, the first one again at the end;
    for `small` the little word.
    """

    def __init__(self, line: int, why: str, word: str = "") -> None:
        super().__init__(f"line {line}: {why} {word}".strip())
        self.line, self.why, self.word = line, why, word


REASONS = ("shape", "cycle", "long", "many", "small")


@dataclass(frozen=True, slots=True)
class WordList:
    """A team's own words: `same` are read as another in the end ("vtt" as "vélo"), `senses` get an English gloss."""

    same: Mapping[str, str]
    senses: Mapping[str, str]

    @classmethod
    def read(cls, text: str, *, senses: bool = True, most: int = MOST_ENTRIES) -> WordList:
        """From lines `VTT → vélo` and, with `senses`, `doléance: grievance`; empty lines and `#` are left out.

        Raises BadWordList; `most` lines are read.
        """
        same: dict[str, str] = {}
        glosses: dict[str, str] = {}
        lines: dict[str, int] = {}
        typed: dict[str, str] = {}
        for number, line in _lines(text, most):
            arrow = next((one for one in ARROWS if one in line), None)
            words, _, meaning = line.partition(arrow or BETWEEN.strip())
            keys = [folded(word) for word in words.split(",")]
            if not all(keys) or not folded(meaning) or not (arrow or senses):
                raise BadWordList(number, "shape", line[:40])
            for key, word in zip(keys, words.split(","), strict=True):
                (same if arrow else glosses)[key] = meaning.strip()
                lines[key], typed[key] = number, word.strip()
        listed = cls(_settled(same, lines, typed), glosses)
        _expect_telling(listed, lines, typed)
        return listed

    def read_as(self, word: str) -> str:
        """What a word is read as; itself when the list does not say."""
        return self.same.get(bare(word), word)

    def apply(self, text: str) -> str:
        """A text with its words read as the list says, longest run of words first; all else stays as it is written."""
        if not self.same:
            return text
        spans, pieces, done = spans_of(text), list[str](), 0
        for first, last, word in _replaced(words_of(text), self):
            pieces += (text[done : spans[first][0]], word)
            done = spans[last][1]
        return "".join((*pieces, text[done:]))


def _replaced(words: Sequence[str], listed: WordList) -> Iterator[tuple[int, int, str]]:
    """Runs of words that are read as another: the places of the first and the last, and what they are read as."""
    longest = max(key.count(" ") for key in listed.same) + 1
    place = 0
    while place < len(words):
        for length in range(min(longest, len(words) - place), 0, -1):
            run = " ".join(words[place : place + length])
            if bare(run) in listed.same:
                yield place, place + length - 1, listed.read_as(run)
                break
        else:
            length = 1
        place += length


def _expect_telling(listed: WordList, lines: Mapping[str, int], typed: Mapping[str, str]) -> None:
    """Raises BadWordList for a line that changes nothing: little words ("le") bring no idea near another."""
    for key, word in typed.items():
        meant = listed.same.get(key, key)  # the English sense of a little word is never looked up
        if _says_nothing(key) and _says_nothing(meant):
            raise BadWordList(lines[key], "small", word[:40])


def _says_nothing(words: str) -> bool:
    return all(word in _SMALL for word in folded(words).split())


def _settled(same: Mapping[str, str], lines: Mapping[str, int], typed: Mapping[str, str]) -> dict[str, str]:
    """Each word with what it is read as in the end. Raises BadWordList for the line that leads words back."""
    settled: dict[str, str] = {}
    for start in same:
        path: dict[str, None] = {}
        word = start
        while word in same and word not in settled:
            if word in path:
                ring = list(path)[list(path).index(word) :]
                raise BadWordList(max(lines[one] for one in ring), "cycle", _told(ring, lines, typed))
            path[word] = None
            last, word = word, folded(same[word])
        for one in path:
            settled[one] = settled.get(word, same[last])
    return settled


def _told(ring: Sequence[str], lines: Mapping[str, int], typed: Mapping[str, str]) -> str:
    """A cycle as people wrote it, from the word on the line that closes it: "b → a → b"."""
    last = ring.index(max(ring, key=lambda one: lines[one]))
    words = [typed[one][:40] for one in (*ring[last:], *ring[: last + 1])]
    return f" {ARROWS[0]} ".join(words if len(words) <= MOST_IN_RING else (*words[:3], "…", words[-1]))


def _lines(text: str, most: int = MOST_ENTRIES) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        clean = line.strip()
        if len(clean) > LONGEST_LINE:
            raise BadWordList(number, "long")
        if number > most:
            raise BadWordList(number, "many")
        if clean and not clean.startswith("#"):
            yield number, clean


def folded(words: str) -> str:
    """Words without case, accents and signs, one space between."""
    return " ".join(bare(word) for word in words_of(words))


EMPTY = WordList({}, {})


class Lexicon:
    """Glosses French: a word wins over its family, several words win over one, a team's word wins over ours."""

    def __init__(
        self, entries: Iterable[tuple[str, str]], own: WordList = EMPTY, of_anything: frozenset[str] = frozenset()
    ) -> None:
        self.own = own
        self._of_anything = of_anything - set(own.senses.values())
        self._words: dict[str, str] = dict(own.senses)
        self._families: dict[str, list[tuple[str, str]]] = {}
        self._stems: dict[str, dict[str, str]] = {}
        for word, gloss in entries:
            key = folded(word)
            self._words.setdefault(key, gloss)
            if " " not in key:
                self._families.setdefault(key[:BEGINNING], []).append((word.lower(), gloss))
        self._longest = max((key.count(" ") + 1 for key in self._words), default=1)
        self.sense = lru_cache(maxsize=20_000)(self._sense)
        """The English sense of one French word, or None; the same words come again and again."""

    def __len__(self) -> int:
        """How many families of words and set phrases it knows."""
        families = sum(len(self._roots(beginning)) for beginning in self._families)
        return families + sum(" " in key for key in self._words)

    def _roots(self, beginning: str) -> dict[str, str]:
        """Stems with their senses, of the words that begin so; read when one is asked for: stemming all takes long."""
        known = self._stems.get(beginning)
        if known is None:
            known = self._stems[beginning] = {}
            for word, gloss in self._families.get(beginning, ()):
                known.setdefault(stem(word, "fr"), gloss)
        return known

    def _sense(self, word: str) -> str | None:
        key = bare(word)
        found = self.own.senses.get(key)
        if found is None and not apart(word):  # one set apart goes to its own family: "marché" is no walk
            found = self._words.get(key) or self._inflected(key)
        if found is None:
            root = stem(word.lower(), "fr")
            found = self._roots(bare(root)[:BEGINNING]).get(root) if len(root) >= SHORTEST_STEM else None
        return found

    def _inflected(self, key: str) -> str | None:
        """The word behind a plural, a feminine, or an article that lost its apostrophe ("letat", "dachat")."""
        shorter = [key[: -len(end)] for end in ENDINGS if key.endswith(end) and len(key) > len(end) + 2]
        if key.endswith("aux"):
            shorter.append(f"{key[:-3]}al")
        if len(key) > SHORTEST_STEM and key[0] in ELIDED and key[1] in VOWELS:
            shorter += [key[1:], key[1:].rstrip("s")]
        return next((self._words[one] for one in shorter if one in self._words), None)

    def gloss(self, text: str) -> str:
        """A French text as English senses; words without one stay, words said of anything go unless all would.

        The team's words were applied to the text: a list is read once, since "CSE → réunion du CSE" grows each time.
        """
        senses = list(self._senses(words_of(text)))
        telling = [sense for sense in senses if sense not in self._of_anything]
        return " ".join(telling or senses) or text

    def _senses(self, words: Sequence[str]) -> Iterator[str]:
        low = [bare(word) for word in words]
        place = 0
        while place < len(words):
            for length in range(min(self._longest, len(words) - place), 1, -1):
                found = self._words.get(" ".join(low[place : place + length]))
                if found:
                    yield found
                    break
            else:
                length = 1
                if low[place] not in _SAYING_NOTHING:
                    yield self.sense(words[place]) or words[place].lower()
            place += length


_SAYING_NOTHING = frozenset(bare(word) for word in FRENCH)
_SMALL = _SAYING_NOTHING | frozenset(bare(word) for word in ENGLISH)


@cache
def own_entries() -> tuple[tuple[tuple[str, str], ...], frozenset[str]]:
    """Our own list, a word and its gloss at a time, and the glosses that tell no theme."""
    text = files("bot.theming").joinpath(OWN).read_text("utf-8")
    telling, _, of_anything = text.partition(f"\n{ANYTHING}\n")
    told, anything = tuple(_entries(telling)), tuple(_entries(of_anything))
    return told + anything, frozenset(gloss for _, gloss in anything) - {gloss for _, gloss in told}


def _entries(text: str) -> Iterator[tuple[str, str]]:
    for _, line in _lines(text):
        words, _, gloss = line.rpartition(BETWEEN)
        for word in words.split(", "):
            yield word, gloss


@cache
def lexicon() -> Lexicon:
    """Ours, without a team's words."""
    return lexicon_with(EMPTY)


def lexicon_with(own: WordList) -> Lexicon:
    """Ours with a team's words before it."""
    entries, of_anything = own_entries()
    return Lexicon(entries, own, of_anything)
