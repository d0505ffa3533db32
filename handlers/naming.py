"""Whom a screen tells of: their names are read once, before it is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass

from bot.domain.names import PersonId
from bot.screens import IdeaLine

Names = Mapping[PersonId, str]


def authors(shown: object) -> Iterable[PersonId]:
    """Every author in a screen, however deep."""
    if isinstance(shown, IdeaLine):
        if shown.author is not None:
            yield shown.author
        return
    inside: Iterable[object] = ()
    if isinstance(shown, Mapping):
        inside = shown.values()
    elif isinstance(shown, tuple):
        inside = shown
    elif is_dataclass(shown):
        inside = (getattr(shown, field.name) for field in fields(shown))
    for one in inside:
        yield from authors(one)
