"""Slack's blocks and elements as small functions, each keeping its own limits (Block Kit reference)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.text import shorten
from handlers.desk import wire
from handlers.slack.markup import one_line

Json = dict[str, Any]

MOST_IN_MESSAGE = 45
"""Slack takes 50; the rest is for what a later version adds."""
MOST_TEXT = 3_000
MOST_HEADER = 150
MOST_BUTTON = 75
MOST_OPTION = 75
MOST_VALUE = 150
MOST_BUTTON_VALUE = 2_000
MOST_TITLE = 24
MOST_OPTIONS = 100
NOTHING = "–"
"""Where what somebody typed holds nothing to see: Slack refuses empty texts."""
MOST_FALLBACK = 3_500
"""Characters of a message's `text`: chat.update refuses 4,000."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A message: its text for notifications and screen readers, its blocks, and plainer ones that say the same."""

    text: str
    blocks: list[Json]
    fallback_blocks: list[Json]

    @classmethod
    def same(cls, text: str, blocks: list[Json]) -> Drawn:
        """A message whose blocks every workspace draws."""
        return cls(whole_lines(text, MOST_FALLBACK), blocks, blocks)


def whole_lines(text: str, most: int) -> str:
    """At most `most` characters of mrkdwn, cut only between lines: an entity or a date is never cut in two."""
    if len(text) <= most:
        return text
    end = text.rfind("\n", 0, most - 1)
    return f"{text[:end]}\n…" if end > 0 else "…"


def plain_text(text: str, most: int) -> Json:
    """A plain text object: no sign in it means anything."""
    return {"type": "plain_text", "text": shorten(text, most) or NOTHING, "emoji": False}


def mrkdwn_text(text: str, most: int = MOST_TEXT) -> Json:
    """A mrkdwn object; `verbatim` keeps Slack from making links and mentions of bare words."""
    return {"type": "mrkdwn", "text": whole_lines(text, most) or NOTHING, "verbatim": True}


def section(text: str, accessory: Json | None = None, block_id: str = "") -> Json:
    """A paragraph of mrkdwn, with at most one element beside it."""
    return _with({"type": "section", "text": mrkdwn_text(text)}, accessory=accessory, block_id=block_id)


def header(text: str) -> Json:
    """A heading."""
    return {"type": "header", "text": plain_text(text, MOST_HEADER)}


def context(text: str) -> Json:
    """Small print, in mrkdwn."""
    return {"type": "context", "elements": [mrkdwn_text(text)]}


def divider() -> Json:
    """A line across."""
    return {"type": "divider"}


def actions(elements: Iterable[Json]) -> list[Json]:
    """A row of buttons; no block at all for none."""
    there = list(elements)
    return [{"type": "actions", "elements": there}] if there else []


def alert(text: str, level: str) -> Json:
    """A coloured line of a modal; `level` is info, warning, error or success. The words say it without the colour."""
    return {"type": "alert", "text": mrkdwn_text(text), "level": level}


def container(title: str, children: Sequence[Json], *, collapsed: bool) -> Json:
    """A titled group that folds."""
    return {
        "type": "container",
        "title": plain_text(title, MOST_HEADER),
        "is_collapsible": True,
        "default_collapsed": collapsed,
        "child_blocks": list(children),
    }


def button(
    action_id: str, text: str, value: str = "", style: str = "", confirm: Json | None = None, label: str = ""
) -> Json:
    """A button; `style` is primary, danger or nothing, `label` is what screen readers say instead of the text."""
    held = {"type": "button", "action_id": action_id, "text": plain_text(text, MOST_BUTTON)}
    spoken = shorten(label, MOST_BUTTON)
    return _with(held, value=value[:MOST_BUTTON_VALUE], style=style, confirm=confirm, accessibility_label=spoken)


def confirmation(title: str, text: str, yes: str, no: str) -> Json:
    """The question before a deed that changes much."""
    return {
        "title": plain_text(title, 100),
        "text": plain_text(text, 300),
        "confirm": plain_text(yes, 30),
        "deny": plain_text(no, 30),
    }


def option(text: str, value: str, description: str = "") -> Json:
    """One entry of a choice."""
    held = {"text": plain_text(text, MOST_OPTION), "value": value[:MOST_VALUE]}
    return _with(held, description=plain_text(description, MOST_OPTION) if description else None)


def choice(typed: str, value: str) -> Json:
    """An entry of a choice whose text somebody typed."""
    return option(one_line(typed, MOST_OPTION), value)


def select(action_id: str, options: Sequence[Json], chosen: str, placeholder: str = "") -> Json:
    """A drop-down; `chosen` is the value of the entry shown at first."""
    shown = list(options)[:MOST_OPTIONS]
    initial = next((entry for entry in shown if entry["value"] == chosen), None)
    held = {"type": "static_select", "action_id": action_id, "options": shown}
    return _with(held, initial_option=initial, placeholder=plain_text(placeholder, 150) if placeholder else None)


def radios(options: Sequence[Json], chosen: str) -> Json:
    """A choice of one among few, all of them in sight."""
    initial = next((entry for entry in options if entry["value"] == chosen), None)
    return _with({"type": "radio_buttons", "action_id": wire.VALUE, "options": list(options)}, initial_option=initial)


def ticks(options: Sequence[Json], ticked: Sequence[str] = ()) -> Json:
    """Boxes to tick; at most 10."""
    shown = list(options)[:10]
    initial = [entry for entry in shown if entry["value"] in ticked]
    return _with({"type": "checkboxes", "action_id": wire.VALUE, "options": shown}, initial_options=initial)


def text_input(typed: str = "", *, most: int, multiline: bool = False, placeholder: str = "") -> Json:
    """A field to write in; `most` characters."""
    held = {"type": "plain_text_input", "action_id": wire.VALUE, "multiline": multiline, "max_length": most}
    return _with(held, initial_value=typed[:most], placeholder=plain_text(placeholder, 150) if placeholder else None)


def number_input(number: int | None, least: int, most: int) -> Json:
    """A field for a whole number."""
    held = {
        "type": "number_input",
        "action_id": wire.VALUE,
        "is_decimal_allowed": False,
        "min_value": str(least),
        "max_value": str(most),
    }
    fits = number is not None and least <= number <= most  # Slack refuses a form that begins with what it forbids
    return _with(held, initial_value=str(number) if fits else "")


def moment_input(at: datetime | None) -> Json:
    """A day and a time, in the zone of whoever fills it in."""
    return _with(
        {"type": "datetimepicker", "action_id": wire.VALUE}, initial_date_time=int(at.timestamp()) if at else 0
    )


def asks(field: str, label: str, element: Json, *, hint: str = "", optional: bool = False, acts: bool = False) -> Json:
    """An input of a form; `acts` tells us at once when it changes."""
    held = {
        "type": "input",
        "block_id": wire.block(field),
        "label": plain_text(label, 2_000),
        "element": element,
        "optional": optional,
    }
    return _with(held, hint=plain_text(hint, 2_000) if hint else None, dispatch_action=acts)


def counted(blocks: Iterable[Json]) -> int:
    """How many blocks Slack counts, those inside containers included."""
    return sum(1 + len(block.get("child_blocks", ())) for block in blocks)


def _with(held: Json, **more: object) -> Json:
    """What is there, and of the rest what says something."""
    return {**held, **{name: value for name, value in more.items() if value}}
