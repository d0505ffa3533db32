"""Tables of tenants, people, rooms and what was served already."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.names import MessageId, PersonId, RoomId, TenantId
from storage.columns import Rows


class TenantRow(Rows):
    """One workspace."""

    __tablename__ = "tenant"

    id: Mapped[TenantId] = mapped_column(primary_key=True)
    bot: Mapped[PersonId | None]
    language: Mapped[str]
    zone: Mapped[str]
    active: Mapped[bool]


class WordListRow(Rows):
    """A tenant's own words, as typed; without a row there are none."""

    __tablename__ = "word_list"

    tenant: Mapped[TenantId] = mapped_column(primary_key=True)
    words: Mapped[str]
    by: Mapped[PersonId]
    at: Mapped[datetime]


class PersonRow(Rows):
    """Somebody seen in a tenant."""

    __tablename__ = "person"

    tenant: Mapped[TenantId] = mapped_column(primary_key=True)
    id: Mapped[PersonId] = mapped_column(primary_key=True)
    name: Mapped[str]
    locale: Mapped[str]
    zone: Mapped[str]
    language: Mapped[str | None]
    outsider: Mapped[bool]
    inactive: Mapped[bool]
    muted: Mapped[bool]
    plain_ballot: Mapped[bool]
    role: Mapped[str]
    seen_at: Mapped[datetime | None]


class RoomRow(Rows):
    """A channel."""

    __tablename__ = "room"

    tenant: Mapped[TenantId] = mapped_column(primary_key=True)
    id: Mapped[RoomId] = mapped_column(primary_key=True)
    name: Mapped[str]
    language: Mapped[str]
    zone: Mapped[str]
    private: Mapped[bool]
    digest: Mapped[bool]
    present: Mapped[bool]


class RoomMemberRow(Rows):
    """Who is known to be in a room."""

    __tablename__ = "room_member"
    __table_args__ = ({"sqlite_with_rowid": False},)

    tenant: Mapped[TenantId] = mapped_column(primary_key=True)
    room: Mapped[RoomId] = mapped_column(primary_key=True)
    person: Mapped[PersonId] = mapped_column(primary_key=True)


class ServedRequestRow(Rows):
    """A request already served, under a digest and to the day: neither order nor time leads to an idea."""

    __tablename__ = "served_request"
    __table_args__ = (Index(None, "day"), {"sqlite_with_rowid": False})

    tenant: Mapped[TenantId] = mapped_column(primary_key=True)
    request: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    day: Mapped[int]
    """Days since 1970."""


class CursorRow(Rows):
    """How far a room's history, or a thread of it, was read."""

    __tablename__ = "cursor"
    __table_args__ = ({"sqlite_with_rowid": False},)

    tenant: Mapped[TenantId] = mapped_column(primary_key=True)
    room: Mapped[RoomId] = mapped_column(primary_key=True)
    thread: Mapped[str] = mapped_column(primary_key=True)
    message: Mapped[MessageId]
