"""`ideahunt db`, `export` and `verify` as processes of their own, on both databases."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cli.database import prepare
from bot.cli.disks import NETWORK, kind_of
from bot.cli.problems import Stopped
from bot.cli.settings import Settings
from bot.cli.storage_words import TOLD, words_of
from storage import problems, schema
from storage.engine import open_engine

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 3, 18, 9, tzinfo=UTC)
Ideahunt = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where commands are started: nothing in it, and no settings but what a test gives."""
    inside = tmp_path / "here"
    inside.mkdir()
    return inside


@pytest.fixture
def ideahunt(folder: Path) -> Ideahunt:
    """Runs a command; no traceback may ever come out of it."""

    def run(*arguments: str, url: str = "", code: int = 0) -> subprocess.CompletedProcess[str]:
        ended = subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=folder,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "IDEAHUNT_DATABASE_URL": url},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert "Traceback" not in ended.stderr
        assert ended.returncode == code, ended.stdout + ended.stderr
        return ended

    return run


def test_upgrade_makes_the_tables_and_a_second_one_finds_nothing_to_do(ideahunt: Ideahunt, database_url: str) -> None:
    ideahunt("db", "current", url=database_url, code=2 if database_url.startswith("sqlite") else 1)
    assert schema.head() in ideahunt("db", "upgrade", url=database_url).stdout
    assert schema.head() in ideahunt("db", "upgrade", url=database_url).stdout
    assert schema.head() in ideahunt("db", "current", url=database_url).stdout


def test_without_any_setting_the_database_is_a_file_nobody_else_reads(ideahunt: Ideahunt, folder: Path) -> None:
    ideahunt("db", "upgrade")
    assert (folder / "data" / "ideahunt.db").exists()
    assert (folder / "data").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("command", [("export",), ("db", "letters"), ("db", "check"), ("verify", "abc")])
def test_reading_without_a_database_makes_none(command: tuple[str, ...], ideahunt: Ideahunt, folder: Path) -> None:
    assert "no database yet" in ideahunt(*command, code=2).stderr
    assert list(folder.iterdir()) == []


def test_an_empty_database_is_read_quietly(ideahunt: Ideahunt, migrated_url: str) -> None:
    assert "No hunt yet" in ideahunt("export", url=migrated_url).stdout
    assert ideahunt("db", "letters", url=migrated_url).stdout.split() == ["events", "set", "aside", "0"]
    assert "No damage" in ideahunt("db", "check", url=migrated_url).stdout


def test_an_unknown_hunt_format_or_channel_is_told(ideahunt: Ideahunt, migrated_sqlite_url: str) -> None:
    assert "no hunt abc" in ideahunt("export", "abc", url=migrated_sqlite_url, code=2).stderr
    assert "no hunt in the channel C1" in ideahunt("export", "--room", "C1", url=migrated_sqlite_url, code=2).stderr
    assert "csv, md" in ideahunt("export", "abc", "--format", "pdf", url=migrated_sqlite_url, code=2).stderr
    assert "no hunt abc" in ideahunt("verify", "abc", url=migrated_sqlite_url, code=2).stderr


# --- backup


def test_a_backup_is_whole_private_and_never_written_over(
    ideahunt: Ideahunt, folder: Path, migrated_sqlite_url: str
) -> None:
    assert "checked" in ideahunt("db", "backup", "copy.db", url=migrated_sqlite_url).stdout
    copy = folder / "copy.db"
    with sqlite3.connect(copy) as opened:
        assert opened.execute("SELECT version_num FROM alembic_version").fetchone() == (schema.head(),)
    opened.close()
    assert copy.stat().st_mode & 0o077 == 0
    assert "exists already" in ideahunt("db", "backup", "copy.db", url=migrated_sqlite_url, code=2).stderr
    assert "no folder" in ideahunt("db", "backup", "nowhere/copy.db", url=migrated_sqlite_url, code=2).stderr


def test_a_backup_is_made_while_a_bot_holds_the_database(ideahunt: Ideahunt, migrated_sqlite_url: str) -> None:
    engines = open_engine(migrated_sqlite_url, 1)
    try:
        with engines.write.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE somebody_writes (one INTEGER)")
            ideahunt("db", "backup", "copy.db", url=migrated_sqlite_url)
            ideahunt("export", url=migrated_sqlite_url)
    finally:
        engines.close()


@pytest.mark.postgres
def test_a_server_is_backed_up_by_its_own_tools(ideahunt: Ideahunt, migrated_postgres_url: str) -> None:
    assert "pg_dump" in ideahunt("db", "backup", "copy.db", url=migrated_postgres_url, code=2).stderr


# --- what is wrong is told


def test_a_second_process_on_the_same_file_is_refused(ideahunt: Ideahunt, migrated_sqlite_url: str) -> None:
    engines = open_engine(migrated_sqlite_url, 1)
    try:
        assert "Another process works on this" in ideahunt("db", "upgrade", url=migrated_sqlite_url, code=2).stderr
    finally:
        engines.close()


@pytest.mark.parametrize("command", [("export",), ("db", "upgrade"), ("db", "check")])
def test_tables_of_a_newer_program_are_left_alone(command: tuple[str, ...], ideahunt: Ideahunt, tmp_path: Path) -> None:
    path = tmp_path / "newer.db"
    with sqlite3.connect(path) as opened:
        opened.execute("CREATE TABLE alembic_version (version_num TEXT)")
        opened.execute("INSERT INTO alembic_version VALUES ('9999')")
    opened.close()
    told = ideahunt(*command, url=f"sqlite:///{path}", code=2).stderr
    assert "version 9999, newer than this program knows" in told
    assert "→" in told


@pytest.mark.parametrize("command", [("export",), ("db", "upgrade"), ("db", "backup", "copy.db")])
def test_a_file_that_is_no_database_is_told(command: tuple[str, ...], ideahunt: Ideahunt, tmp_path: Path) -> None:
    path = tmp_path / "letter.db"
    path.write_text("Dear all, this is no database. " * 100, "utf-8")
    assert "damaged, or is none of SQLite's" in ideahunt(*command, url=f"sqlite:///{path}", code=2).stderr


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://user:canary@127.0.0.1:9/db",
        "postgresql://user:canary@host:port/db",
        "postgresql://user:canary@[/db",
    ],
)
def test_a_server_that_cannot_be_reached_is_told_without_its_password(url: str, ideahunt: Ideahunt) -> None:
    ended = ideahunt("export", url=url, code=2)
    assert "canary" not in ended.stdout + ended.stderr
    assert "→" in ended.stderr


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="Linux has a folder where nobody may write")
def test_a_disk_that_cannot_be_written_is_told(ideahunt: Ideahunt) -> None:
    told = ideahunt("db", "upgrade", url="sqlite:////proc/ideahunt.db", code=2).stderr
    assert "cannot be opened for writing" in told


MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
host:/share /srv/our\\040files nfs4 rw 0 0
tmpfs /srv/our\\040files/fast tmpfs rw 0 0
//host/c /mnt/c ext4 rw 0 0
//host/c /mnt/c cifs rw 0 0
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/home", "ext4"),
        ("/srv/our files/ideas", "nfs4"),
        ("/srv/our files/fast/x", "tmpfs"),
        ("/srv/our files too", "ext4"),
        ("/mnt/c", "cifs"),
    ],
)
def test_a_network_disk_is_recognised(folder: str, kind: str) -> None:
    assert kind_of(Path(folder), MOUNTS) == kind
    assert (kind in NETWORK) is (kind in {"nfs4", "cifs"})


def test_output_that_nobody_reads_to_its_end_is_no_fault(folder: Path) -> None:
    command = f"{sys.executable} -m bot manifest | head -c 1"
    ended = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert ended.stderr == ""


def test_a_folder_that_cannot_be_made_is_told(ideahunt: Ideahunt, folder: Path) -> None:
    (folder / "data").write_text("in the way", "utf-8")
    assert "cannot be made" in ideahunt("db", "upgrade", code=2).stderr


def test_every_problem_of_the_storage_has_words() -> None:
    kinds = problems.StorageProblem.__subclasses__()
    assert set(TOLD) == set(kinds)
    for kind in kinds:
        fields = {name: f"<{name}>" for name in kind.__dataclass_fields__}
        told = words_of(kind(**fields))
        assert told.what.endswith(".")
        assert told.fix.endswith((".", ")."))
        assert not re.search(r"[{}]", told.what)


def test_debug_shows_where_it_came_up(folder: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "--debug", "export"],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert ended.returncode == 2
    assert "Traceback" in ended.stderr
    assert ended.stderr.rstrip().endswith("run ideahunt db upgrade.")


# --- before the bot runs


def settings(url: str) -> Settings:
    return Settings(_env_file=None, database_url=url)


def test_sqlite_is_made_ready_by_itself(sqlite_url: str) -> None:
    assert prepare(settings(sqlite_url), NOW) is None
    assert prepare(settings(sqlite_url), NOW) is None


@pytest.mark.postgres
def test_postgres_is_only_checked_because_others_may_be_using_it(postgres_url: str) -> None:
    with pytest.raises(Stopped, match="no tables"):
        prepare(settings(postgres_url), NOW)
    schema.upgrade(postgres_url, NOW)
    assert prepare(settings(postgres_url), NOW) is None
