"""The interactive elements: what each may hold, in which block and on which surface it may stand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from standins.slack.schema import (
    TYPE,
    Findings,
    Rule,
    any_of_types,
    anything,
    boolean,
    both,
    free,
    integer,
    items,
    one_of,
    plain,
    shape,
    string,
    text,
    unique,
)
from standins.slack.wire import Json

ACTION_ID: Mapping[str, Rule] = {"action_id": string(255, 1)}
FOCUS: Mapping[str, Rule] = {"focus_on_load": boolean}
STYLE = one_of("primary", "danger")
CONFIRM = shape({"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)}, {"style": STYLE})
ASKED: Mapping[str, Rule] = {**ACTION_ID, "confirm": CONFIRM}
HINTED: Mapping[str, Rule] = {**ASKED, **FOCUS, "placeholder": plain(150)}


def _value_of(option: object) -> object:
    return option.get("value") if isinstance(option, dict) else None


def option(label: Rule) -> Rule:
    """Ask for an option: text 75, value 150, description 75 characters."""
    return shape({"text": label, "value": string(150, 1)}, {"description": text(75), "url": string(3000)})


def options(label: Rule, least: int, most: int) -> Rule:
    """Ask for a list of options whose values differ."""
    return both(items(option(label), least, most), unique(_value_of, "option value"))


CHOICE = option(plain(75))
CHOICES = options(plain(75), 1, 100)
GROUPS = items(shape({"label": plain(75), "options": CHOICES}), 1, 100)
SHORT = options(text(75), 1, 10)


def _listed(element: Json) -> set[object]:
    groups = [{"options": element.get("options")}, *(element.get("option_groups") or [])]
    return {_value_of(each) for group in groups for each in group.get("options") or []}


def _initial_is_listed(findings: Findings, element: Json, at: str) -> None:
    listed = _listed(element)
    for each in [*element.get("initial_options", []), element.get("initial_option")]:
        if each is not None and _value_of(each) not in listed:
            findings.add(at, "initial_option must be one of the options")


def _options_or_groups(findings: Findings, element: Json, at: str) -> None:
    if ("options" in element) == ("option_groups" in element):
        findings.add(at, "must provide either options or option_groups")


MANY: Mapping[str, Rule] = {"max_selected_items": integer(1, 100)}
IDS = items(string(), 0, 100)
PICKED = shape(
    {},
    {
        "include": items(one_of("im", "mpim", "private", "public"), 1, 4),
        "exclude_bot_users": boolean,
        "exclude_external_shared_channels": boolean,
    },
)
ROOMS: Mapping[str, Rule] = {"default_to_current_conversation": boolean, "filter": PICKED}
ANSWERING: Mapping[str, Rule] = {"response_url_enabled": boolean}
DISPATCH = shape({}, {"trigger_actions_on": items(one_of("on_enter_pressed", "on_character_entered"), 1, 2)})


def _dated(pattern: str) -> Rule:
    expected = re.compile(pattern)

    def check(findings: Findings, value: object, at: str) -> None:
        if not isinstance(value, str) or not expected.fullmatch(value):
            findings.add(at, f"must match {pattern}")

    return check


def _select(*, many: bool) -> Rule:
    initial: Mapping[str, Rule] = (
        {"initial_options": items(CHOICE, 1, 100), **MANY} if many else {"initial_option": CHOICE}
    )
    return shape(
        TYPE, {**HINTED, "options": CHOICES, "option_groups": GROUPS, **initial}, _options_or_groups, _initial_is_listed
    )


def _typed(initial: Rule, **more: Rule) -> Rule:
    return shape(
        TYPE,
        {**ACTION_ID, **FOCUS, "placeholder": plain(150), "initial_value": initial,
         "dispatch_action_config": DISPATCH, **more},
    )  # fmt: skip


LENGTH = integer(0, 3000)
BUTTON = shape(
    {**TYPE, "text": plain(75)},
    {**ASKED, "value": string(2000), "url": string(3000), "style": STYLE, "accessibility_label": string(75),
     "visible_to_user_ids": items(string(), 1, 10)},
)  # fmt: skip
ICON_BUTTON = shape(
    {**TYPE, "icon": one_of("trash"), "text": plain(75)},
    {**ASKED, "value": string(2000), "accessibility_label": string(75), "visible_to_user_ids": items(string(), 1, 10)},
)  # fmt: skip
IMAGE = shape({**TYPE, "alt_text": string(2000, 1)}, {"image_url": string(3000), "slack_file": free()})
OPTED = {**ASKED, **FOCUS}

ELEMENTS: Mapping[str, Rule] = MappingProxyType(
    {
        "button": BUTTON,
        "icon_button": ICON_BUTTON,
        "feedback_buttons": shape({**TYPE, "positive_button": free(), "negative_button": free()}, ACTION_ID),
        "image": IMAGE,
        "overflow": shape({**TYPE, "options": options(plain(75), 2, 5)}, ASKED),
        "checkboxes": shape(
            {**TYPE, "options": SHORT}, {**OPTED, "initial_options": items(free("value"), 1, 10)}, _initial_is_listed
        ),
        "radio_buttons": shape(
            {**TYPE, "options": SHORT}, {**OPTED, "initial_option": free("value")}, _initial_is_listed
        ),
        "static_select": _select(many=False),
        "multi_static_select": _select(many=True),
        "external_select": shape(
            TYPE, {**HINTED, "initial_option": CHOICE, "min_query_length": integer(0, 100)}
        ),
        "users_select": shape(TYPE, {**HINTED, "initial_user": string()}),
        "multi_users_select": shape(TYPE, {**HINTED, **MANY, "initial_users": IDS}),
        "conversations_select": shape(
            TYPE, {**HINTED, **ROOMS, **ANSWERING, "initial_conversation": string()}
        ),
        "multi_conversations_select": shape(TYPE, {**HINTED, **ROOMS, **MANY, "initial_conversations": IDS}),
        "channels_select": shape(TYPE, {**HINTED, **ANSWERING, "initial_channel": string()}),
        "multi_channels_select": shape(TYPE, {**HINTED, **MANY, "initial_channels": IDS}),
        "datepicker": shape(TYPE, {**HINTED, "initial_date": _dated(r"\d{4}-\d\d-\d\d")}),
        "timepicker": shape(TYPE, {**HINTED, "initial_time": _dated(r"\d\d:\d\d"), "timezone": string()}),
        "datetimepicker": shape(TYPE, {**OPTED, "initial_date_time": integer(10**9, 10**10 - 1)}),
        "plain_text_input": _typed(string(3000), multiline=boolean, min_length=LENGTH, max_length=integer(1, 3000)),
        "email_text_input": _typed(string(3000)),
        "url_text_input": _typed(string(3000)),
        "number_input": shape(
            {**TYPE, "is_decimal_allowed": boolean},
            {**ACTION_ID, **FOCUS, "placeholder": plain(150), "dispatch_action_config": DISPATCH,
             **{name: string() for name in ("initial_value", "min_value", "max_value")}},
        ),
        "rich_text_input": _typed(free("elements"), min_lines=integer(1, 100), max_lines=integer(1, 100)),
        "file_input": shape(TYPE, {**ACTION_ID, "filetypes": anything, "max_files": integer(1, 10)}),
    }
)  # fmt: skip

MODAL, HOME, MESSAGE = "modal", "home", "message"
EVERYWHERE = frozenset({MODAL, HOME, MESSAGE})
SURFACES: Mapping[str, frozenset[str]] = {
    "number_input": frozenset({MODAL}),
    "email_text_input": frozenset({MODAL}),
    "url_text_input": frozenset({MODAL}),
    "file_input": frozenset({MODAL}),
    "rich_text_input": frozenset({MODAL, HOME}),
    "datetimepicker": frozenset({MODAL, MESSAGE}),
}
PICKERS = ("static_select", "external_select", "users_select", "conversations_select", "channels_select")
MULTI = tuple(f"multi_{name}" for name in PICKERS if name != "external_select")
TICKED = ("checkboxes", "radio_buttons")
IN_SECTION = ("button", "image", "overflow", *TICKED, *PICKERS, *MULTI, "datepicker", "timepicker")
IN_ACTIONS = ("button", "overflow", *TICKED, *PICKERS, "datepicker", "timepicker", "datetimepicker", "rich_text_input")
IN_INPUT = (
    "plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input", "file_input",
    *TICKED, *PICKERS, *MULTI, "datepicker", "timepicker", "datetimepicker",
)  # fmt: skip


def element(surface: str, names: tuple[str, ...], also: Mapping[str, Rule] | None = None) -> Rule:
    """Ask for one of these elements, as far as the surface bears it."""
    allowed = {name: ELEMENTS[name] for name in names if surface in SURFACES.get(name, EVERYWHERE)}
    return any_of_types({**allowed, **(also or {})}, f"element of a {surface}")
