"""Pairs of two themes, how often what a grouping reads was changed, and a workspace's own words."""

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


def downgrade() -> None:
    op.drop_table("word_list")
    for table, column in ADDED:
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column.partition(' ')[0]}")
