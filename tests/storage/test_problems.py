"""What is wrong with a database is told as a fact, and nothing is broken by it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from bot.domain.errors import UnknownHunt
from storage.problems import DatabaseBusy, DiskFull, ReadOnlyDisk, Unreachable
from storage.sql import SqlStorage
from tests.contracts.samples import ACME, HUNT, NOW, hunt, idea, launched


def path_of(url: str) -> Path:
    return Path(str(make_url(url).database))


def test_a_second_process_on_one_file_is_refused(migrated_sqlite_url: str) -> None:
    storage = SqlStorage(migrated_sqlite_url)
    second = "import sys; from storage.sql import SqlStorage; SqlStorage(sys.argv[1])"
    run = subprocess.run(
        [sys.executable, "-c", second, migrated_sqlite_url], check=False, capture_output=True, text=True
    )
    assert "DatabaseBusy" in run.stderr
    with pytest.raises(DatabaseBusy) as busy:
        SqlStorage(migrated_sqlite_url)
    assert busy.value.file == "ideahunt.db"
    storage.close()
    SqlStorage(migrated_sqlite_url).close()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_told(migrated_sqlite_url: str) -> None:
    folder = path_of(migrated_sqlite_url).parent
    folder.chmod(0o500)
    with pytest.raises(ReadOnlyDisk):
        SqlStorage(migrated_sqlite_url)
    folder.chmod(0o700)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ReadOnlyDisk):
        SqlStorage(f"sqlite:///{tmp_path / 'nowhere' / 'ideahunt.db'}")


def test_a_reader_cannot_write(migrated_url: str) -> None:
    storage = SqlStorage(migrated_url)
    with pytest.raises(ReadOnlyDisk), storage.look() as unit:
        unit.hunts.add(hunt())
    with storage.begin() as unit:
        unit.hunts.add(hunt())
    storage.close()


def test_a_full_disk_refuses_what_does_not_fit_and_keeps_the_rest(migrated_sqlite_url: str) -> None:
    storage = SqlStorage(migrated_sqlite_url)
    with storage.begin() as unit:
        launched(unit)
        limit = unit.people.connection.execute(text("PRAGMA page_count")).scalar_one() + 40
        unit.people.connection.execute(text(f"PRAGMA max_page_count = {limit:d}"))
    words = "w" * 2_000

    def post() -> int:
        with storage.begin() as unit:
            return unit.ideas.add(idea(words)).number

    futures = [storage.submit(post) for _ in range(200)]
    told = [future.result() for future in futures if future.exception(30) is None]
    refused = [future.exception() for future in futures if future.exception(30) is not None]
    assert refused
    assert {type(error) for error in refused} == {DiskFull}
    with storage.look() as unit:
        assert sorted(told) == [one.number for one in unit.ideas.texts(ACME, HUNT)]
        assert unit.hunts.get(ACME, HUNT).ideas == len(told)
        assert unit.people.connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
    storage.close()


def test_nothing_listens_at_the_address() -> None:
    storage = SqlStorage("postgresql://nobody:secret@127.0.0.1:1/none")
    for use in (storage.begin, storage.look):
        with pytest.raises(Unreachable) as problem, use():
            pass
        assert "secret" not in repr(problem.value)
    storage.close()


@pytest.mark.postgres
def test_a_cut_connection_is_worked_around(migrated_postgres_url: str) -> None:
    storage, other = SqlStorage(migrated_postgres_url), SqlStorage(migrated_postgres_url, threads=1)
    with storage.begin() as unit:
        launched(unit)
    tries = []

    def cut_once() -> int:
        with storage.begin() as unit:
            number = unit.ideas.add(idea()).number
            tries.append(number)
            if len(tries) == 1:
                mine = unit.people.connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
                with other.begin() as beside:
                    beside.people.connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": mine})
            return unit.hunts.get(ACME, HUNT).ideas

    assert storage.submit(cut_once).result(30) == 1
    assert len(tries) == 2
    storage.close()
    other.close()


@pytest.mark.postgres
def test_a_deadlock_is_tried_again(migrated_postgres_url: str) -> None:
    storage = SqlStorage(migrated_postgres_url)
    with storage.begin() as unit:
        for one in ("aaa", "bbb"):
            launched(unit, id=one)
    met = threading.Barrier(2)
    tries: list[str] = []

    def crosswise(first: str, second: str) -> str:
        with storage.begin() as unit:
            unit.hunts.locked(ACME, first)
            tries.append(first)
            if len(tries) <= 2:
                met.wait(10)
            unit.hunts.locked(ACME, second)
            unit.people.first_time(ACME, first, NOW)
            return first

    futures = [storage.submit(lambda a=a, b=b: crosswise(a, b)) for a, b in (("aaa", "bbb"), ("bbb", "aaa"))]
    assert [future.result(30) for future in futures] == ["aaa", "bbb"]
    assert len(tries) in {3, 4}  # both may be the victim where the machine is slow
    storage.close()


def test_a_refusal_rolls_back(migrated_url: str) -> None:
    storage = SqlStorage(migrated_url)

    def launch_and_refuse() -> None:
        with storage.begin() as unit:
            unit.hunts.add(hunt())
            raise UnknownHunt

    with pytest.raises(UnknownHunt):
        launch_and_refuse()
    with storage.look() as unit:
        assert unit.hunts.open(ACME) == ()
    storage.close()
