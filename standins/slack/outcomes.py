"""What an acknowledgement does when it speaks: to a command, and to a submitted modal."""

from __future__ import annotations

from standins.slack import responses
from standins.slack.desk import Desk
from standins.slack.elements import MODAL
from standins.slack.eyes import Reply, Submission
from standins.slack.methods_views import check_view
from standins.slack.modals import View
from standins.slack.wire import Json, Refused
from standins.slack.workspace import Channel


def hear(desk: Desk, answer: Json, room: Channel, person: str) -> None:
    """Show what the acknowledgement of a command says."""
    if not answer.keys() & {"text", "blocks", "attachments"} or answer == {"text": ""}:
        return
    try:
        responses.say(desk, answer, room, person)
    except Refused as refused:
        desk.breach("bad_ack", f"the answer to a command is refused: {refused.facts}")


def outcome(desk: Desk, view: View, reply: Reply) -> Submission:
    """Do to a submitted modal what the acknowledgement says."""
    answer, views = reply.envelope.answer, desk.views
    match answer.get("response_action"):
        case None if answer:
            desk.breach("bad_ack", f"a submitted form is answered with {sorted(answer)}")
        case None:
            views.pop(view)
        case "clear":
            views.clear(view.person)
        case "errors":
            return _errors(desk, view, answer, reply)
        case "update" | "push" as how:
            return _redrawn(desk, view, how, answer, reply)
        case other:
            desk.breach("bad_ack", f"unknown response_action {other}")
    return Submission(closed=not view.open, view=views.top(view.person), reply=reply)


def _errors(desk: Desk, view: View, answer: Json, reply: Reply) -> Submission:
    errors = answer.get("errors") or {}
    asked = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not errors or errors.keys() - asked:
        desk.breach("bad_ack", f"errors for {sorted(errors)}, the inputs are {sorted(asked)}")
    return Submission(closed=False, errors=dict(errors), view=view, reply=reply)


def _redrawn(desk: Desk, view: View, how: str, answer: Json, reply: Reply) -> Submission:
    try:
        definition = check_view(answer.get("view"), MODAL)
        shown = desk.views.update(view, definition) if how == "update" else desk.views.push(
            view.person, definition, view.here)  # fmt: skip
    except Refused as refused:
        desk.breach("bad_ack", f"{how} is refused: {refused.error} {refused.facts}")
        return Submission(closed=False, view=view, reply=reply)
    return Submission(closed=False, view=shown, reply=reply)
