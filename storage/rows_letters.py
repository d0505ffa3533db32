"""Tables of letters, gates, schedules, failed events and the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnClause,
    Index,
    LargeBinary,
    Sequence,
    UniqueConstraint,
    literal_column,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.letters import LetterKind
from bot.domain.names import HuntId, MessageId, PersonId, RoomId, TenantId
from storage.columns import Facts, Named, Rows, one_of

LETTER_IDS = Sequence("letter_ids", metadata=Rows.metadata)
"""Numbers letters on PostgreSQL; SQLite, which writes one at a time, takes the next free number of the tenant."""

# Partial indexes serve only statements that name the state itself, not a parameter.
IS_PENDING: ColumnClause[str] = literal_column("'pending'")
IS_SENDING: ColumnClause[str] = literal_column("'sending'")
IS_DEAD: ColumnClause[str] = literal_column("'dead'")

_PENDING = text("state = 'pending'")
_WAITING_TOPIC = text("state = 'pending' AND topic IS NOT NULL")
_SENDING = text("state = 'sending'")
_DEAD = text("state = 'dead'")
_SENDING_TOPIC = text("state = 'sending' AND topic IS NOT NULL")


class LetterRow(Rows):
    """A letter of the outbox. One pending letter a topic; a key is written once for ever."""

    __tablename__ = "letter"
    __table_args__ = (
        UniqueConstraint("tenant", "key"),
        CheckConstraint("state IN ('pending', 'sending', 'sent', 'dead', 'expired', 'cancelled')", name="state_known"),
        one_of("kind", LetterKind),
        CheckConstraint("(room IS NULL) <> (person IS NULL)", name="addressee"),
        CheckConstraint("(state = 'sending') = (lease_until IS NOT NULL)", name="leased"),
        Index(
            "uq_letter_topic",
            "tenant",
            "topic",
            unique=True,
            sqlite_where=_WAITING_TOPIC,
            postgresql_where=_WAITING_TOPIC,
        ),
        Index(
            "ix_letter_topic_sending",
            "tenant",
            "topic",
            sqlite_where=_SENDING_TOPIC,
            postgresql_where=_SENDING_TOPIC,
        ),
        Index("ix_letter_due", "due_at", "id", sqlite_where=_PENDING, postgresql_where=_PENDING),
        Index("ix_letter_expires", "expires_at", sqlite_where=_PENDING, postgresql_where=_PENDING),
        Index("ix_letter_room", "tenant", "room", sqlite_where=_PENDING, postgresql_where=_PENDING),
        Index("ix_letter_lease", "lease_until", sqlite_where=_SENDING, postgresql_where=_SENDING),
        Index("ix_letter_dead", "id", sqlite_where=_DEAD, postgresql_where=_DEAD),
        Index(None, "settled_at", "state"),
    )

    tenant: Mapped[TenantId] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    state: Mapped[str]
    kind: Mapped[LetterKind] = mapped_column(Named(LetterKind))
    key: Mapped[str]
    due_at: Mapped[datetime]
    hunt: Mapped[HuntId | None]
    room: Mapped[RoomId | None]
    person: Mapped[PersonId | None]
    message: Mapped[MessageId | None]
    topic: Mapped[str | None]
    expires_at: Mapped[datetime | None]
    facts: Mapped[Mapping[str, str | int]] = mapped_column(Facts())
    fence: Mapped[int]
    attempts: Mapped[int]
    lease_until: Mapped[datetime | None]
    maybe_sent: Mapped[bool]
    first_try: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    sent_as: Mapped[MessageId | None]
    error: Mapped[str | None]


class GateRow(Rows):
    """Nothing through a gate before a moment."""

    __tablename__ = "gate"
    __table_args__ = (Index(None, "until"), {"sqlite_with_rowid": False})

    tenant: Mapped[TenantId] = mapped_column(primary_key=True)
    gate: Mapped[str] = mapped_column(primary_key=True)
    until: Mapped[datetime]


class ScheduleRow(Rows):
    """A repeated sending to a room."""

    __tablename__ = "schedule"
    __table_args__ = (Index(None, "next_due"),)

    tenant: Mapped[TenantId] = mapped_column(primary_key=True)
    room: Mapped[RoomId] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    next_due: Mapped[datetime]
    zone: Mapped[str]
    last_sent: Mapped[datetime | None]


class FailedEventRow(Rows):
    """An event that could not be worked on; dead ones are kept with what arrived."""

    __tablename__ = "failed_event"
    __table_args__ = (
        Index(
            "ix_failed_event_dead",
            "at",
            sqlite_where=text("payload IS NOT NULL"),
            postgresql_where=text("payload IS NOT NULL"),
        ),
    )

    tenant: Mapped[TenantId] = mapped_column(primary_key=True)
    event: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    at: Mapped[datetime]
    error: Mapped[str]
    payload: Mapped[bytes | None] = mapped_column(LargeBinary)
    """What arrived, once it was given up."""


class AuditRow(Rows):
    """Who did what, without idea text or choice."""

    __tablename__ = "audit"

    tenant: Mapped[TenantId] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    actor: Mapped[PersonId | None]
    deed: Mapped[str]
    object: Mapped[str]
