"""Tally: reading a count must not grow with the dots, and a recount must cost little more than the database's own."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.bench import Bench, Measured, Scenario, seconds
from benchmarks.figures import Row, Spread, at_most
from benchmarks.town import START, TENANT, Town
from bot.domain.ballot import Round
from bot.domain.names import HuntId, PersonId
from bot.domain.people import Asker
from bot.usecases.post import board

NAME = "tally"
OPTIONS, DOTS = 60, 5
READS = 200
_COUNT = "SELECT option, count(*) FROM dot WHERE tenant = ? AND hunt = ? AND round = ? GROUP BY option"

_VOTERS = "SELECT voters FROM round_count WHERE tenant = ? AND hunt = ?"


@dataclass(frozen=True, slots=True)
class Poll:
    """A round with its ballots, and a plain connection beside ours."""

    town: Town
    hunt: HuntId
    plain: sqlite3.Connection

    @property
    def round(self) -> Round:
        """The round as it stands."""
        with self.town.storage.look() as unit:
            found = unit.rounds.latest(TENANT, self.hunt)
        assert found is not None
        return found

    def turnout(self) -> None:
        """What the board asks while the vote is open."""
        with self.town.storage.look() as unit:
            unit.rounds.latest(TENANT, self.hunt)

    def drawn(self) -> None:
        """The whole board while the vote is open."""
        with self.town.storage.look() as unit:
            board(unit, unit.hunts.get(TENANT, self.hunt))

    def sealed(self) -> None:
        """The result once the vote is closed."""
        with self.town.storage.look() as unit:
            found = unit.rounds.latest(TENANT, self.hunt)
            assert found is not None
            unit.rounds.tally(found)

    def recount(self) -> None:
        """Dots, ledger and counter against one another, ballot by ballot."""
        with self.town.storage.look() as unit:
            found = unit.rounds.latest(TENANT, self.hunt)
            assert found is not None
            assert not unit.rounds.check(found)

    def plain_count(self) -> None:
        """The least a database can do: one GROUP BY on its index."""
        self.plain.execute(_COUNT, (TENANT, self.hunt, 1)).fetchall()

    def plain_turnout(self) -> None:
        """One row by its key."""
        self.plain.execute(_VOTERS, (TENANT, self.hunt)).fetchone()


def polled(bench: Bench, name: str, voters: int) -> Poll:
    """A hunt in its vote, with so many ballots of five dots each."""
    town = Town.built(bench.ground.folder, name)
    hunt = town.hunt()
    town.hear(range(OPTIONS))
    town.open_vote(hunt, DOTS)
    plain = sqlite3.connect(town.url.removeprefix("sqlite:///"))
    plain.execute("PRAGMA foreign_keys = OFF")
    _cast(plain, hunt, voters)
    return Poll(town, hunt, plain)


def _cast(plain: sqlite3.Connection, hunt: HuntId, voters: int) -> None:
    """Ballots as our statements would have written them, in one piece."""
    keys = (TENANT, hunt, 1)
    names = [secrets.token_hex(32) for _ in range(voters)]
    with plain:
        plain.executemany("INSERT INTO ballot VALUES (?, ?, ?, ?, 1)", [(*keys, name) for name in names])
        plain.executemany(
            "INSERT INTO dot (tenant, hunt, round, voter, slot, option, nth) VALUES (?, ?, ?, ?, ?, ?, 1)",
            [(*keys, name, slot, option) for name, slot, option in _dots(names)],
        )
        plain.executemany(
            "INSERT INTO vote_ledger (tenant, hunt, round, action, voter, option, delta) VALUES (?, ?, ?, ?, ?, ?, 1)",
            [(*keys, secrets.token_hex(32), name, option) for name, _, option in _dots(names)],
        )
        plain.execute("UPDATE round_count SET voters = ? WHERE hunt = ?", (voters, hunt))


def _dots(names: list[str]) -> Iterator[tuple[str, int, int]]:
    for place, name in enumerate(names):
        for slot in range(1, DOTS + 1):
            yield name, slot, 1 + (place * 7 + slot * 11) % OPTIONS


def measured(bench: Bench) -> Measured:
    """Reads with many dots and with few, in turn; then the recount beside the plain one."""
    many = bench.size(200_000, 20_000)
    bench.tell(f"  {many:,} dots beside 1,000")
    few_poll, poll = polled(bench, "tally-few", 1_000 // DOTS), polled(bench, "tally-many", many // DOTS)
    try:
        yield from _open(bench, few_poll, poll, many)
        yield _recounted(bench, poll, many)
        yield _closed(bench, few_poll, poll, many)
    finally:
        for each in (few_poll, poll):
            each.plain.close()
            each.town.close()


def _open(bench: Bench, few: Poll, many: Poll, dots: int) -> Iterator[Row]:
    told: dict[str, tuple[list[float], list[float], list[float]]] = {"turnout": ([], [], []), "board": ([], [], [])}
    for _ in bench.turns():
        for name, read_few, read_many in (
            ("turnout", few.turnout, many.turnout),
            ("board", few.drawn, many.drawn),
        ):
            told[name][0].append(1e6 * seconds(read_few, READS))
            told[name][1].append(1e6 * seconds(read_many, READS))
            told[name][2].append(1e6 * seconds(many.plain_turnout, READS))
    few_reads, reads, plain = (Spread.of(each) for each in told["turnout"])
    note = f"{dots:,} dots; the same read of a plain connection {plain.told} us"
    yield Row(NAME, "turnout read, many dots v 1,000", reads, "us", few_reads, at_most(1.2), note)
    few_reads, reads, _ = (Spread.of(each) for each in told["board"])
    yield Row(NAME, "board content in the vote, many dots v 1,000", reads, "us", few_reads, at_most(1.2))


def _recounted(bench: Bench, poll: Poll, dots: int) -> Row:
    ours, floor = [], []
    for _ in bench.turns():
        floor.append(1e3 * seconds(poll.plain_count, 3))
        ours.append(1e3 * seconds(poll.recount))
    note = f"{dots:,} dots; ours also holds every ballot, the ledger and the counter against one another"
    return Row(NAME, "recount v one GROUP BY", Spread.of(ours), "ms", Spread.of(floor), at_most(1.3), note)


def _closed(bench: Bench, few: Poll, many: Poll, dots: int) -> Row:
    close = many.town.core.votes.close
    lead = many.town.kept(many.hunt).facilitator
    took = seconds(lambda: close(_asker(lead), many.hunt, START))
    few.town.core.votes.close(_asker(lead), few.hunt, START)
    few_reads, reads = [], []
    for _ in bench.turns():
        few_reads.append(1e6 * seconds(few.sealed, READS))
        reads.append(1e6 * seconds(many.sealed, READS))
    note = f"closing {dots:,} dots (count, seal, make unlinkable) took {took:.2f} s, once"
    return Row(
        NAME, "sealed result read, many dots v 1,000", Spread.of(reads), "us", Spread.of(few_reads), at_most(1.2), note
    )


def _asker(person: PersonId) -> Asker:
    return Asker(TENANT, person)


SCENARIO = Scenario(NAME, "does reading a vote grow with the dots?", measured)
