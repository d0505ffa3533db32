"""The methods that mark a message: reactions.* and pins.*."""

from __future__ import annotations

import re

from standins.slack.catalogue import Call, method
from standins.slack.messages import Message
from standins.slack.posting import react
from standins.slack.wire import Json, Refused

EMOJI = re.compile(r"[a-z0-9_+'-]{1,100}(::skin-tone-[2-6])?")
ITEM = "channel timestamp"


def _message(call: Call, *, joined: bool = True) -> Message:
    channel = call.joined() if joined else call.seen()
    message = channel.by_ts.get(str(call.args["timestamp"]))
    if message is None or message.deleted:
        raise Refused("message_not_found")
    return message


def _name(call: Call) -> str:
    name = str(call.args["name"]).strip(":")
    if not EMOJI.fullmatch(name):
        raise Refused("invalid_name", breach="invalid_arguments")
    return name


@method("reactions.add", scopes=("reactions:write",), needs=f"name {ITEM}")
def add(call: Call) -> Json:
    """Put a reaction of the bot on a message."""
    message = _message(call)
    if message.channel.archived:
        raise Refused("is_archived")
    react(call.desk, call.desk.bot.id, message, _name(call), add=True)
    return {}


@method("reactions.remove", scopes=("reactions:write",), tier=2, needs=f"name {ITEM}", takes="file file_comment")
def remove(call: Call) -> Json:
    """Take a reaction of the bot away."""
    react(call.desk, call.desk.bot.id, _message(call), _name(call), add=False)
    return {}


@method("reactions.get", scopes=("reactions:read",), needs=ITEM, takes="full file file_comment")
def get(call: Call) -> Json:
    """Give a message with its reactions."""
    message = _message(call, joined=False)
    return {"type": "message", "channel": message.channel.id, "message": message.payload()}


@method("pins.add", scopes=("pins:write",), tier=2, needs=ITEM)
def pin(call: Call) -> Json:
    """Pin a message to its channel."""
    message = _message(call)
    if message.ts in message.channel.pins:
        raise Refused("already_pinned")
    message.channel.pins.append(message.ts)
    return {}


@method("pins.remove", scopes=("pins:write",), tier=2, needs=ITEM)
def unpin(call: Call) -> Json:
    """Take a pin away."""
    message = _message(call)
    if message.ts not in message.channel.pins:
        raise Refused("no_pin")
    message.channel.pins.remove(message.ts)
    return {}


@method("pins.list", scopes=("pins:read",), tier=2, needs="channel")
def pins(call: Call) -> Json:
    """List what is pinned to a channel."""
    channel = call.joined()
    return {"items": [{"type": "message", "message": channel.by_ts[ts].payload()} for ts in channel.pins]}
