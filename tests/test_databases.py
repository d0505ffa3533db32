"""The tests' own databases: empty, separate, and gone afterwards."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.pool import NullPool

from tests.conftest import PostgresDatabases
from tests.postgres import Camp


@pytest.mark.parametrize("turn", [1, 2])
def test_every_test_gets_an_empty_database(database_url: str, turn: int) -> None:
    engine = create_engine(database_url, poolclass=NullPool)
    assert inspect(engine).get_table_names() == []
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE seen (n INTEGER)"))
    engine.dispose()


@pytest.mark.postgres
def test_a_shared_database_is_emptied_with_its_sequences(
    postgres_url: str, postgres_databases: PostgresDatabases
) -> None:
    engine = create_engine(postgres_url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (n INTEGER)"))
        connection.execute(text("CREATE TABLE parent (id SERIAL PRIMARY KEY)"))
        connection.execute(text("CREATE TABLE child (parent INTEGER REFERENCES parent)"))
        connection.execute(text("INSERT INTO alembic_version VALUES (7)"))
    left_behind = engine.connect()
    for _ in range(2):
        with engine.begin() as connection:
            first = connection.scalar(text("INSERT INTO parent DEFAULT VALUES RETURNING id"))
            connection.execute(text("INSERT INTO child VALUES (1)"))
        assert first == 1
        postgres_databases.empty(postgres_url)
    with engine.begin() as connection:
        counted = "SELECT (SELECT count(*) FROM parent), (SELECT count(*) FROM child), n FROM alembic_version"
        assert connection.execute(text(counted)).one() == (0, 0, 7)
    left_behind.invalidate()


@pytest.mark.postgres
def test_the_server_dies_with_the_run_that_asked_for_it(postgres_server: str) -> None:
    if "ideahunt-pg-" not in postgres_server:
        pytest.skip("a server was given from outside")
    run = subprocess.Popen([sys.executable, "-c", _RUN], stdout=subprocess.PIPE, text=True, cwd=Path.cwd())
    with run:
        camp = Camp(Path(run.stdout.readline().strip()))
        pid = int((camp.path / "data" / "postmaster.pid").read_text().splitlines()[0])
        run.kill()
    _wait_until(lambda: not camp.path.exists(), "the folder stayed")
    _wait_until(lambda: not _runs(pid), "the server stayed")


_RUN = """
import os, time
os.environ.pop("IDEAHUNT_TEST_PG_URL", None)
from tests.conftest import PostgresDatabases
from tests.postgres import Camp
camp = Camp.pitch()
alive = camp.hold()
camp.server_url()
print(camp.path, flush=True)
time.sleep(60)
"""


def _runs(pid: int) -> bool:
    """Whether the process works still; one that ended unreaped (a container without an init) does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _wait_until(done: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + 10
    while not done():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.05)
