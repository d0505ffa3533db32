"""Tenants, people, rooms and served requests, on both databases."""

from __future__ import annotations

from bot.domain.names import MessageId
from bot.domain.people import Person, Room, Tenant
from storage.sql import SqlStorage
from tests.contracts.samples import ACME, ANNA, BEN, NOW, OTHER, ROOM, later


def test_an_unknown_tenant_has_defaults_and_a_kept_one_what_was_kept(storage: SqlStorage) -> None:
    kept = Tenant(ACME, BEN, "fr", "Europe/Paris", active=False)
    with storage.begin() as unit:
        assert unit.people.tenant(ACME) == Tenant(ACME)
        unit.people.keep_tenant(Tenant(ACME))
        unit.people.keep_tenant(kept)
        unit.people.keep_tenant(Tenant(OTHER))
    with storage.look() as unit:
        assert unit.people.tenant(ACME) == kept
        assert unit.people.tenants() == (kept, Tenant(OTHER))


def test_a_person_comes_back_as_kept(storage: SqlStorage) -> None:
    kept = Person(ACME, ANNA, "Anna", "fr-FR", "Europe/Paris", "en", True, True, True, True, "resident", NOW)
    with storage.begin() as unit:
        assert unit.people.person(ACME, ANNA) == Person(ACME, ANNA)
        unit.people.keep_person(Person(ACME, ANNA))
        unit.people.keep_person(kept)
    with storage.look() as unit:
        assert unit.people.person(ACME, ANNA) == kept
        assert unit.people.person(ACME, BEN).seen_at is None


def test_a_room_comes_back_as_kept(storage: SqlStorage) -> None:
    kept = Room(ACME, ROOM, "forêt", "fr", "Europe/Paris", private=True, digest=False, present=True)
    with storage.begin() as unit:
        assert unit.people.room(ACME, ROOM) == Room(ACME, ROOM)
        unit.people.keep_room(kept)
    with storage.look() as unit:
        assert unit.people.room(ACME, ROOM) == kept


def test_members_are_replaced(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        unit.people.keep_members(ACME, ROOM, [ANNA, BEN])
        unit.people.keep_members(ACME, ROOM, [BEN])
        assert unit.people.members(ACME, ROOM) == {BEN}
        unit.people.keep_members(ACME, ROOM, [])
        assert unit.people.members(ACME, ROOM) == frozenset()


def test_members_come_and_go_one_by_one(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        assert unit.people.is_member(ACME, ROOM, ANNA) is None
        for _ in range(2):
            unit.people.add_member(ACME, ROOM, ANNA)
        assert unit.people.is_member(ACME, ROOM, ANNA) is True
        assert unit.people.is_member(ACME, ROOM, BEN) is False
        unit.people.add_member(ACME, ROOM, BEN)
        for _ in range(2):
            unit.people.drop_member(ACME, ROOM, ANNA)
        assert unit.people.members(ACME, ROOM) == {BEN}


def test_a_request_is_served_once_until_it_is_forgotten_after_eight_days(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        assert unit.people.first_time(ACME, "idea:V1", NOW)
        assert not unit.people.first_time(ACME, "idea:V1", later(hours=25))
        assert unit.people.first_time(ACME, "idea:V2", NOW)
        unit.calendar.tidy(later(days=8))
        assert not unit.people.first_time(ACME, "idea:V1", later(days=8))
        unit.calendar.tidy(later(days=10))
        assert unit.people.first_time(ACME, "idea:V1", later(days=10))


def test_a_cursor_moves_forward_only(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        assert unit.people.cursor(ACME, ROOM, "") is None
        for message in ("1700000000.000100", "1700000000.000300", "1700000000.000200", "999.9"):
            unit.people.move_cursor(ACME, ROOM, "", MessageId(message))
        unit.people.move_cursor(ACME, ROOM, "1.2", MessageId("5.5"))
    with storage.look() as unit:
        assert unit.people.cursor(ACME, ROOM, "") == "1700000000.000300"
        assert unit.people.cursor(ACME, ROOM, "1.2") == "5.5"
