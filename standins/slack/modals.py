"""Modals and home pages as Slack holds them: the stack of three, the hash, and what a person filled in."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from standins.slack.limits import flat, interactive
from standins.slack.wire import Json, Refused, token

MOST_STACKED = 3
# What a person chose in an element: the name of its value in the state, and of its initial value.
STATEFUL: Mapping[str, tuple[str, str]] = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_static_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "file_input": ("files", "initial_files"),
}
Values = dict[str, dict[str, Json]]


def named(blocks: list[Json]) -> list[Json]:
    """Copy blocks, giving a name to every block and element that has none, as Slack does."""
    blocks = copy.deepcopy(blocks)
    for block in flat(blocks):
        block["block_id"] = block.get("block_id") or token(size=3)
        for element in interactive(block):
            element.setdefault("action_id", token(size=3))
        if isinstance(asked := block.get("element"), dict):
            asked.setdefault("action_id", token(size=3))
    return blocks


def elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Walk the interactive elements, each with its block."""
    for block in flat(blocks):
        for element in interactive(block):
            yield block, element


def initial_values(blocks: list[Json], kept: Values, here: str | None) -> Values:
    """Fill the state: what was kept under the same two names and type, the initial value otherwise."""
    values: Values = {}
    for block, element in elements(blocks):
        if element["type"] not in STATEFUL:
            continue
        before = kept.get(block["block_id"], {}).get(element["action_id"]) or {}
        value = before if before.get("type") == element["type"] else _initial(element, here)
        values.setdefault(block["block_id"], {})[element["action_id"]] = value
    return values


def _initial(element: Json, here: str | None) -> Json:
    key, initial = STATEFUL[element["type"]]
    value = element.get(initial, [] if key.endswith("s") else None)
    if value is None and element.get("default_to_current_conversation"):
        value = here
    return {"type": element["type"], key: value}


@dataclass(slots=True, eq=False, repr=False)
class View:
    """A modal or a home page in front of somebody, as Slack holds it now."""

    id: str
    person: str
    definition: Json
    hash: str
    root: View | None = None
    previous: View | None = None
    values: Values = field(default_factory=dict)
    here: str | None = None
    open: bool = True
    by_trigger: str | None = None

    def __repr__(self) -> str:
        return f"<view {self.title or self.definition.get('type')} of {self.person}>"

    @property
    def blocks(self) -> list[Json]:
        """Give the blocks as they are now."""
        return list(self.definition["blocks"])

    @property
    def title(self) -> str:
        """Give the words of the title, empty for a home page."""
        return str(self.definition.get("title", {}).get("text", ""))

    @property
    def callback_id(self) -> str:
        """Give the name that the app gave to this form."""
        return str(self.definition.get("callback_id", ""))

    @property
    def external_id(self) -> str:
        """Give the app's own name for this one view."""
        return str(self.definition.get("external_id", ""))

    @property
    def visible_text(self) -> str:
        """Give what a person would read: title, blocks, buttons below."""
        from standins.slack.reading import visible_text, worded

        buttons = [f"[{worded(self.definition[name])}]" for name in ("close", "submit") if name in self.definition]
        return "\n".join(filter(None, [self.title, visible_text("", self.blocks), *buttons]))

    def redraw(self, definition: Json) -> None:
        """Take a new definition, keeping what was chosen where the names stayed the same."""
        self.definition = definition | {"blocks": named(definition["blocks"])}
        self.values = initial_values(self.definition["blocks"], self.values, self.here)
        self.hash = f"{token(size=5)}.{token(size=4)}"


class Views:
    """Every view that is open, and what is on top of each person's stack."""

    def __init__(self) -> None:
        self.by_id: dict[str, View] = {}
        self._stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}

    def stack(self, person: str) -> list[View]:
        """Give the open modals of a person, the top one last."""
        return self._stacks.setdefault(person, [])

    def top(self, person: str) -> View | None:
        """Give the modal in front of a person."""
        stack = self.stack(person)
        return stack[-1] if stack else None

    def open(self, person: str, definition: Json, here: str | None) -> View:
        """Open a modal; what was open before gives way to it."""
        self.clear(person)
        return self._place(person, definition, here)

    def push(self, person: str, definition: Json, here: str | None) -> View:
        """Put a modal on top of the others, three at most."""
        if len(self.stack(person)) >= MOST_STACKED:
            raise Refused("push_limit_reached")
        return self._place(person, definition, here)

    def publish(self, person: str, definition: Json) -> View:
        """Replace the home page of a person."""
        view = self.homes.get(person)
        if view is None:
            view = self.homes[person] = View(token("V"), person, {"blocks": []}, "")
            self.by_id[view.id] = view
        view.redraw(definition)
        return view

    def update(self, view: View, definition: Json) -> View:
        """Redraw a view that is still open."""
        self._refuse_twin(definition, view)
        view.redraw(definition)
        return view

    def pop(self, view: View) -> None:
        """Take a view and what is above it away."""
        stack = self.stack(view.person)
        while view in stack:
            stack.pop().open = False

    def clear(self, person: str) -> None:
        """Take every modal of a person away."""
        for view in self.stack(person):
            view.open = False
        self.stack(person).clear()

    def find(self, view_id: str | None, external_id: str | None) -> View:
        """Find an open view by one of its names; `not_found` when it is closed."""
        if view_id is not None:
            view = self.by_id.get(view_id)
        else:
            view = next((v for v in self._living() if external_id and v.external_id == external_id), None)
        if view is None or not view.open:
            raise Refused("not_found")
        return view

    def _living(self) -> Iterator[View]:
        for stack in self._stacks.values():
            yield from stack

    def _refuse_twin(self, definition: Json, keep: View | None = None) -> None:
        name = definition.get("external_id")
        if name and any(view.external_id == name and view is not keep for view in self._living()):
            raise Refused("duplicate_external_id")

    def _place(self, person: str, definition: Json, here: str | None) -> View:
        self._refuse_twin(definition)
        below = self.top(person)
        view = View(token("V"), person, {"blocks": []}, "", previous=below, here=here)
        view.root = below.root if below else view
        view.redraw(definition)
        self.by_id[view.id] = view
        self.stack(person).append(view)
        return view
