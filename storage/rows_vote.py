"""Tables of rounds, ballots and dots: the schema itself refuses an overspent budget and a broken cap."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.names import HuntId, PersonId, TenantId
from bot.domain.rules import Electorate, Quorum, RoundKind, Secrecy, TieRule
from storage.columns import Named, Rows, one_of

_ROUND = ["tenant", "hunt", "round"]
_KEPT = text("purged_at IS NULL")


def _of_round() -> ForeignKeyConstraint:
    there = ["round.tenant", "round.hunt", "round.number"]
    return ForeignKeyConstraint(_ROUND, there, ondelete="CASCADE")


def _of(table: str, column: str) -> ForeignKeyConstraint:
    there = [f"{table}.{name}" for name in (*_ROUND, column)]
    return ForeignKeyConstraint([*_ROUND, column], there, ondelete="CASCADE")


class RoundRow(Rows):
    """One dot vote; at the close its tally is sealed with a SHA-256, and so is everything it was counted from."""

    __tablename__ = "round"
    __table_args__ = (
        ForeignKeyConstraint(["tenant", "hunt"], ["hunt.tenant", "hunt.id"], ondelete="CASCADE"),
        CheckConstraint("dots >= 1", name="dots"),
        CheckConstraint("cap >= 1", name="cap"),
        CheckConstraint("places >= 1", name="places"),
        CheckConstraint("(tally IS NULL) = (tally_sha256 IS NULL)", name="sealed"),
        CheckConstraint("keep_days >= 0", name="keep_days"),
        CheckConstraint("waved >= 0", name="waved"),
        one_of("kind", RoundKind),
        one_of("who", Electorate),
        one_of("quorum", Quorum),
        one_of("tie", TieRule),
        one_of("secrecy", Secrecy),
        Index("ix_round_kept", "closed_at", sqlite_where=_KEPT, postgresql_where=_KEPT),
    )

    tenant: Mapped[TenantId] = mapped_column(primary_key=True)
    hunt: Mapped[HuntId] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    dots: Mapped[int]
    cap: Mapped[int]
    places: Mapped[int]
    opened_at: Mapped[datetime]
    closes_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    kind: Mapped[RoundKind] = mapped_column(Named(RoundKind))
    seed: Mapped[str]
    who: Mapped[Electorate] = mapped_column(Named(Electorate))
    quorum: Mapped[Quorum] = mapped_column(Named(Quorum))
    tie: Mapped[TieRule] = mapped_column(Named(TieRule))
    secrecy: Mapped[Secrecy] = mapped_column(Named(Secrecy))
    by_role: Mapped[bool]
    keep_days: Mapped[int]
    waved: Mapped[int]
    waved_by: Mapped[PersonId | None]
    tally: Mapped[str | None]
    tally_sha256: Mapped[str | None]
    record: Mapped[str | None]
    """Digests of rules, options, ballots, ledger and tally, as JSON; nothing for rounds closed before there was one."""
    purged_at: Mapped[datetime | None]
    """When the ballots without names were deleted."""


class RoundCountRow(Rows):
    """The counters of a round, apart from it: voters who pin the round would block each other else."""

    __tablename__ = "round_count"
    __table_args__ = (_of_round(), CheckConstraint("voters >= 0 AND eligible >= 0", name="not_negative"))

    tenant: Mapped[TenantId] = mapped_column(primary_key=True)
    hunt: Mapped[HuntId] = mapped_column(primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    voters: Mapped[int]
    eligible: Mapped[int]
    papers: Mapped[int]
    """Paper ballots among the voters."""
    batches: Mapped[int]
    """The number of the last batch of paper ballots."""
    started: Mapped[bool]
    """A first dot was placed, whether it stayed or not: from then on rules only become later or more private."""


class RoundOptionRow(Rows):
    """An idea as it stood when the round opened."""

    __tablename__ = "round_option"
    __table_args__ = (_of_round(),)

    tenant: Mapped[TenantId] = mapped_column(primary_key=True)
    hunt: Mapped[HuntId] = mapped_column(primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int]
    text: Mapped[str]
    theme: Mapped[str]
    title: Mapped[str]


class RoundSlotRow(Rows):
    """The places a voter's dots can take: as many rows as there are dots."""

    __tablename__ = "round_slot"
    __table_args__ = (_of_round(),)

    tenant: Mapped[TenantId] = mapped_column(primary_key=True)
    hunt: Mapped[HuntId] = mapped_column(primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class RoundNthRow(Rows):
    """First, second… dot of one voter on one option: as many rows as the cap allows."""

    __tablename__ = "round_nth"
    __table_args__ = (_of_round(),)

    tenant: Mapped[TenantId] = mapped_column(primary_key=True)
    hunt: Mapped[HuntId] = mapped_column(primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    nth: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class RoundKeyRow(Rows):
    """The secret under which voters' names lie while the round is open; deleted at the close."""

    __tablename__ = "round_key"
    __table_args__ = (_of_round(),)

    tenant: Mapped[TenantId] = mapped_column(primary_key=True)
    hunt: Mapped[HuntId] = mapped_column(primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[bytes] = mapped_column(LargeBinary)
    proof: Mapped[bytes | None] = mapped_column(LargeBinary)
    """By which the key is known again once the installation's secret unwrapped it."""


class RoundElectorRow(Rows):
    """Who may vote, who declined, who is done: no row here holds a value that a ballot holds too."""

    __tablename__ = "round_elector"
    __table_args__ = (_of_round(), {"sqlite_with_rowid": False})

    tenant: Mapped[TenantId] = mapped_column(primary_key=True)
    hunt: Mapped[HuntId] = mapped_column(primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person: Mapped[PersonId] = mapped_column(primary_key=True)
    listed: Mapped[bool]
    """On the list of voters; False: only declined, or cast a ballot where nobody knows who may."""
    declined: Mapped[bool]
    done: Mapped[bool]
    """Validated their ballot, or cast it where ballots are detached."""
    role: Mapped[str]
    paper: Mapped[str]
    """Empty, or the mark of the batch of paper ballots that theirs is among (`voters.batch_mark`)."""


class BallotRow(Rows):
    """One voter's ballot, without a name; its lock makes one voter's devices take turns."""

    __tablename__ = "ballot"
    __table_args__ = (_of_round(), {"sqlite_with_rowid": False})

    tenant: Mapped[TenantId] = mapped_column(primary_key=True)
    hunt: Mapped[HuntId] = mapped_column(primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    voter: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    paper: Mapped[int]
    """0, or the batch of paper ballots a facilitator entered it with; forgotten at the close."""


class DotRow(Rows):
    """One dot. Its slot must exist and be free, its nth must exist and be free, its option must be on the ballot."""

    __tablename__ = "dot"
    __table_args__ = (
        UniqueConstraint(*_ROUND, "voter", "option", "nth", name="uq_dot_nth"),
        _of("round_slot", "slot"),
        _of("round_nth", "nth"),
        ForeignKeyConstraint(
            [*_ROUND, "option"],
            ["round_option.tenant", "round_option.hunt", "round_option.round", "round_option.number"],
            ondelete="CASCADE",
        ),
        _of("ballot", "voter"),
        Index("ix_dot_option", *_ROUND, "option", "voter"),
        {"sqlite_with_rowid": False},
    )

    tenant: Mapped[TenantId] = mapped_column(primary_key=True)
    hunt: Mapped[HuntId] = mapped_column(primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    voter: Mapped[str] = mapped_column(primary_key=True)
    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    option: Mapped[int]
    nth: Mapped[int]


class VoteLedgerRow(Rows):
    """What each action changed; only ever added to while the round is open. `action` is a digest under its key."""

    __tablename__ = "vote_ledger"
    __table_args__ = (_of_round(), {"sqlite_with_rowid": False})

    tenant: Mapped[TenantId] = mapped_column(primary_key=True)
    hunt: Mapped[HuntId] = mapped_column(primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    action: Mapped[str] = mapped_column(primary_key=True)
    voter: Mapped[str]
    option: Mapped[int]
    delta: Mapped[int]
