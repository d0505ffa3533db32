"""Whatever is changed in a closed round is found: every column of every table of a round, a row less, a row more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Boolean, Column, Integer, LargeBinary, Table, text
from sqlalchemy.exc import IntegrityError

from bot.domain.ballot import Round
from bot.domain.errors import UnknownRound
from bot.domain.names import IdeaNumber, PersonId
from bot.domain.rules import Secrecy
from bot.ports import Unit
from storage.columns import Moment, Named
from storage.rows import METADATA
from storage.sql import SqlStorage
from tests.contracts.samples import ACME, HUNT, NOW, a_round, later, opened, wish

VOTE = [
    table
    for table in METADATA.tables.values()
    if table.name == "round" or {"tenant", "hunt", "round"} <= set(table.columns.keys())
]
"""Every table of a round, whichever they are."""


@dataclass(frozen=True)
class State:
    """A closed round: how many voted, and what became of their ballots."""

    voters: int
    secrecy: Secrecy = Secrecy.SEALED
    purged: bool = False
    empty: frozenset[str] = frozenset({"round_elector", "round_key"})


GONE = frozenset({"round_elector", "round_key", "ballot", "dot"})
STATES = {
    "ballots kept": State(6),
    "detached ballots kept": State(6, Secrecy.DETACHED),
    "too few ballots to keep": State(3, empty=GONE),
    "no ballot at all": State(0, empty=GONE | {"vote_ledger"}),
    "ballots deleted in time": State(6, purged=True, empty=GONE),
}


class TakenBack(Exception):
    """What was changed is changed back."""


def closed(storage: SqlStorage, state: State) -> Round:
    people = [PersonId(f"U{n}") for n in range(state.voters)]
    with storage.begin() as unit:
        round = opened(unit, electors=(*people,), secrecy=state.secrecy, keep_days=30, closes_at=later(hours=1))
        for n, person in enumerate(people):
            if state.secrecy is Secrecy.DETACHED:
                unit.rounds.cast(round, person, {IdeaNumber(n % 3 + 1): 2}, NOW)
            else:
                wish(unit, round, person, n % 3 + 1, 1 + n % 2)
        if people:
            wish(unit, round, people[0], 2, 1, "more") if not round.detached else None
        unit.rounds.close(round, NOW)
    if state.purged:
        with storage.begin() as unit:
            assert unit.rounds.purge(NOW + timedelta(days=30)) == 1
    with storage.look() as unit:
        return unit.rounds.get(ACME, HUNT, a_round().number)


def other(column: Column[Any], value: Any) -> Any:
    """Another value of the same type."""
    if isinstance(column.type, Named):
        return next(name for name in column.type.values if name != value)
    if isinstance(column.type, Moment):
        return (value or NOW) + timedelta(microseconds=1)
    if isinstance(column.type, Boolean):
        return not value
    if isinstance(column.type, Integer):
        return (value or 0) + 17  # past every neighbour
    if isinstance(column.type, LargeBinary):
        return (value or b"") + b"!"
    return (value or "") + "!"


def lax(unit: Unit) -> None:
    """Whoever tampers by hand is stopped by no constraint."""
    run = unit.rounds.connection.execute
    if unit.rounds.connection.dialect.name == "sqlite":
        run(text("PRAGMA defer_foreign_keys = ON"))
        run(text("PRAGMA ignore_check_constraints = ON"))
    else:
        run(text("SET LOCAL session_replication_role = replica"))


def tamperings(unit: Unit, table: Table) -> Iterator[tuple[str, Any]]:
    """What may be done to one row of a table: its name, and the statement that does it."""
    row = unit.rounds.connection.execute(table.select()).mappings().first()
    if row is None:
        yield f"{table.name}: a row where there was none", table.insert().values(invented(table))
        return
    here = [column == row[column.name] for column in table.primary_key]
    for column in table.columns:
        changed = other(column, row[column.name])
        yield f"{table.name}.{column.name}", table.update().where(*here).values({column.name: changed})
        if column.nullable and row[column.name] is not None:
            yield f"{table.name}.{column.name} emptied", table.update().where(*here).values({column.name: None})
    yield f"{table.name}: a row less", table.delete().where(*here)
    if table.name not in {"round", "round_count"}:
        unique = {list(table.primary_key)[-1].name, "nth"} & set(row)
        yield f"{table.name}: a row more", table.insert().values({**row, **_others(table, row, unique)})


def _others(table: Table, row: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: other(table.columns[name], other(table.columns[name], row[name])) for name in names}


def invented(table: Table) -> dict[str, Any]:
    known = {"tenant": ACME, "hunt": HUNT, "round": a_round().number, "option": 1}
    return {column.name: known.get(column.name, other(column, None)) for column in table.columns}


def finds(unit: Unit, round: Round) -> bool:
    try:
        return unit.rounds.check(round) != ()
    except UnknownRound:
        return True


@pytest.mark.parametrize("name", STATES)
def test_whatever_is_changed_is_found(storage: SqlStorage, name: str) -> None:
    state = STATES[name]
    round = closed(storage, state)
    with storage.look() as unit:
        assert unit.rounds.check(round) == ()
        count = {table.name: len(unit.rounds.connection.execute(table.select()).all()) for table in VOTE}
        assert {table for table, rows in count.items() if not rows} == state.empty
        deeds = [deed for table in VOTE for deed in tamperings(unit, table)]
    assert len(deeds) > sum(len(table.columns) for table in VOTE if table.name not in state.empty)
    missed = []
    for told, statement in deeds:
        # PostgreSQL checks a row's own constraints even so: what it refuses nobody can do.
        with suppress(TakenBack, IntegrityError), storage.begin() as unit:
            lax(unit)
            assert unit.rounds.connection.execute(statement).rowcount in {1, -1}, told  # -1: a row inserted
            missed += [] if finds(unit, round) else [told]
            raise TakenBack
    assert missed == []
    with storage.look() as unit:
        assert unit.rounds.check(round) == ()


def test_a_purge_that_dies_half_way_is_begun_again_and_takes_nothing_younger(storage: SqlStorage) -> None:
    def round_of(unit: Unit, hunt: str, keep_days: int, at: datetime) -> Round:
        round = opened(unit, electors=(), hunt=hunt, keep_days=keep_days)
        for voter in range(6):
            wish(unit, round, f"U{voter}", voter % 3 + 1, 1)
        unit.rounds.close(round, at)
        return unit.rounds.get(ACME, round.hunt, round.number)

    with storage.begin() as unit:
        old = [round_of(unit, f"old{n}", 30, NOW) for n in range(3)]
        young = [round_of(unit, "young", 30, later(microseconds=1)), round_of(unit, "kept longer", 31, NOW)]
        told = {round.hunt: unit.rounds.fingerprint(round) for round in (*old, *young)}
    with suppress(TakenBack), storage.begin() as unit:
        assert unit.rounds.purge(later(days=30)) == 3
        raise TakenBack
    with storage.look() as unit:
        assert all(len(unit.rounds.papers(round)) == 6 for round in (*old, *young))
    for days, purged in ((29, 0), (30, 3), (30, 0)):
        with storage.begin() as unit:
            assert unit.rounds.purge(later(days=days)) == purged
    with storage.look() as unit:
        assert all(unit.rounds.papers(round) == () for round in old)
        assert all(len(unit.rounds.papers(round)) == 6 for round in young)
        for round in (*old, *young):
            assert unit.rounds.check(round) == ()
            assert unit.rounds.fingerprint(round) == told[round.hunt]
