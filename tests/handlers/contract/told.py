"""What a sentence of the catalogue looks like once drawn: its letters, without the marks each platform puts around."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from io import BytesIO

from babel.messages.pofile import read_po

from bot.domain.people import LANGUAGES

HOLE = re.compile(r"\{[a-z_][a-z0-9_]*\}")
LEAST = 6
"""Letters of a piece that are enough to know a sentence by."""


def letters(text: str) -> str:
    """Only letters and digits, in small."""
    return "".join(sign for sign in text.casefold() if sign.isalnum())


@cache
def pieces(language: str) -> dict[str, tuple[str, ...]]:
    """Key -> the longest piece of each of its forms."""
    catalogue = read_po(BytesIO((files("bot.words") / f"{language}.po").read_bytes()), locale=language)
    held = {}
    for message in catalogue:
        if message.id:
            key = message.id if isinstance(message.id, str) else message.id[0]
            forms = (message.string,) if isinstance(message.string, str) else message.string
            held[key] = tuple(max(map(letters, HOLE.split(form)), key=len) for form in forms)
    return held


def tells(said: str, key: str, language: str) -> bool:
    """Whether a page tells a sentence in a language."""
    read = letters(said)
    return any(piece in read for piece in pieces(language)[key] if piece)


def known(said: str, language: str) -> list[str]:
    """Every sentence that a page tells: for whoever writes a case."""
    read = letters(said)
    return [key for key, forms in pieces(language).items() if any(len(p) >= LEAST and p in read for p in forms)]


@cache
def own(language: str) -> frozenset[str]:
    """Pieces that no sentence of the other language holds."""
    every = {one: {p for forms in pieces(one).values() for p in forms} for one in LANGUAGES}
    others = "|".join(p for one in LANGUAGES if one != language for p in every[one])
    return frozenset(p for p in every[language] if len(p) >= LEAST and p not in others)


def languages_of(said: str) -> set[str]:
    """The languages in which a page tells a sentence that the other does not have."""
    read = letters(said)
    return {one for one in LANGUAGES if any(p in read for p in own(one))}
