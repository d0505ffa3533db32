"""Hunts and their rooms, on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.errors import UnknownHunt
from bot.domain.hunt import Capture, Hunt, HuntRoom, Names, Phase, Standing
from bot.domain.names import HuntId, MessageId, RoomId, RoundNumber
from bot.domain.people import Tenant
from storage.sql import SqlStorage
from tests.contracts.samples import ACME, ANNA, BEN, CHLOE, HUNT, NOW, ROOM, hunt, idea, later, launched


def full() -> Hunt:
    return hunt(
        phase=Phase.REVEALED,
        language="fr",
        cofacilitators=frozenset({BEN, CHLOE}),
        names=Names.NONE,
        private=False,
        capture=Capture.CHANNEL,
        own_themes=False,
        collect_until=later(hours=1),
        vote_from=later(hours=2),
        vote_until=later(hours=3),
        dots=7,
        cap=3,
        places=4,
        next_session=later(days=28),
        closed_at=later(days=1),
        round=RoundNumber(2),
        seed=2**62 - 1,
    )


def test_a_hunt_comes_back_as_kept(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        unit.hunts.add(full())
        assert unit.hunts.get(ACME, HUNT) == full()
        unit.hunts.keep(replace(full(), question="Another?", phase=Phase.VOTING))
    with storage.begin() as unit:
        for read in (unit.hunts.get, unit.hunts.pinned, unit.hunts.locked):
            assert read(ACME, HUNT) == replace(full(), question="Another?", phase=Phase.VOTING)


def test_keeping_a_hunt_leaves_its_counters(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        kept = launched(unit)
        unit.ideas.add(idea(author=ANNA))
        unit.hunts.keep(replace(kept, ideas=99, voices=99))
        assert (unit.hunts.get(ACME, HUNT).ideas, unit.hunts.get(ACME, HUNT).voices) == (1, 1)


@pytest.mark.parametrize("read", ["get", "pinned", "locked"])
def test_an_unknown_hunt_is_refused(storage: SqlStorage, read: str) -> None:
    with storage.begin() as unit, pytest.raises(UnknownHunt):
        getattr(unit.hunts, read)(ACME, HUNT)
    with storage.begin() as unit, pytest.raises(UnknownHunt):
        unit.hunts.keep(hunt())


def test_finds_the_open_and_the_latest_hunt_of_a_room(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        old = launched(unit, id=HuntId("old"), phase=Phase.CLOSED)
        assert unit.hunts.open_in(ACME, ROOM) is None
        assert unit.hunts.latest_in(ACME, ROOM) == old
        young = launched(unit, id=HuntId("young"), created_at=later(days=1))
        assert unit.hunts.open_in(ACME, ROOM) == unit.hunts.latest_in(ACME, ROOM) == young
        assert unit.hunts.open(ACME) == (young,)
        assert unit.hunts.recent(ACME, 5) == (old,)
        assert unit.hunts.recent(ACME, 0) == ()
        assert unit.hunts.open_in(ACME, RoomId("C99")) is None


def test_a_board_leads_to_its_hunt(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        kept = launched(unit)
        board = HuntRoom(ACME, HUNT, ROOM, Standing.LIVE, MessageId("1.1"), MessageId("1.2"), MessageId("1.3"))
        unit.hunts.keep_room(board)
        assert unit.hunts.rooms(ACME, HUNT) == (board,)
        assert unit.hunts.of_board(ACME, ROOM, MessageId("1.1")) == kept
        assert unit.hunts.of_board(ACME, ROOM, MessageId("1.2")) is None
        assert unit.hunts.of_board(ACME, RoomId("C99"), MessageId("1.1")) is None


def test_a_hunt_waits_for_an_invitation_until_it_is_closed(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        kept = launched(unit)
        assert unit.hunts.uninvited_in(ACME, ROOM) == ()
        unit.hunts.keep_room(HuntRoom(ACME, HUNT, ROOM, Standing.UNINVITED))
        assert unit.hunts.uninvited_in(ACME, ROOM) == (kept,)
        unit.hunts.keep(replace(kept, phase=Phase.CLOSED))
        assert unit.hunts.uninvited_in(ACME, ROOM) == ()


@pytest.mark.parametrize(
    ("phase", "due"),
    [
        (Phase.DRAFT, 1),
        (Phase.COLLECTING, 1),
        (Phase.REVEALED, 2),
        (Phase.VOTING, 3),
        (Phase.CLOSED, None),
    ],
)
def test_a_hunt_is_due_at_its_phases_own_deadline(storage: SqlStorage, phase: Phase, due: int | None) -> None:
    with storage.begin() as unit:
        unit.hunts.add(full())
        unit.hunts.keep(kept := replace(full(), phase=phase))
        for minutes in (60, 119, 120, 179, 180):
            wanted = (kept,) if due is not None and minutes >= 60 * due else ()
            assert unit.hunts.due(later(minutes=minutes), 10) == wanted


def test_nothing_is_due_in_a_tenant_that_sleeps(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        unit.hunts.add(full())
        unit.people.keep_tenant(Tenant(ACME, active=False))
        assert unit.hunts.due(later(days=9), 10) == ()
        unit.people.keep_tenant(Tenant(ACME, active=True))
        assert unit.hunts.due(later(days=9), 0) == ()
        assert len(unit.hunts.due(later(days=9), 1)) == 1


def test_a_naive_moment_is_refused(storage: SqlStorage) -> None:
    with pytest.raises(Exception, match="without a zone"), storage.begin() as unit:
        unit.hunts.add(hunt(created_at=NOW.replace(tzinfo=None)))
