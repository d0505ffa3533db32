"""Whether a payload has what its kind must have, before anything looks into it: a plainer sender may leave it out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.desk.wishes import text_at

Body = Mapping[str, Any]
NEEDED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "event_callback": (("event", "type"),),
    "block_actions": (("user", "id"),),
    "view_submission": (("user", "id"), ("view", "id")),
    "view_closed": (("user", "id"),),
    "shortcut": (("user", "id"), ("callback_id",)),
    "message_action": (("user", "id"), ("callback_id",)),
    "command": (("user_id",), ("channel_id",), ("command",)),
}
"""The texts without which a kind of payload cannot be served. A kind that is not here is not for us."""


def malformed(body: Body) -> bool:
    """Whether a payload lacks what its kind must have; one of an unknown kind does not."""
    kind = "command" if "command" in body else text_at(body, "type")
    if not kind:
        return True
    if kind == "block_actions" and not _pressed(body.get("actions")):
        return True
    return not all(text_at(body, *path) for path in NEEDED.get(kind, ()))


def _pressed(actions: object) -> bool:
    return isinstance(actions, list) and bool(actions) and bool(text_at(actions[0], "action_id"))
