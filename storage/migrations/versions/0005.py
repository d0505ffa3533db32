"""Which pairs belong in two themes, and how often what a grouping reads was changed."""

from __future__ import annotations

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


def downgrade() -> None:
    for table, column in ADDED:
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column.partition(' ')[0]}")
