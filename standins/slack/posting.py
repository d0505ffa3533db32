"""Putting a message where it belongs, changing it and taking it away, and telling the app of it."""

from __future__ import annotations

from standins.slack.delivery import Envelope
from standins.slack.desk import Desk
from standins.slack.elements import MESSAGE
from standins.slack.limits import MESSAGE_TEXT, faults_of_blocks, tables_in
from standins.slack.messages import Message
from standins.slack.modals import named
from standins.slack.wire import Json, Refused, pointed
from standins.slack.workspace import Channel

SUBSCRIPTIONS = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}


def check_blocks(blocks: object) -> list[Json]:
    """Accept the blocks of a message, named; `invalid_blocks` with pointers otherwise."""
    if blocks in (None, ""):
        return []
    if faults := faults_of_blocks(blocks, MESSAGE):
        raise Refused("invalid_blocks", breach="invalid_blocks", errors=faults, response_metadata=pointed(faults))
    assert isinstance(blocks, list)
    if tables_in(blocks) > 1:
        only_one = pointed(["[ERROR] only_one_table_allowed [json-pointer:/blocks]"])
        raise Refused("invalid_attachments", breach="invalid_blocks", response_metadata=only_one)
    return named(blocks)


def bots_message(desk: Desk, channel: Channel, args: Json) -> Message:
    """Draw a message of the bot, not filed yet, from the arguments of a method; refuse what does not fit."""
    blocks = check_blocks(args.get("blocks"))
    text = str(args.get("text") or args.get("markdown_text") or "")
    attachments = args.get("attachments") or []
    if not (text or blocks or attachments):
        raise Refused("no_text", breach="empty_text")
    if not text.strip():
        desk.breach("empty_text", f"blocks without text in {channel.name}: nobody can read the notification")
    return Message(
        channel, desk.workspace.stamp(), desk.bot.id, text[:MESSAGE_TEXT], blocks, attachments,
        subtype=None, bot_id=desk.bot.bot_id, app_id=desk.app.id, team=desk.workspace.team,
        username=args.get("username"),
    )  # fmt: skip


def file(desk: Desk, message: Message) -> list[Envelope]:
    """File a message in its channel and tell the app, if it is there."""
    message.channel.keep(message)
    event = message.payload() | {"channel_type": message.channel.kind, "event_ts": message.ts}
    if message.broadcast:
        event |= {"subtype": "thread_broadcast", "root": message.channel.by_ts[str(message.thread_ts)].payload()}
    told = tell(desk, message.channel, event)
    mentioned = f"<@{desk.bot.id}>" in message.text and message.channel.kind != "im" and not message.bot_id
    if mentioned and desk.bot.id in message.channel.members:
        told += desk.tell("app_mention", event | {"type": "app_mention", "channel": message.channel.id})
    return told


def tell(desk: Desk, channel: Channel, event: Json) -> list[Envelope]:
    """Send an event about a conversation, if the bot is in it."""
    if desk.bot.id not in channel.members:
        return []
    return desk.tell(SUBSCRIPTIONS[channel.kind], event | {"channel": channel.id})


def change(desk: Desk, message: Message, before: Json) -> list[Envelope]:
    """Tell the app that a message is no longer what it was."""
    ts = desk.workspace.stamp()
    return tell(
        desk, message.channel,
        {"type": "message", "subtype": "message_changed", "hidden": True, "message": message.payload(),
         "previous_message": before, "ts": ts, "event_ts": ts, "channel_type": message.channel.kind},
    )  # fmt: skip


def remove(desk: Desk, message: Message) -> list[Envelope]:
    """Take a message away; one with replies leaves a tombstone."""
    before = message.payload()
    message.deleted = True
    message.reactions.clear()
    if message.living_replies:
        return change(desk, message, before)
    ts = desk.workspace.stamp()
    return tell(
        desk, message.channel,
        {"type": "message", "subtype": "message_deleted", "hidden": True, "deleted_ts": message.ts,
         "previous_message": before, "ts": ts, "event_ts": ts, "channel_type": message.channel.kind},
    )  # fmt: skip


def react(desk: Desk, person: str, message: Message, name: str, *, add: bool) -> list[Envelope]:
    """Put or take a reaction; refused when it is there already, or not there."""
    users = message.reactions.setdefault(name, [])
    if add == (person in users):
        if not users:
            del message.reactions[name]
        raise Refused("already_reacted" if add else "no_reaction")
    if add:
        users.append(person)
    else:
        users.remove(person)
    if not users:
        del message.reactions[name]
    if desk.bot.id not in message.channel.members:
        return []
    event = {
        "type": "reaction_added" if add else "reaction_removed", "user": person, "reaction": name,
        "item": {"type": "message", "channel": message.channel.id, "ts": message.ts},
        "item_user": message.user, "event_ts": desk.workspace.stamp(),
    }  # fmt: skip
    return desk.tell(str(event["type"]), event)


def enter(desk: Desk, person: str, channel: Channel, inviter: str | None = None) -> list[Envelope]:
    """Let somebody into a channel: a line in it, and an event for the app if it is there."""
    if person in channel.members:
        return []
    channel.members[person] = None
    scope = "groups:read" if channel.private else "channels:read"
    event: Json = {
        "type": "member_joined_channel", "user": person, "channel": channel.id,
        "channel_type": "G" if channel.private else "C", "team": desk.workspace.team,
        "event_ts": desk.workspace.stamp(),
    }  # fmt: skip
    if inviter:
        event["inviter"] = inviter
    told = _note(desk, channel, person, "join", "has joined the channel")
    if desk.bot.id in channel.members:
        told += desk.tell("member_joined_channel", event, scope)
    return told


def leave(desk: Desk, person: str, channel: Channel) -> list[Envelope]:
    """Let somebody out of a channel."""
    if person not in channel.members:
        return []
    told: list[Envelope] = []
    scope = "groups:read" if channel.private else "channels:read"
    event: Json = {
        "type": "member_left_channel", "user": person, "channel": channel.id,
        "channel_type": "G" if channel.private else "C", "team": desk.workspace.team,
        "event_ts": desk.workspace.stamp(),
    }  # fmt: skip
    if desk.bot.id in channel.members:
        told += desk.tell("member_left_channel", event, scope)
    if person == desk.bot.id:
        prefix = "group" if channel.private else "channel"
        told += desk.tell(f"{prefix}_left", {"type": f"{prefix}_left", "channel": channel.id, "actor_id": person})
    del channel.members[person]
    return told


def _note(desk: Desk, channel: Channel, person: str, what: str, words: str) -> list[Envelope]:
    prefix = "group" if channel.private else "channel"
    note = Message(channel, desk.workspace.stamp(), person, f"<@{person}> {words}", subtype=f"{prefix}_{what}")
    return file(desk, note)
