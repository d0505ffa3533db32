"""The secret that wraps the keys of open rounds: without it the database ties no ballot to a voter."""

from __future__ import annotations

import hmac
import multiprocessing
from pathlib import Path

import pytest
from sqlalchemy import make_url, select

from bot.domain.errors import VoteHalted
from bot.ports import Unit
from storage.rows import METADATA
from storage.secret import beside
from storage.sql import SqlStorage
from storage.voters import voter_key
from tests.contracts.samples import ACME, ANNA, BEN, NOW, a_round, opened, wish

ONE, OTHER = b"one secret of this installation!", b"another secret, put in by mistake"


def rows(unit: Unit, table: str, column: str) -> list[object]:
    there = METADATA.tables[table].c[column]
    return list(unit.rounds.connection.execute(select(there)).scalars())


def leads(url: str, secret: bytes) -> bool:
    """Whether somebody with nothing but the database can tell whose ballot it is."""
    storage = SqlStorage(url, secret=secret)
    with storage.begin() as unit:
        wish(unit, opened(unit), ANNA, 1, 2)
        (stored,) = rows(unit, "round_key", "key")
        (ballot,) = rows(unit, "ballot", "voter")
    storage.close()
    assert isinstance(stored, bytes)
    guesses = (stored, hmac.digest(b"", stored, "sha256"))
    return ballot in [voter_key(guess, ACME, ANNA) for guess in guesses]


def test_a_sqlite_database_alone_leads_from_no_ballot_to_its_voter(migrated_sqlite_url: str) -> None:
    assert not leads(migrated_sqlite_url, b"")


def test_a_postgresql_database_alone_does_so_only_where_no_secret_was_set(migrated_postgres_url: str) -> None:
    assert leads(migrated_postgres_url, b"")


def test_with_the_setting_neither_does(migrated_url: str) -> None:
    assert not leads(migrated_url, ONE)


def test_another_secret_halts_the_vote_and_lets_nobody_vote_twice(migrated_url: str) -> None:
    first = SqlStorage(migrated_url, secret=ONE)
    with first.begin() as unit:
        for voter, option in ((ANNA, 1), (BEN, 2)):
            wish(unit, opened(unit) if voter is ANNA else a_round(), voter, option, 2)
    first.close()
    second = SqlStorage(migrated_url, secret=OTHER)
    with pytest.raises(VoteHalted), second.begin() as unit:
        wish(unit, a_round(), ANNA, 1, 1)
    with pytest.raises(VoteHalted), second.look() as unit:
        unit.rounds.ballot(a_round(), ANNA)
    with second.begin() as unit:
        tally = unit.rounds.close(a_round(by_role=True), NOW)
    assert tally is not None
    assert (tally.voters, tally.dots_placed, tally.groups) == (2, 4, ())
    second.close()


def test_the_right_secret_goes_on_with_the_vote(migrated_url: str) -> None:
    for turn, option in enumerate((1, 2)):
        storage = SqlStorage(migrated_url, secret=ONE)
        with storage.begin() as unit:
            wish(unit, a_round() if turn else opened(unit), ANNA, option, 2)
            assert unit.rounds.ballot(a_round(), ANNA).used == 2 * (turn + 1)
        storage.close()


def test_a_sqlite_file_has_a_secret_of_its_own_that_only_its_owner_reads(migrated_sqlite_url: str) -> None:
    SqlStorage(migrated_sqlite_url).close()
    file = Path(str(make_url(migrated_sqlite_url).database))
    kept = file.with_name(f"{file.name}.secret")
    assert kept.stat().st_mode & 0o077 == 0
    secret = beside(file, make=False)
    assert len(secret) == 32
    assert secret not in file.read_bytes()
    SqlStorage(migrated_sqlite_url).close()
    assert beside(file, make=True) == secret


def test_whoever_looks_makes_none(tmp_path: Path) -> None:
    assert beside(tmp_path / "there.db", make=False) == b""
    assert list(tmp_path.iterdir()) == []


def test_processes_that_start_together_make_one(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        made = pool.map(make, [tmp_path / "there.db"] * 8)
    assert len(set(made)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["there.db.secret"]


def make(path: Path) -> bytes:
    return beside(path, make=True)
