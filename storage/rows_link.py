"""Tables of what joins platforms: workspaces, addresses, codes and linked accounts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.names import HuntId, PersonId, TenantId
from storage.columns import Rows


class WorkspaceRow(Rows):
    """A platform's own workspace, and the tenant it is served in: two of them may be one organisation."""

    __tablename__ = "workspace"
    __table_args__ = (Index(None, "id"),)

    tenant: Mapped[TenantId] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)


class ConversationRow(Rows):
    """Where a room or a person is written to."""

    __tablename__ = "conversation"

    tenant: Mapped[TenantId] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str]
    service_url: Mapped[str]
    team: Mapped[str]


class CodeRow(Rows):
    """A short code: of a hunt that takes in rooms, or of a person who links an account."""

    __tablename__ = "code"
    __table_args__ = (
        CheckConstraint("(hunt IS NULL) <> (person IS NULL)", name="one_meaning"),
        Index(None, "expires_at"),
    )

    tenant: Mapped[TenantId] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime]
    hunt: Mapped[HuntId | None]
    person: Mapped[PersonId | None]


class AccountRow(Rows):
    """An account that stands for another one of the same person."""

    __tablename__ = "account"
    __table_args__ = (CheckConstraint("id <> main", name="another"), Index(None, "tenant", "main"))

    tenant: Mapped[TenantId] = mapped_column(primary_key=True)
    id: Mapped[PersonId] = mapped_column(primary_key=True)
    main: Mapped[PersonId]
