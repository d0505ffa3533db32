"""What every test may ask for: a database of its own, on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool

from tests.postgres import Camp, NoPostgres

if TYPE_CHECKING:
    from storage.sql import SqlStorage

_camp = pytest.StashKey[Camp]()
_alive = pytest.StashKey[IO[str]]()

# Gets the address of an empty database and leaves the tables in it.
Migrate = Callable[[str], None]


def pytest_configure(config: pytest.Config) -> None:
    """The run's main process makes the server's folder and holds it; workers are told where it is."""
    told = getattr(config, "workerinput", {}).get("camp")
    camp = Camp(Path(told)) if told else Camp.pitch()
    config.stash[_camp] = camp
    if not told:
        config.stash[_alive] = camp.hold()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    node.workerinput["camp"] = str(node.config.stash[_camp].path)  # type: ignore[attr-defined]


def pytest_unconfigure(config: pytest.Config) -> None:
    if alive := config.stash.get(_alive, None):
        config.stash[_camp].strike()
        alive.close()


@pytest.fixture(scope="session")
def postgres_server(request: pytest.FixtureRequest) -> str:
    """A running server's address, as one who may create databases; none is a failure in CI, else a skip."""
    try:
        return request.config.stash[_camp].server_url()
    except NoPostgres as missing:
        if os.environ.get("CI"):
            pytest.fail(str(missing))
        pytest.skip(str(missing))


class PostgresDatabases:
    """Makes, empties and drops databases on the test server."""

    def __init__(self, server: str) -> None:
        self._server = make_url(server)
        self._engine = create_engine(self._server, isolation_level="AUTOCOMMIT", poolclass=NullPool)

    def create(self) -> str:
        """Make an empty database, and give its address."""
        name = f"ideahunt_test_{uuid.uuid4().hex}"
        self._run(f'CREATE DATABASE "{name}"')
        return self._server.set(database=name).render_as_string(hide_password=False)

    def empty(self, url: str) -> None:
        """Delete every row but the migrations' mark, and start every sequence anew.

        Takes milliseconds, where a copy of a template takes tenths of a second. Connections that a test left
        behind inside a transaction, by kill -9 perhaps, are closed first, for they could hold locks.
        """
        engine = create_engine(url, poolclass=NullPool)
        with engine.begin() as connection:
            connection.execute(text(_CLOSE_OTHERS))
            connection.execute(text(_DELETE_ROWS))

    def drop(self, url: str) -> None:
        self._run(f'DROP DATABASE IF EXISTS "{make_url(url).database}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        with self._engine.connect() as connection:
            connection.execute(text(statement))


_CLOSE_OTHERS = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
"""
# As a replica, so that foreign keys ask no order of the deletions.
_DELETE_ROWS = """
DO $$
DECLARE found record;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR found IN SELECT oid::regclass AS name, relkind FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S') AND relname <> 'alembic_version'
    LOOP
        IF found.relkind = 'r' THEN EXECUTE format('DELETE FROM %s', found.name);
        ELSE EXECUTE format('ALTER SEQUENCE %s RESTART', found.name);
        END IF;
    END LOOP;
END $$
"""


@pytest.fixture(scope="session")
def postgres_databases(postgres_server: str) -> PostgresDatabases:
    return PostgresDatabases(postgres_server)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Address of a SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'ideahunt.db'}"


@pytest.fixture
def postgres_url(postgres_databases: PostgresDatabases) -> Iterator[str]:
    """Address of an empty PostgreSQL database, dropped after the test."""
    url = postgres_databases.create()
    yield url
    postgres_databases.drop(url)


_BOTH = [pytest.param("sqlite"), pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=_BOTH)
def database_url(request: pytest.FixtureRequest) -> str:
    """Address of an empty database, once on each engine: contract tests ask for it."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture(scope="session")
def migrate() -> Migrate:
    """How an empty database gets its tables. The one place of the tests that knows."""
    from storage.schema import upgrade

    return lambda url: upgrade(url, datetime.now(UTC))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory, migrate: Migrate) -> Path:
    path = tmp_path_factory.mktemp("template") / "template.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_with_tables(postgres_databases: PostgresDatabases, migrate: Migrate) -> Iterator[str]:
    url = postgres_databases.create()
    migrate(url)
    yield url
    postgres_databases.drop(url)


@pytest.fixture
def migrated_sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    """Address of a SQLite file with all tables, copied from one that was migrated once."""
    path = tmp_path / "ideahunt.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def migrated_postgres_url(postgres_databases: PostgresDatabases, postgres_with_tables: str) -> Iterator[str]:
    """Address of a PostgreSQL database with all tables and no rows.

    One database serves the whole worker, emptied after each test: a test that changes tables asks
    for `postgres_url` and migrates it itself.
    """
    yield postgres_with_tables
    postgres_databases.empty(postgres_with_tables)


@pytest.fixture(params=_BOTH)
def migrated_url(request: pytest.FixtureRequest) -> str:
    """Address of a database with all tables, once on each engine."""
    return request.getfixturevalue(f"migrated_{request.param}_url")


@pytest.fixture(scope="session")
def postgres_storages() -> Iterator[dict[str, SqlStorage]]:
    """Storages on PostgreSQL by address; closed when the worker ends."""
    storages: dict[str, SqlStorage] = {}
    yield storages
    for storage in storages.values():
        storage.close()


@pytest.fixture
def clean_storage(migrated_url: str, postgres_storages: dict[str, SqlStorage]) -> Iterator[SqlStorage]:
    """A storage with all tables and no rows, once on each engine.

    On PostgreSQL all tests of a worker share it, and with it its connections and every statement's compilation: a
    third of their time. What it holds beside the database does not outlive a test.
    """
    from storage.shelf import SHELF, Shelf
    from storage.sql import SqlStorage

    if migrated_url.startswith("sqlite"):
        storage = SqlStorage(migrated_url)
        yield storage
        storage.close()
        return
    if migrated_url not in postgres_storages:
        postgres_storages[migrated_url] = SqlStorage(migrated_url)
    shared = postgres_storages[migrated_url]
    shared.engines.write.update_execution_options(**{SHELF: Shelf()})
    yield shared
