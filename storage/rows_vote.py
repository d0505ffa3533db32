"""Tables of rounds, ballots and dots: the schema itself refuses an overspent budget and a broken cap."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.names import HuntId, PersonId, TenantId
from storage.columns import Rows

_ROUND = ["tenant", "hunt", "round"]


def _of_round() -> ForeignKeyConstraint:
    there = ["round.tenant", "round.hunt", "round.number"]
    return ForeignKeyConstraint(_ROUND, there, ondelete="CASCADE")


def _of(table: str, column: str) -> ForeignKeyConstraint:
    there = [f"{table}.{name}" for name in (*_ROUND, column)]
    return ForeignKeyConstraint([*_ROUND, column], there, ondelete="CASCADE")


class RoundRow(Rows):
    """One dot vote; its tally is sealed at the close with its SHA-256."""

    __tablename__ = "round"
    __table_args__ = (
        ForeignKeyConstraint(["tenant", "hunt"], ["hunt.tenant", "hunt.id"], ondelete="CASCADE"),
        CheckConstraint("dots >= 1", name="dots"),
        CheckConstraint("cap >= 1", name="cap"),
        CheckConstraint("places >= 1", name="places"),
        CheckConstraint("(tally IS NULL) = (tally_sha256 IS NULL)", name="sealed"),
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
    runoff: Mapped[bool]
    seed: Mapped[str]
    tally: Mapped[str | None]
    tally_sha256: Mapped[str | None]


class RoundCountRow(Rows):
    """The counters of a round, apart from it: voters who pin the round would block each other else."""

    __tablename__ = "round_count"
    __table_args__ = (_of_round(), CheckConstraint("voters >= 0 AND eligible >= 0", name="not_negative"))

    tenant: Mapped[TenantId] = mapped_column(primary_key=True)
    hunt: Mapped[HuntId] = mapped_column(primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    voters: Mapped[int]
    eligible: Mapped[int]


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


class RoundElectorRow(Rows):
    """Who may vote and who declined: no row here holds a key that a ballot holds too."""

    __tablename__ = "round_elector"
    __table_args__ = (_of_round(), {"sqlite_with_rowid": False})

    tenant: Mapped[TenantId] = mapped_column(primary_key=True)
    hunt: Mapped[HuntId] = mapped_column(primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person: Mapped[PersonId] = mapped_column(primary_key=True)
    listed: Mapped[bool]
    """On the list of voters; False: only declined."""
    declined: Mapped[bool]


class BallotRow(Rows):
    """One voter's ballot, without a name; its lock makes one voter's devices take turns."""

    __tablename__ = "ballot"
    __table_args__ = (_of_round(), {"sqlite_with_rowid": False})

    tenant: Mapped[TenantId] = mapped_column(primary_key=True)
    hunt: Mapped[HuntId] = mapped_column(primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    voter: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]


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
