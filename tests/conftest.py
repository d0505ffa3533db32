"""What every test may ask for: a database of its own, on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import pytest
from sqlalchemy import URL, create_engine, make_url, text
from sqlalchemy.pool import NullPool

from tests.postgres import Camp, NoPostgres

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
    """Makes and drops databases on the test server; each takes some 30 ms."""

    def __init__(self, server: str) -> None:
        self._server = make_url(server)
        self._engine = create_engine(self._server, isolation_level="AUTOCOMMIT", poolclass=NullPool)

    def create(self, template: str = "template1") -> str:
        """Make a database like the template, and give its address."""
        name = f"ideahunt_test_{uuid.uuid4().hex}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY = FILE_COPY')
        return _address(self._server.set(database=name))

    def drop(self, url: str) -> None:
        self._run(f'DROP DATABASE IF EXISTS "{make_url(url).database}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        with self._engine.connect() as connection:
            connection.execute(text(statement))


def _address(url: URL) -> str:
    return url.render_as_string(hide_password=False)


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
    from storage.engine import migrate

    return migrate


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory, migrate: Migrate) -> Path:
    path = tmp_path_factory.mktemp("template") / "template.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres_databases: PostgresDatabases, migrate: Migrate) -> Iterator[str]:
    url = postgres_databases.create()
    migrate(url)
    yield str(make_url(url).database)
    postgres_databases.drop(url)


@pytest.fixture
def migrated_sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    """Address of a SQLite file with all tables, copied from one that was migrated once."""
    path = tmp_path / "ideahunt.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def migrated_postgres_url(postgres_databases: PostgresDatabases, postgres_template: str) -> Iterator[str]:
    """Address of a PostgreSQL database with all tables, copied from one that was migrated once."""
    url = postgres_databases.create(postgres_template)
    yield url
    postgres_databases.drop(url)


@pytest.fixture(params=_BOTH)
def migrated_url(request: pytest.FixtureRequest) -> str:
    """Address of a database with all tables, once on each engine."""
    return request.getfixturevalue(f"migrated_{request.param}_url")
