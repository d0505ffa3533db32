"""Adaptive Cards' elements and actions as small functions, each keeping its own limits (schema 1.5)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.text import shorten

Json = dict[str, Any]

VERSION = "1.5"
MOST_BYTES = 26_000
"""Teams refuses long messages, and cards travel with more around them: 28 KB at most, this much is ours."""
MOST_BUTTONS = 6
"""Actions Teams shows in one row."""
MOST_TITLE = 60
MOST_CHOICE = 100
MOST_SUMMARY = 300
NOTHING = "–"
"""Where what somebody typed holds nothing to see: empty texts are refused."""
CARD = "application/vnd.microsoft.card.adaptive"
YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A message: what notifications and screen readers say, its card, and a shorter one that says where to look."""

    summary: str
    body: list[Json]
    short: list[Json]

    @classmethod
    def same(cls, summary: str, body: list[Json]) -> Drawn:
        """A message that is short by itself."""
        return cls(summary, body, body)

    def activity(self, *, short: bool = False) -> Json:
        """As the connector takes it."""
        body = self.short if short else self.body
        card = body if size(body) <= MOST_BYTES else self.short
        return {"type": "message", "summary": shorten(self.summary, MOST_SUMMARY), "attachments": [attached(card)]}


def size(body: object) -> int:
    """How many bytes it takes on the way."""
    return len(json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode())


def card(body: Sequence[Json]) -> Json:
    """A card, as wide as the conversation."""
    schema = "http://adaptivecards.io/schemas/adaptive-card.json"
    return {
        "type": "AdaptiveCard",
        "$schema": schema,
        "version": VERSION,
        "msteams": {"width": "Full"},
        "body": list(body) or [text(NOTHING)],
    }


def attached(body: Sequence[Json]) -> Json:
    """A card as an attachment."""
    return {"contentType": CARD, "content": card(body)}


def calm(words: str) -> str:
    """Words for a label, a title or a choice: no mention, no function; other signs mean nothing there."""
    return words.replace("<", "\u2039").replace(">", "\u203a").replace("{{", "{\u200a{")


def text(marked: str, **more: object) -> Json:
    """A paragraph."""
    return {"type": "TextBlock", "text": marked or NOTHING, "wrap": True, **more}


def heading(marked: str) -> Json:
    """A heading; screen readers find it by its style."""
    return text(marked, style="heading", size="Large", weight="Bolder")


def title(marked: str) -> Json:
    """The title of a part."""
    return text(marked, weight="Bolder", spacing="Medium")


def small(marked: str) -> Json:
    """Small print."""
    return text(marked, size="Small", isSubtle=True)


def warning(marked: str) -> Json:
    """What needs another look; the words say it without the colour."""
    return {"type": "Container", "style": "warning", "items": [text(marked)]}


def lines(marked: Iterable[str]) -> list[Json]:
    """Several short lines, one under another."""
    return [text(line, spacing="Small") for line in marked if line]


def group(items: Sequence[Json]) -> Json:
    """What belongs together, apart from what stands above."""
    return {"type": "Container", "separator": True, "spacing": "Medium", "items": list(items)}


def rows(actions: Sequence[Json]) -> list[Json]:
    """Buttons, six a row; no element at all for none."""
    starts = range(0, len(actions), MOST_BUTTONS)
    return [{"type": "ActionSet", "actions": list(actions[start : start + MOST_BUTTONS])} for start in starts]


def submit(label: str, data: Json, *, main: bool = False, inputs: bool = True) -> Json:
    """A button that sends; `inputs` False leaves what is typed out of it, and empty fields do not stop it."""
    held: Json = {"type": "Action.Submit", "title": shorten(calm(label), MOST_TITLE), "data": data}
    held |= {"style": "positive"} if main else {}
    return held if inputs else {**held, "associatedInputs": "none"}


def choice(label: str, value: str) -> Json:
    """One entry of a choice."""
    return {"title": shorten(calm(label), MOST_CHOICE) or NOTHING, "value": value}


def asks(kind: str, id: str, label: str, **more: object) -> Json:
    """An input with its label; what says nothing is left out."""
    held = {name: value for name, value in more.items() if value not in (None, "", False)}
    return {"type": f"Input.{kind}", "id": id, "label": calm(label), **held}


def line_input(id: str, label: str, typed: str = "", *, most: int, multiline: bool = False, hint: str = "") -> Json:
    """A field to write in."""
    return asks("Text", id, label, value=typed, maxLength=most, isMultiline=multiline, placeholder=hint)


def required(asked: Json, told: str) -> Json:
    """A field that must be filled, and what is said where it is not."""
    return {**asked, "isRequired": True, "errorMessage": told}


def select(id: str, label: str, options: Sequence[Json], chosen: str = "", placeholder: str = "") -> Json:
    """A drop-down."""
    return asks("ChoiceSet", id, label, choices=list(options), value=chosen, placeholder=placeholder, style="compact")


def radios(id: str, label: str, options: Sequence[Json], chosen: str = "") -> Json:
    """A choice of one among few, all of them in sight."""
    return asks("ChoiceSet", id, label, choices=list(options), value=chosen, style="expanded")


def ticks(id: str, label: str, options: Sequence[Json], ticked: Sequence[str] = ()) -> Json:
    """Boxes to tick."""
    held = {"choices": list(options), "value": ",".join(ticked), "style": "expanded"}
    return asks("ChoiceSet", id, label, isMultiSelect=True, wrap=True, **held)


def tick(id: str, label: str, words: str, *, ticked: bool) -> Json:
    """One box."""
    held = {"title": words, "valueOn": YES, "valueOff": NO, "value": YES if ticked else NO}
    return asks("Toggle", id, label, wrap=True, **held)


def number(id: str, label: str, value: int | None, least: int, most: int) -> Json:
    """A field for a whole number."""
    held = asks("Number", id, label, min=least, max=most)
    return held if value is None else {**held, "value": value}


def moment(id: str, label: str, time_label: str, at: datetime | None, zone: str) -> list[Json]:
    """A day and a time of day, in the zone of whoever fills it in."""
    local = at.astimezone(ZoneInfo(zone)) if at else None
    day = asks("Date", id, label, value=f"{local:%Y-%m-%d}" if local else "")
    return [day, asks("Time", f"time:{id}", time_label, value=f"{local:%H:%M}" if local else "")]


def shortened(body: Sequence[Json], most: int) -> list[Json]:
    """The same elements with no text or label longer than `most` characters: for a card that would be too long."""
    return [_shortened(one, most) for one in body]


def _shortened(held: Json, most: int) -> Json:
    cut = {name: shorten(held[name], most) for name in ("text", "label") if isinstance(held.get(name), str)}
    inside = {"items": [_shortened(one, most) for one in held["items"]]} if "items" in held else {}
    return {**held, **cut, **inside}
