"""Pairs of two themes, changes of what a grouping reads, a workspace's own words, and why a theme is suggested."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

ADDED = (
    ("likely_pair", "other_theme BOOLEAN NOT NULL DEFAULT FALSE"),
    ("hunt_count", "changes INTEGER NOT NULL DEFAULT 0"),
)
"""A pair kept apart by an older version was said to be two ideas, no more: its ideas may share a theme."""


def upgrade() -> None:
    for table, column in ADDED:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    op.create_table(
        "word_list",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", name=op.f("pk_word_list")),
    )

    op.create_table(
        "suggestion_reason",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("hunt", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("theme", sa.Integer(), nullable=True),
        sa.Column("was", sa.Integer(), nullable=True),
        sa.Column("shared", sa.Text(), nullable=False),
        sa.Column("near", sa.Integer(), nullable=True),
        sa.Column("unsure", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "hunt", "number"],
            ["idea.tenant", "idea.hunt", "idea.number"],
            name=op.f("fk_suggestion_reason_idea_tenant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "hunt", "number", name=op.f("pk_suggestion_reason")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("suggestion_reason")
    op.drop_table("word_list")
    for table, column in ADDED:
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column.partition(' ')[0]}")
