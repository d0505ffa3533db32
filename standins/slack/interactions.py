"""What Slack sends when a person types a command, clicks, submits or closes."""

from __future__ import annotations

from standins.slack.delivery import Envelope
from standins.slack.desk import Desk
from standins.slack.messages import Message
from standins.slack.methods_views import draw_view
from standins.slack.modals import Values, View
from standins.slack.wire import Json
from standins.slack.workspace import Channel, Person

Place = Message | View


def _base(desk: Desk, kind: str, person: Person) -> Json:
    team = {"id": desk.workspace.team, "domain": desk.workspace.domain}
    user = {"id": person.id, "username": person.name, "name": person.name, "team_id": desk.workspace.team}
    return {
        "type": kind, "team": team, "user": user, "api_app_id": desk.app.id,
        "token": desk.app.verification_token, "enterprise": None, "is_enterprise_install": False,
    }  # fmt: skip


def _room(channel: Channel) -> Json:
    return {"id": channel.id, "name": channel.name}


def command(desk: Desk, person: Person, name: str, text: str, channel: Channel) -> tuple[Envelope, str]:
    """Send a slash command; give the envelope and its trigger."""
    trigger = desk.trigger(person.id, channel.id)
    payload = {
        "token": desk.app.verification_token, "team_id": desk.workspace.team, "api_app_id": desk.app.id,
        "team_domain": desk.workspace.domain, "channel_id": channel.id,
        "channel_name": channel.name if channel.kind == "channel" else
        {"im": "directmessage", "group": "privategroup"}[channel.kind],
        "user_id": person.id, "user_name": person.name, "command": name, "text": text,
        "is_enterprise_install": "false", "trigger_id": trigger,
        "response_url": desk.response_url(person.id, channel),
    }  # fmt: skip
    return desk.postbox.send("slash_commands", name, payload), trigger


def shortcut(desk: Desk, person: Person, callback_id: str, message: Message | None) -> tuple[Envelope, str]:
    """Send a shortcut, global or on a message; give the envelope and its trigger."""
    trigger = desk.trigger(person.id, message.channel.id if message else None)
    payload = _base(desk, "message_action" if message else "shortcut", person)
    payload |= {"callback_id": callback_id, "trigger_id": trigger, "action_ts": desk.workspace.stamp()}
    if message is not None:
        payload |= {
            "channel": _room(message.channel), "message": message.payload(), "message_ts": message.ts,
            "response_url": desk.response_url(person.id, message.channel),
        }  # fmt: skip
    return desk.postbox.send("interactive", str(payload["type"]), payload), trigger


def action(desk: Desk, person: Person, place: Place, taken: Json, values: Values) -> tuple[Envelope, str]:
    """Send a click or a choice, with the whole message or view around it."""
    payload = _base(desk, "block_actions", person)
    if isinstance(place, View):
        trigger = desk.trigger(person.id, place.here, place)
        payload |= {"container": {"type": "view", "view_id": place.id}, "view": draw_view(desk, place)}
    else:
        trigger = desk.trigger(person.id, place.channel.id)
        payload |= _around(desk, person, place) | {"state": {"values": values}}
    payload |= {"trigger_id": trigger, "actions": [taken | {"action_ts": desk.workspace.stamp()}]}
    return desk.postbox.send("interactive", "block_actions", payload), trigger


def _around(desk: Desk, person: Person, message: Message) -> Json:
    container: Json = {
        "type": "message", "message_ts": message.ts, "channel_id": message.channel.id,
        "is_ephemeral": message.ephemeral_for is not None,
    }  # fmt: skip
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    drawn: Json = {"container": container, "channel": _room(message.channel),
                   "response_url": desk.response_url(person.id, message.channel, message)}  # fmt: skip
    # Slack does not send the content of an ephemeral message back.
    return drawn if message.ephemeral_for else drawn | {"message": message.payload()}


def submission(desk: Desk, person: Person, view: View) -> tuple[Envelope, str]:
    """Send a submitted modal."""
    trigger = desk.trigger(person.id, view.here, view)
    payload = _base(desk, "view_submission", person)
    payload |= {"trigger_id": trigger, "view": draw_view(desk, view), "response_urls": []}
    return desk.postbox.send("interactive", "view_submission", payload), trigger


def closing(desk: Desk, person: Person, view: View, *, cleared: bool) -> Envelope | None:
    """Send word of a closed modal, if its definition asks for it."""
    if not view.definition.get("notify_on_close"):
        return None
    payload = _base(desk, "view_closed", person) | {"view": draw_view(desk, view), "is_cleared": cleared}
    return desk.postbox.send("interactive", "view_closed", payload)
