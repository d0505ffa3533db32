"""What joins two platforms: workspaces, addresses of conversations, codes, linked accounts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "workspace",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_workspace")),
    )
    op.create_index(op.f("ix_workspace_id"), "workspace", ["id"])
    op.create_table(
        "conversation",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("service_url", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "place", name=op.f("pk_conversation")),
    )
    op.create_table(
        "code",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("hunt", sa.Text(), nullable=True),
        sa.Column("person", sa.Text(), nullable=True),
        sa.CheckConstraint("(hunt IS NULL) <> (person IS NULL)", name=op.f("ck_code_one_meaning")),
        sa.PrimaryKeyConstraint("tenant", "code", name=op.f("pk_code")),
    )
    op.create_index(op.f("ix_code_expires_at"), "code", ["expires_at"])
    op.create_table(
        "account",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("main", sa.Text(), nullable=False),
        sa.CheckConstraint("id <> main", name=op.f("ck_account_another")),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_account")),
    )
    op.create_index(op.f("ix_account_tenant_main"), "account", ["tenant", "main"])


def downgrade() -> None:
    for name in ("account", "code", "conversation", "workspace"):
        op.drop_table(name)
