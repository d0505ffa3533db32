"""Tables of ideas, themes, steps of grouping and likely duplicates."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.ideas import IdeaState, Origin, Way
from bot.domain.names import HuntId, MessageId, PersonId, RoomId, TenantId
from storage.columns import Named, Rows, one_of

_MERGED = text("merged_into IS NOT NULL")


def _of_hunt() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["tenant", "hunt"], ["hunt.tenant", "hunt.id"], ondelete="CASCADE")


class ThemeRow(Rows):
    """A group of ideas. `folded` is its name without case and accents."""

    __tablename__ = "theme"
    __table_args__ = (_of_hunt(), one_of("origin", Origin), Index(None, "tenant", "hunt", "folded"))

    tenant: Mapped[TenantId] = mapped_column(primary_key=True)
    hunt: Mapped[HuntId] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    folded: Mapped[str]
    position: Mapped[int]
    origin: Mapped[Origin] = mapped_column(Named(Origin))
    gone: Mapped[bool]


class IdeaRow(Rows):
    """One idea. Posted without a name it has no author, and nothing here leads to one."""

    __tablename__ = "idea"
    __table_args__ = (
        _of_hunt(),
        ForeignKeyConstraint(["tenant", "hunt", "theme"], ["theme.tenant", "theme.hunt", "theme.id"]),
        one_of("way", Way),
        one_of("state", IdeaState),
        CheckConstraint("(state = 'merged') = (merged_into IS NOT NULL)", name="merged"),
        CheckConstraint("voices >= 1", name="voices"),
        Index(None, "tenant", "hunt", "author", "created_at"),
        Index(None, "tenant", "hunt", "theme", "state", "number"),
        Index(None, "tenant", "hunt", "theme", "state", "shuffled"),
        Index(None, "tenant", "hunt", "shuffled"),
        Index(
            "ix_idea_merged_into",
            "tenant",
            "hunt",
            "merged_into",
            sqlite_where=_MERGED,
            postgresql_where=_MERGED,
        ),
        Index(None, "tenant", "hunt", "created_at"),
    )

    tenant: Mapped[TenantId] = mapped_column(primary_key=True)
    hunt: Mapped[HuntId] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str]
    created_at: Mapped[datetime]
    way: Mapped[Way] = mapped_column(Named(Way))
    author: Mapped[PersonId | None]
    title: Mapped[str]
    theme: Mapped[int | None]
    suggested: Mapped[bool]
    state: Mapped[IdeaState] = mapped_column(Named(IdeaState))
    merged_into: Mapped[int | None]
    version: Mapped[int]
    source_room: Mapped[RoomId | None]
    source_message: Mapped[MessageId | None]
    source_edited: Mapped[str | None]
    saved_by: Mapped[PersonId | None]
    voices: Mapped[int]
    shuffled: Mapped[int]
    """Where it stands once ideas are shown: by chance, so that nobody's comes first for having been typed first."""


class IdeaVersionRow(Rows):
    """The words an idea had before its newest ones."""

    __tablename__ = "idea_version"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant", "hunt", "number"], ["idea.tenant", "idea.hunt", "idea.number"], ondelete="CASCADE"
        ),
    )

    tenant: Mapped[TenantId] = mapped_column(primary_key=True)
    hunt: Mapped[HuntId] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str]
    until: Mapped[datetime]


class IdeaCountRow(Rows):
    """How many ideas of a hunt are in a state under a theme (0: under none)."""

    __tablename__ = "idea_count"
    __table_args__ = (
        _of_hunt(),
        CheckConstraint("ideas >= 0", name="not_negative"),
        {"sqlite_with_rowid": False},
    )

    tenant: Mapped[TenantId] = mapped_column(primary_key=True)
    hunt: Mapped[HuntId] = mapped_column(primary_key=True)
    theme: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[IdeaState] = mapped_column(Named(IdeaState), primary_key=True)
    ideas: Mapped[int]


class MessageTraceRow(Rows):
    """What became of one message of a platform. A message of an idea without a name has none."""

    __tablename__ = "message_trace"
    __table_args__ = ({"sqlite_with_rowid": False},)

    tenant: Mapped[TenantId] = mapped_column(primary_key=True)
    room: Mapped[RoomId] = mapped_column(primary_key=True)
    message: Mapped[MessageId] = mapped_column(primary_key=True)
    hunt: Mapped[HuntId | None]
    number: Mapped[int | None]
    edited: Mapped[str]
    text: Mapped[str | None]
    gone: Mapped[bool]


class ClientGestureRow(Rows):
    """A client's own id of a message: two messages of one gesture are one idea."""

    __tablename__ = "client_gesture"
    __table_args__ = (_of_hunt(), {"sqlite_with_rowid": False})

    tenant: Mapped[TenantId] = mapped_column(primary_key=True)
    hunt: Mapped[HuntId] = mapped_column(primary_key=True)
    client: Mapped[str] = mapped_column(primary_key=True)


class SuggestionReasonRow(Rows):
    """Why the bot suggests a theme for an idea, or none any more."""

    __tablename__ = "suggestion_reason"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant", "hunt", "number"], ["idea.tenant", "idea.hunt", "idea.number"], ondelete="CASCADE"
        ),
        {"sqlite_with_rowid": False},
    )

    tenant: Mapped[TenantId] = mapped_column(primary_key=True)
    hunt: Mapped[HuntId] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    theme: Mapped[int | None]
    was: Mapped[int | None]
    shared: Mapped[str]
    """Words, in JSON."""
    near: Mapped[int | None]
    unsure: Mapped[bool]


class GroupingStepRow(Rows):
    """A step of grouping that can be taken back."""

    __tablename__ = "grouping_step"
    __table_args__ = (_of_hunt(),)

    tenant: Mapped[TenantId] = mapped_column(primary_key=True)
    hunt: Mapped[HuntId] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    deed: Mapped[str]
    actor: Mapped[PersonId]
    at: Mapped[datetime]
    before: Mapped[str]
    """The ideas and themes as they were, in JSON."""


class LikelyPairRow(Rows):
    """Two ideas that may be the same, and what people decided."""

    __tablename__ = "likely_pair"
    __table_args__ = (
        _of_hunt(),
        CheckConstraint("one < other", name="ordered"),
        CheckConstraint("decision IN ('merged', 'apart')", name="decision_known"),
        {"sqlite_with_rowid": False},
    )

    tenant: Mapped[TenantId] = mapped_column(primary_key=True)
    hunt: Mapped[HuntId] = mapped_column(primary_key=True)
    one: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    other: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    score: Mapped[float]
    shared: Mapped[str] = mapped_column(Text)
    decision: Mapped[str | None]
    other_theme: Mapped[bool]
    """Two ideas that must not share a theme; without it, two that may."""
    by: Mapped[PersonId | None]


class HuntGroupingRow(Rows):
    """How a hunt is grouped, where a person said so; without a row, as ever."""

    __tablename__ = "hunt_grouping"
    __table_args__ = (_of_hunt(), {"sqlite_with_rowid": False})

    tenant: Mapped[TenantId] = mapped_column(primary_key=True)
    hunt: Mapped[HuntId] = mapped_column(primary_key=True)
    suggests: Mapped[bool]
