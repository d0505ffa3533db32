"""One tenant: its people, its teams' channels, group chats and personal chats, and what was written there."""

from __future__ import annotations

import itertools
import uuid
from dataclasses import dataclass, field
from enum import StrEnum

from standins.teams.clock import Clock
from standins.teams.eyes import Post


class Kind(StrEnum):
    """What kind of conversation it is."""

    CHANNEL = "channel"
    GROUP = "groupChat"
    PERSONAL = "personal"


@dataclass(frozen=True)
class Person:
    """Somebody of the tenant, or a guest."""

    id: str
    name: str
    object_id: str
    locale: str = "en-US"
    zone: str = "UTC"
    guest: bool = False


@dataclass
class Chat:
    """A conversation. `installed`: the bot is in it. `consented`: the owner lets the bot read every message."""

    id: str
    kind: Kind
    name: str
    members: list[Person]
    team: str = ""
    installed: bool = True
    consented: bool = False
    gone: bool = False
    posts: list[Post] = field(default_factory=list)

    def post(self, id: str) -> Post | None:
        """A message by its id."""
        return next((post for post in self.posts if post.id == id), None)


class Tenant:
    """Everything that exists."""

    def __init__(self, clock: Clock, id: str, app_id: str, bot_name: str) -> None:
        self.clock = clock
        self.id = id
        self.app_id = app_id
        self.bot_id = f"28:{app_id}"
        self.bot_name = bot_name
        self.people: dict[str, Person] = {}
        self.chats: dict[str, Chat] = {}
        self._count = itertools.count(1)
        self._last = 0

    def person(self, name: str, locale: str, zone: str, *, guest: bool = False) -> Person:
        """Somebody new."""
        number = next(self._count)
        person = Person(
            f"29:standin-{number}-{name.lower()}", name.title(), str(uuid.UUID(int=number)), locale, zone, guest
        )
        self.people[person.id] = person
        return person

    def known(self, id: str) -> Person | None:
        """Somebody by their account's id or their object id: the connector takes both."""
        return next((one for one in self.people.values() if id in {one.id, one.object_id}), None)

    def channel(self, name: str, members: list[Person], *, consented: bool = False, installed: bool = True) -> Chat:
        """A channel of a team of its own."""
        number = next(self._count)
        team = f"19:team{number}@thread.tacv2"
        return self._add(
            Chat(
                f"19:channel{number}@thread.tacv2",
                Kind.CHANNEL,
                name,
                members,
                team,
                consented=consented,
                installed=installed,
            )
        )

    def group(self, name: str, members: list[Person]) -> Chat:
        """A group chat."""
        return self._add(Chat(f"19:group{next(self._count)}@thread.v2", Kind.GROUP, name, members))

    def personal(self, person: Person) -> Chat:
        """The person's own chat with the bot: always the same one."""
        for chat in self.chats.values():
            if chat.kind is Kind.PERSONAL and chat.members == [person]:
                return chat
        return self._add(Chat(f"a:1standin{next(self._count)}", Kind.PERSONAL, "", [person], installed=False))

    def _add(self, chat: Chat) -> Chat:
        self.chats[chat.id] = chat
        return chat

    def message_id(self) -> str:
        """Milliseconds since 1970, never twice."""
        self._last = max(self._last + 1, int(self.clock().timestamp() * 1000))
        return str(self._last)
