"""A text as the stems of its words, in the language it seems to be written in."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import islice
from typing import NamedTuple, Protocol, cast

import regex

from bot.theming.stopwords import ACRONYMS, ENGLISH, FRENCH

WORD = regex.compile(r"[\p{L}\p{N}][\p{L}\p{N}\p{M}]*+")
FRENCH_PLURAL = regex.compile(r"(?<=\p{L}{3})s$|(?<=[aeo]u)x$")
"""Left on by the stemmer after some vowels: "vélos", "jeux"."""
MAX_WORDS = 400
"""Words read of one text: the longest idea has fewer, so this only bounds hostile input."""
MAX_WORD = 40
SHORTEST_BARE = 2
APART = {
    word: words.split()[0]
    for words in (
        "marché marchés",  # a market; marche: a walk, a step
        "côté côtés",  # a side; côte: a coast
        "tâche tâches",  # a task; tache: a stain
        "curé curés",  # a priest; cure: a treatment
        "mûr mûrs mûre mûres",  # ripe, a blackberry; mur: a wall
        "salé salés salée salées",  # with salt; sale: dirty
        "mère mères",  # a mother; mer: the sea
        "fermé fermés fermée fermées fermer",  # closed; ferme: a farm, and what "closes"
        "élevé élevés élevée élevées élever",  # high; élève: a pupil
        "arrêté arrêtés",  # a by-law; arrêt: where a bus stops
        "livrer livré livrés livrée livrées",  # to deliver; livre: a book
    )
    for word in words.split()
}
"""French words whose stem would be that of a stranger, once endings and accents are gone; the stem they have instead.

Frequent ones of civic ideas, no rule: written without its accent, each is still read as the other word.
"""
FRENCH_ONLY = FRENCH - ENGLISH
ENGLISH_ONLY = ENGLISH - FRENCH


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802  # the library's own name


class Stem(NamedTuple):
    """A stem and the word it came from, as written. A tuple, as a large hunt has a hundred thousand."""

    stem: str
    word: str


@lru_cache(maxsize=20_000)
def bare(word: str) -> str:
    """A word without case and accents."""
    apart = unicodedata.normalize("NFKD", word.lower().replace("œ", "oe").replace("æ", "ae"))
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def apart(word: str) -> str:
    """A word that is set APART, in lower case with its accents; "" for any other."""
    low = unicodedata.normalize("NFC", word.lower())
    return low if low in APART else ""


def language_of(texts: Sequence[str]) -> str:
    """`fr` or `en`: whose little words are the more frequent in these texts; French when there are none."""
    return _language([_lean(_low(words_of(text))) for text in texts])


def language_of_one(text: str, fallback: str = "fr") -> str:
    """`fr` or `en` for one text; `fallback` when its little words do not tell."""
    return _told(_lean(_low(words_of(text))), fallback)


def stems_of(text: str, fallback: str = "fr") -> tuple[Stem, ...]:
    """The stems of a text in its own order; `fallback` is its language when its little words do not tell."""
    words = words_of(text)
    low = _low(words)
    return _stems(words, low, _told(_lean(low), fallback))


def languages_and_stems(
    texts: Sequence[str], fallback: str = ""
) -> tuple[tuple[str, ...], tuple[tuple[Stem, ...], ...]]:
    """The language and the stems of each text, in one reading; the language of most tells those that do not tell."""
    words = [words_of(text) for text in texts]
    low = [_low(one) for one in words]
    leans = [_lean(one) for one in low]
    most = fallback or _language(leans)
    languages = tuple(_told(lean, most) for lean in leans)
    return languages, tuple(_stems(*one) for one in zip(words, low, languages, strict=True))


def _low(words: Sequence[str]) -> list[str]:
    return [word.lower() for word in words]


def _lean(low: Sequence[str]) -> int:
    """How many more of these words are little words of French only than of English only."""
    return sum(map(FRENCH_ONLY.__contains__, low)) - sum(map(ENGLISH_ONLY.__contains__, low))


def _language(leans: Sequence[int]) -> str:
    return "en" if sum(leans) < 0 else "fr"


def _told(lean: int, fallback: str) -> str:
    return fallback if lean == 0 else "fr" if lean > 0 else "en"


def _stems(words: Sequence[str], low: Sequence[str], language: str) -> tuple[Stem, ...]:
    stop = FRENCH if language == "fr" else ENGLISH
    found = [
        Stem(stem(one, language), word)
        for one, word in zip(low, words, strict=True)
        if (one not in stop or word in ACRONYMS) and (len(one) >= SHORTEST_BARE or not one.isalpha())
    ]
    return tuple(found)


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
    """The stem of a lower-case word, without accents but for words set APART; a number is its own."""
    if word.isdecimal():
        return word
    if language == "fr" and (own := apart(word)):
        return APART[own]
    stemmed = bare(_stemmer(language).stemWord(word))
    return FRENCH_PLURAL.sub("", stemmed) if language == "fr" else stemmed


@cache
def _stemmer(language: str) -> _Stemmer:
    import snowballstemmer

    return cast("_Stemmer", snowballstemmer.stemmer("french" if language == "fr" else "english"))
