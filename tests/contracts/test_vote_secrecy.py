"""Whole votes are played, closed, and searched: no value anywhere ties a person to what they chose."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from itertools import count, pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, make_url, text

from bot.domain.ballot import Round
from bot.domain.hunt import Hunt, HuntRoom, Phase
from bot.domain.ideas import Idea
from bot.domain.names import HuntId, IdeaNumber, MessageId, PersonId, RoomId, RoundNumber, TenantId
from bot.domain.people import Asker, Person, Room, Tenant
from bot.domain.rules import Secrecy
from bot.reports import FORMATS
from bot.theming import LexicalThemer
from bot.usecases import Core, build_core
from bot.usecases.requests import BallotView, VoteRequest
from storage.rows import METADATA
from storage.sql import SqlStorage
from storage.voters import unwrapped, voter_key
from tests.contracts.samples import NOW

TENANT, ROOM, HUNT = TenantId("slack:T0CANARY"), RoomId("C0CANARY"), HuntId("cafe00c0ffee")
CHIEF = PersonId("U0CHIEF0000")
PEOPLE = tuple(PersonId(f"U0CANARY{n:03}") for n in range(9))
ON_PAPER, DECLINES = PEOPLE[7], PEOPLE[8]
BALLOTS = frozenset({"ballot", "dot", "vote_ledger"})
WORDS = "Canary idea number"
CLICK = "Canary-click"
JOINS = 8
"""Characters from which a value can tie two rows together; shorter ones are counts, flags and numbers of options."""


class Play:
    """One vote of a small town, through the use cases."""

    def __init__(self, url: str) -> None:
        self.storage = SqlStorage(url, secret=b"the installation's secret")
        self.core: Core = build_core(self.storage, LexicalThemer())
        self.keys = count()
        self.now = NOW

    def begin(self, secrecy: Secrecy) -> None:
        with self.storage.begin() as unit:
            unit.people.keep_tenant(Tenant(TENANT))
            unit.people.keep_room(Room(TENANT, ROOM, "canaries", present=True))
            unit.people.keep_members(TENANT, ROOM, [CHIEF, *PEOPLE])
            for n, person in enumerate((CHIEF, *PEOPLE)):
                kept = Person(TENANT, person, f"Name of {person}", seen_at=NOW, role="resident" if n % 2 else "")
                unit.people.keep_person(kept)
            unit.hunts.add(Hunt(TENANT, HUNT, "Canary question?", CHIEF, NOW, phase=Phase.REVEALED, own_themes=False))
            unit.hunts.keep_room(HuntRoom(TENANT, HUNT, ROOM))
            for n in range(1, 8):
                unit.ideas.add(Idea(TENANT, HUNT, IdeaNumber(0), f"{WORDS} {n}", NOW))
        ends = NOW + timedelta(days=2)
        rules = VoteRequest(HUNT, dots=5, closes_at=ends, secrecy=secrecy, by_role=True, wave=True)
        self.core.votes.open(self.asker(CHIEF), rules, self.now)
        self.post()

    def asker(self, person: PersonId) -> Asker:
        return Asker(TENANT, person)

    def round(self) -> Round:
        with self.storage.look() as unit:
            return unit.rounds.get(TENANT, HUNT, RoundNumber(1))

    def vote(self, person: PersonId, placed: dict[int, int]) -> None:
        """As a platform would: with actions that hold the person's id, dots moved about, a receipt at the end."""
        options = {IdeaNumber(option): dots for option, dots in placed.items()}
        here, self.now = (self.asker(person), HUNT, RoundNumber(1)), self.now + timedelta(minutes=1)
        view = BallotView(version=0)
        if self.round().detached:
            self.core.ballots.cast(*here, options, view, self.now)
            return
        self.core.ballots.wish(*here, IdeaNumber(7), 2, f"{CLICK}-{person}-{next(self.keys)}", BallotView(), self.now)
        self.core.ballots.wish(*here, IdeaNumber(7), 0, f"{CLICK}-{person}-{next(self.keys)}", BallotView(), self.now)
        self.core.ballots.fill(*here, options, f"{CLICK}-{person}-{next(self.keys)}", self.now)
        self.core.ballots.validate(*here, self.now)

    def all_vote(self) -> None:
        """Each chooses what nobody else does."""
        for n, person in enumerate(PEOPLE[:7]):
            self.vote(person, {n % 7 + 1: 2, (n + 2) % 7 + 1: 1, (n + 3) % 7 + 1: 1 + n % 2})
        self.core.ballots.decline(self.asker(DECLINES), HUNT, RoundNumber(1), True, self.now)
        self.core.papers.enter(self.asker(CHIEF), HUNT, RoundNumber(1), "1x2 5 6", [ON_PAPER], "Canary-form", self.now)
        self.now = NOW + timedelta(days=1, hours=1)  # reminders leave
        self.post()

    def close(self) -> None:
        self.core.votes.close(self.asker(CHIEF), HUNT, self.now)
        self.post()

    def post(self) -> None:
        """Everything that is due leaves."""
        for _ in range(12):
            self.now += timedelta(seconds=2)
            for claimed in self.core.post.claim(self.now, limit=50):
                drawn = self.core.post.draw(claimed, self.now)
                self.core.post.delivered(claimed, MessageId(f"{next(self.keys)}.1") if drawn else None, self.now)

    def everything(self) -> dict[str, list[dict[str, Any]]]:
        """Every row of every table that the database has, whoever made it."""
        with self.storage.look() as unit:
            connection = unit.people.connection
            names = [name for name in inspect(connection).get_table_names() if name != "alembic_version"]
            assert set(names) == set(METADATA.tables)
            return {
                name: [dict(row) for row in connection.execute(text(f'SELECT * FROM "{name}"')).mappings()]
                for name in names
            }


@contextmanager
def played(url: str, secrecy: Secrecy) -> Iterator[Play]:
    play = Play(url)
    with closing(play.storage):
        play.begin(secrecy)
        play.all_vote()
        yield play


def values(rows: Iterable[dict[str, Any]]) -> set[str]:
    """Every value long enough to tie two rows together; a moment is one too, a number of an option is not."""
    found = {value.hex() if isinstance(value, bytes) else str(value) for row in rows for value in row.values()}
    return {value for value in found if len(value) >= JOINS} - {TENANT, HUNT}


def expect_unlinked(tables: dict[str, list[dict[str, Any]]]) -> None:
    """No ballot names a person, and no value of a ballot stands where a person stands."""
    for name in BALLOTS:
        assert not [p for p in (*PEOPLE, CHIEF) if p in repr(tables[name])], name
    ballots = set[str]().union(*(values(tables[name]) for name in BALLOTS))
    assert ballots
    for name, rows in tables.items():
        if name not in BALLOTS:
            shared = ballots & values(rows)
            assert not shared, (name, shared)
            assert not [value for value in ballots if value in repr(rows)], name
    assert CLICK not in repr(tables)


def secrets_of(play: Play) -> set[str]:
    """What leads from a person to a ballot while the round is open, in hexadecimal: keys, names, actions."""
    tables = play.everything()
    found = set[str]().union(*(values(tables[name]) for name in BALLOTS))
    with play.storage.look() as unit:
        for row in tables["round_key"]:
            key = unwrapped(unit.people.connection, row["key"], row["proof"])
            names = {voter_key(key, TENANT, person) for person in PEOPLE[:7]}
            assert names <= found
            found |= {key.hex(), bytes(row["key"]).hex(), bytes(row["proof"]).hex(), *names}
    return found


@pytest.mark.parametrize("secrecy", Secrecy)
def test_while_a_vote_is_open_no_table_ties_a_person_to_a_choice(migrated_url: str, secrecy: Secrecy) -> None:
    with played(migrated_url, secrecy) as play:
        tables = play.everything()
        expect_unlinked(tables)
        assert {row["person"] for row in tables["round_elector"]} >= {*PEOPLE}
        assert len(tables["round_key"]) == (secrecy is Secrecy.SEALED)
        told = repr([tables[name] for name in ("letter", "audit", "served_request", "failed_event")])
        assert "dots" not in told  # no letter and no trace carries a figure of the vote
        expect_exports_without(play, {*PEOPLE})


@pytest.mark.parametrize("secrecy", Secrecy)
def test_after_the_close_nothing_is_left_that_could(
    migrated_url: str, secrecy: Secrecy, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "bot")
    caplog.set_level(logging.DEBUG, "storage")
    caplog.set_level(logging.DEBUG, "handlers")
    with played(migrated_url, secrecy) as play:
        before = secrets_of(play)
        assert len(before) > 30
        play.close()
        tables = play.everything()
        expect_unlinked(tables)
        assert not tables["round_elector"]
        assert not tables["round_key"]
        everything = repr([values(rows) for rows in tables.values()])
        assert not [secret for secret in before if secret in everything]
        assert len(tables["ballot"]) == 8
        expect_no_order(play)
        expect_exports_without(play, {*PEOPLE, *before})
        if play.storage.engines.sqlite:
            expect_gone_from_files(migrated_url, before)
        with play.storage.look() as unit:
            assert unit.rounds.check(play.round()) == ()
    told = caplog.text
    assert not [person for person in PEOPLE if person in told]
    assert not [secret for secret in before if secret in told]
    assert WORDS not in told


def expect_no_order(play: Play) -> None:
    """Rows lie in the order of their random names, and all were written by one transaction.

    SQLite has no other order without row numbers. PostgreSQL puts a few rows into gaps of its first pages: runs of
    that order, no other one.
    """
    with play.storage.look() as unit:
        run = unit.people.connection.execute
        for name, order in {"ballot": "voter", "dot": "voter, slot", "vote_ledger": "action"}.items():
            if play.storage.engines.sqlite:
                assert run(text("SELECT wr FROM pragma_table_list WHERE name = :name"), {"name": name}).scalar_one()
                continue
            lying = run(text(f"SELECT {order} FROM {name} ORDER BY ctid")).all()
            assert sum(tuple(after) < tuple(row) for row, after in pairwise(lying)) <= 3, name
            assert run(text(f"SELECT count(DISTINCT xmin::text) FROM {name}")).scalar_one() == 1
        slots = run(text("SELECT voter, option, nth, slot FROM dot")).all()
    by_option = {voter: sorted(row for row in slots if row[0] == voter) for voter, *_ in slots}
    assert all([row[3] for row in rows] == [*range(1, len(rows) + 1)] for rows in by_option.values())


def expect_exports_without(play: Play, secrets: set[str]) -> None:
    for form in sorted({*FORMATS, "csv", "json", "md", "html"}):
        file = play.core.reports.file(play.asker(CHIEF), ROOM, form, play.now)
        words = file.content if isinstance(file.content, bytes) else file.content.encode()
        assert not [secret for secret in secrets if secret.encode() in words], form


def expect_gone_from_files(url: str, secrets: set[str]) -> None:
    file = Path(str(make_url(url).database))
    parts = [part for part in file.parent.glob(f"{file.name}*") if part.suffix in {".db", ".db-wal", ".db-shm"}]
    assert len(parts) >= 2
    on_disk = b"".join(part.read_bytes() for part in parts)
    for secret in secrets:
        assert secret.encode() not in on_disk
        if len(secret) % 2 == 0 and all(letter in "0123456789abcdef" for letter in secret):
            assert bytes.fromhex(secret) not in on_disk


def test_the_file_of_a_large_vote_holds_no_old_name_and_no_key(migrated_sqlite_url: str) -> None:
    """Pages of a full table are split and joined: what lay in them must not stay behind in their gaps."""
    started = time.monotonic()
    crowd = [PersonId(f"U1{n:04}") for n in range(300)]
    play = Play(migrated_sqlite_url)
    with closing(play.storage):
        play.begin(Secrecy.SEALED)
        round = play.round()
        for turn in range(3):
            with play.storage.begin() as unit:
                for n, person in enumerate(crowd):
                    unit.rounds.wish(round, person, IdeaNumber((n + turn) % 7 + 1), (n + turn) % 3, f"{turn}", NOW)
        tables = play.everything()
        names = set[str]().union(*(values(tables[name]) for name in BALLOTS)) | values(tables["round_key"])
        assert len(names) > 1_000
        play.close()
        expect_gone_from_files(migrated_sqlite_url, names)
    assert time.monotonic() - started < 60
