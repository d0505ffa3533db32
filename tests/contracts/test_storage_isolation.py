"""A tenant never reads or changes another's rows: every method of every store has its case here."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from bot import ports
from bot.domain.ballot import Elector
from bot.domain.errors import NotFound, VoteOver
from bot.domain.hunt import HuntRoom, Standing
from bot.domain.ideas import IdeaState, Likeness, Origin, Reason, Verdict
from bot.domain.letters import Claimed, Letter
from bot.domain.names import IdeaNumber, MessageId, ThemeId
from bot.domain.people import Code, Conversation, Person, Room, Tenant
from bot.ports import Judged, Schedule, Step, Trace, Unit
from storage.rows import METADATA
from storage.sql import SqlStorage
from tests.contracts.samples import (
    ACME,
    ANNA,
    BEN,
    HUNT,
    NOW,
    OTHER,
    ROOM,
    a_round,
    hunt,
    idea,
    later,
    launched,
    letter,
    opened,
    wish,
)

ONE = IdeaNumber(1)
BOARD = MessageId("1.1")
THEIRS = replace(a_round(), tenant=OTHER)
ALL = frozenset(IdeaState)
TALK = Conversation(ACME, ROOM, "19:c@thread.tacv2", "https://smba.trafficmanager.net/teams/")
CODE = Code(ACME, "K7QF", later(days=1), hunt=HUNT)
SCHEDULE = Schedule(ACME, ROOM, "digest", NOW, "UTC")


class Refused:
    """The method must refuse."""


@dataclass(frozen=True)
class Case:
    """What the other tenant does, and what it must get. Whatever it does, no row of the first tenant may change."""

    deed: Callable[[Unit], Any]
    gets: Any = None


def theirs(letter: Letter) -> Letter:
    return replace(letter, tenant=OTHER)


def stolen(unit: Unit) -> Claimed:
    """The first tenant's letter under way, dressed up as the other tenant's."""
    letters = METADATA.tables["letter"]
    row = unit.people.connection.execute(letters.select().where(letters.c.state == "sending")).one()
    return Claimed(row.id, theirs(letter("due", topic="board")), row.fence, 1, False, NOW)


CASES: dict[str, Case] = {
    "PeopleStore.tenant": Case(lambda u: u.people.tenant(OTHER), Tenant(OTHER)),
    "PeopleStore.keep_tenant": Case(lambda u: u.people.keep_tenant(Tenant(OTHER, active=False))),
    "PeopleStore.person": Case(lambda u: u.people.person(OTHER, ANNA), Person(OTHER, ANNA)),
    "PeopleStore.keep_person": Case(lambda u: u.people.keep_person(Person(OTHER, ANNA, "Eve"))),
    "PeopleStore.room": Case(lambda u: u.people.room(OTHER, ROOM), Room(OTHER, ROOM)),
    "PeopleStore.keep_room": Case(lambda u: u.people.keep_room(Room(OTHER, ROOM, "theirs"))),
    "PeopleStore.members": Case(lambda u: u.people.members(OTHER, ROOM), frozenset()),
    "PeopleStore.keep_members": Case(lambda u: u.people.keep_members(OTHER, ROOM, [BEN])),
    "PeopleStore.is_member": Case(lambda u: u.people.is_member(OTHER, ROOM, ANNA)),
    "PeopleStore.add_member": Case(lambda u: u.people.add_member(OTHER, ROOM, BEN)),
    "PeopleStore.drop_member": Case(lambda u: u.people.drop_member(OTHER, ROOM, ANNA)),
    "PeopleStore.first_time": Case(lambda u: u.people.first_time(OTHER, "served", NOW), gets=True),
    "PeopleStore.cursor": Case(lambda u: u.people.cursor(OTHER, ROOM, "")),
    "PeopleStore.move_cursor": Case(lambda u: u.people.move_cursor(OTHER, ROOM, "", MessageId("9.9"))),
    "HuntStore.add": Case(lambda u: u.hunts.add(hunt(tenant=OTHER))),
    "HuntStore.keep": Case(lambda u: u.hunts.keep(hunt(tenant=OTHER, question="Theirs?")), Refused),
    "HuntStore.get": Case(lambda u: u.hunts.get(OTHER, HUNT), Refused),
    "HuntStore.pinned": Case(lambda u: u.hunts.pinned(OTHER, HUNT), Refused),
    "HuntStore.locked": Case(lambda u: u.hunts.locked(OTHER, HUNT), Refused),
    "HuntStore.open_in": Case(lambda u: u.hunts.open_in(OTHER, ROOM)),
    "HuntStore.latest_in": Case(lambda u: u.hunts.latest_in(OTHER, ROOM)),
    "HuntStore.of_board": Case(lambda u: u.hunts.of_board(OTHER, ROOM, BOARD)),
    "HuntStore.open": Case(lambda u: u.hunts.open(OTHER), ()),
    "HuntStore.recent": Case(lambda u: u.hunts.recent(OTHER, 9), ()),
    "HuntStore.rooms": Case(lambda u: u.hunts.rooms(OTHER, HUNT), ()),
    "HuntStore.keep_room": Case(lambda u: u.hunts.keep_room(HuntRoom(OTHER, HUNT, ROOM)), Refused),
    "HuntStore.uninvited_in": Case(lambda u: u.hunts.uninvited_in(OTHER, ROOM), ()),
    "PeopleStore.words": Case(lambda u: u.people.words(OTHER), ""),
    "PeopleStore.keep_words": Case(lambda u: u.people.keep_words(OTHER, "VTT → vélo", BEN, NOW)),
    "IdeaStore.add": Case(lambda u: u.ideas.add(idea(tenant=OTHER)), Refused),
    "IdeaStore.get": Case(lambda u: u.ideas.get(OTHER, HUNT, ONE), Refused),
    "IdeaStore.keep": Case(lambda u: u.ideas.keep(idea("theirs", tenant=OTHER, number=ONE), NOW), Refused),
    "IdeaStore.trace": Case(lambda u: u.ideas.trace(OTHER, ROOM, BOARD)),
    "IdeaStore.keep_trace": Case(lambda u: u.ideas.keep_trace(Trace(OTHER, ROOM, BOARD, gone=True))),
    "IdeaStore.same_gesture": Case(lambda u: u.ideas.same_gesture(OTHER, HUNT, "gesture"), Refused),
    "IdeaStore.page": Case(lambda u: u.ideas.page(OTHER, HUNT, states=ALL), ()),
    "IdeaStore.count": Case(lambda u: u.ideas.count(OTHER, HUNT, states=ALL), 0),
    "IdeaStore.by": Case(lambda u: u.ideas.by(OTHER, HUNT, ANNA), ()),
    "IdeaStore.merged_into": Case(lambda u: u.ideas.merged_into(OTHER, HUNT, ONE), ()),
    "IdeaStore.texts": Case(lambda u: u.ideas.texts(OTHER, HUNT), ()),
    "IdeaStore.posted_since": Case(lambda u: u.ideas.posted_since(OTHER, HUNT, ANNA, NOW), 0),
    "IdeaStore.since": Case(lambda u: u.ideas.since(OTHER, HUNT, NOW, 3).newest, ()),
    "IdeaStore.themes": Case(lambda u: u.ideas.themes(OTHER, HUNT), ()),
    "IdeaStore.add_theme": Case(lambda u: u.ideas.add_theme(OTHER, HUNT, "Paths", Origin.GIVEN), Refused),
    "IdeaStore.keep_theme": Case(
        lambda u: u.ideas.keep_theme(replace(u.ideas.themes(ACME, HUNT)[0], tenant=OTHER, name="Theirs")), Refused
    ),
    "IdeaStore.add_step": Case(lambda u: u.ideas.add_step(OTHER, HUNT, Step(0, "move", ANNA, (), ()), NOW), Refused),
    "IdeaStore.last_step": Case(lambda u: u.ideas.last_step(OTHER, HUNT)),
    "IdeaStore.drop_step": Case(lambda u: u.ideas.drop_step(OTHER, HUNT, 1)),
    "IdeaStore.holds": Case(lambda u: u.ideas.holds(OTHER, HUNT), False),
    "IdeaStore.release": Case(lambda u: u.ideas.release(OTHER, HUNT)),
    "IdeaStore.keep_pairs": Case(lambda u: u.ideas.keep_pairs(OTHER, HUNT, [Likeness(1, 2, 1.0, ())]), Refused),
    "IdeaStore.pairs": Case(lambda u: u.ideas.pairs(OTHER, HUNT, 9), ()),
    "IdeaStore.count_pairs": Case(lambda u: u.ideas.count_pairs(OTHER, HUNT), 0),
    "IdeaStore.judge": Case(
        lambda u: u.ideas.judge(OTHER, HUNT, Judged(ONE, IdeaNumber(2), Verdict.MERGED), BEN), Refused
    ),
    "IdeaStore.sorted_at": Case(lambda u: u.ideas.sorted_at(OTHER, HUNT), None),
    "IdeaStore.moved_since_sorting": Case(lambda u: u.ideas.moved_since_sorting(OTHER, HUNT), frozenset()),
    "IdeaStore.moved_by_hand": Case(lambda u: u.ideas.moved_by_hand(OTHER, HUNT), frozenset()),
    "IdeaStore.keep_places": Case(lambda u: u.ideas.keep_places(OTHER, HUNT, {ONE: None}, suggested=False), Refused),
    "IdeaStore.reasons": Case(lambda u: u.ideas.reasons(OTHER, HUNT), {}),
    "IdeaStore.keep_reasons": Case(lambda u: u.ideas.keep_reasons(OTHER, HUNT, [Reason(ONE, None)]), Refused),
    "IdeaStore.drop_reasons": Case(lambda u: u.ideas.drop_reasons(OTHER, HUNT, [ONE])),
    "IdeaStore.kept_apart": Case(lambda u: u.ideas.kept_apart(OTHER, HUNT), ()),
    "IdeaStore.suggests": Case(lambda u: u.ideas.suggests(OTHER, HUNT), gets=True),
    "IdeaStore.keep_suggests": Case(lambda u: u.ideas.keep_suggests(OTHER, HUNT, suggests=False), Refused),
    "IdeaStore.verdict": Case(lambda u: u.ideas.verdict(OTHER, HUNT, ONE, IdeaNumber(2))),
    "IdeaStore.changes": Case(lambda u: u.ideas.changes(OTHER, HUNT), Refused),
    "RoundStore.open": Case(lambda u: u.rounds.open(THEIRS, (), {}), Refused),
    "RoundStore.latest": Case(lambda u: u.rounds.latest(OTHER, HUNT)),
    "RoundStore.get": Case(lambda u: u.rounds.get(OTHER, HUNT, THEIRS.number), Refused),
    "RoundStore.pinned": Case(lambda u: u.rounds.pinned(OTHER, HUNT, THEIRS.number), Refused),
    "RoundStore.options": Case(lambda u: u.rounds.options(THEIRS), ()),
    "RoundStore.ballot": Case(lambda u: dict(u.rounds.ballot(THEIRS, ANNA, lock=True).placed), {}),
    "RoundStore.wish": Case(lambda u: wish(u, THEIRS, ANNA, 2, 1), Refused),
    "RoundStore.electors": Case(lambda u: u.rounds.electors(THEIRS), frozenset()),
    "RoundStore.elector": Case(lambda u: u.rounds.elector(THEIRS, ANNA), Elector()),
    "RoundStore.admit": Case(lambda u: u.rounds.admit(THEIRS, BEN, ""), Refused),
    "RoundStore.finish": Case(lambda u: u.rounds.finish(THEIRS, ANNA, done=True), Refused),
    "RoundStore.cast": Case(lambda u: u.rounds.cast(THEIRS, ANNA, {ONE: 1}, NOW), Refused),
    "RoundStore.enter": Case(lambda u: u.rounds.enter(THEIRS, [{ONE: 1}], [ANNA], NOW), Refused),
    "RoundStore.take_back": Case(lambda u: u.rounds.take_back(THEIRS, 1, NOW), Refused),
    "RoundStore.batches": Case(lambda u: u.rounds.batches(THEIRS), ()),
    "RoundStore.enrol": Case(lambda u: u.rounds.enrol(THEIRS, {BEN: ""}), Refused),
    "RoundStore.excuse": Case(lambda u: u.rounds.excuse(THEIRS, ANNA), Refused),
    "RoundStore.decline": Case(lambda u: u.rounds.decline(THEIRS, ANNA, declined=True), Refused),
    "RoundStore.keep": Case(lambda u: u.rounds.keep(replace(THEIRS, dots=1)), Refused),
    "RoundStore.locked": Case(lambda u: u.rounds.locked(OTHER, HUNT, THEIRS.number), Refused),
    "RoundStore.close": Case(lambda u: u.rounds.close(THEIRS, NOW)),
    "RoundStore.tally": Case(lambda u: u.rounds.tally(THEIRS), Refused),
    "RoundStore.papers": Case(lambda u: u.rounds.papers(THEIRS), Refused),
    "RoundStore.check": Case(lambda u: u.rounds.check(THEIRS), Refused),
    "RoundStore.fingerprint": Case(lambda u: u.rounds.fingerprint(THEIRS), Refused),
    "LetterStore.announce": Case(lambda u: u.letters.announce(theirs(letter("due", topic="board"))), gets=True),
    "LetterStore.settle": Case(lambda u: u.letters.settle(stolen(u), None), gets=False),
    "LetterStore.postpone": Case(
        lambda u: u.letters.postpone(stolen(u), later(days=9), "x", counted=True, ambiguous=True)
    ),
    "LetterStore.bury": Case(lambda u: u.letters.bury(stolen(u), "x")),
    "LetterStore.shut_gate": Case(lambda u: u.letters.shut_gate(OTHER, ROOM, later(days=9))),
    "LetterStore.cancel": Case(lambda u: u.letters.cancel(OTHER, ROOM), 0),
    "Calendar.keep_schedule": Case(lambda u: u.calendar.keep_schedule(replace(SCHEDULE, tenant=OTHER))),
    "Calendar.move": Case(lambda u: u.calendar.move(replace(SCHEDULE, tenant=OTHER), later(days=9), NOW), gets=False),
    "Calendar.drop_schedule": Case(lambda u: u.calendar.drop_schedule(OTHER, ROOM, "digest")),
    "Calendar.failed": Case(lambda u: u.calendar.failed(OTHER, "Ev1", "x", NOW), 1),
    "Calendar.bury_event": Case(lambda u: u.calendar.bury_event(OTHER, "Ev1", b"", "x", NOW)),
    "LinkStore.keep_workspace": Case(lambda u: u.links.keep_workspace("teams:1", OTHER)),
    "LinkStore.conversation": Case(lambda u: u.links.conversation(OTHER, ROOM)),
    "LinkStore.keep_conversation": Case(lambda u: u.links.keep_conversation(replace(TALK, tenant=OTHER, id="theirs"))),
    "LinkStore.drop_conversation": Case(lambda u: u.links.drop_conversation(OTHER, ROOM)),
    "LinkStore.add_code": Case(lambda u: u.links.add_code(replace(CODE, tenant=OTHER)), gets=True),
    "LinkStore.code": Case(lambda u: u.links.code(OTHER, "K7QF", NOW)),
    "LinkStore.code_of": Case(lambda u: u.links.code_of(OTHER, HUNT, NOW)),
    "LinkStore.drop_code": Case(lambda u: u.links.drop_code(OTHER, "K7QF")),
    "LinkStore.itself": Case(lambda u: u.links.itself(OTHER, BEN), BEN),
    "LinkStore.accounts": Case(lambda u: u.links.accounts(OTHER), {}),
    "LinkStore.rooms_of": Case(lambda u: u.links.rooms_of(OTHER, "19:g"), ()),
    "LinkStore.unlink": Case(lambda u: u.links.unlink(OTHER, ANNA), ()),
    "LinkStore.link": Case(lambda u: u.links.link(OTHER, ANNA, BEN)),
    "Calendar.note": Case(lambda u: u.calendar.note(OTHER, BEN, "x", "y", NOW)),
    "Calendar.acted": Case(lambda u: u.calendar.acted(OTHER, [ANNA], HUNT, later(days=-9)), gets=False),
}

FOR_ALL_TENANTS = {
    "PeopleStore.tenants": "the installation's list, for the clock",
    "HuntStore.due": "the clock's: hands out hunts, each with its tenant",
    "RoundStore.purge": "the clock's: by age only",
    "LetterStore.claim": "the sender's: hands out letters, each with its tenant",
    "LetterStore.next_due": "the clock's: one moment",
    "LetterStore.counts": "health: figures only",
    "LetterStore.undone": "health: figures only",
    "Calendar.due_schedules": "the clock's: hands out schedules, each with its tenant",
    "Calendar.dead_events": "health: one figure",
    "Calendar.tidy": "the clock's: by age only",
    "LinkStore.workspace": "the start's: which tenant a workspace is served in",
    "LinkStore.drop_old_codes": "by age only",
}

STORES = ("PeopleStore", "HuntStore", "IdeaStore", "RoundStore", "LetterStore", "Calendar", "LinkStore")


def test_every_method_of_every_store_has_its_case() -> None:
    methods = {
        f"{store}.{name}"
        for store in STORES
        for name, _ in inspect.getmembers(getattr(ports, store), inspect.isfunction)
        if not name.startswith("_")
    }
    assert methods == set(CASES) | set(FOR_ALL_TENANTS)


def fill(unit: Unit) -> None:  # noqa: PLR0915 - a row or more of each table
    """Rows of the first tenant in every table."""
    unit.people.keep_tenant(Tenant(ACME))
    unit.people.keep_person(Person(ACME, ANNA, "Anna"))
    unit.people.keep_words(ACME, "CHU → hôpital", ANNA, NOW)
    unit.people.keep_room(Room(ACME, ROOM, "ours"))
    unit.people.keep_members(ACME, ROOM, [ANNA])
    unit.people.first_time(ACME, "served", NOW)
    unit.people.move_cursor(ACME, ROOM, "", MessageId("1.1"))
    round = opened(unit)
    wish(unit, round, ANNA, 1, 2)
    unit.rounds.enter(round, [{IdeaNumber(2): 1}], [BEN], NOW)
    unit.hunts.keep_room(HuntRoom(ACME, HUNT, ROOM, Standing.UNINVITED, BOARD))
    theme = unit.ideas.add_theme(ACME, HUNT, "Paths", Origin.GIVEN)
    for _ in range(2):
        kept = unit.ideas.add(idea(author=ANNA, theme=ThemeId(theme.id)))
    unit.ideas.keep(replace(kept, text="Other words"), NOW)
    unit.ideas.keep_trace(Trace(ACME, ROOM, BOARD, HUNT, ONE))
    unit.ideas.same_gesture(ACME, HUNT, "gesture")
    unit.ideas.add_step(ACME, HUNT, Step(0, "move", ANNA, (), ()), NOW)
    unit.ideas.keep_pairs(ACME, HUNT, [Likeness(1, 2, 0.5, ())])
    unit.ideas.keep_suggests(ACME, HUNT, suggests=True)
    unit.ideas.keep_reasons(ACME, HUNT, [Reason(ONE, theme.id, shared=("path",))])
    unit.letters.announce(letter("due", topic="board"))
    unit.letters.claim(NOW, 1, 60)
    unit.letters.shut_gate(ACME, "reactions", NOW)
    unit.calendar.keep_schedule(SCHEDULE)
    unit.calendar.failed(ACME, "Ev1", "x", NOW)
    unit.calendar.note(ACME, ANNA, "x", "y", NOW)
    unit.links.keep_workspace("teams:1", ACME)
    unit.links.keep_conversation(TALK)
    unit.links.add_code(CODE)
    unit.links.link(ACME, BEN, ANNA)


def ours(unit: Unit) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the first tenant."""
    connection = unit.people.connection
    return {
        name: sorted(
            (tuple(row) for row in connection.execute(table.select().where(first_column(table) == ACME))), key=repr
        )
        for name, table in METADATA.tables.items()
    }


def first_column(table: Any) -> Any:
    return next(iter(table.primary_key.columns))


def test_the_first_tenant_has_rows_in_every_table(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        fill(unit)
        assert [name for name, rows in ours(unit).items() if not rows] == []


def test_every_key_starts_with_the_tenant() -> None:
    for table in METADATA.tables.values():
        assert first_column(table).name in {"tenant", "id"[: 2 * (table.name == "tenant")]}
        for foreign in table.foreign_key_constraints:
            assert foreign.column_keys[0] == "tenant"


@pytest.mark.parametrize("method", CASES)
def test_another_tenants_rows_are_out_of_reach(storage: SqlStorage, method: str) -> None:
    case = CASES[method]
    with storage.begin() as unit:
        fill(unit)
        before = ours(unit)
    got = attempt(storage, case)
    with storage.look() as unit:
        assert ours(unit) == before
    assert got == case.gets


def attempt(storage: SqlStorage, case: Case) -> Any:
    try:
        with storage.begin() as unit:
            return case.deed(unit)
    except (NotFound, VoteOver, IntegrityError):
        return Refused


def test_a_theme_of_another_tenants_hunt_cannot_be_used(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        launched(unit)
        theme = unit.ideas.add_theme(ACME, HUNT, "Paths", Origin.GIVEN)
        launched(unit, tenant=OTHER)
    assert attempt(storage, Case(lambda u: u.ideas.add(idea(tenant=OTHER, theme=theme.id)))) is Refused
