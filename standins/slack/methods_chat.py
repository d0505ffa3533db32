"""The methods that write messages: chat.*."""

from __future__ import annotations

from standins.slack.catalogue import Call, method
from standins.slack.limits import UPDATE_TEXT
from standins.slack.messages import Message
from standins.slack.posting import bots_message, change, check_blocks, file, remove
from standins.slack.wire import Json, Refused
from standins.slack.workspace import Channel

WORDS = "text blocks attachments parse link_names mrkdwn markdown_text as_user"
STYLE = "unfurl_links unfurl_media username icon_emoji icon_url client_msg_id container_id"
EVENT_TYPE = 255
PAYLOAD = 8_000


def _destination(call: Call) -> Channel:
    """Find where to post: a conversation, a channel by `#name`, or a person's direct messages."""
    desk, name = call.desk, str(call.args["channel"])
    person = desk.workspace.people.get(name)
    if person is not None:
        if person.bot_id:
            raise Refused("cannot_dm_bot")
        if person.deactivated:
            raise Refused("user_disabled")
        if not desk.app.manifest["features"].get("app_home", {}).get("messages_tab_enabled", True):
            raise Refused("messages_tab_disabled")
        return desk.workspace.direct(name, desk.bot.id)
    if name.startswith("#"):
        call.args["channel"] = next(
            (c.id for c in desk.workspace.channels.values() if c.name == name[1:] and c.kind != "im"), name
        )
    channel = call.joined()
    if channel.archived:
        raise Refused("is_archived")
    return channel


def _thread(call: Call, channel: Channel) -> str | None:
    ts = call.text("thread_ts")
    if not ts:
        return None
    parent = channel.by_ts.get(ts)
    if parent is None or not parent.shown:
        raise Refused("thread_not_found")
    if parent.thread_ts and parent.thread_ts != parent.ts:
        raise Refused("cannot_reply_to_message", breach="invalid_arguments")
    return ts


def _metadata(call: Call) -> Json | None:
    metadata = call.args.get("metadata")
    if metadata is None:
        return None
    good = (
        isinstance(metadata, dict)
        and metadata.keys() == {"event_type", "event_payload"}
        and isinstance(metadata["event_type"], str)
        and 0 < len(metadata["event_type"]) <= EVENT_TYPE
        and isinstance(metadata["event_payload"], dict)
    )
    if not good:
        raise Refused("invalid_metadata_format", breach="invalid_arguments")
    if len(str(metadata)) > PAYLOAD:
        raise Refused("metadata_too_large", breach="invalid_arguments")
    return dict(metadata)


@method(
    "chat.postMessage", scopes=("chat:write",), tier=0, needs="channel",
    takes=f"{WORDS} {STYLE} thread_ts reply_broadcast metadata",
)  # fmt: skip
def post_message(call: Call) -> Json:
    """Post a message; one a second in each channel."""
    if call.args.keys() & {"username", "icon_emoji", "icon_url"}:
        call.desk.app.require("chat:write.customize")
    channel = _destination(call)
    thread, metadata = _thread(call, channel), _metadata(call)
    message = bots_message(call.desk, channel, call.args)
    call.desk.rates.count_post(channel.id)
    message.thread_ts, message.metadata = thread, metadata
    message.broadcast = bool(thread) and call.flag("reply_broadcast")
    file(call.desk, message)
    return {"channel": channel.id, "ts": message.ts, "message": message.payload()}


def _own(call: Call, refusal: str) -> Message:
    message = call.seen().by_ts.get(str(call.args["ts"]))
    if message is None or message.deleted:
        raise Refused("message_not_found")
    if message.user != call.desk.bot.id or message.by_response_url or message.subtype:
        raise Refused(refusal)
    if message.channel.archived:
        raise Refused("is_archived")
    return message


@method(
    "chat.update", scopes=("chat:write",), needs="channel ts",
    takes=f"{WORDS} file_ids reply_broadcast metadata",
)  # fmt: skip
def update(call: Call) -> Json:
    """Change a message of the bot; text alone erases the blocks."""
    message = _own(call, "cant_update_message")
    drawn = bots_message(call.desk, message.channel, call.args)
    if len(drawn.text) > UPDATE_TEXT:
        raise Refused("msg_too_long", breach="invalid_blocks")
    before = message.payload()
    message.metadata = _metadata(call) or message.metadata
    changed = (message.text, message.blocks) != (drawn.text, drawn.blocks)
    message.text, message.blocks, message.attachments = drawn.text, drawn.blocks, drawn.attachments
    if changed:
        if not drawn.blocks:
            message.edited = {"user": call.desk.bot.id, "ts": call.desk.workspace.stamp()}
        change(call.desk, message, before)
    return {"channel": message.channel.id, "ts": message.ts, "text": message.text, "message": message.payload()}


@method("chat.delete", scopes=("chat:write",), needs="channel ts", takes="as_user")
def delete(call: Call) -> Json:
    """Take a message of the bot away."""
    message = _own(call, "cant_delete_message")
    remove(call.desk, message)
    return {"channel": message.channel.id, "ts": message.ts}


@method(
    "chat.postEphemeral", scopes=("chat:write",), tier=4, needs="channel user",
    takes=f"{WORDS} username icon_emoji icon_url thread_ts",
)  # fmt: skip
def post_ephemeral(call: Call) -> Json:
    """Show a message to one person of a channel, for as long as she stays."""
    channel, person = call.joined(), call.person()
    if channel.archived:
        raise Refused("is_archived")
    if person.id not in channel.members:
        raise Refused("user_not_in_channel")
    message = bots_message(call.desk, channel, call.args)
    message.thread_ts, message.ephemeral_for = call.text("thread_ts"), person.id
    call.desk.ephemerals.append(message)
    return {"message_ts": message.ts}


@method("chat.getPermalink", tier=5, needs="channel message_ts")
def get_permalink(call: Call) -> Json:
    """Give the address of a message."""
    channel = call.seen()
    message = channel.by_ts.get(str(call.args["message_ts"]))
    if message is None or message.deleted:
        raise Refused("message_not_found")
    link = f"https://{call.desk.workspace.domain}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.thread_ts and message.thread_ts != message.ts:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


@method("blocks.validate", takes="blocks message view", token="none")  # noqa: S106 - the kind of token
def validate(call: Call) -> Json:
    """Say whether blocks, a message or a view would be accepted."""
    message = call.args.get("message") or {}
    check_blocks(call.args.get("blocks") or message.get("blocks"))
    return {}
