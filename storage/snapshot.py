"""Ideas, themes and pairs as they were, in JSON: what a step of grouping keeps for its undoing."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.domain.ideas import Idea, IdeaState, Origin, Source, Theme, Verdict, Way
from bot.ports import Judged
from storage.columns import EPOCH, microseconds

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Before = tuple[tuple[Idea, ...], tuple[Theme, ...], tuple[Judged, ...]]


def packed(ideas: Iterable[Idea], themes: Iterable[Theme], pairs: Iterable[Judged] = ()) -> str:
    """Ideas, themes and pairs in one text."""
    before = {
        "ideas": [shallow(idea) for idea in ideas],
        "themes": [shallow(theme) for theme in themes],
        "pairs": [shallow(pair) for pair in pairs],
    }
    return json.dumps(before, default=_plain, ensure_ascii=False, separators=(",", ":"))


def unpacked(text: str) -> Before:
    """What `packed` wrote; older versions wrote no pairs."""
    before = json.loads(text)
    pairs = tuple(map(_judged, before.get("pairs", ())))
    return tuple(map(_idea, before["ideas"])), tuple(map(_theme, before["themes"])), pairs


def shallow(record: DataclassInstance) -> dict[str, Any]:
    """A record's fields by name; `asdict` copies all that is inside, which takes ten times as long."""
    return {one.name: getattr(record, one.name) for one in fields(record)}


def _plain(value: object) -> int | dict[str, Any]:
    if isinstance(value, Source):
        return shallow(value)
    assert isinstance(value, datetime)
    return microseconds(value)


def _idea(kept: dict[str, Any]) -> Idea:
    source = Source(**kept.pop("source")) if kept["source"] else kept.pop("source")
    created_at = EPOCH + timedelta(microseconds=kept.pop("created_at"))
    way, state = Way(kept.pop("way")), IdeaState(kept.pop("state"))
    return Idea(**kept, created_at=created_at, source=source, way=way, state=state)


def _theme(kept: dict[str, Any]) -> Theme:
    return Theme(**{**kept, "origin": Origin(kept["origin"])})


def _judged(kept: dict[str, Any]) -> Judged:
    verdict = kept["verdict"]
    return Judged(kept["one"], kept["other"], Verdict(verdict) if verdict else None)
