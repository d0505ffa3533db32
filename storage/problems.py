"""What can be wrong with a database, as classes that carry facts and no secrets.

StorageProblem
├── DatabaseBusy(file)              another process works on this SQLite file, or a lock was held too long
├── SchemaBehind(found, wanted)     older than this program: run `ideahunt db upgrade`
├── SchemaAhead(found, wanted)      newer than this program: run the newer program
├── ReadOnlyDisk, DiskFull          nothing can be written
├── Unreachable(reason)             no connection to the server, or it was cut
└── Inconsistent(what)              two records of one fact differ
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout


@dataclass(eq=False)
class StorageProblem(Exception):
    """The database cannot serve; nothing of the present transaction was kept."""

    def __post_init__(self) -> None:
        super().__init__(type(self).__name__)


@dataclass(eq=False)
class DatabaseBusy(StorageProblem):
    """Another process works on this SQLite file, or somebody held a lock for too long."""

    file: str = ""


@dataclass(eq=False)
class SchemaBehind(StorageProblem):
    """The tables are older than this program (`found` is empty where there are none)."""

    found: str
    wanted: str


@dataclass(eq=False)
class SchemaAhead(StorageProblem):
    """The tables come from a newer program, or from another one."""

    found: str
    wanted: str


@dataclass(eq=False)
class ReadOnlyDisk(StorageProblem):
    """The file cannot be written or opened."""


@dataclass(eq=False)
class DiskFull(StorageProblem):
    """No room is left."""


@dataclass(eq=False)
class Unreachable(StorageProblem):
    """The server does not answer; `reason` is a class name or an SQLSTATE, never an address."""

    reason: str = ""


@dataclass(eq=False)
class Inconsistent(StorageProblem):
    """Two records of one fact differ; `what` names them."""

    what: str = ""


_SQLITE: dict[int, type[StorageProblem]] = {
    sqlite3.SQLITE_BUSY: DatabaseBusy,
    sqlite3.SQLITE_LOCKED: DatabaseBusy,
    sqlite3.SQLITE_READONLY: ReadOnlyDisk,
    sqlite3.SQLITE_CANTOPEN: ReadOnlyDisk,
    sqlite3.SQLITE_PERM: ReadOnlyDisk,
    sqlite3.SQLITE_FULL: DiskFull,
}
_POSTGRES: dict[str, type[StorageProblem]] = {"25006": ReadOnlyDisk, "53100": DiskFull, "55P03": DatabaseBusy}
TRANSIENT = frozenset({"40001", "40P01"})
"""Serialization failure and deadlock: the same work may well succeed at once."""


def sqlstate(error: DBAPIError) -> str:
    """PostgreSQL's code of an error, or nothing."""
    return getattr(error.orig, "sqlstate", None) or ""


def problem_of(error: DBAPIError) -> StorageProblem | None:
    """The problem behind a driver's error; None where it is an error of the program."""
    if isinstance(error.orig, sqlite3.Error):
        kind = _SQLITE.get(getattr(error.orig, "sqlite_errorcode", 0) & 0xFF)
        return kind() if kind else None
    code = sqlstate(error)
    if code in _POSTGRES:
        return _POSTGRES[code]()
    if error.connection_invalidated or (isinstance(error, OperationalError) and code[:2] in {"", "08", "57"}):
        return Unreachable(code or type(error.orig).__name__)
    return None


@contextmanager
def told() -> Iterator[None]:
    """Turns a driver's error into the StorageProblem behind it, where there is one."""
    try:
        yield
    except DBAPIError as error:
        if (problem := problem_of(error) or _first_problem(error)) is None:
            raise
        raise problem from error
    except PoolTimeout as error:
        raise Unreachable("PoolTimeout") from error


def _first_problem(error: BaseException) -> StorageProblem | None:
    """The problem that came before an error.

    When SQLite takes a transaction back by itself (on a full disk), giving up its savepoint fails too.
    """
    before = error.__context__
    if before is None:
        return None
    found = problem_of(before) if isinstance(before, DBAPIError) else None
    return found or _first_problem(before)
