"""The words for what may be wrong with a database, each with what to do about it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy.exc import ArgumentError, DatabaseError

from bot.cli.problems import Problem, Stopped
from storage import problems

NO_TABLES = Problem("The database holds no tables of ideahunt.", "Run ideahunt db upgrade.")
DAMAGED = Problem(
    "The database file is damaged, or is none of SQLite's.",
    "Stop the bot and put the last backup in its place (docs/operate.md).",
)
BAD_ADDRESS = Problem(
    "IDEAHUNT_DATABASE_URL cannot be read as an address.",
    "Write postgresql://user:password@host/database, with odd characters of the password as in %40.",
)
NO_DRIVER = Problem(
    "PostgreSQL is asked for and its driver is not installed.",
    "Run pip install 'psycopg[binary]', or leave IDEAHUNT_DATABASE_URL out to use SQLite.",
)
TOLD: Mapping[type[problems.StorageProblem], Problem] = {
    problems.SchemaBehind: Problem(
        "The database's tables have version {found}, this program needs {wanted}.", "Run ideahunt db upgrade."
    ),
    problems.SchemaAhead: Problem(
        "The database's tables have version {found}, newer than this program knows ({wanted}).",
        "Run the newer ideahunt that made them, or put back the copy from before.",
    ),
    problems.DatabaseBusy: Problem(
        "Another process works on this database.",
        "Stop the other one; or let several share a PostgreSQL (docs/operate.md).",
    ),
    problems.ReadOnlyDisk: Problem(
        "The database cannot be opened for writing.",
        "Check that its folder exists and that the user running ideahunt may write there.",
    ),
    problems.DiskFull: Problem("The disk is full.", "Make room; nothing that was acknowledged is lost."),
    problems.Unreachable: Problem(
        "The database server does not answer ({reason}).",
        "Check that the server runs, and the host, user and password in IDEAHUNT_DATABASE_URL.",
    ),
    problems.Inconsistent: Problem(
        "Two records of one fact differ: {what}.", "Run ideahunt db check, and report what it prints."
    ),
}
"""Sentences with the facts of the problem's own fields."""


SQLITE: Mapping[int, Problem] = {
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: DAMAGED,
    sqlite3.SQLITE_FULL: TOLD[problems.DiskFull],
    sqlite3.SQLITE_CANTOPEN: TOLD[problems.ReadOnlyDisk],
    sqlite3.SQLITE_READONLY: TOLD[problems.ReadOnlyDisk],
}
"""What SQLite itself says where no transaction of the storage stands around it."""


def words_of(problem: problems.StorageProblem) -> Problem:
    """What is wrong with the database, and what to do about it."""
    if isinstance(problem, problems.SchemaBehind) and not problem.found:
        return NO_TABLES
    told = TOLD[type(problem)]
    return Problem(told.what.format(**vars(problem)), told.fix)


@contextmanager
def words() -> Iterator[None]:
    """Turns whatever a database says into a problem with a fix. Raises Stopped."""
    try:
        yield
    except problems.StorageProblem as problem:
        raise Stopped(words_of(problem)) from problem
    except ArgumentError:  # it quotes the address, password and all
        raise Stopped(BAD_ADDRESS) from None
    except (DatabaseError, sqlite3.Error) as error:
        if (told := SQLITE.get(_sqlite_code(error))) is None:
            raise
        raise Stopped(told) from error
    except ModuleNotFoundError as missing:
        if missing.name != "psycopg":
            raise
        raise Stopped(NO_DRIVER) from None


def _sqlite_code(error: DatabaseError | sqlite3.Error) -> int:
    cause = error.orig if isinstance(error, DatabaseError) else error
    return int(getattr(cause, "sqlite_errorcode", 0)) & 0xFF
