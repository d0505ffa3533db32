"""The database from outside: opened with words for whatever is wrong, upgraded, copied."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Engine

from bot.cli.disks import network_disk
from bot.cli.problems import FAILED, Problem, Stopped
from bot.cli.settings import Settings
from bot.cli.storage_words import DAMAGED, words
from storage import schema
from storage.engine import Engines, open_engine
from storage.problems import ReadOnlyDisk
from storage.sql import SqlStorage

MAGIC = b"SQLite format 3\0"
NOT_YET = Problem("There is no database yet.", "It is made when the bot first runs; or run ideahunt db upgrade.")


def file_of(settings: Settings) -> Path | None:
    """The SQLite file; None where the database is a server's."""
    url = settings.database
    return Path(url.removeprefix("sqlite:///").partition("?")[0]) if url.startswith("sqlite") else None


def make_folder(settings: Settings) -> None:
    """Makes the folder of the SQLite file, for its owner's eyes only. Raises Stopped."""
    file = file_of(settings)
    if file is None:
        return
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        what = f"The folder {file.parent} cannot be made ({error.strerror})."
        raise Stopped(Problem(what, "Set IDEAHUNT_DATA_DIR to a folder that can be written.")) from error


def _expect_file(settings: Settings) -> None:
    file = file_of(settings)
    if file is None:
        return
    if not file.exists():
        raise Stopped(NOT_YET)
    with words(), _opened(file) as start:
        if start.read(len(MAGIC)) not in {MAGIC, b""}:
            raise Stopped(DAMAGED)


def _opened(file: Path) -> BinaryIO:
    try:
        return file.open("rb")
    except OSError as error:
        raise ReadOnlyDisk from error


@contextmanager
def looking(settings: Settings) -> Iterator[SqlStorage]:
    """The storage for reading, also while a bot writes to it. Raises Stopped."""
    _expect_file(settings)
    with words(), closing(SqlStorage(settings.database, 1, alone=False, secret=settings.vote_key)) as storage:
        schema.expect_head(storage.engines.read)
        yield storage


@contextmanager
def _engines(settings: Settings) -> Iterator[Engines]:
    _expect_file(settings)
    with words(), closing(open_engine(settings.database, 1, alone=False)) as engines:
        yield engines


def prepare(settings: Settings, now: datetime) -> Path | None:
    """Makes the database ready to run: SQLite is brought up to date (a copy first), PostgreSQL only checked.

    Returns the copy, if one was made. Raises Stopped. Several instances may share a PostgreSQL, and one must not
    change the tables under the others; who runs it decides when.
    """
    make_folder(settings)
    file = file_of(settings)
    if file is not None and (kind := network_disk(file.parent)):
        raise Stopped(on_network(kind))
    with words():
        if file is not None:
            return schema.upgrade(settings.database, now)
        with closing(open_engine(settings.database, 1)) as engines:
            schema.expect_head(engines.read)
    return None


def on_network(kind: str) -> Problem:
    """SQLite on a disk that several machines write to."""
    what = f"The database is on a network disk ({kind}), where SQLite can be damaged."
    return Problem(what, "Set IDEAHUNT_DATA_DIR to a disk of this machine, or use PostgreSQL.")


# --- commands


def upgrade(settings: Settings) -> None:
    """Brings the tables to this program's version; says what was done."""
    make_folder(settings)
    with words():
        copy = schema.upgrade(settings.database, datetime.now(UTC))
    if copy is not None:
        print(f"A copy from before is in {copy}.")
    print(f"The tables have version {schema.head()}: {settings.database_shown}")


def tell_current(settings: Settings) -> int:
    """Says which version is there and which is needed; returns the exit code."""
    with _engines(settings) as engines:
        found = schema.revision(engines.read)
    print(f"{settings.database_shown}: {found or 'no tables'}; this program needs {schema.head()}")
    return 0 if found == schema.head() else FAILED


def backup(settings: Settings, path: Path) -> None:
    """Writes a whole copy of a SQLite database, while the bot runs; checks it. Raises Stopped."""
    file = file_of(settings)
    if file is None:
        raise Stopped(Problem("This database is a server's.", "Use pg_dump, as for any PostgreSQL database."))
    _expect_file(settings)
    if path.exists():
        raise Stopped(Problem(f"{path} exists already.", "Name another file: nothing is written over."))
    if not path.absolute().parent.is_dir():
        raise Stopped(Problem(f"There is no folder {path.parent}.", "Make it first, or name another file."))
    with words(), closing(open_engine(settings.database, 1, alone=False)) as engines:
        _copy(engines.read, path)
    path.chmod(0o600)
    print(f"{path}: {path.stat().st_size:,} bytes, checked")


def _copy(engine: Engine, path: Path) -> None:
    raw = engine.raw_connection()
    try:
        # Query-only connections may not write even another file; this one is given back to nobody.
        raw.cursor().execute("PRAGMA query_only = OFF")
        raw.cursor().execute("VACUUM INTO ?", (str(path),))
    finally:
        raw.close()
    with closing(sqlite3.connect(path)) as copy:
        (found,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
    if found != "ok":
        raise Stopped(Problem(f"The copy is damaged: {found}.", "Run ideahunt db check."), code=FAILED)
