"""Storage on SQLAlchemy: transactions for whoever asks, group commit and retries for whoever submits."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

from bot.failpoint import failpoint
from storage.engine import open_engine
from storage.problems import TRANSIENT, Unreachable, sqlstate, told
from storage.unit import SqlUnit
from storage.writer import Writer

T = TypeVar("T")
_TRIES = 5
LONG_ONES = 4
"""Long computations at once; each holds a connection only while it reads or writes."""


class SqlStorage:
    """bot.ports.Storage on SQLite or PostgreSQL. `threads` bounds connections and so everything at work at once.

    `alone` False lets several processes open one SQLite file: for tests of races, never in service. `secret` wraps the
    keys of open rounds, the same for every instance.
    """

    def __init__(self, url: str, threads: int = 4, *, alone: bool = True, secret: bytes = b"") -> None:
        self.engines = open_engine(url, threads, alone=alone, secret=secret)
        self._writer = Writer(self.engines.write) if self.engines.sqlite else None
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="storage")
        self._long = ThreadPoolExecutor(LONG_ONES, thread_name_prefix="long")
        self._inside = threading.local()

    @contextmanager
    def begin(self) -> Iterator[SqlUnit]:
        """A transaction that may write. Raises StorageProblem when the database cannot serve."""
        if self._writer is not None:
            with self._writer.begin() as connection:
                yield SqlUnit(connection)
            return
        with told(), self.engines.write.begin() as connection:
            yield SqlUnit(connection)
            failpoint("batch.before_commit")

    @contextmanager
    def look(self) -> Iterator[SqlUnit]:
        """A transaction that only reads: it sees one moment on SQLite, committed rows on PostgreSQL."""
        if self._writer is not None and (batch := self._writer.current) is not None:
            yield SqlUnit(batch)
            return
        with told(), self.engines.read.connect() as connection:
            reading = connection.execution_options(postgresql_readonly=True)
            with reading.begin():
                yield SqlUnit(reading)

    def submit(self, deed: Callable[[], T]) -> Future[T]:
        """Runs a callable that writes; its future ends after the commit, with the result or with what was raised."""
        if self._writer is not None:
            return self._writer.submit(deed)
        return self._pool.submit(self._again, deed)

    def submit_look(self, deed: Callable[[], T]) -> Future[T]:
        """Runs a callable that reads, on one of the readers."""
        return self._pool.submit(deed)

    def submit_long(self, deed: Callable[[], T]) -> Future[T]:
        """Runs a callable that computes for long between short transactions of its own: it holds up no reader."""
        return self._long.submit(deed) if self.engines.sqlite else self._long.submit(self._again, deed)

    def _again(self, deed: Callable[[], T]) -> T:
        """Runs the whole callable again after a deadlock or a cut connection: what it did was rolled back.

        A connection cut during the commit itself leaves open whether it counted; natural keys make the second run
        harmless.
        """
        for _ in range(_TRIES - 1):
            try:
                result = deed()
            except Unreachable:
                continue
            except DBAPIError as error:
                if sqlstate(error) not in TRANSIENT:
                    raise
            else:
                failpoint("batch.after_commit")
                return result
        return deed()

    def close(self) -> None:
        """Works off what was submitted, then gives the database back."""
        self._long.shutdown(cancel_futures=True)  # first: what is under way may still write
        if self._writer is not None:
            self._writer.close()
        self._pool.shutdown()
        self.engines.close()
