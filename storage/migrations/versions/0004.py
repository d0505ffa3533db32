"""Whether the bot suggests themes in a hunt."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "hunt_grouping",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("hunt", sa.Text(), nullable=False),
        sa.Column("suggests", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "hunt"],
            ["hunt.tenant", "hunt.id"],
            name=op.f("fk_hunt_grouping_hunt_tenant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "hunt", name=op.f("pk_hunt_grouping")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("hunt_grouping")
