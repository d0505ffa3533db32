"""A translator: turns a key of the catalogue and its facts into a sentence, in one language."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from gettext import c2py
from importlib.resources import files
from io import BytesIO
from typing import Literal
from zoneinfo import ZoneInfo

from bot.domain.people import LANGUAGES
from bot.words.parts import Key, Mention, Moment, OneOf, Part, Raw, RoomLink, Sentence, Words

Fact = object
"""What fills a hole. int: a figure of the language, and `n` chooses the plural; str: what people typed;
datetime: a moment; an Enum member: its word in the catalogue (`Phase.VOTING` is `phase.voting`); Key and
OneOf: what they say; a Part or a Sentence: itself. Anything else is refused."""

HOLE = re.compile(r"\{([a-z_][a-z0-9_]*)\}")
CAMEL = re.compile(r"(?<!^)(?=[A-Z])")


class UnknownWords(LookupError):
    """A key that the catalogue does not hold, or a hole that no fact fills: a fault of ours, said at once."""


def snake(name: str) -> str:
    """`NotAVoter` as `not_a_voter`: how a class becomes a key of the catalogue."""
    return CAMEL.sub("_", name).lower()


@dataclass(frozen=True, slots=True)
class Entry:
    """One key: its forms (two where it has a plural), each cut into text and holes by turns, text first."""

    forms: tuple[tuple[str, ...], ...]


class Translator:
    """Says everything in one language. Stateless after loading, so any number of threads may share it."""

    def __init__(self, lang: str, entries: Mapping[str, Entry], plural: Callable[[int], int]) -> None:
        self.lang = lang
        self._entries = entries
        self._plural = plural

    def has(self, key: str) -> bool:
        """Whether the catalogue holds this key."""
        return key in self._entries

    def say(self, key: str, /, **facts: Fact) -> Sentence:
        """The sentence of a key; every hole needs its fact, and a key with a plural needs `n`.

        Raises UnknownWords for an unknown key or a missing fact, TypeError for a fact without words.
        """
        parts: list[Part] = []
        for position, piece in enumerate(self._form(key, facts)):
            if position % 2 == 0:
                parts.append(Words(piece))
            elif piece in facts:
                parts.extend(self._filled(facts[piece]))
            else:
                raise UnknownWords(f"{key}: nothing fills {{{piece}}}")
        return _joined(parts)

    def plain(self, key: str, /, zone: str = "UTC", **facts: Fact) -> str:
        """The sentence as one line of text, moments told in `zone`: for buttons, titles and files."""
        return self.flat(self.say(key, **facts), zone)

    def flat(self, sentence: Sequence[Part], zone: str = "UTC") -> str:
        """Any sentence as text, moments told in `zone`, names as they are."""
        return "".join(self._text(part, zone) for part in sentence)

    def figure(self, number: int) -> str:
        """A whole number as the language writes it."""
        from babel.numbers import format_decimal

        return format_decimal(number, locale=self.lang) if abs(number) > 999 else str(number)  # noqa: PLR2004

    def listed(self, facts: Sequence[Fact], style: Literal["standard", "or"] = "standard") -> Sentence:
        """Facts as a list in words: "a, b et c", or "a, b ou c"."""
        from babel.lists import format_list

        marks = format_list([f"{{m{place}}}" for place in range(len(facts))], style=style, locale=self.lang)
        parts: list[Part] = []
        for position, piece in enumerate(HOLE.split(marks)):
            parts.extend(self._filled(facts[int(piece[1:])]) if position % 2 else (Words(piece),))
        return _joined(parts)

    def when(self, moment: Moment, zone: str = "UTC") -> str:
        """A moment in words, in a zone."""
        from babel.dates import format_date

        local = moment.at.astimezone(ZoneInfo(zone))
        time = f"{local:%H:%M}"
        if moment.style == "time":
            return time
        day = format_date(local, "d MMMM y" if moment.style == "date" else "EEEE d MMMM", locale=self.lang)
        if moment.style == "both":
            return self.plain("moment.both", day=Words(day), time=Words(time))
        return day

    def _form(self, key: str, facts: Mapping[str, Fact]) -> tuple[str, ...]:
        entry = self._entries.get(key)
        if facts.get("eligible") == 0:  # who may vote is not known: the sentence has a form without their number
            entry = self._entries.get(f"{key}.uncounted", entry)
        if entry is None:
            raise UnknownWords(f"{key}: not in the {self.lang} catalogue")
        if len(entry.forms) == 1:
            return entry.forms[0]
        n = facts.get("n")
        if not isinstance(n, int):
            raise UnknownWords(f"{key}: the plural needs a whole number n")
        return entry.forms[self._plural(abs(n))]

    def _filled(self, fact: Fact) -> Sentence:
        match fact:
            case Words() | Raw() | Moment() | Mention() | RoomLink():
                return (fact,)
            case tuple():
                return tuple(part for piece in fact for part in self._filled(piece))
            case Key() | OneOf() | Enum():
                return self._looked_up(fact)
            case _:
                return (self._typed(fact),)

    def _looked_up(self, fact: Key | OneOf | Enum) -> Sentence:
        match fact:
            case Key(key):
                return self.say(key)
            case OneOf(choices):
                return self.listed(choices, "or")
            case Enum():
                return self.say(f"{snake(type(fact).__name__)}.{fact.value}")

    def _typed(self, fact: Fact) -> Part:
        match fact:
            case int() if not isinstance(fact, bool):
                return Words(self.figure(fact))
            case str():
                return Raw(fact)
            case datetime():
                return Moment(fact)
            case _:
                raise TypeError(f"no words for a {type(fact).__name__}")

    def _text(self, part: Part, zone: str) -> str:
        match part:
            case Words() | Raw():
                return part.text
            case Moment():
                return self.when(part, zone)
            case Mention():
                return part.name or part.person
            case RoomLink():
                return part.name or part.room


def _joined(parts: Sequence[Part]) -> Sentence:
    """The same parts without empty words, our own neighbouring words made one."""
    joined: list[Part] = []
    for part in parts:
        if isinstance(part, Words) and joined and isinstance(joined[-1], Words):
            joined[-1] = Words(joined[-1].text + part.text)
        elif part != Words(""):
            joined.append(part)
    return tuple(joined)


@cache
def translator(lang: str) -> Translator:
    """The translator of `fr` or `en`, loaded at the first call and kept.

    Raises UnknownWords for another language.
    """
    from babel.messages.pofile import read_po

    if lang not in LANGUAGES:
        raise UnknownWords(f"no catalogue for {lang!r}")
    file = BytesIO((files(__package__) / f"{lang}.po").read_bytes())
    catalogue = read_po(file, locale=lang, abort_invalid=True)
    entries = {
        message.id if isinstance(message.id, str) else message.id[0]: _entry(message.string or "")
        for message in catalogue
        if message.id
    }
    return Translator(lang, entries, c2py(catalogue.plural_expr))


def _entry(string: str | Sequence[str]) -> Entry:
    """A message cut at its holes, once, so that saying it is only joining."""
    forms = (string,) if isinstance(string, str) else tuple(string)
    return Entry(tuple(tuple(HOLE.split(form)) for form in forms))
