"""Finding a button or a field the way a person does, and what is sent when she uses it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time

from standins.slack.messages import Message
from standins.slack.modals import STATEFUL, Values, View, elements
from standins.slack.reading import worded
from standins.slack.wire import Json, NothingThere
from standins.slack.workspace import Channel, Person

Found = tuple[Json, Json]
# Options a menu may have, hence the most that can be chosen in it.
MOST = 100


def button(place: Message | View, person: str, text: str | None, action_id: str | None, value: str | None) -> Found:
    """Find the one button she means: by its words, its action, its value, or several of them."""
    seen = [each for each in elements(place.blocks) if each[1]["type"] in {"button", "icon_button"}]
    seen = [each for each in seen if person in each[1].get("visible_to_user_ids", [person])]
    exact = [each for each in seen if text is None or worded(each[1]["text"]) == text]
    found = exact or [each for each in seen if text is not None and text in worded(each[1]["text"])]
    found = [each for each in found if action_id in (None, each[1]["action_id"])]
    found = [each for each in found if value in (None, each[1].get("value"))]
    return _the_one(found, f"button {text or ''} {action_id or ''} {value or ''}", seen)


def field(
    place: Message | View, action_id: str | None, block: str | None, label: str | None, option: object = None
) -> Found:
    """Find the one field she means, by its action, its block, or the words above it."""
    seen = [each for each in elements(place.blocks) if each[1]["type"] in {*STATEFUL, "overflow"}]
    found = [each for each in seen if action_id in (None, each[1]["action_id"])]
    found = [each for each in found if block in (None, each[0]["block_id"])]
    found = [each for each in found if label in (None, *_labels(each[0]))]
    if len(found) > 1 and option is not None:
        found = [each for each in found if any(_offers(each[1], one) for one in _several(option))]
    return _the_one(found, f"field {action_id or ''} {block or ''} {label or ''}", seen)


def _labels(block: Json) -> Iterator[str]:
    if "label" in block:
        yield worded(block["label"])
    if "text" in block:
        yield worded(block["text"])


def _the_one(found: list[Found], wanted: str, seen: list[Found]) -> Found:
    if len(found) == 1:
        return found[0]
    offered = [f"{worded(e.get('text')) or e['type']} ({b['block_id']}/{e['action_id']})" for b, e in seen]
    what = "no" if not found else f"{len(found)} times the"
    raise NothingThere(f"{what} {wanted.strip()}; there is {', '.join(offered) or 'nothing to touch'}")


def options_of(element: Json) -> list[Json]:
    """List every option of an element, whatever group it is in."""
    groups = [{"options": element.get("options")}, *(element.get("option_groups") or [])]
    return [option for group in groups for option in group.get("options") or []]


def _offers(element: Json, wanted: object) -> bool:
    return any(wanted in (option["value"], worded(option["text"])) for option in options_of(element))


def _option(element: Json, wanted: object) -> Json:
    for option in options_of(element):
        if wanted in (option["value"], worded(option["text"])):
            return option
    offered = [f"{worded(o['text'])} = {o['value']}" for o in options_of(element)]
    raise NothingThere(f"no option {wanted!r}; there is {', '.join(offered)}")


def _several(value: object) -> list[object]:
    return list(value) if isinstance(value, Iterable) and not isinstance(value, str) else [value]


def _plain(value: object) -> object:
    match value:
        case Person() | Channel():
            return value.id
        case datetime():
            return int(value.timestamp())
        case date():
            return value.isoformat()
        case time():
            return value.strftime("%H:%M")
        case _:
            return getattr(value, "id", value)


def chosen(element: Json, value: object) -> Json:
    """Draw the value of an element once the person chose or typed this."""
    kind = element["type"]
    key = STATEFUL.get(kind, ("selected_option", ""))[0]
    if value is None:
        return {"type": kind, key: [] if key.endswith("s") else None}
    most = element.get("max_selected_items", MOST)
    if key.endswith("s") and len(_several(value)) > most:
        raise NothingThere(f"no more than {most} can be chosen")
    if key == "selected_options":
        return {"type": kind, key: [_option(element, one) for one in _several(value)]}
    if key == "selected_option":
        return {"type": kind, key: _option(element, value)}
    if key.endswith("s"):
        return {"type": kind, key: [_plain(one) for one in _several(value)]}
    return {"type": kind, key: str(value) if key == "value" else _plain(value)}


def unfit(view: View) -> dict[str, str]:
    """Say what Slack's own client says before it sends a form: by block, empty when all is well."""
    said: dict[str, str] = {}
    for block, element in elements(view.blocks):
        if block["type"] == "input":
            value = view.values[block["block_id"]][element["action_id"]].get(STATEFUL[element["type"]][0])
            if problem := _problem(element, value, optional=bool(block.get("optional"))):
                said[block["block_id"]] = problem
    return said


def _problem(element: Json, value: object, *, optional: bool) -> str | None:
    if value in (None, "", []):
        return None if optional else "Please complete this required field."
    if element["type"] == "number_input":
        return _number_problem(element, str(value))
    if isinstance(value, str):
        if len(value) < element.get("min_length", 0):
            return "This entry is too short."
        if len(value) > element.get("max_length", 3000):
            return "This entry is too long."
    return None


def _number_problem(element: Json, value: str) -> str | None:
    try:
        number = float(value) if element["is_decimal_allowed"] else int(value)
    except ValueError:
        return "Please enter a number."
    low, high = element.get("min_value", "-inf"), element.get("max_value", "inf")
    return None if float(low) <= number <= float(high) else f"Please enter a number from {low} to {high}."


def keep(values: Values, block: Json, element: Json, value: Json) -> None:
    """Remember what was chosen."""
    values.setdefault(block["block_id"], {})[element["action_id"]] = value
