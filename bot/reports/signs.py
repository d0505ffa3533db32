"""The signs that the fonts of a printed page can write, and what stands for the others."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

import regex

from bot.text import CLUSTER, clean

STAND_IN = "□"
"""Stands for one sign, as a reader counts them, that no font of ours has; the page says so in words."""
BREAK = "\u200b"
"""A place where a line may be cut: no width, no ink."""
LONGEST = 28
"""Signs without a space that still fit on a line of the page; a longer word may be cut anywhere."""
JOINERS = frozenset("\u200c\u200d\n ")
PLAIN = "\u0020-\u007e\u00a0-\u00ac\u00ae-\u017f‘’“”–—…\u202f"
"""What the first font has for French, English and their neighbours: looked at run by run."""
PLAIN_OR_SIGN = regex.compile(f"[{PLAIN}]" + r"++(?!\p{M}|\p{Cf})|\X")
WORDS = regex.compile(r"(\s+)")


def printable(text: str) -> str:
    """The text cleaned, with STAND_IN for each sign that cannot be written, and no word too long for a line.

    A sign without a glyph of its own is first tried in its plain form (NFKC: a circled or mathematical letter).
    """
    return worded(clean(text))


def worded(text: str) -> str:
    """The same for a sentence of our own: not cleaned, for that would take its no-break spaces away."""
    return "".join(map(_cuttable, WORDS.split("".join(map(_written, _apart(text))))))


def lacks(text: str) -> bool:
    """Whether `printable` leaves out a sign of the text."""
    return any(_written(sign) == STAND_IN != sign for sign in _apart(clean(text)))


def _apart(text: str) -> list[str]:
    """The signs that may have no glyph, and whole runs of those that surely have one."""
    return [found[0] for found in PLAIN_OR_SIGN.finditer(text)]


def right_to_left(text: str) -> bool:
    """Whether the first letter with a direction runs to the left (Unicode Bidirectional Algorithm, P2 and P3)."""
    ways = (unicodedata.bidirectional(letter) for letter in text)
    return next((way != "L" for way in ways if way in {"L", "R", "AL"}), False)


def _written(sign: str) -> str:
    if _known(sign):
        return sign
    plain = unicodedata.normalize("NFKC", sign)
    return plain if _known(plain) else STAND_IN


def _known(sign: str) -> bool:
    """Whether one font has all of the sign: a letter and its accents are never taken from two."""
    return any(all(letter in JOINERS or ord(letter) in has for letter in sign) for has in signs().values())


def _cuttable(word: str) -> str:
    """Words are cut only when too long: letters that join, as in Arabic, would part at the cut."""
    if len(word) <= LONGEST:
        return word
    letters = CLUSTER.findall(word)
    return BREAK.join(letters) if len(letters) > LONGEST else word


@cache
def signs() -> Mapping[str, frozenset[int]]:
    """The fonts in the order they are tried, each with the code points it can write, upright and bold.

    From `signs.txt`: a font a line, then its ranges in hexadecimal, ends included. tests/reports/test_paper.py asks
    the typesetter whether they are true.
    """
    text = (files("bot.reports") / "templates" / "signs.txt").read_text("ascii")
    return {font: frozenset(_codes(ranges)) for font, ranges in (line.split("\t") for line in text.splitlines())}


def _codes(ranges: str) -> Iterator[int]:
    for first, _, last in (part.partition("-") for part in ranges.split()):
        yield from range(int(first, 16), int(last or first, 16) + 1)
