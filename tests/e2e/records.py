"""What the database holds after all, and time that passes while nobody runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from bot.domain.ballot import Round
from bot.domain.names import IdeaNumber
from bot.domain.tally import Tally
from storage.columns import microseconds
from storage.sql import SqlStorage
from storage.unit import SqlUnit

A_LEASE = timedelta(seconds=61)


@dataclass(frozen=True, slots=True)
class Records:
    """One database, looked at from outside."""

    url: str

    def rows(self, query: str, **facts: Any) -> list[Any]:
        """The rows of a query."""
        engine = create_engine(self.url, poolclass=NullPool)
        with engine.connect() as connection:
            return list(connection.execute(text(query), facts))

    def _change(self, statement: str, **facts: Any) -> int:
        engine = create_engine(self.url, poolclass=NullPool)
        with engine.begin() as connection:
            return connection.execute(text(statement), facts).rowcount

    @contextmanager
    def unit(self) -> Iterator[SqlUnit]:
        """The stores, for reading; also while a bot runs."""
        storage = SqlStorage(self.url, 1, alone=False)
        try:
            with storage.look() as unit:
                yield unit
        finally:
            storage.close()

    # --- what is there

    def ideas(self) -> list[str]:
        """The texts of all standing ideas, in order of their numbers."""
        return [row.text for row in self.rows("SELECT text FROM idea WHERE state = 'standing' ORDER BY number")]

    def letters(self) -> dict[str, int]:
        """How many letters are in each state."""
        found = self.rows("SELECT state, count(*) AS n FROM letter GROUP BY state")
        return {row.state: row.n for row in found}

    def under_way(self) -> int:
        """Letters that are due or being brought."""
        now = microseconds(datetime.now(UTC) + timedelta(seconds=5))
        query = "SELECT count(*) AS n FROM letter WHERE state = 'sending' OR (state = 'pending' AND due_at < :now)"
        return int(self.rows(query, now=now)[0].n)

    def round(self) -> Round:
        """The newest round of the only hunt."""
        (hunt,) = self.rows("SELECT tenant, id FROM hunt")
        with self.unit() as unit:
            round = unit.rounds.latest(hunt.tenant, hunt.id)
        assert round is not None
        return round

    def options(self) -> dict[IdeaNumber, str]:
        """The words of that round's options."""
        round = self.round()
        with self.unit() as unit:
            return {option.number: option.text for option in unit.rounds.options(round)}

    def tally(self) -> Tally:
        """The sealed tally, once dots, ledger and seal were compared."""
        round = self.round()
        with self.unit() as unit:
            assert unit.rounds.check(round) == ()
            return unit.rounds.tally(round)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nobody else can write meanwhile (SQLite)."""
        engine = create_engine(self.url, poolclass=NullPool, connect_args={"isolation_level": None})
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield
            connection.exec_driver_sql("ROLLBACK")

    # --- time that passes while the bot is down

    def a_minute_passes(self) -> None:
        """Leases of a dead process lapse."""
        ago = A_LEASE // timedelta(microseconds=1)
        self._change("UPDATE letter SET lease_until = lease_until - :ago WHERE state = 'sending'", ago=ago)

    def monday_comes(self) -> None:
        """The letter of the week is due."""
        past = microseconds(datetime.now(UTC) - timedelta(minutes=1))
        assert self._change("UPDATE schedule SET next_due = :past", past=past) == 1

    def the_deadline_passes(self) -> None:
        """Collecting is over."""
        past = microseconds(datetime.now(UTC) - timedelta(minutes=1))
        changed = self._change(
            "UPDATE hunt SET collect_until = :past, due_at = :past WHERE phase = 'collecting'", past=past
        )
        assert changed == 1
