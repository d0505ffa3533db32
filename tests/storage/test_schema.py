"""The tables' revision: migrations give exactly the declared tables, whatever interrupts them."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Engine, inspect, text

from storage.engine import open_engine
from storage.problems import SchemaAhead, SchemaBehind
from storage.rows import METADATA
from storage.schema import HEAD, MIGRATIONS, expect_head, head, revision, upgrade
from tests.contracts.samples import NOW


@contextmanager
def engine(url: str) -> Iterator[Engine]:
    with closing(open_engine(url, 1)) as engines:
        yield engines.write


def test_the_migrated_schema_is_the_declared_one(migrated_url: str) -> None:
    with engine(migrated_url) as opened, opened.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection), METADATA)
    assert found == []


def test_checks_and_foreign_keys_are_migrated_too(migrated_url: str) -> None:
    with engine(migrated_url) as opened, opened.begin() as connection:
        there = inspect(connection)
        for table in METADATA.tables.values():
            checks = {c.name for c in table.constraints if isinstance(c, CheckConstraint)}
            assert {c["name"] for c in there.get_check_constraints(table.name)} == checks
            columns = {tuple(c.column_keys) for c in table.foreign_key_constraints}
            assert {tuple(c["constrained_columns"]) for c in there.get_foreign_keys(table.name)} == columns


def test_the_constant_names_the_newest_revision() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_heads() == [HEAD] == [head()]
    assert all(Path(script.path).stem == script.revision for script in scripts.walk_revisions())


def test_an_empty_database_is_behind_and_an_upgraded_one_is_not(database_url: str) -> None:
    with engine(database_url) as opened:
        assert revision(opened) == ""
        with pytest.raises(SchemaBehind):
            expect_head(opened)
    assert upgrade(database_url, NOW) is None
    assert upgrade(database_url, NOW) is None
    with engine(database_url) as opened:
        expect_head(opened)
        assert revision(opened) == HEAD


def test_a_newer_schema_is_refused(database_url: str) -> None:
    upgrade(database_url, NOW)
    mark(database_url, "9999")
    with engine(database_url) as opened, pytest.raises(SchemaAhead) as refused:
        expect_head(opened)
    assert (refused.value.found, refused.value.wanted) == ("9999", HEAD)
    with pytest.raises(SchemaAhead):
        upgrade(database_url, NOW)


def mark(url: str, number: str) -> None:
    with engine(url) as opened, opened.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :number"), {"number": number})


def test_a_migration_that_dies_half_way_is_begun_again(database_url: str) -> None:
    died = subprocess.run([sys.executable, "-c", _DIES, database_url], check=False, capture_output=True, text=True)
    assert died.returncode == 137, died.stderr
    with engine(database_url) as opened:
        assert revision(opened) == ""
    upgrade(database_url, NOW)
    with engine(database_url) as opened:
        expect_head(opened)


_DIES = """
import os, sys
from datetime import UTC, datetime
from sqlalchemy import event, Engine
from storage.schema import upgrade

@event.listens_for(Engine, "before_cursor_execute")
def die(connection, cursor, statement, *rest):
    if "CREATE TABLE vote_ledger" in statement:
        os._exit(137)

upgrade(sys.argv[1], datetime(2026, 1, 1, tzinfo=UTC))
"""


def test_instances_that_start_together_migrate_once(postgres_url: str) -> None:
    spawn = multiprocessing.get_context("spawn")
    racers = [spawn.Process(target=upgrade, args=(postgres_url, NOW)) for _ in range(3)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join(60)
    assert [racer.exitcode for racer in racers] == [0, 0, 0]
    with engine(postgres_url) as opened:
        expect_head(opened)


def test_starting_at_the_newest_revision_needs_no_alembic(migrated_url: str) -> None:
    run: Any = subprocess.run(
        [sys.executable, "-c", _STARTS, migrated_url], check=False, capture_output=True, text=True
    )
    assert (run.returncode, run.stdout.strip()) == (0, "False"), run.stderr


_STARTS = """
import sys
from storage.schema import expect_head
from storage.sql import SqlStorage
storage = SqlStorage(sys.argv[1])
expect_head(storage.engines.read)
storage.close()
print("alembic" in sys.modules)
"""
