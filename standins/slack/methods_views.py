"""The methods that open and redraw modals and home pages: views.*."""

from __future__ import annotations

from standins.slack.catalogue import Call, method
from standins.slack.desk import Desk
from standins.slack.elements import HOME, MODAL
from standins.slack.limits import VIEW_BYTES, faults_of_view, weight
from standins.slack.modals import STATEFUL, View
from standins.slack.wire import Json, Refused, pointed


def check_view(view: object, surface: str) -> Json:
    """Accept the definition of a view; `invalid_arguments` with pointers otherwise."""
    if isinstance(view, dict) and weight(view) > VIEW_BYTES:
        raise Refused("view_too_large", breach="invalid_blocks")
    if faults := faults_of_view(view, surface):
        raise Refused("invalid_arguments", breach="invalid_blocks", response_metadata=pointed(faults))
    assert isinstance(view, dict)
    return view


def draw_view(desk: Desk, view: View) -> Json:
    """Draw a view as Slack sends it, with what the person chose."""
    kept = {name: value for name, value in view.definition.items() if name not in {"type", "blocks"}}
    empty = {"private_metadata": "", "callback_id": "", "external_id": "", "title": None, "close": None}
    settings: Json = {**empty, "submit": None, "clear_on_close": False, "notify_on_close": False, **kept}
    return settings | {
        "id": view.id, "team_id": desk.workspace.team, "type": view.definition["type"], "blocks": view.blocks,
        "state": {"values": state(view)}, "hash": view.hash, "previous_view_id": view.previous.id if view.previous
        else None, "root_view_id": view.root.id if view.root else view.id, "app_id": desk.app.id,
        "app_installed_team_id": desk.workspace.team, "bot_id": desk.bot.bot_id,
    }  # fmt: skip


def state(view: View) -> Json:
    """Draw what the person chose; an input she left empty has its value null."""
    return {
        block: {action: {**value, STATEFUL[value["type"]][0]: value.get(STATEFUL[value["type"]][0])}
                for action, value in actions.items()}
        for block, actions in view.values.items()
    }  # fmt: skip


TRIGGERED = "trigger_id interactivity_pointer"


@method("views.open", tier=4, needs="view", takes=TRIGGERED)
def open_view(call: Call) -> Json:
    """Open a modal in front of whoever just clicked."""
    definition = check_view(call.args["view"], MODAL)
    trigger = call.desk.redeem(call.args.get("trigger_id"))
    view = call.desk.views.open(trigger.person, definition, trigger.here)
    view.by_trigger = str(call.args["trigger_id"])
    return {"view": draw_view(call.desk, view)}


@method("views.push", tier=4, needs="view", takes=TRIGGERED)
def push_view(call: Call) -> Json:
    """Put a modal on top of the one in which somebody just clicked."""
    definition = check_view(call.args["view"], MODAL)
    trigger = call.desk.redeem(call.args.get("trigger_id"))
    if trigger.view is None or not trigger.view.open or trigger.view.definition["type"] != MODAL:
        raise Refused("not_found")
    view = call.desk.views.push(trigger.person, definition, trigger.here)
    view.by_trigger = str(call.args["trigger_id"])
    return {"view": draw_view(call.desk, view)}


def _check_hash(call: Call, view: View) -> None:
    if call.args.get("hash") and call.args["hash"] != view.hash:
        raise Refused("hash_conflict")


@method("views.update", tier=4, needs="view", takes="view_id external_id hash")
def update_view(call: Call) -> Json:
    """Redraw an open modal, unless it changed since the caller looked."""
    definition = check_view(call.args["view"], MODAL)
    view = call.desk.views.find(call.text("view_id"), call.text("external_id"))
    _check_hash(call, view)
    return {"view": draw_view(call.desk, call.desk.views.update(view, definition))}


@method("views.publish", tier=4, needs="user_id view", takes="hash")
def publish_view(call: Call) -> Json:
    """Replace the home page of a person."""
    if not call.desk.app.manifest["features"].get("app_home", {}).get("home_tab_enabled"):
        raise Refused("not_enabled", breach="missing_scope")
    person = call.desk.workspace.people.get(str(call.args["user_id"]))
    if person is None or person.bot_id:
        raise Refused("invalid_user_id" if person is None else "not_supported")
    definition = check_view(call.args["view"], HOME)
    if (current := call.desk.views.homes.get(person.id)) is not None:
        _check_hash(call, current)
    return {"view": draw_view(call.desk, call.desk.views.publish(person.id, definition))}
