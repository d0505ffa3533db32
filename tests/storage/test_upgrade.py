"""A database of an older version is brought on with everything in it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import make_url, text

from bot.domain.ballot import Elector
from bot.domain.hunt import Phase
from bot.domain.names import IdeaNumber
from bot.domain.rules import Quorum, RoundKind, Secrecy, TieRule
from storage.engine import open_engine
from storage.rows import METADATA
from storage.schema import HEAD, revision, upgrade
from storage.sql import SqlStorage
from tests.contracts.samples import ACME, ANNA, BEN, CHLOE, NOW
from tests.storage.older import FIRST, OPEN, SECOND, VOTED, left_by_0001

ROWS = ("tenant", "person", "hunt", "hunt_room", "round", "round_count", "round_option", "round_slot", "round_nth")
BALLOTS = ("ballot", "dot", "vote_ledger", "round_key")


def rows(url: str, *tables: str) -> dict[str, int]:
    """How many rows each table has."""
    with closing(open_engine(url, 1)) as engines, engines.write.begin() as connection:
        return {name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in tables}


def test_every_row_comes_along_and_the_tables_are_the_declared_ones(database_url: str) -> None:
    left_by_0001(database_url)
    before = rows(database_url, *ROWS, *BALLOTS)
    assert min(before.values()) >= 1
    upgrade(database_url, NOW)
    assert rows(database_url, *ROWS, *BALLOTS) == before
    with closing(open_engine(database_url, 1)) as engines, engines.write.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    with closing(open_engine(database_url, 1)) as engines:
        assert revision(engines.write) == HEAD


def test_a_round_that_was_open_goes_on_and_closes(database_url: str) -> None:
    left_by_0001(database_url)
    upgrade(database_url, NOW)
    with closing(SqlStorage(database_url)) as storage:
        with storage.begin() as unit:
            assert unit.hunts.get(ACME, OPEN).phase is Phase.VOTING
            round = unit.rounds.get(ACME, OPEN, FIRST)
            assert (round.kind, round.tie, round.secrecy) == (RoundKind.MAIN, TieRule.ASK, Secrecy.SEALED)
            assert (round.quorum, round.started, round.papers, round.voters) == (Quorum.TWO_THIRDS, True, 0, 2)
            assert unit.rounds.ballot(round, ANNA).placed == {1: 2, 3: 1}
            assert unit.rounds.elector(round, ANNA) == Elector(enrolled=True, listed=True)
            assert unit.rounds.elector(round, CHLOE) == Elector(enrolled=True, declined=True)
            unit.rounds.wish(round, BEN, IdeaNumber(3), 0, "moved away", NOW)
            unit.rounds.wish(round, BEN, IdeaNumber(1), 2, "moved here", NOW)
            unit.rounds.wish(round, CHLOE, IdeaNumber(1), 1, "after all", NOW)
        with storage.begin() as unit:
            tally = unit.rounds.close(round, NOW)
        assert tally is not None
        assert [(rank.option, rank.dots, rank.supporters) for rank in tally.ranks] == [(1, 5, 3), (3, 1, 1), (2, 0, 0)]
        with storage.look() as unit:
            assert unit.rounds.check(round) == ()
            assert len(unit.rounds.fingerprint(round)) == 64


def test_a_closed_round_and_its_run_off_still_verify(database_url: str) -> None:
    left_by_0001(database_url)
    upgrade(database_url, NOW)
    with closing(SqlStorage(database_url)) as storage:
        with storage.look() as unit:
            first, second = (unit.rounds.get(ACME, VOTED, number) for number in (FIRST, SECOND))
            assert (first.kind, second.kind) == (RoundKind.MAIN, RoundKind.RUNOFF)
            assert unit.rounds.check(first) == unit.rounds.check(second) == ()
            assert unit.rounds.tally(first).winners == (1,)
            assert unit.rounds.tally(second).winners == (2,)
            assert len(unit.rounds.papers(first)) == 2
            assert unit.rounds.electors(first) == unit.rounds.electors(second) == frozenset()
        with storage.begin() as unit:
            unit.rounds.connection.execute(text(f"UPDATE dot SET option = 3 WHERE option = 2 AND hunt = '{VOTED}'"))
        with storage.look() as unit:
            assert unit.rounds.check(first) != ()


def test_a_sqlite_file_is_copied_before(sqlite_url: str) -> None:
    left_by_0001(sqlite_url)
    copy = upgrade(sqlite_url, NOW)
    assert copy is not None
    assert copy.name == "ideahunt-20260318T083000Z.db"
    assert copy.parent == Path(str(make_url(sqlite_url).database)).parent
    kept = str(make_url(sqlite_url).set(database=str(copy)))
    with closing(open_engine(kept, 1)) as engines:
        assert revision(engines.write) == "0001"
    assert rows(kept, *BALLOTS) == rows(sqlite_url, *BALLOTS)
