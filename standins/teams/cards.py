"""Whether Teams would show an Adaptive Card: schema 1.5 as Teams supports it, and its own limits."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from standins.teams.wire import Json, Refused

MOST_BYTES = 28 * 1024
MOST_ACTIONS = 6
VERSIONS = {"1.0", "1.1", "1.2", "1.3", "1.4", "1.5"}
CARD = "application/vnd.microsoft.card.adaptive"
ELEMENTS: Mapping[str, frozenset[str]] = {
    "TextBlock": frozenset({"text"}),
    "RichTextBlock": frozenset({"inlines"}),
    "Container": frozenset({"items"}),
    "ColumnSet": frozenset({"columns"}),
    "FactSet": frozenset({"facts"}),
    "ActionSet": frozenset({"actions"}),
    "Image": frozenset({"url"}),
    "ImageSet": frozenset({"images"}),
    "Table": frozenset({"columns", "rows"}),
    "Input.Text": frozenset({"id"}),
    "Input.Number": frozenset({"id"}),
    "Input.Date": frozenset({"id"}),
    "Input.Time": frozenset({"id"}),
    "Input.Toggle": frozenset({"id", "title"}),
    "Input.ChoiceSet": frozenset({"id"}),
    "Chart.HorizontalBar": frozenset({"data"}),
    "Chart.VerticalBar": frozenset({"data"}),
}
ACTIONS: Mapping[str, frozenset[str]] = {
    "Action.Submit": frozenset(),
    "Action.Execute": frozenset(),
    "Action.OpenUrl": frozenset({"url"}),
    "Action.ShowCard": frozenset({"card"}),
    "Action.ToggleVisibility": frozenset({"targetElements"}),
}
STYLES = {"default", "positive", "destructive"}
AT = re.compile(r"<at>(.*?)</at>")
WRITTEN: Mapping[str, re.Pattern[str]] = {
    "Input.Date": re.compile(r"(\d{4}-\d\d-\d\d)?"),
    "Input.Time": re.compile(r"(\d\d:\d\d)?"),
}
"""How the value of an input is written; a client shows anything else as nothing."""


def check(card: object, most: int = MOST_BYTES) -> Json:
    """The card, when Teams would show it. Raises Refused 400 with what is wrong, 413 where it is too large."""
    if not isinstance(card, dict) or card.get("type") != "AdaptiveCard":
        raise Refused(400, "BadSyntax", "not an AdaptiveCard")
    if card.get("version") not in VERSIONS:
        raise Refused(400, "BadSyntax", f"version {card.get('version')}")
    if len(json.dumps(card, ensure_ascii=False).encode()) > most:
        raise Refused(413, "MessageSizeTooBig", "Message size too large.")
    body, actions = card.get("body", []), card.get("actions", [])
    if not body and not actions:
        raise Refused(400, "BadSyntax", "an empty card")
    seen: set[str] = set()
    for element in _list(body, "body"):
        _element(element, seen)
    _actions(actions)
    _mentions(card)
    return card


def _element(element: Json, ids: set[str]) -> None:
    kind = str(element.get("type"))
    if kind not in ELEMENTS:
        raise Refused(400, "BadSyntax", f"unknown element {kind}")
    if missing := [name for name in ELEMENTS[kind] if not element.get(name)]:
        raise Refused(400, "BadSyntax", f"{kind} without {missing}")
    _named(element, ids)
    if kind.startswith("Input."):
        _input(kind, element)
    if kind == "ActionSet":
        _actions(element["actions"])
    for name in ("items", "columns", "rows", "cells"):
        if kind != "Table" or name != "columns":
            for inside in _list(element.get(name, []), name):
                _inside(inside, ids)


def _named(element: Json, ids: set[str]) -> None:
    if id := element.get("id"):
        if id in ids:
            raise Refused(400, "BadSyntax", f"two elements called {id}")
        ids.add(id)


def _inside(inside: Json, ids: set[str]) -> None:
    """A column, a row or a cell carries elements; anything else is one."""
    if inside.get("type") in {"Column", "TableRow", "TableCell"}:
        for name in ("items", "cells"):
            for one in _list(inside.get(name, []), name):
                _inside(one, ids)
    else:
        _element(inside, ids)


def _input(kind: str, element: Json) -> None:
    if not element.get("label"):
        raise Refused(400, "BadSyntax", f"{element['id']} has no label: nobody hears what it asks")
    if kind in WRITTEN and not WRITTEN[kind].fullmatch(str(element.get("value", ""))):
        raise Refused(400, "BadSyntax", f"{element['id']} cannot show {element['value']}")
    if element.get("isRequired") and not element.get("errorMessage"):
        raise Refused(400, "BadSyntax", f"{element['id']} is required and says nothing where it is empty")
    if kind == "Input.ChoiceSet":
        _choices(element)


def _choices(element: Json) -> None:
    choices = element.get("choices", [])
    if not choices:
        raise Refused(400, "BadSyntax", f"{element['id']} offers no choice")
    if any(not one.get("title") or "value" not in one for one in choices):
        raise Refused(400, "BadSyntax", f"{element['id']} has a choice without words or value")
    values = [one["value"] for one in choices]
    if len(values) != len(set(values)):
        raise Refused(400, "BadSyntax", f"{element['id']} has a value twice")
    if any("," in str(value) for value in values) and element.get("isMultiSelect"):
        raise Refused(400, "BadSyntax", f"{element['id']}: values chosen together are joined by commas")


def _actions(actions: object) -> None:
    there = _list(actions, "actions")
    if len(there) > MOST_ACTIONS:
        raise Refused(400, "BadSyntax", f"{len(there)} actions: Teams shows {MOST_ACTIONS}")
    for action in there:
        kind = str(action.get("type"))
        if kind not in ACTIONS:
            raise Refused(400, "BadSyntax", f"unknown action {kind}")
        if not action.get("title"):
            raise Refused(400, "BadSyntax", f"{kind} without a title")
        if missing := [name for name in ACTIONS[kind] if not action.get(name)]:
            raise Refused(400, "BadSyntax", f"{kind} without {missing}")
        if action.get("style", "default") not in STYLES:
            raise Refused(400, "BadSyntax", f"style {action['style']}")


def _mentions(card: Json) -> None:
    """Every `<at>` of the card must have its entity, or Teams refuses the whole card."""
    entities = (card.get("msteams") or {}).get("entities", [])
    known = {str(entity.get("text")) for entity in entities}
    for text in texts(card):
        for name in AT.findall(text):
            if f"<at>{name}</at>" not in known:
                raise Refused(400, "BadSyntax", f"a mention of {name} without its entity")


def walk(holder: object) -> Iterator[Json]:
    """Every object of a card, itself included."""
    if isinstance(holder, Mapping):
        yield dict(holder)
        for value in holder.values():
            yield from walk(value)
    elif isinstance(holder, Sequence) and not isinstance(holder, str):
        for value in holder:
            yield from walk(value)


def texts(card: object) -> Iterator[str]:
    """What one reads on a card."""
    for one in walk(card):
        if one.get("type") in {"TextBlock", "TextRun"}:
            yield str(one.get("text", ""))
        for name in ("label", "title", "errorMessage") if "type" in one else ("title",):
            if isinstance(one.get(name), str):
                yield one[name]


def buttons(card: object) -> list[Json]:
    """Every action of a card, in order."""
    return [one for one in walk(card) if str(one.get("type", "")).startswith("Action.")]


def inputs(card: object) -> dict[str, Json]:
    """Every input of a card, by its id."""
    return {one["id"]: one for one in walk(card) if str(one.get("type", "")).startswith("Input.")}


def _list(found: object, name: str) -> list[Any]:
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise Refused(400, "BadSyntax", f"{name} is no list of objects")
    return found
