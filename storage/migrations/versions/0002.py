"""Rules of a round, paper ballots, roles, observers, and a seal over everything a round was counted from."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"

ADDED = (
    ("round", "kind TEXT NOT NULL DEFAULT 'main'", "kind_known", "kind IN ('main', 'themes', 'runoff')"),
    ("round", "who TEXT NOT NULL DEFAULT 'room'", "who_known", "who IN ('room', 'present')"),
    (
        "round",
        "quorum TEXT NOT NULL DEFAULT 'two_thirds'",
        "quorum_known",
        "quorum IN ('none', 'third', 'half', 'two_thirds')",
    ),
    ("round", "tie TEXT NOT NULL DEFAULT 'ask'", "tie_known", "tie IN ('ask', 'auto', 'keep')"),
    ("round", "secrecy TEXT NOT NULL DEFAULT 'sealed'", "secrecy_known", "secrecy IN ('sealed', 'detached')"),
    ("round", "by_role BOOLEAN NOT NULL DEFAULT FALSE", "", ""),
    ("round", "keep_days INTEGER NOT NULL DEFAULT 365", "keep_days", "keep_days >= 0"),
    ("round", "waved INTEGER NOT NULL DEFAULT 0", "waved", "waved >= 0"),
    ("round", "waved_by TEXT", "", ""),
    ("round", "record TEXT", "", ""),
    ("round", "purged_at BIGINT", "", ""),
    ("round_count", "papers INTEGER NOT NULL DEFAULT 0", "", ""),
    ("round_count", "batches INTEGER NOT NULL DEFAULT 0", "", ""),
    ("round_count", "started BOOLEAN NOT NULL DEFAULT FALSE", "", ""),
    ("round_elector", "done BOOLEAN NOT NULL DEFAULT FALSE", "", ""),
    ("round_elector", "role TEXT NOT NULL DEFAULT ''", "", ""),
    ("round_elector", "paper TEXT NOT NULL DEFAULT ''", "", ""),
    ("round_key", "proof BLOB", "", ""),
    ("ballot", "paper INTEGER NOT NULL DEFAULT 0", "", ""),
    ("hunt", "observers TEXT NOT NULL DEFAULT '[]'", "", ""),
    ("hunt", "asked_by TEXT", "", ""),
    ("hunt", "asked_at BIGINT", "", ""),
    ("person", "role TEXT NOT NULL DEFAULT ''", "", ""),
)
"""Columns only: a table that others point at is never made anew, because SQLite would empty those others."""


def upgrade() -> None:
    for table, column, name, check in ADDED:
        kept = f" CONSTRAINT ck_{table}_{name} CHECK ({check})" if check else ""
        kind = column.replace("BLOB", "BYTEA") if op.get_bind().dialect.name == "postgresql" else column
        op.execute(f"ALTER TABLE {table} ADD COLUMN {kind}{kept}")
    op.execute("UPDATE round SET kind = 'runoff' WHERE runoff")
    op.execute("ALTER TABLE round DROP COLUMN runoff")
    op.execute("CREATE INDEX ix_round_kept ON round (closed_at) WHERE purged_at IS NULL")
    op.execute(
        "UPDATE round_count SET started = EXISTS (SELECT 1 FROM vote_ledger AS entry "
        "WHERE entry.tenant = round_count.tenant AND entry.hunt = round_count.hunt AND entry.round = round_count.round)"
    )
    # Who might vote in a closed round and who declined is not needed any more.
    op.execute(
        "DELETE FROM round_elector WHERE EXISTS (SELECT 1 FROM round WHERE round.tenant = round_elector.tenant "
        "AND round.hunt = round_elector.hunt AND round.number = round_elector.round AND round.closed_at IS NOT NULL)"
    )


def downgrade() -> None:
    raise NotImplementedError("an older version cannot read the rules of newer rounds")
