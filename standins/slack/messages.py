"""A message as Slack keeps it, and the words a person types as Slack rewrites them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from standins.slack.emoji import coded, spans
from standins.slack.reading import pings, visible_text
from standins.slack.wire import Json, token

if TYPE_CHECKING:
    from standins.slack.workspace import Channel

TYPED = re.compile(r"(https?://[^\s<>|]+)|(?<![\w&])@([\w.-]*\w)|(?<![\w&])#([\w-]+)")
BROADCASTS = frozenset({"here", "channel", "everyone"})


@dataclass(slots=True, eq=False, repr=False)
class Message:
    """A message; the same object for its whole life, so that whoever holds it sees it as it now stands."""

    channel: Channel
    ts: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    subtype: str | None = None
    bot_id: str | None = None
    app_id: str | None = None
    username: str | None = None
    client_msg_id: str | None = None
    team: str | None = None
    metadata: Json | None = None
    files: list[Json] = field(default_factory=list)
    edited: Json | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    replies: list[Message] = field(default_factory=list)
    broadcast: bool = False
    deleted: bool = False
    ephemeral_for: str | None = None
    by_response_url: bool = False

    def __repr__(self) -> str:
        return f"<message {self.ts} in {self.channel.name}: {self.text[:60]!r}>"

    @property
    def shown(self) -> bool:
        """Say whether history still tells of it: a deleted parent of replies leaves a tombstone."""
        return not self.deleted or bool(self.living_replies)

    @property
    def living_replies(self) -> list[Message]:
        """List the replies that nobody deleted."""
        return [reply for reply in self.replies if not reply.deleted]

    @property
    def visible_text(self) -> str:
        """Give what a person would read."""
        return self.channel.named(visible_text(self.text, self.blocks))

    @property
    def pings(self) -> list[str]:
        """List the control sequences that would notify somebody."""
        return pings(self.text, self.blocks)

    def payload(self, *, metadata: bool = True) -> Json:
        """Draw the message object."""
        if self.deleted:
            return self._tombstone()
        drawn: Json = {"type": "message", "user": self.user, "text": self.text, "ts": self.ts, "team": self.team}
        optional = {
            "subtype": self.subtype, "bot_id": self.bot_id, "app_id": self.app_id, "username": self.username,
            "client_msg_id": self.client_msg_id, "blocks": self.blocks, "attachments": self.attachments,
            "files": self.files, "edited": self.edited, "metadata": self.metadata if metadata else None,
        }  # fmt: skip
        drawn |= {name: value for name, value in optional.items() if value}
        return drawn | self._thread() | self._reactions()

    def _thread(self) -> Json:
        living = self.living_replies
        if self.thread_ts and self.thread_ts != self.ts:
            return {"thread_ts": self.thread_ts, "parent_user_id": self.channel.by_ts[self.thread_ts].user}
        if not living:
            return {}
        users = list(dict.fromkeys(reply.user for reply in living))
        return {
            "thread_ts": self.ts, "reply_count": len(living), "reply_users": users[:5],
            "reply_users_count": len(users), "latest_reply": living[-1].ts, "is_locked": False, "subscribed": False,
        }  # fmt: skip

    def _reactions(self) -> Json:
        if not self.reactions:
            return {}
        drawn = [{"name": n, "users": list(u), "count": len(u)} for n, u in self.reactions.items()]
        return {"reactions": drawn}

    def _tombstone(self) -> Json:
        return {
            "type": "message", "subtype": "tombstone", "user": "USLACKBOT", "hidden": True, "ts": self.ts,
            "text": "This message was deleted.",
        } | self._thread()  # fmt: skip


def escape(text: str) -> str:
    """Escape the three characters that Slack keeps for its control sequences."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def typed(
    text: str,
    person_named: Callable[[str], str | None],
    room_named: Callable[[str], str | None],
    *,
    labelled: bool = False,
) -> str:
    """Rewrite what a person types: escaped, emoji as codes, mentions, rooms and addresses as control sequences.

    `labelled` writes the name in the mention of a person, as the text of a command has it.
    """

    def sequence(match: re.Match[str]) -> str:
        address, person, room = match.groups()
        if address:
            return f"<{address}>"
        if person and person in BROADCASTS:
            return f"<!{person}>"
        if person and (found := person_named(person)):
            return f"<@{found}|{person}>" if labelled else f"<@{found}>"
        if room and (found := room_named(room)):
            return f"<#{found}|{room}>"
        return match.group()

    return TYPED.sub(sequence, escape(coded(text)))


SEQUENCE = re.compile(r"<([^<>]+)>")


def rich_text(text: str) -> list[Json]:
    """Draw the rich text block that accompanies what a person types."""
    elements: list[Json] = []
    start = 0
    for match in SEQUENCE.finditer(text):
        elements += _plain(text[start : match.start()])
        elements.append(_special(match.group(1)))
        start = match.end()
    elements += _plain(text[start:])
    section = {"type": "rich_text_section", "elements": elements}
    return [{"type": "rich_text", "block_id": token(size=3), "elements": [section]}]


def _plain(text: str) -> list[Json]:
    raw = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return list(spans(raw))


def _special(inner: str) -> Json:
    target, _, label = inner.partition("|")
    if target.startswith("@"):
        return {"type": "user", "user_id": target[1:]}
    if target.startswith("#"):
        return {"type": "channel", "channel_id": target[1:]}
    if target.startswith("!"):
        return {"type": "broadcast", "range": target[1:]}
    link = {"type": "link", "url": target}
    return link | {"text": label} if label else link
