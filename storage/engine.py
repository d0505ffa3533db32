"""Connections to one database: a SQLite file that is ours alone, or PostgreSQL."""

from __future__ import annotations

import sqlite3
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.pool import QueuePool, StaticPool

from storage.problems import DatabaseBusy, ReadOnlyDisk
from storage.secret import beside
from storage.voters import OPTION

BUSY_MS = 10_000
_POSTGRES_OPTIONS = "-c lock_timeout=5s -c statement_timeout=15s -c idle_in_transaction_session_timeout=15s"


@dataclass(frozen=True, slots=True)
class Engines:
    """Where to write and where to read; on PostgreSQL the same."""

    write: Engine
    read: Engine
    lock: IO[str] | None = None
    """Held while this process owns the SQLite file."""

    @property
    def sqlite(self) -> bool:
        """Whether this is a SQLite file."""
        return self.write.dialect.name == "sqlite"

    def close(self) -> None:
        """Gives every connection back, and the file to whoever comes next."""
        self.read.dispose()
        self.write.dispose()
        if self.lock is not None:
            self.lock.close()


def open_engine(url: str, threads: int = 4, *, alone: bool = True, secret: bytes = b"") -> Engines:
    """Opens a database. `threads` bounds the connections; `alone` False leaves out the lock on a SQLite file.

    `secret` wraps the keys of rounds that open from now on; without one a SQLite file has its own beside it.

    Raises DatabaseBusy when another process owns the SQLite file, ReadOnlyDisk when it cannot be opened.
    """
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return _sqlite(address, threads, secret, alone=alone)
    return _postgres(address, threads, secret)


def _sqlite(address: URL, threads: int, secret: bytes, *, alone: bool) -> Engines:
    file = address.database or ""
    lock = _own(Path(f"{file}.lock")) if alone else None
    options = {OPTION: secret or beside(Path(file), make=alone)}
    connect = {"check_same_thread": False, "isolation_level": None, "timeout": BUSY_MS / 1000}
    write = create_engine(
        address, connect_args=connect, poolclass=StaticPool, hide_parameters=True, execution_options=options
    )
    read = create_engine(
        address,
        connect_args=connect,
        poolclass=QueuePool,
        pool_size=threads,
        max_overflow=0,
        hide_parameters=True,
        execution_options=options,
    )
    event.listen(write, "connect", _writes)
    event.listen(write, "begin", _begin_writing)
    event.listen(read, "connect", _reads)
    event.listen(read, "begin", _begin_reading)
    return Engines(write, read, lock)


def _postgres(address: URL, threads: int, secret: bytes) -> Engines:
    engine = create_engine(
        address.set(drivername="postgresql+psycopg"),
        isolation_level="READ COMMITTED",
        hide_parameters=True,  # an error must not carry an idea into a log
        pool_pre_ping=True,
        pool_size=threads,
        max_overflow=0,
        connect_args={"options": _POSTGRES_OPTIONS, "connect_timeout": 5},
        execution_options={OPTION: secret},
    )
    return Engines(engine, engine)


def _writes(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA secure_delete = ON")
    _guard(connection)


def _reads(connection: sqlite3.Connection, _record: object) -> None:
    _guard(connection)
    connection.execute("PRAGMA query_only = ON")


def _guard(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MS:d}")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin_writing(connection: Connection) -> None:
    # A deferred transaction reads first and then fails to write when somebody else wrote in between.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_reading(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _own(path: Path) -> IO[str]:
    """The lock file, held. The system frees it when the process ends, however it ends."""
    try:
        held = path.open("a+")
    except OSError as error:
        raise ReadOnlyDisk from error
    try:
        _lock(held)
    except OSError as error:
        held.close()
        raise DatabaseBusy(path.name.removesuffix(".lock")) from error
    return held


if sys.platform == "win32":
    import msvcrt

    def _lock(held: IO[str]) -> None:
        held.seek(0)
        msvcrt.locking(held.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(held: IO[str]) -> None:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
