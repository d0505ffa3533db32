"""Nothing on a hot path reads a whole table: SQLite tells how it would run each statement."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

import pytest
from sqlalchemy import ClauseElement, Delete, Select, Update
from sqlalchemy.dialects import sqlite

import storage as package
from storage import claims, hunts, ideas, letters, seal
from storage.hot import Hot
from storage.sql import SqlStorage

# They tell the whole of something on purpose: a hunt's ideas, an installation's letters.
WHOLE = {"letters._STATES", "calendar._DEAD"}
ONE_ROW = {"letters._NEXT_PENDING", "letters._NEXT_LAPSE"}  # the first entry of an index


def statements() -> dict[str, ClauseElement]:
    """Every finished statement of the stores, by module and name."""
    found: dict[str, ClauseElement] = {}
    for module in pkgutil.iter_modules(package.__path__):
        if module.ispkg:
            continue
        for name, value in vars(importlib.import_module(f"storage.{module.name}")).items():
            statement = value.statement if isinstance(value, Hot) else value
            if name.isupper() and isinstance(statement, (Select, Update, Delete)):
                found[f"{module.name}.{name}"] = statement
    return found


def plan(storage: SqlStorage, statement: ClauseElement) -> list[str]:
    compiled: Any = statement.compile(dialect=sqlite.dialect())
    with storage.look() as unit:
        words = str(compiled).replace("__[POSTCOMPILE_states]", "'standing'")
        for name in compiled.positiontup:
            words = words.replace(f"__[POSTCOMPILE_{name}]", "'standing'")
        explained = unit.people.connection.exec_driver_sql(
            f"EXPLAIN QUERY PLAN {words}", tuple(0 for _ in range(words.count("?")))
        )
        return [row[-1] for row in explained]


@pytest.fixture
def storage(migrated_sqlite_url: str) -> Any:
    opened = SqlStorage(migrated_sqlite_url)
    yield opened
    opened.close()


def test_no_statement_scans_a_table(storage: SqlStorage) -> None:
    scanning = {
        name: lines
        for name, statement in statements().items()
        if name not in WHOLE | ONE_ROW and finished(statement)
        for lines in [[line for line in plan(storage, statement) if line.startswith("SCAN")]]
        if lines
    }
    assert scanning == {}


def finished(statement: ClauseElement) -> bool:
    """Whether the statement is whole: an UPDATE without a SET, or a SELECT for others to narrow, is not."""
    words = str(statement).replace("\n", " ")
    whole_row = isinstance(statement, Update) and f"{statement.table.primary_key.columns[0].name}=" in words
    return " WHERE " in words and not whole_row


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        (claims._DUE, "ix_letter_due"),
        (claims._LAPSED, "ix_letter_lease"),
        (letters._WAITING, "ix_letter_due"),
        (letters._ON_THEIR_WAY, "ix_letter_lease"),
        (letters._GIVEN_UP, "ix_letter_dead"),
        (hunts._DUE, "ix_hunt_due"),
        (hunts._OF_BOARD, "(tenant=? AND id=?)"),
        (hunts._OPEN_IN, "(tenant=? AND id=?)"),
        (hunts._LATEST_IN, "(tenant=? AND id=?)"),
        (hunts._OPEN, "ix_hunt_open"),
        (hunts._RECENT, "ix_hunt_closed"),
        (seal._OUTLIVED, "ix_round_kept"),
        (ideas._POSTED, "ix_idea_tenant_hunt_author_created_at"),
    ],
)
def test_a_hot_statement_begins_at_its_own_index(storage: SqlStorage, statement: Hot | Select[Any], index: str) -> None:
    bare = statement.statement if isinstance(statement, Hot) else statement
    assert index in plan(storage, bare)[0]
