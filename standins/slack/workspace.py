"""The workspace: its people, its conversations, and the one clock that stamps them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from standins.slack.clock import Clock
from standins.slack.messages import Message
from standins.slack.wire import Json

MENTION = re.compile(r"@([UW][A-Z0-9]+)")
Kind = Literal["channel", "group", "im"]


@dataclass(slots=True, eq=False)
class Person:
    """A member of the workspace, or the bot's own user."""

    id: str
    name: str
    real_name: str
    locale: str
    tz: str
    guest: bool = False
    deactivated: bool = False
    bot_id: str | None = None

    def payload(self, team: str, now: datetime, *, locale: bool) -> Json:
        """Draw the user object; the offset is the zone's at `now`, in seconds."""
        offset = now.astimezone(ZoneInfo(self.tz)).utcoffset()
        profile = {"real_name": self.real_name, "display_name": self.name, "team": team}
        drawn: Json = {
            "id": self.id, "team_id": team, "name": self.name, "real_name": self.real_name,
            "deleted": self.deactivated, "tz": self.tz, "tz_offset": int(offset.total_seconds()) if offset else 0,
            "profile": profile, "is_bot": self.bot_id is not None, "is_app_user": False,
            "is_admin": False, "is_owner": False, "is_restricted": self.guest, "is_ultra_restricted": False,
        }  # fmt: skip
        if locale:
            drawn["locale"] = self.locale
        return drawn


@dataclass(slots=True, eq=False, repr=False)
class Channel:
    """A conversation: a public or private channel, or somebody's direct messages with the bot."""

    id: str
    name: str
    kind: Kind
    creator: str
    created: int
    members: dict[str, None] = field(default_factory=dict)
    people: Mapping[str, Person] = field(default_factory=dict)
    archived: bool = False
    pins: list[str] = field(default_factory=list)
    by_ts: dict[str, Message] = field(default_factory=dict)
    top: list[Message] = field(default_factory=list)

    def __repr__(self) -> str:
        return f"<{self.kind} {self.name} {self.id}>"

    @property
    def private(self) -> bool:
        """Say whether one needs to be a member to know of it."""
        return self.kind != "channel"

    @property
    def messages(self) -> list[Message]:
        """List what stands in the channel itself, oldest first, without replies and deleted messages."""
        return [message for message in self.top if not message.deleted]

    def thread(self, ts: str | Message) -> list[Message]:
        """List a message and its replies, oldest first; empty when nothing has that `ts`."""
        parent = self.by_ts.get(ts.ts if isinstance(ts, Message) else ts)
        if parent is None:
            return []
        return [message for message in [parent, *parent.replies] if not message.deleted]

    def visible_text(self, thread: str | Message | None = None) -> str:
        """Give what a person would read in the channel, or in one thread of it."""
        shown = self.messages if thread is None else self.thread(thread)
        return "\n".join(message.visible_text for message in shown)

    def named(self, words: str) -> str:
        """Put the names of people where a mention has their identifiers."""

        def name(match: re.Match[str]) -> str:
            person = self.people.get(match.group(1))
            return f"@{person.real_name}" if person else match.group()

        return MENTION.sub(name, words)

    def keep(self, message: Message) -> None:
        """File a new message where Slack shows it."""
        self.by_ts[message.ts] = message
        parent = self.by_ts.get(message.thread_ts or "")
        if parent is not None and parent is not message:
            parent.replies.append(message)
        if parent is None or parent is message or message.broadcast:
            self.top.append(message)

    def between(self, oldest: str, latest: str, *, inclusive: bool) -> list[Message]:
        """List the messages of the channel in a window of time stamps, oldest first."""
        low = (bisect_left if inclusive else bisect_right)(self.top, oldest, key=_ts)
        high = (bisect_right if inclusive else bisect_left)(self.top, latest, key=_ts) if latest else len(self.top)
        return [message for message in self.top[low:high] if message.shown]

    def payload(self, bot: str) -> Json:
        """Draw the conversation object as seen by the bot."""
        drawn: Json = {
            "id": self.id, "created": self.created, "creator": self.creator, "is_archived": self.archived,
            "is_channel": self.kind == "channel", "is_group": False, "is_im": self.kind == "im", "is_mpim": False,
            "is_private": self.private, "is_general": False, "is_member": bot in self.members, "is_shared": False,
            "is_ext_shared": False, "is_org_shared": False, "name": self.name, "name_normalized": self.name,
        }  # fmt: skip
        if self.kind == "im":
            drawn["user"] = next(member for member in self.members if member != bot)
            del drawn["name"], drawn["name_normalized"]
        return drawn


def _ts(message: Message) -> str:
    return message.ts


class Workspace:
    """One Slack workspace and everything that is kept in it."""

    def __init__(self, clock: Clock, team: str, domain: str) -> None:
        self.clock = clock
        self.team = team
        self.domain = domain
        self.people: dict[str, Person] = {}
        self.channels: dict[str, Channel] = {}
        self._directs: dict[str, Channel] = {}
        self._last = 0
        self._made = 0

    def now(self) -> datetime:
        """Read the clock, in UTC; refuses a clock without zone."""
        now = self.clock()
        if now.tzinfo is None:
            raise ValueError("the clock given to the stand-in must know its zone")
        return now.astimezone(UTC)

    def stamp(self) -> str:
        """Make the next time stamp: unique, increasing, microseconds since 1970 as Slack writes them."""
        self._last = max(self._last + 1, int(self.now().timestamp() * 1_000_000))
        seconds, micros = divmod(self._last, 1_000_000)
        return f"{seconds}.{micros:06d}"

    def mint(self, prefix: str) -> str:
        """Make the identifier of a person, a channel or a file."""
        self._made += 1
        return f"{prefix}0{self._made:07X}ST"

    def add_person(self, person: Person) -> Person:
        """Let somebody in."""
        self.people[person.id] = person
        return person

    def add_channel(self, name: str, kind: Kind, members: Iterator[str], creator: str) -> Channel:
        """Open a conversation between these people."""
        created = int(self.now().timestamp())
        channel = Channel(self.mint("D" if kind == "im" else "C"), name, kind, creator, created, people=self.people)
        channel.members = dict.fromkeys(members)
        self.channels[channel.id] = channel
        return channel

    def direct(self, person: str, bot: str) -> Channel:
        """Find, or open, the direct messages of a person with the bot."""
        if person not in self._directs:
            self._directs[person] = self.add_channel("directmessage", "im", iter((person, bot)), bot)
        return self._directs[person]
