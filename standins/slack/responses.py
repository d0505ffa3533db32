"""What comes back from the app outside the Web API: acknowledgements that speak, and `response_url`."""

from __future__ import annotations

from standins.slack.desk import Desk, ResponseUrl
from standins.slack.messages import Message
from standins.slack.posting import bots_message, change, file, remove
from standins.slack.wire import Json, Refused
from standins.slack.workspace import Channel

SAID = frozenset(
    {
        "text", "blocks", "attachments", "response_type", "replace_original", "delete_original", "thread_ts",
        "metadata", "mrkdwn", "unfurl_links", "unfurl_media",
    }
)  # fmt: skip


def say(desk: Desk, said: Json, channel: Channel, person: str) -> Message:
    """Show what the app answered: to everybody with `in_channel`, to the asker otherwise."""
    if unknown := said.keys() - SAID:
        desk.breach("invalid_arguments", f"answers with unknown {sorted(unknown)}")
    message = bots_message(desk, channel, said)
    message.by_response_url = True
    message.thread_ts = said.get("thread_ts")
    if said.get("response_type") == "in_channel":
        file(desk, message)
    else:
        message.ephemeral_for = person
        desk.ephemerals.append(message)
    return message


def respond(desk: Desk, name: str, said: Json) -> tuple[int, str]:
    """Take what the app posts to a `response_url`; give the HTTP status and Slack's word."""
    url = desk.response_urls.get(name)
    if url is None:
        return 404, "no_such_url"
    if not url.uses:
        return 404, "used_url"
    if desk.workspace.now().timestamp() > url.until:
        return 404, "expired_url"
    url.uses -= 1
    try:
        _apply(desk, url, said)
    except Refused as refused:
        if refused.breach:
            desk.breach(refused.breach, f"response_url refused with {refused.error}: {refused.facts}")
        return 400, refused.error
    return 200, "ok"


def _apply(desk: Desk, url: ResponseUrl, said: Json) -> None:
    original = url.message
    if said.get("delete_original") and original is not None:
        _take_away(desk, original)
    elif said.get("replace_original") and original is not None:
        drawn = bots_message(desk, url.channel, said)
        before = original.payload()
        original.text, original.blocks = drawn.text, drawn.blocks
        if not original.ephemeral_for:
            change(desk, original, before)
    else:
        url.message = original or say(desk, said, url.channel, url.person)
        if original is not None:
            say(desk, said, url.channel, url.person)


def _take_away(desk: Desk, message: Message) -> None:
    if message.ephemeral_for:
        message.deleted = True
        desk.ephemerals.remove(message)
    else:
        remove(desk, message)
