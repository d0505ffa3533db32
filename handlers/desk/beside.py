"""Beside which field of a form a refusal is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain.errors import BadText, HuntOpenHere, Refusal, ThemeNameTaken, TooManyThemes, UnknownTheme
from handlers.desk import wire
from handlers.desk.wire import Field

BESIDE: Mapping[type[Refusal], tuple[Field, ...]] = {
    BadText: (Field.TEXT, Field.NAME),
    UnknownTheme: (Field.THEME,),
    TooManyThemes: (Field.NEW_THEME, Field.THEMES, Field.NAME),
    ThemeNameTaken: (Field.NAME,),
    HuntOpenHere: (Field.ROOM,),
}


def beside(error: Exception, shown: Sequence[str]) -> str:
    """The field a refusal is about, where the form (its inputs' ids are `shown`) has it."""
    fields = next((there for kind, there in BESIDE.items() if isinstance(error, kind)), ())
    return next((field.value for field in fields if wire.block(field.value) in shown), "")
