"""A letter: a message decided in a transaction and delivered later (the outbox)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.names import HuntId, MessageId, PersonId, RoomId, TenantId


class LetterKind(StrEnum):
    """What a letter says; its content is drawn from the present state when it is delivered."""

    BOARD = "board"
    """Post the hunt's one message in the room, or update it in place."""
    TABLE = "table"
    """The full table in the hunt's thread, updated in place."""
    RESULTS = "results"
    NUDGE = "nudge"
    """To one person: dots are left, the round ends soon."""
    DIGEST = "digest"
    SESSION = "session"
    """The next session is near."""
    INVITE = "invite"
    """To the facilitator: the bot is not in the private room."""
    NOTICE = "notice"
    """To one person: a sentence (`facts["key"]`) with its facts."""
    RECEIPT = "receipt"
    """A reaction under the message that became an idea (`facts["reaction"]`)."""
    UNRECEIPT = "unreceipt"
    """The same reaction taken away."""
    EXPORT = "export"
    """A file to one person (`facts["format"]`)."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to write. Exactly one of `room` and `person` is the addressee.

    `key` is unique for ever: writing it twice writes once. `topic` coalesces: while a letter of the same topic is
    pending, a new one changes nothing. Times are aware UTC.
    """

    tenant: TenantId
    kind: LetterKind
    key: str
    due_at: datetime
    hunt: HuntId | None = None
    room: RoomId | None = None
    person: PersonId | None = None
    message: MessageId | None = None
    topic: str | None = None
    expires_at: datetime | None = None
    facts: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A letter this process has taken for `lease_until`; `fence` makes a late settle harmless.

    `maybe_sent` is true when an earlier lease ran out or its answer was ambiguous: look before sending again.
    """

    id: int
    letter: Letter
    fence: int
    attempts: int
    maybe_sent: bool
    first_try: datetime
