"""The values that buttons and options carry: small dataclasses, packed as `a|b|c` and never trusted on the way in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from bot.domain.errors import StaleForm
from bot.domain.names import HuntId, IdeaNumber, MessageId, PersonId, RoomId, RoundNumber, ThemeId
from bot.screens import PileLine
from bot.usecases.requests import TickedPile

MOST_PILE = 149
"""Characters of a pile's value: Slack takes 150."""
WHOLE = re.compile(r"-?[0-9]{1,9}", re.ASCII)


def whole(text: str) -> int:
    """A whole number of at most nine digits. Raises StaleForm for anything else, however it was crafted."""
    if not WHOLE.fullmatch(text):
        raise StaleForm
    return int(text)


def _cut(value: str, most: int) -> list[str]:
    """The pieces of `a|b|c`, the missing ones empty. Raises StaleForm when there are more than `most`."""
    pieces = value.split("|")
    if len(pieces) > most:
        raise StaleForm
    return pieces + [""] * (most - len(pieces))


@dataclass(frozen=True, slots=True)
class IdeaTarget:
    """EDIT_IDEA, WITHDRAW_IDEA, RESTORE_IDEA, SPLIT_LIST, KEEP_WHOLE: an idea and the right over it."""

    hunt: HuntId
    number: IdeaNumber
    token: str = ""

    def pack(self) -> str:
        """As a button's value."""
        return f"{self.hunt}|{self.number}|{self.token}"

    @classmethod
    def unpack(cls, value: str) -> Self:
        """Raises StaleForm."""
        hunt, number, token = _cut(value, 3)
        return cls(HuntId(hunt), IdeaNumber(whole(number)), token)


@dataclass(frozen=True, slots=True)
class RoundTarget:
    """DECLINE, SECOND_READING: a round."""

    hunt: HuntId
    round: RoundNumber

    def pack(self) -> str:
        """As a button's value."""
        return f"{self.hunt}|{self.round}"

    @classmethod
    def unpack(cls, value: str) -> Self:
        """Raises StaleForm."""
        hunt, number = _cut(value, 2)
        return cls(HuntId(hunt), RoundNumber(whole(number)))


@dataclass(frozen=True, slots=True)
class BatchTarget:
    """TAKE_BACK: a batch of paper ballots of a round."""

    hunt: HuntId
    round: RoundNumber
    batch: int

    def pack(self) -> str:
        """As a button's value."""
        return f"{self.hunt}|{self.round}|{self.batch}"

    @classmethod
    def unpack(cls, value: str) -> Self:
        """Raises StaleForm."""
        hunt, number, batch = _cut(value, 3)
        return cls(HuntId(hunt), RoundNumber(whole(number)), whole(batch))


@dataclass(frozen=True, slots=True)
class PersonTarget:
    """HAND_OVER, STAY: a hunt, and who asked to facilitate it."""

    hunt: HuntId
    person: PersonId

    def pack(self) -> str:
        """As a button's value."""
        return f"{self.hunt}|{self.person}"

    @classmethod
    def unpack(cls, value: str) -> Self:
        """Raises StaleForm."""
        hunt, person = _cut(value, 2)
        return cls(HuntId(hunt), PersonId(person))


@dataclass(frozen=True, slots=True)
class RoomTarget:
    """TAKE_OUT: a hunt, and one of its rooms."""

    hunt: HuntId
    room: RoomId

    def pack(self) -> str:
        """As a button's value."""
        return f"{self.hunt}|{self.room}"

    @classmethod
    def unpack(cls, value: str) -> Self:
        """Raises StaleForm."""
        hunt, room = _cut(value, 2)
        return cls(HuntId(hunt), RoomId(room))


@dataclass(frozen=True, slots=True)
class PairTarget:
    """MERGE, KEEP_APART and OTHER_THEME: two ideas."""

    hunt: HuntId
    one: IdeaNumber
    other: IdeaNumber

    def pack(self) -> str:
        """As a button's value."""
        return f"{self.hunt}|{self.one}|{self.other}"

    @classmethod
    def unpack(cls, value: str) -> Self:
        """Raises StaleForm."""
        hunt, one, other = _cut(value, 3)
        return cls(HuntId(hunt), IdeaNumber(whole(one)), IdeaNumber(whole(other)))


@dataclass(frozen=True, slots=True)
class AddTarget:
    """ADD_IDEA: a hunt, or nothing to choose one; `message` in `room` is the direct message to keep in it."""

    hunt: HuntId | None = None
    room: RoomId | None = None
    message: MessageId | None = None

    def pack(self) -> str:
        """As a button's value."""
        if self.message is None:
            return self.hunt or ""
        return f"{self.hunt or ''}|{self.room or ''}|{self.message}"

    @classmethod
    def unpack(cls, value: str) -> Self:
        """Raises StaleForm."""
        hunt, room, message = _cut(value, 3)
        return cls(
            HuntId(hunt) if hunt else None, RoomId(room) if room else None, MessageId(message) if message else None
        )


@dataclass(frozen=True, slots=True)
class ExportTarget:
    """EXPORT: a hunt and `csv`, `md`, `json` or `html`."""

    hunt: HuntId
    format: str = "csv"

    def pack(self) -> str:
        """As a button's value."""
        return f"{self.hunt}|{self.format}"

    @classmethod
    def unpack(cls, value: str) -> Self:
        """Raises StaleForm."""
        hunt, form = _cut(value, 2)
        return cls(HuntId(hunt), form or "csv")


@dataclass(frozen=True, slots=True)
class DotsWish:
    """Pick.DOTS: "I want this many dots here"."""

    round: RoundNumber
    option: IdeaNumber
    dots: int

    def pack(self) -> str:
        """As an option's value."""
        return f"{self.round}|{self.option}|{self.dots}"

    @classmethod
    def unpack(cls, value: str) -> Self:
        """Raises StaleForm."""
        number, option, dots = _cut(value, 3)
        return cls(RoundNumber(whole(number)), IdeaNumber(whole(option)), whole(dots))


class Place(StrEnum):
    """Where an idea may go besides a theme."""

    NONE = "none"
    NEW = "new"
    PARK = "park"


@dataclass(frozen=True, slots=True)
class ThemeWish:
    """Pick.THEME_OF: an idea and its theme, or one of the other places.

    Place.NEW asks for a name first (Form.THEME_NAME with `number`). A theme or Place.NONE takes a parked idea back.
    """

    number: IdeaNumber
    to: ThemeId | Place

    def pack(self) -> str:
        """As an option's value."""
        return f"{self.number}|{self.to.value if isinstance(self.to, Place) else self.to}"

    @classmethod
    def unpack(cls, value: str) -> Self:
        """Raises StaleForm."""
        number, to = _cut(value, 2)
        return cls(IdeaNumber(whole(number)), Place(to) if to in set(Place) else ThemeId(whole(to)))


def pile_value(pile: PileLine) -> str:
    """A proposed theme as an option value of MOST_PILE characters, without commas: ticked boxes are joined by commas.

    Its name and the numbers of its ideas; where they do not all fit, the first of them and a mark.
    """
    value = pile.label.replace(",", "|") + "#"
    for number in pile.numbers:
        if len(value) + len(str(number)) + 1 > MOST_PILE:
            return value + "+"
        value += f"{number}."
    return value


def ticked_pile(value: str) -> TickedPile:
    """The proposed theme again; themers make labels of words, so no `|` stands in one. Raises StaleForm."""
    label, mark, numbers = value.rpartition("#")
    held = [one for one in numbers.removesuffix("+").split(".") if one]
    if not mark or not held:
        raise StaleForm
    ideas = tuple(IdeaNumber(whole(one)) for one in held)
    return TickedPile(label.replace("|", ","), ideas, whole=not numbers.endswith("+"))


class Step(StrEnum):
    """What may be done to a theme."""

    RENAME = "rename"
    SPLIT = "split"
    MERGE = "merge"


@dataclass(frozen=True, slots=True)
class ThemeStep:
    """Pick.THEME_STEP: rename (Form.THEME_NAME with `theme`), split, or merge `into` another."""

    theme: ThemeId
    step: Step
    into: ThemeId | None = None

    def pack(self) -> str:
        """As an option's value."""
        return f"{self.theme}|{self.step.value}|{self.into or ''}"

    @classmethod
    def unpack(cls, value: str) -> Self:
        """Raises StaleForm."""
        theme, step, into = _cut(value, 3)
        if step not in set(Step) or (step == Step.MERGE and not into):
            raise StaleForm
        return cls(ThemeId(whole(theme)), Step(step), ThemeId(whole(into)) if into else None)
