"""The one writer of a SQLite file: everything that waits goes to disk together, in one commit."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.failpoint import failpoint
from storage.engine import BUSY_MS
from storage.hot import drive, savepoint, standing
from storage.problems import StorageProblem, told
from storage.seal import SECRETS_GONE
from storage.turns import Turns

log = logging.getLogger(__name__)

MOST = 512
"""Callables in one commit."""
_PATIENCE_MS = 50
"""How long emptying the log waits for a reader; what was busy is tried again after the next commit."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A callable and where its result goes."""

    deed: Callable[[], Any]
    future: Future[Any]

    def run(self) -> _Done:
        """What the callable returns or raises, whatever that is: it belongs to who asked, not to this thread."""
        try:
            return _Done(self.future, self.deed(), None)
        except BaseException as error:  # noqa: BLE001 - told to who asked
            return _Done(self.future, None, error)


@dataclass(frozen=True, slots=True)
class _Done:
    """A result that is told once its commit is on disk."""

    future: Future[Any]
    value: Any
    error: BaseException | None

    def tell(self) -> None:
        if self.error is None:
            self.future.set_result(self.value)
        else:
            self.future.set_exception(self.error)


class Writer:
    """A thread that owns the writing connection.

    While one batch is being written to disk the next one gathers; a lone callable waits for nobody. Each transaction
    opened inside a batch is a savepoint: a refusal takes back its own work only. When the commit itself fails, each
    callable is run again alone.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._turns = Turns()
        self._news = threading.Condition()
        self._waiting: list[_Waiting] = []
        self._closing = False
        self._batch = threading.local()
        self._thread: threading.Thread | None = None

    def submit(self, deed: Callable[[], Any]) -> Future[Any]:
        """Runs a callable in the next batch; its result is told after the commit. Raises RuntimeError once closed."""
        future: Future[Any] = Future()
        with self._news:
            if self._closing:
                raise RuntimeError("the storage is closed")
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="storage-writer", daemon=True)
                self._thread.start()
            self._waiting.append(_Waiting(deed, future))
            self._news.notify()
        return future

    def close(self) -> None:
        """Works off what waits, then ends the thread."""
        with self._news:
            self._closing = True
            self._news.notify()
        if self._thread is not None:
            self._thread.join()

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A transaction: a savepoint of the batch this thread is in, else one of its own."""
        batch: Connection | None = getattr(self._batch, "connection", None)
        if batch is None:
            with self._turns.one(), told():
                with self._engine.begin() as connection:
                    yield connection
                self._forget()
            return
        with told(), savepoint(batch):
            yield batch

    @property
    def current(self) -> Connection | None:
        """The connection of the batch this thread is in."""
        return getattr(self._batch, "connection", None)

    def _work(self) -> None:
        while batch := self._next():
            self._write([one for one in batch if one.future.set_running_or_notify_cancel()])
            try:
                with self._turns.one(), told():
                    self._forget()
            except (StorageProblem, SQLAlchemyError) as error:  # tried again after the next commit
                log.warning("the log of the file was not emptied: %s", error)

    def _forget(self) -> None:
        """Empties SQLite's log of a deleted key, as soon as no reader needs the log any more."""
        with self._engine.connect() as connection:
            if not connection.info.get(SECRETS_GONE):
                return
            with suppress(DBAPIError):
                drive(connection, f"PRAGMA busy_timeout = {_PATIENCE_MS:d}")
                busy, *_ = drive(connection, "PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                connection.info[SECRETS_GONE] = bool(busy)
            drive(connection, f"PRAGMA busy_timeout = {BUSY_MS:d}")

    def _next(self) -> list[_Waiting]:
        """What waits, at least one; nothing when the storage closes."""
        with self._news:
            self._news.wait_for(lambda: self._waiting or self._closing)
            batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            return batch

    def _write(self, batch: list[_Waiting]) -> None:
        """Whatever happens, each gets its answer and the thread lives: without it everybody would wait for ever."""
        try:
            done = self._together(batch)
        except BaseException as error:  # noqa: BLE001 - told to who asked
            if len(batch) == 1:
                batch[0].future.set_exception(error)
                return
            for waiting in batch:
                self._write([waiting])
            return
        failpoint("batch.after_commit")
        for result in done:
            result.tell()

    def _together(self, batch: list[_Waiting]) -> list[_Done]:
        with self._turns.one(), told(), self._engine.begin() as connection:
            self._batch.connection = connection
            try:
                done = [_kept(connection, one.run()) for one in batch]
            finally:
                del self._batch.connection
            failpoint("batch.before_commit")
        return done


def _kept(connection: Connection, done: _Done) -> _Done:
    """The result, if the batch still stands: SQLite takes a whole transaction back on a full disk, say."""
    if done.error is not None and not standing(connection):
        raise done.error
    return done
