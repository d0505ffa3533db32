"""Tables of hunts and of the rooms they are shown in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.hunt import Capture, Names, Phase, Standing
from bot.domain.names import HuntId, MessageId, PersonId, RoomId, TenantId
from storage.columns import Crowd, Named, Rows, one_of

_CLOSED = text("phase = 'closed'")
_NOT_CLOSED = text("phase <> 'closed'")
_HAS_DEADLINE = text("due_at IS NOT NULL")


class HuntRow(Rows):
    """One hunt. Its counters live apart, so that counting never waits for those who read its phase."""

    __tablename__ = "hunt"
    __table_args__ = (
        one_of("phase", Phase),
        one_of("names", Names),
        one_of("capture", Capture),
        CheckConstraint("cap >= 1", name="cap"),
        CheckConstraint("places >= 1", name="places"),
        CheckConstraint("dots IS NULL OR dots >= 1", name="dots"),
        Index("ix_hunt_closed", "tenant", "created_at", sqlite_where=_CLOSED, postgresql_where=_CLOSED),
        Index("ix_hunt_open", "tenant", "created_at", sqlite_where=_NOT_CLOSED, postgresql_where=_NOT_CLOSED),
        Index("ix_hunt_due", "due_at", sqlite_where=_HAS_DEADLINE, postgresql_where=_HAS_DEADLINE),
    )

    tenant: Mapped[TenantId] = mapped_column(primary_key=True)
    id: Mapped[HuntId] = mapped_column(primary_key=True)
    question: Mapped[str]
    facilitator: Mapped[PersonId]
    created_at: Mapped[datetime]
    phase: Mapped[Phase] = mapped_column(Named(Phase))
    language: Mapped[str]
    cofacilitators: Mapped[frozenset[PersonId]] = mapped_column(Crowd())
    observers: Mapped[frozenset[PersonId]] = mapped_column(Crowd())
    asked_by: Mapped[PersonId | None]
    asked_at: Mapped[datetime | None]
    names: Mapped[Names] = mapped_column(Named(Names))
    private: Mapped[bool]
    capture: Mapped[Capture] = mapped_column(Named(Capture))
    own_themes: Mapped[bool]
    collect_until: Mapped[datetime | None]
    vote_from: Mapped[datetime | None]
    vote_until: Mapped[datetime | None]
    dots: Mapped[int | None]
    cap: Mapped[int]
    places: Mapped[int]
    next_session: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    round: Mapped[int | None]
    seed: Mapped[int] = mapped_column(BigInteger)
    due_at: Mapped[datetime | None]
    """The present phase's own deadline."""


class HuntCountRow(Rows):
    """The counters of a hunt, changed by single statements; its lock makes numbering and counting take turns."""

    __tablename__ = "hunt_count"
    __table_args__ = (
        ForeignKeyConstraint(["tenant", "hunt"], ["hunt.tenant", "hunt.id"], ondelete="CASCADE"),
        CheckConstraint("ideas >= 0 AND voices >= 0", name="not_negative"),
    )

    tenant: Mapped[TenantId] = mapped_column(primary_key=True)
    hunt: Mapped[HuntId] = mapped_column(primary_key=True)
    numbered: Mapped[int]
    """The last number given to an idea."""
    ideas: Mapped[int]
    voices: Mapped[int]
    changes: Mapped[int]
    """How often something that a grouping reads was changed, beside new ideas."""


class HuntRoomRow(Rows):
    """A hunt as shown in one room."""

    __tablename__ = "hunt_room"
    __table_args__ = (
        ForeignKeyConstraint(["tenant", "hunt"], ["hunt.tenant", "hunt.id"], ondelete="CASCADE"),
        one_of("standing", Standing),
        Index(None, "tenant", "room", "board"),
    )

    tenant: Mapped[TenantId] = mapped_column(primary_key=True)
    hunt: Mapped[HuntId] = mapped_column(primary_key=True)
    room: Mapped[RoomId] = mapped_column(primary_key=True)
    standing: Mapped[Standing] = mapped_column(Named(Standing))
    board: Mapped[MessageId | None]
    table: Mapped[MessageId | None]
    results: Mapped[MessageId | None]
