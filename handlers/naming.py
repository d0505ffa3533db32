"""Whom a screen tells of: their names are read once, before it is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass

from bot.domain.names import PersonId
from bot.screens import IdeaLine, LaunchForm, ShareForm
from bot.words import Mention

Names = Mapping[PersonId, str]


def authors(shown: object) -> Iterable[PersonId]:
    """Everybody a screen names, however deep: authors, people in its sentences, people chosen in a form."""
    match shown:
        case IdeaLine(author=author):
            yield from () if author is None else (author,)
        case Mention(person=person):
            yield person
        case LaunchForm() | ShareForm():
            yield from (*shown.cofacilitators, *shown.observers)
        case _:
            for one in _inside(shown):
                yield from authors(one)


def _inside(shown: object) -> Iterable[object]:
    if isinstance(shown, Mapping):
        return shown.values()
    if isinstance(shown, tuple):
        return shown
    return (getattr(shown, field.name) for field in fields(shown)) if is_dataclass(shown) else ()
