"""What the courier and the catch-up ask of a chat platform, in the words of the domain; and what can go wrong there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.names import MessageId, PersonId, RoomId, TenantId
from bot.domain.people import Room
from bot.usecases.post import Outgoing
from bot.usecases.requests import Heard


class Trouble(Exception):
    """Something the platform would not do; `str` is its own word for it."""


class Wait(Trouble):
    """Too fast: nothing through `gate` (a room or a method) for `seconds`."""

    def __init__(self, error: str, seconds: float, gate: str) -> None:
        super().__init__(error)
        self.seconds = seconds
        self.gate = gate


class Resting(Wait):
    """The platform as a whole refuses us or is not served now: nothing is asked of it for `seconds`."""


class Ambiguous(Trouble):
    """No answer, or one that does not say whether it was done: look before doing it again."""


class NotInvited(Trouble):
    """The room is private and the bot is not in it."""


class RoomGone(Trouble):
    """Archived, deleted, or closed to the bot."""


class PersonUnreachable(Trouble):
    """Deactivated, or takes no direct messages."""


class TenantDead(Trouble):
    """The token was revoked or the app removed: nothing works until a person acts, or a new one is accepted."""


class BadPayload(Trouble):
    """It will never be accepted as it is."""


class TooLong(BadPayload):
    """A list with more pages than are read: what was read is not the whole."""


class MessageGone(Trouble):
    """The message to change is not there any more."""


@dataclass(frozen=True, slots=True)
class RoomFacts:
    """A room as the platform describes it, and who is in it (None where that may not be read)."""

    room: Room
    members: frozenset[PersonId] | None


@dataclass(frozen=True, slots=True)
class Seen:
    """A message read from history. `gone`: only its tombstone is left. `ours`: no person wrote it."""

    heard: Heard
    gone: bool = False
    ours: bool = False


class Platform(Protocol):
    """A workspace. Every method may raise any Trouble."""

    @property
    def tenant(self) -> TenantId: ...

    async def enter(self, room: RoomId) -> RoomFacts:
        """Joins a public room where needed, and describes it. Raises NotInvited for a private one."""
        ...

    async def send(self, letter: Outgoing) -> MessageId | None:
        """Posts, updates, reacts or sends a file, as the letter says; the message it became, where there is one."""
        ...

    async def find(self, letter: Outgoing, since: datetime) -> MessageId | None:
        """The message that carries the letter's mark, posted at or after `since`; None when it is not there."""
        ...

    def history(self, room: RoomId, since: MessageId) -> AsyncIterator[tuple[Seen, ...]]:
        """The room's own messages after `since`, oldest first, a page at a time."""
        ...

    def replies(self, room: RoomId, thread: MessageId, since: MessageId) -> AsyncIterator[tuple[Seen, ...]]:
        """The replies of a thread after `since`, oldest first, a page at a time."""
        ...

    async def one(self, room: RoomId, message: MessageId) -> Seen | None:
        """One message as it stands now; None when it is not there, or cannot be seen."""
        ...

    async def gone(self, room: RoomId, message: MessageId) -> bool:
        """Whether the platform says of a message that it is not there any more; False where it does not say."""
        ...
