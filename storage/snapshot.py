"""Ideas, themes and pairs as they were, in JSON: what a step of grouping keeps for its undoing."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from bot.domain.ideas import Idea, IdeaState, Origin, Source, Theme, Verdict, Way
from bot.ports import Judged
from storage.columns import EPOCH, microseconds

Before = tuple[tuple[Idea, ...], tuple[Theme, ...], tuple[Judged, ...]]


def packed(ideas: Iterable[Idea], themes: Iterable[Theme], pairs: Iterable[Judged] = ()) -> str:
    """Ideas, themes and pairs in one text."""
    before = {
        "ideas": [asdict(idea) for idea in ideas],
        "themes": [asdict(theme) for theme in themes],
        "pairs": [asdict(pair) for pair in pairs],
    }
    return json.dumps(before, default=_plain, ensure_ascii=False, separators=(",", ":"))


def unpacked(text: str) -> Before:
    """What `packed` wrote; older versions wrote no pairs."""
    before = json.loads(text)
    pairs = tuple(map(_judged, before.get("pairs", ())))
    return tuple(map(_idea, before["ideas"])), tuple(map(_theme, before["themes"])), pairs


def _plain(value: object) -> int:
    assert isinstance(value, datetime)
    return microseconds(value)


def _idea(fields: dict[str, Any]) -> Idea:
    source = Source(**fields.pop("source")) if fields["source"] else fields.pop("source")
    created_at = EPOCH + timedelta(microseconds=fields.pop("created_at"))
    way, state = Way(fields.pop("way")), IdeaState(fields.pop("state"))
    return Idea(**fields, created_at=created_at, source=source, way=way, state=state)


def _theme(fields: dict[str, Any]) -> Theme:
    return Theme(**{**fields, "origin": Origin(fields["origin"])})


def _judged(fields: dict[str, Any]) -> Judged:
    verdict = fields["verdict"]
    return Judged(fields["one"], fields["other"], Verdict(verdict) if verdict else None)
