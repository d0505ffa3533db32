"""A text as the stems of its words, in the language it seems to be written in."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from typing import Protocol, cast

import regex

from bot.theming.stopwords import ENGLISH, FRENCH

WORD = regex.compile(r"[\p{L}\p{N}][\p{L}\p{N}\p{M}]*+")
FRENCH_PLURAL = regex.compile(r"(?<=\p{L}{3})s$|(?<=[aeo]u)x$")
"""Left on by the stemmer after some vowels: "vélos", "jeux"."""
MAX_WORDS = 400
"""Words read of one text: the longest idea has fewer, so this only bounds hostile input."""
MAX_WORD = 40
SHORTEST_BARE = 2


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802  # the library's own name


@dataclass(frozen=True, slots=True)
class Stem:
    """A stem and the word it came from, as written."""

    stem: str
    word: str


@lru_cache(maxsize=20_000)
def bare(word: str) -> str:
    """A word without case and accents."""
    apart = unicodedata.normalize("NFKD", word.lower().replace("œ", "oe").replace("æ", "ae"))
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def language_of(texts: Sequence[str]) -> str:
    """`fr` or `en`: whose little words are the more frequent in these texts; French when there are none."""
    words = Counter(word for text in texts for word in words_of(text.lower()))
    french = sum(count for word, count in words.items() if word in FRENCH and word not in ENGLISH)
    english = sum(count for word, count in words.items() if word in ENGLISH and word not in FRENCH)
    return "en" if english > french else "fr"


def language_of_one(text: str, fallback: str = "fr") -> str:
    """`fr` or `en` for one text; `fallback` when its little words do not tell."""
    return _told([word.lower() for word in words_of(text)], fallback)


def _told(low: Sequence[str], fallback: str) -> str:
    french = sum(word in FRENCH and word not in ENGLISH for word in low)
    english = sum(word in ENGLISH and word not in FRENCH for word in low)
    return fallback if french == english else "fr" if french > english else "en"


def stems_of(text: str, fallback: str = "fr") -> tuple[Stem, ...]:
    """The stems of a text in its own order; `fallback` is its language when its little words do not tell."""
    words = words_of(text)
    low = [word.lower() for word in words]
    language = _told(low, fallback)
    stop = FRENCH if language == "fr" else ENGLISH
    return tuple(
        Stem(stem(one, language), word)
        for one, word in zip(low, words, strict=True)
        if one not in stop and (len(one) >= SHORTEST_BARE or not one.isalpha())
    )


def words_of(text: str) -> list[str]:
    """The words and numbers of a text, as written."""
    words: list[str] = WORD.findall(text, endpos=MAX_WORDS * MAX_WORD)
    return [word[:MAX_WORD] for word in words[:MAX_WORDS]]


def spans_of(text: str) -> list[tuple[int, int]]:
    """Where the words of `words_of` begin and end."""
    found = islice(WORD.finditer(text, endpos=MAX_WORDS * MAX_WORD), MAX_WORDS)
    return [(one.start(), min(one.end(), one.start() + MAX_WORD)) for one in found]


@lru_cache(maxsize=20_000)
def stem(word: str, language: str) -> str:
    """The stem of a lower-case word, without accents; a number is its own."""
    if word.isdecimal():
        return word
    stemmed = bare(_stemmer(language).stemWord(word))
    return FRENCH_PLURAL.sub("", stemmed) if language == "fr" else stemmed


@cache
def _stemmer(language: str) -> _Stemmer:
    import snowballstemmer

    return cast("_Stemmer", snowballstemmer.stemmer("french" if language == "fr" else "english"))
