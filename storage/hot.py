"""Statements on the hot paths: compiled once, and on SQLite run by the driver itself, four times as fast."""

from __future__ import annotations

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from sqlalchemy import Connection, Delete, Insert, Select, Update
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

_SQLITE = sqlite.dialect()
_Process = Callable[[Any], Any] | None
Params = Mapping[str, Any]
Found = Any
"""A row, its columns by name: SQLAlchemy's own, or a named tuple."""


def drive(connection: Connection, statement: str, params: Sequence[Any] = ()) -> sqlite3.Cursor:
    """Runs a finished statement on SQLite's own connection; its errors look as SQLAlchemy's, without parameters."""
    raw = _raw(connection)
    try:
        return raw.execute(statement, params)
    except sqlite3.Error as error:
        raise DBAPIError.instance(statement, None, error, sqlite3.Error, hide_parameters=True) from error


@dataclass(frozen=True, slots=True)
class _Driven:
    """A statement in SQLite's words: the names and converters of its parameters, in order."""

    words: str
    binds: tuple[tuple[str, _Process, Any], ...]

    def run(self, connection: Connection, params: Params) -> sqlite3.Cursor:
        values = [
            process(params.get(name, default)) if process else params.get(name, default)
            for name, process, default in self.binds
        ]
        return drive(connection, self.words, values)


class Hot:
    """A statement without parts that depend on its parameters (no IN over a list, no executemany).

    Rows can be unpacked, read by name, and turned into a dictionary by `_asdict`, on both databases.
    """

    def __init__(self, statement: Select[Any] | Insert | Update | Delete) -> None:
        self.statement = statement
        self._driven: dict[tuple[str, ...], _Driven] = {}

    def all(self, connection: Connection, params: Params) -> Sequence[Found]:
        """Every row."""
        if connection.dialect.name != "sqlite":
            return connection.execute(self.statement, params).all()
        rows = self._for(params).run(connection, params).fetchall()
        return [self._row(row) for row in rows]

    def first(self, connection: Connection, params: Params) -> Found:
        """The first row, or None; every row is read, so that a statement that writes is finished."""
        rows = self.all(connection, params)
        return rows[0] if rows else None

    def touched(self, connection: Connection, params: Params) -> int:
        """How many rows an UPDATE or DELETE changed."""
        if connection.dialect.name != "sqlite":
            return connection.execute(self.statement, params).rowcount
        return self._for(params).run(connection, params).rowcount

    def _for(self, params: Params) -> _Driven:
        names = tuple(params)
        driven = self._driven.get(names)
        if driven is None:
            driven = self._driven[names] = self._compiled(names)
        return driven

    def _compiled(self, names: Sequence[str]) -> _Driven:
        keys = list(names) if isinstance(self.statement, Insert) else None
        compiled: Any = self.statement.compile(dialect=_SQLITE, column_keys=keys)
        binds = tuple(
            (name, _writing(compiled.binds[name].type), compiled.params.get(name)) for name in compiled.positiontup
        )
        return _Driven(str(compiled), binds)

    def _row(self, values: Sequence[Any]) -> Found:
        make, processes = self._shape
        return make(*[process(value) if process else value for process, value in zip(processes, values, strict=True)])

    @cached_property
    def _shape(self) -> tuple[Any, tuple[_Process, ...]]:
        columns = list(self.statement.exported_columns)
        make = namedtuple("Row", [column.name for column in columns], rename=True)  # type: ignore[misc]  # noqa: PYI024
        return make, tuple(_reading(column.type) for column in columns)


def _writing(kind: TypeEngine[Any]) -> _Process:
    return kind.dialect_impl(_SQLITE).bind_processor(_SQLITE)


def _reading(kind: TypeEngine[Any]) -> _Process:
    return kind.dialect_impl(_SQLITE).result_processor(_SQLITE, None)


@contextmanager
def attempt(connection: Connection) -> Iterator[None]:
    """A part that may fail on a constraint and be tried again.

    PostgreSQL needs a savepoint for that; SQLite takes back the failed statement alone, and its one writer is never
    overtaken between two statements.
    """
    if connection.dialect.name == "sqlite":
        yield
        return
    with connection.begin_nested():
        yield


@contextmanager
def savepoint(connection: Connection) -> Iterator[None]:
    """A part of a SQLite transaction that an exception takes back alone."""
    drive(connection, "SAVEPOINT part")
    try:
        yield
    except BaseException:
        if standing(connection):
            drive(connection, "ROLLBACK TO part")
            drive(connection, "RELEASE part")
        raise
    drive(connection, "RELEASE part")


def standing(connection: Connection) -> bool:
    """Whether the SQLite transaction is still there: a full disk makes SQLite take all of it back."""
    return _raw(connection).in_transaction


def _raw(connection: Connection) -> sqlite3.Connection:
    return cast("sqlite3.Connection", connection.connection.dbapi_connection)
