"""A sentence is a tuple of parts, so that each platform escapes what people typed in exactly one place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.domain.names import PersonId, RoomId

Style = Literal["date", "time", "both", "day"]
"""`date`: 21 March 2018; `time`: 17:00; `both`: Wednesday 21 March at 17:00; `day`: Wednesday 21 March."""


@dataclass(frozen=True, slots=True)
class Words:
    """Our own words: safe to show as they are (a platform still escapes its markup signs)."""

    text: str


@dataclass(frozen=True, slots=True)
class Raw:
    """What people typed: never markup, never a mention, never a link."""

    text: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment, drawn in the reader's own zone where the platform can. Raises ValueError without a zone."""

    at: datetime
    style: Style = "both"

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("a moment needs a zone")


@dataclass(frozen=True, slots=True)
class Mention:
    """A person, drawn as a mention where the platform has them, else by `name`."""

    person: PersonId
    name: str = ""


@dataclass(frozen=True, slots=True)
class RoomLink:
    """A room, drawn as a link where the platform has them, else by `name`."""

    room: RoomId
    name: str = ""


@dataclass(frozen=True, slots=True)
class Key:
    """A fact that is itself a key of the catalogue: said in the language of the sentence it stands in."""

    key: str


@dataclass(frozen=True, slots=True)
class OneOf:
    """Facts told as a choice: "a, b or c"."""

    facts: tuple[object, ...]


Part = Words | Raw | Moment | Mention | RoomLink
Sentence = tuple[Part, ...]
