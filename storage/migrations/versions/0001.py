"""The first tables: tenants and people, hunts and ideas, rounds and dots, letters and schedules."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

TABLES = (
    "audit",
    "cursor",
    "failed_event",
    "gate",
    "hunt",
    "letter",
    "message_trace",
    "person",
    "room",
    "room_member",
    "schedule",
    "served_request",
    "tenant",
    "client_gesture",
    "grouping_step",
    "hunt_count",
    "hunt_room",
    "idea_count",
    "likely_pair",
    "round",
    "theme",
    "ballot",
    "idea",
    "round_count",
    "round_elector",
    "round_key",
    "round_nth",
    "round_option",
    "round_slot",
    "vote_ledger",
    "dot",
    "idea_version",
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(sa.schema.CreateSequence(sa.Sequence("letter_ids")))
    op.create_table(
        "audit",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=True),
        sa.Column("deed", sa.Text(), nullable=False),
        sa.Column("object", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "at", "id", name=op.f("pk_audit")),
    )
    op.create_table(
        "cursor",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("thread", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "room", "thread", name=op.f("pk_cursor")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "failed_event",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("tenant", "event", name=op.f("pk_failed_event")),
    )
    op.create_index(
        "ix_failed_event_dead",
        "failed_event",
        ["at"],
        unique=False,
        sqlite_where=sa.text("payload IS NOT NULL"),
        postgresql_where=sa.text("payload IS NOT NULL"),
    )
    op.create_table(
        "gate",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("gate", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "gate", name=op.f("pk_gate")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_gate_until"), "gate", ["until"], unique=False)
    op.create_table(
        "hunt",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("facilitator", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("cofacilitators", sa.Text(), nullable=False),
        sa.Column("names", sa.Text(), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("capture", sa.Text(), nullable=False),
        sa.Column("own_themes", sa.Boolean(), nullable=False),
        sa.Column("collect_until", sa.BigInteger(), nullable=True),
        sa.Column("vote_from", sa.BigInteger(), nullable=True),
        sa.Column("vote_until", sa.BigInteger(), nullable=True),
        sa.Column("dots", sa.Integer(), nullable=True),
        sa.Column("cap", sa.Integer(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("next_session", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("round", sa.Integer(), nullable=True),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("capture IN ('thread', 'channel', 'form')", name=op.f("ck_hunt_capture_known")),
        sa.CheckConstraint("names IN ('shown', 'none')", name=op.f("ck_hunt_names_known")),
        sa.CheckConstraint(
            "phase IN ('draft', 'collecting', 'revealed', 'voting', 'closed')", name=op.f("ck_hunt_phase_known")
        ),
        sa.CheckConstraint("cap >= 1", name=op.f("ck_hunt_cap")),
        sa.CheckConstraint("dots IS NULL OR dots >= 1", name=op.f("ck_hunt_dots")),
        sa.CheckConstraint("places >= 1", name=op.f("ck_hunt_places")),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_hunt")),
    )
    op.create_index(
        "ix_hunt_closed",
        "hunt",
        ["tenant", "created_at"],
        unique=False,
        sqlite_where=sa.text("phase = 'closed'"),
        postgresql_where=sa.text("phase = 'closed'"),
    )
    op.create_index(
        "ix_hunt_due",
        "hunt",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index(
        "ix_hunt_open",
        "hunt",
        ["tenant", "created_at"],
        unique=False,
        sqlite_where=sa.text("phase <> 'closed'"),
        postgresql_where=sa.text("phase <> 'closed'"),
    )
    op.create_table(
        "letter",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("hunt", sa.Text(), nullable=True),
        sa.Column("room", sa.Text(), nullable=True),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("topic", sa.Text(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("maybe_sent", sa.Boolean(), nullable=False),
        sa.Column("first_try", sa.BigInteger(), nullable=True),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.Column("sent_as", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.CheckConstraint("(state = 'sending') = (lease_until IS NOT NULL)", name=op.f("ck_letter_leased")),
        sa.CheckConstraint(
            "kind IN ('board', 'table', 'results', 'nudge', 'digest', 'session', "
            "'invite', 'notice', 'receipt', 'unreceipt', 'export')",
            name=op.f("ck_letter_kind_known"),
        ),
        sa.CheckConstraint(
            "state IN ('pending', 'sending', 'sent', 'dead', 'expired', 'cancelled')",
            name=op.f("ck_letter_state_known"),
        ),
        sa.CheckConstraint("(room IS NULL) <> (person IS NULL)", name=op.f("ck_letter_addressee")),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_letter")),
        sa.UniqueConstraint("tenant", "key", name=op.f("uq_letter_tenant_key")),
    )
    op.create_index(
        "ix_letter_due",
        "letter",
        ["due_at", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index(
        "ix_letter_expires",
        "letter",
        ["expires_at"],
        unique=False,
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index(
        "ix_letter_dead",
        "letter",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state = 'dead'"),
        postgresql_where=sa.text("state = 'dead'"),
    )
    op.create_index(
        "ix_letter_lease",
        "letter",
        ["lease_until"],
        unique=False,
        sqlite_where=sa.text("state = 'sending'"),
        postgresql_where=sa.text("state = 'sending'"),
    )
    op.create_index(
        "ix_letter_room",
        "letter",
        ["tenant", "room"],
        unique=False,
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index(op.f("ix_letter_settled_at_state"), "letter", ["settled_at", "state"], unique=False)
    op.create_index(
        "ix_letter_topic_sending",
        "letter",
        ["tenant", "topic"],
        unique=False,
        sqlite_where=sa.text("state = 'sending' AND topic IS NOT NULL"),
        postgresql_where=sa.text("state = 'sending' AND topic IS NOT NULL"),
    )
    op.create_index(
        "uq_letter_topic",
        "letter",
        ["tenant", "topic"],
        unique=True,
        sqlite_where=sa.text("state = 'pending' AND topic IS NOT NULL"),
        postgresql_where=sa.text("state = 'pending' AND topic IS NOT NULL"),
    )
    op.create_table(
        "message_trace",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("hunt", sa.Text(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("edited", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "room", "message", name=op.f("pk_message_trace")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "person",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("outsider", sa.Boolean(), nullable=False),
        sa.Column("inactive", sa.Boolean(), nullable=False),
        sa.Column("muted", sa.Boolean(), nullable=False),
        sa.Column("plain_ballot", sa.Boolean(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_person")),
    )
    op.create_table(
        "room",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("digest", sa.Boolean(), nullable=False),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_room")),
    )
    op.create_table(
        "room_member",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "room", "person", name=op.f("pk_room_member")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "schedule",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("next_due", sa.BigInteger(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("last_sent", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("tenant", "room", "kind", name=op.f("pk_schedule")),
    )
    op.create_index(op.f("ix_schedule_next_due"), "schedule", ["next_due"], unique=False)
    op.create_table(
        "served_request",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("request", sa.LargeBinary(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "request", name=op.f("pk_served_request")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_served_request_day"), "served_request", ["day"], unique=False)
    op.create_table(
        "tenant",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("bot", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenant")),
    )
    op.create_table(
        "client_gesture",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("hunt", sa.Text(), nullable=False),
        sa.Column("client", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "hunt"],
            ["hunt.tenant", "hunt.id"],
            name=op.f("fk_client_gesture_hunt_tenant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "hunt", "client", name=op.f("pk_client_gesture")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "grouping_step",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("hunt", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("deed", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "hunt"],
            ["hunt.tenant", "hunt.id"],
            name=op.f("fk_grouping_step_hunt_tenant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "hunt", "seq", name=op.f("pk_grouping_step")),
    )
    op.create_table(
        "hunt_count",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("hunt", sa.Text(), nullable=False),
        sa.Column("numbered", sa.Integer(), nullable=False),
        sa.Column("ideas", sa.Integer(), nullable=False),
        sa.Column("voices", sa.Integer(), nullable=False),
        sa.CheckConstraint("ideas >= 0 AND voices >= 0", name=op.f("ck_hunt_count_not_negative")),
        sa.ForeignKeyConstraint(
            ["tenant", "hunt"], ["hunt.tenant", "hunt.id"], name=op.f("fk_hunt_count_hunt_tenant"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant", "hunt", name=op.f("pk_hunt_count")),
    )
    op.create_table(
        "hunt_room",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("hunt", sa.Text(), nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("board", sa.Text(), nullable=True),
        sa.Column("table", sa.Text(), nullable=True),
        sa.Column("results", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "standing IN ('new', 'live', 'uninvited', 'gone')", name=op.f("ck_hunt_room_standing_known")
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "hunt"], ["hunt.tenant", "hunt.id"], name=op.f("fk_hunt_room_hunt_tenant"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant", "hunt", "room", name=op.f("pk_hunt_room")),
    )
    op.create_index(op.f("ix_hunt_room_tenant_room_board"), "hunt_room", ["tenant", "room", "board"], unique=False)
    op.create_table(
        "idea_count",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("hunt", sa.Text(), nullable=False),
        sa.Column("theme", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("ideas", sa.Integer(), nullable=False),
        sa.CheckConstraint("ideas >= 0", name=op.f("ck_idea_count_not_negative")),
        sa.ForeignKeyConstraint(
            ["tenant", "hunt"], ["hunt.tenant", "hunt.id"], name=op.f("fk_idea_count_hunt_tenant"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant", "hunt", "theme", "state", name=op.f("pk_idea_count")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "likely_pair",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("hunt", sa.Text(), nullable=False),
        sa.Column("one", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("other", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("shared", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("by", sa.Text(), nullable=True),
        sa.CheckConstraint("decision IN ('merged', 'apart')", name=op.f("ck_likely_pair_decision_known")),
        sa.CheckConstraint("one < other", name=op.f("ck_likely_pair_ordered")),
        sa.ForeignKeyConstraint(
            ["tenant", "hunt"], ["hunt.tenant", "hunt.id"], name=op.f("fk_likely_pair_hunt_tenant"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant", "hunt", "one", "other", name=op.f("pk_likely_pair")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "round",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("hunt", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("dots", sa.Integer(), nullable=False),
        sa.Column("cap", sa.Integer(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("closes_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("runoff", sa.Boolean(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("tally", sa.Text(), nullable=True),
        sa.Column("tally_sha256", sa.Text(), nullable=True),
        sa.CheckConstraint("(tally IS NULL) = (tally_sha256 IS NULL)", name=op.f("ck_round_sealed")),
        sa.CheckConstraint("cap >= 1", name=op.f("ck_round_cap")),
        sa.CheckConstraint("dots >= 1", name=op.f("ck_round_dots")),
        sa.CheckConstraint("places >= 1", name=op.f("ck_round_places")),
        sa.ForeignKeyConstraint(
            ["tenant", "hunt"], ["hunt.tenant", "hunt.id"], name=op.f("fk_round_hunt_tenant"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant", "hunt", "number", name=op.f("pk_round")),
    )
    op.create_table(
        "theme",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("hunt", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.CheckConstraint("origin IN ('given', 'person', 'suggested')", name=op.f("ck_theme_origin_known")),
        sa.ForeignKeyConstraint(
            ["tenant", "hunt"], ["hunt.tenant", "hunt.id"], name=op.f("fk_theme_hunt_tenant"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant", "hunt", "id", name=op.f("pk_theme")),
    )
    op.create_index(op.f("ix_theme_tenant_hunt_folded"), "theme", ["tenant", "hunt", "folded"], unique=False)
    op.create_table(
        "ballot",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("hunt", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("voter", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "hunt", "round"],
            ["round.tenant", "round.hunt", "round.number"],
            name=op.f("fk_ballot_round_tenant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "hunt", "round", "voter", name=op.f("pk_ballot")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "idea",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("hunt", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("theme", sa.Integer(), nullable=True),
        sa.Column("suggested", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("merged_into", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("source_room", sa.Text(), nullable=True),
        sa.Column("source_message", sa.Text(), nullable=True),
        sa.Column("source_edited", sa.Text(), nullable=True),
        sa.Column("saved_by", sa.Text(), nullable=True),
        sa.Column("voices", sa.Integer(), nullable=False),
        sa.Column("shuffled", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'merged') = (merged_into IS NOT NULL)", name=op.f("ck_idea_merged")),
        sa.CheckConstraint("state IN ('standing', 'withdrawn', 'parked', 'merged')", name=op.f("ck_idea_state_known")),
        sa.CheckConstraint(
            "way IN ('thread', 'channel', 'form', 'command', 'shortcut', 'reaction', 'direct')",
            name=op.f("ck_idea_way_known"),
        ),
        sa.CheckConstraint("voices >= 1", name=op.f("ck_idea_voices")),
        sa.ForeignKeyConstraint(
            ["tenant", "hunt", "theme"], ["theme.tenant", "theme.hunt", "theme.id"], name=op.f("fk_idea_theme_tenant")
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "hunt"], ["hunt.tenant", "hunt.id"], name=op.f("fk_idea_hunt_tenant"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant", "hunt", "number", name=op.f("pk_idea")),
    )
    op.create_index(
        "ix_idea_merged_into",
        "idea",
        ["tenant", "hunt", "merged_into"],
        unique=False,
        sqlite_where=sa.text("merged_into IS NOT NULL"),
        postgresql_where=sa.text("merged_into IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_idea_tenant_hunt_author_created_at"), "idea", ["tenant", "hunt", "author", "created_at"], unique=False
    )
    op.create_index(op.f("ix_idea_tenant_hunt_created_at"), "idea", ["tenant", "hunt", "created_at"], unique=False)
    op.create_index(
        op.f("ix_idea_tenant_hunt_theme_state_number"),
        "idea",
        ["tenant", "hunt", "theme", "state", "number"],
        unique=False,
    )
    op.create_index(
        op.f("ix_idea_tenant_hunt_theme_state_shuffled"),
        "idea",
        ["tenant", "hunt", "theme", "state", "shuffled"],
        unique=False,
    )
    op.create_index(op.f("ix_idea_tenant_hunt_shuffled"), "idea", ["tenant", "hunt", "shuffled"], unique=False)
    op.create_table(
        "round_count",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("hunt", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("voters", sa.Integer(), nullable=False),
        sa.Column("eligible", sa.Integer(), nullable=False),
        sa.CheckConstraint("voters >= 0 AND eligible >= 0", name=op.f("ck_round_count_not_negative")),
        sa.ForeignKeyConstraint(
            ["tenant", "hunt", "round"],
            ["round.tenant", "round.hunt", "round.number"],
            name=op.f("fk_round_count_round_tenant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "hunt", "round", name=op.f("pk_round_count")),
    )
    op.create_table(
        "round_elector",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("hunt", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("declined", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "hunt", "round"],
            ["round.tenant", "round.hunt", "round.number"],
            name=op.f("fk_round_elector_round_tenant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "hunt", "round", "person", name=op.f("pk_round_elector")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "round_key",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("hunt", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "hunt", "round"],
            ["round.tenant", "round.hunt", "round.number"],
            name=op.f("fk_round_key_round_tenant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "hunt", "round", name=op.f("pk_round_key")),
    )
    op.create_table(
        "round_nth",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("hunt", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("nth", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "hunt", "round"],
            ["round.tenant", "round.hunt", "round.number"],
            name=op.f("fk_round_nth_round_tenant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "hunt", "round", "nth", name=op.f("pk_round_nth")),
    )
    op.create_table(
        "round_option",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("hunt", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("theme", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "hunt", "round"],
            ["round.tenant", "round.hunt", "round.number"],
            name=op.f("fk_round_option_round_tenant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "hunt", "round", "number", name=op.f("pk_round_option")),
    )
    op.create_table(
        "round_slot",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("hunt", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("slot", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "hunt", "round"],
            ["round.tenant", "round.hunt", "round.number"],
            name=op.f("fk_round_slot_round_tenant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "hunt", "round", "slot", name=op.f("pk_round_slot")),
    )
    op.create_table(
        "vote_ledger",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("hunt", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("voter", sa.Text(), nullable=False),
        sa.Column("option", sa.Integer(), nullable=False),
        sa.Column("delta", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "hunt", "round"],
            ["round.tenant", "round.hunt", "round.number"],
            name=op.f("fk_vote_ledger_round_tenant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "hunt", "round", "action", name=op.f("pk_vote_ledger")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "dot",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("hunt", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("voter", sa.Text(), nullable=False),
        sa.Column("slot", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("option", sa.Integer(), nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "hunt", "round", "nth"],
            ["round_nth.tenant", "round_nth.hunt", "round_nth.round", "round_nth.nth"],
            name=op.f("fk_dot_round_nth_tenant"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "hunt", "round", "option"],
            ["round_option.tenant", "round_option.hunt", "round_option.round", "round_option.number"],
            name=op.f("fk_dot_round_option_tenant"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "hunt", "round", "slot"],
            ["round_slot.tenant", "round_slot.hunt", "round_slot.round", "round_slot.slot"],
            name=op.f("fk_dot_round_slot_tenant"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "hunt", "round", "voter"],
            ["ballot.tenant", "ballot.hunt", "ballot.round", "ballot.voter"],
            name=op.f("fk_dot_ballot_tenant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "hunt", "round", "voter", "slot", name=op.f("pk_dot")),
        sa.UniqueConstraint("tenant", "hunt", "round", "voter", "option", "nth", name="uq_dot_nth"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_dot_option", "dot", ["tenant", "hunt", "round", "option", "voter"], unique=False)
    op.create_table(
        "idea_version",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("hunt", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "hunt", "number"],
            ["idea.tenant", "idea.hunt", "idea.number"],
            name=op.f("fk_idea_version_idea_tenant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "hunt", "number", "version", name=op.f("pk_idea_version")),
    )


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(name)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(sa.schema.DropSequence(sa.Sequence("letter_ids")))
