"""The methods about conversations: conversations.*, and which ones the bot is in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from standins.slack.catalogue import Call, method
from standins.slack.posting import enter, leave
from standins.slack.wire import Json, Refused
from standins.slack.workspace import Channel

FAMILY: Mapping[str, str] = {"channel": "channels", "group": "groups", "im": "im"}
TYPES: Mapping[str, str] = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}
MANY = 999
HISTORY = "cursor limit"
WINDOW = f"{HISTORY} oldest latest inclusive include_all_metadata"


def _may(call: Call, channel: Channel, verb: str) -> Channel:
    call.desk.app.require(f"{FAMILY[channel.kind]}:{verb}")
    return channel


@method("conversations.join", scopes=("channels:join",), needs="channel")
def join(call: Call) -> Json:
    """Let the bot into a public channel."""
    channel = call.seen()
    if channel.kind != "channel":
        raise Refused("method_not_supported_for_channel_type")
    if channel.archived:
        raise Refused("is_archived")
    there = call.desk.bot.id in channel.members
    enter(call.desk, call.desk.bot.id, channel)
    said: Json = {"channel": channel.payload(call.desk.bot.id)}
    if there:
        said |= {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
    return said


@method("conversations.leave", needs="channel")
def leave_channel(call: Call) -> Json:
    """Let the bot out of a channel; needs the scope to manage such channels."""
    channel = call.seen()
    call.desk.app.require(*(("groups:write",) if channel.private else ("channels:manage", "channels:write")))
    there = call.desk.bot.id in channel.members
    leave(call.desk, call.desk.bot.id, channel)
    return {} if there else {"not_in_channel": True}


@method("conversations.info", needs="channel", takes="include_locale include_num_members")
def info(call: Call) -> Json:
    """Describe one conversation."""
    channel = _may(call, call.seen(), "read")
    drawn = channel.payload(call.desk.bot.id)
    if call.flag("include_num_members"):
        drawn["num_members"] = len(channel.members)
    if call.flag("include_locale"):
        drawn["locale"] = "en-US"
    return {"channel": drawn}


@method("conversations.history", needs="channel", takes=WINDOW)
def history(call: Call) -> Json:
    """Page through a channel, the newest first."""
    channel = _may(call, call.joined(), "history")
    inclusive = call.flag("inclusive")
    found = channel.between(call.text("oldest") or "0", call.text("latest") or "", inclusive=inclusive)
    page, cursor = call.page(found[::-1], 100, MANY)
    return _messages(call, page, cursor) | {"pin_count": len(channel.pins)}


@method("conversations.replies", needs="channel ts", takes=WINDOW)
def replies(call: Call) -> Json:
    """Page through a thread, the parent first, then the oldest."""
    channel = _may(call, call.joined(), "history")
    parent = channel.by_ts.get(str(call.args["ts"]))
    if parent is None or not parent.shown:
        raise Refused("thread_not_found")
    oldest, latest, inclusive = call.text("oldest") or "0", call.text("latest") or "9", call.flag("inclusive")
    within = [
        reply for reply in parent.living_replies
        if oldest < reply.ts < latest or (inclusive and reply.ts in (oldest, latest))
    ]  # fmt: skip
    page, cursor = call.page(within, 1000, 1000)
    return _messages(call, [parent, *page], cursor)


def _messages(call: Call, page: list[Any], cursor: str) -> Json:
    with_metadata = call.flag("include_all_metadata") and not call.desk.chaos.forgetful
    said: Json = {"messages": [m.payload(metadata=with_metadata) for m in page], "has_more": bool(cursor)}
    return said | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})


@method("conversations.members", tier=4, needs="channel", takes=HISTORY)
def members(call: Call) -> Json:
    """Page through who is in a conversation."""
    channel = _may(call, call.seen(), "read")
    page, cursor = call.page(list(channel.members), 100, 1000)
    return {"members": page, "response_metadata": {"next_cursor": cursor}}


@method("conversations.open", scopes=("im:write", "mpim:write"), takes="channel users return_im prevent_creation")
def open_direct(call: Call) -> Json:
    """Open the direct messages with one person."""
    users = str(call.args.get("users") or "").split(",")
    if len(users) != 1 or not users[0]:
        raise Refused("users_list_not_supplied", breach="invalid_arguments")
    person = call.desk.workspace.people.get(users[0])
    if person is None:
        raise Refused("user_not_found")
    if person.deactivated:
        raise Refused("user_disabled")
    if person.bot_id:
        raise Refused("cannot_dm_bot")
    return {"channel": {"id": call.desk.workspace.direct(person.id, call.desk.bot.id).id}}


@method("conversations.list", tier=2, takes=f"{HISTORY} types exclude_archived")
def list_channels(call: Call) -> Json:
    """Page through the conversations the bot may know of."""
    bot = call.desk.bot.id
    return _list(call, lambda channel: channel.kind == "channel" or bot in channel.members)


@method("users.conversations", takes=f"{HISTORY} types exclude_archived user")
def conversations_of(call: Call) -> Json:
    """Page through the conversations somebody, by default the bot, is in."""
    bot = call.desk.bot.id
    who = str(call.args.get("user") or bot)
    return _list(call, lambda channel: who in channel.members and (not channel.private or bot in channel.members))


def _list(call: Call, seen: Callable[[Channel], bool]) -> Json:
    types = str(call.args.get("types") or "public_channel").split(",")
    if unknown := set(types) - TYPES.keys():
        raise Refused("invalid_types", breach="invalid_arguments", types=sorted(unknown))
    kinds = {TYPES[name] for name in types}
    for kind in kinds:
        call.desk.app.require(f"{FAMILY.get(kind, kind)}:read")
    exclude = call.flag("exclude_archived")
    found = [
        channel for channel in call.desk.workspace.channels.values()
        if channel.kind in kinds and seen(channel) and not (exclude and channel.archived)
    ]  # fmt: skip
    page, cursor = call.page(found, 100, MANY)
    drawn = [channel.payload(call.desk.bot.id) | {"num_members": len(channel.members)} for channel in page]
    return {"channels": drawn, "response_metadata": {"next_cursor": cursor}}
