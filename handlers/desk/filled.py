"""A filled form, field by field: strings, numbers, moments, ticks; nothing trusted, nothing raised but refusals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar

from bot.domain.errors import BadForm
from bot.domain.names import IdeaNumber, PersonId
from handlers.desk import wire
from handlers.desk.wire import Field
from handlers.desk.wishes import View

Member = TypeVar("Member", bound=StrEnum)
NOT_A_NUMBER = "refusal.bad_dots"
NOT_A_MOMENT = "problem.not_a_moment"
MOST_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Filled:
    """Field -> what was typed or chosen, empty where nothing was; and the blocks the fields stood in."""

    fields: Mapping[str, str]
    blocks: tuple[str, ...]

    def text(self, field: Field) -> str:
        """What was typed, without spaces around it."""
        return self.fields.get(field.value, "").strip()

    def lines(self, field: Field) -> tuple[str, ...]:
        """What was typed, a line each; lists by commas of people and boxes too."""
        return tuple(" ".join(line.split()) for line in self.text(field).split("\n") if line.strip())

    def several(self, field: Field) -> tuple[str, ...]:
        """What was chosen among many, over all groups of a field."""
        held = [value for name, value in self.fields.items() if name.partition(":")[0] == field.value]
        return tuple(one for value in held for one in value.split(",") if one)

    def ticked(self, field: Field) -> bool:
        """Whether the box was ticked."""
        return self.text(field) == "yes"

    def number(self, field: Field) -> int | None:
        """A whole number, None where there is none. Raises BadForm for anything else."""
        return _whole(field.value, self.text(field))

    def dots(self) -> int | None:
        """Dots each voter gets; None for "a third of the options"."""
        return None if self.text(Field.DOTS) in {"", "auto"} else self.number(Field.DOTS)

    def people(self, field: Field) -> tuple[PersonId, ...]:
        """People chosen."""
        return tuple(PersonId(one) for one in self.several(field))

    def member(self, field: Field, default: Member) -> Member:
        """One value of a closed set of names; the default where nothing was chosen, or nothing we know."""
        kind, typed = type(default), self.text(field)
        return kind(typed) if typed in set(kind) else default

    def moment(self, field: Field) -> datetime | None:
        """A moment in UTC, None where none was chosen. Raises BadForm for what is none."""
        typed = self.text(field)
        if typed and not typed.isdecimal():
            raise BadForm({field.value: NOT_A_MOMENT})
        return datetime.fromtimestamp(int(typed), UTC) if typed.isdecimal() and len(typed) <= MOST_DIGITS + 2 else None

    def wishes(self) -> Mapping[IdeaNumber, int]:
        """The plain ballot: option -> dots, 0 where the field is empty. Raises BadForm."""
        found: dict[IdeaNumber, int] = {}
        for name, typed in self.fields.items():
            kind, _, number = name.partition(":")
            if kind == "option" and number.isdecimal():
                found[IdeaNumber(int(number))] = dots = _whole(name, typed.strip()) or 0
                if dots < 0:
                    raise BadForm({name: NOT_A_NUMBER})
        return found


def _whole(field: str, typed: str) -> int | None:
    if not typed:
        return None
    digits = typed.removeprefix("-")
    if not digits.isdecimal() or len(digits) > MOST_DIGITS:
        raise BadForm({field: NOT_A_NUMBER})
    return int(typed)


def filled(view: View) -> Filled:
    """The fields of a view's state."""
    fields: dict[str, str] = {}
    for block_id, value in view.state.items():
        if name := wire.field_of(block_id) or wire.box_of(block_id):
            fields[name] = value
    return Filled(fields, tuple(view.state))
