"""Schedules, failed events and the audit trail, on both databases."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.people import Tenant
from bot.ports import Schedule
from storage.rows import METADATA
from storage.sql import SqlStorage
from tests.contracts.samples import ACME, ANNA, NOW, OTHER, ROOM, later

WEEKLY = Schedule(ACME, ROOM, "digest", later(hours=1), "Europe/Paris")


def test_a_schedule_is_due_once_it_is_time(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        unit.calendar.keep_schedule(WEEKLY)
        unit.calendar.keep_schedule(other := replace(WEEKLY, tenant=OTHER, next_due=NOW))
        assert unit.calendar.due_schedules(NOW, 10) == (other,)
        assert unit.calendar.due_schedules(later(hours=1), 10) == (other, WEEKLY)
        assert unit.calendar.due_schedules(later(hours=1), 1) == (other,)
        unit.people.keep_tenant(Tenant(ACME, active=False))
        assert unit.calendar.due_schedules(later(hours=1), 10) == (other,)


def test_one_instance_moves_a_schedule(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        unit.calendar.keep_schedule(WEEKLY)
        assert unit.calendar.move(WEEKLY, later(days=7), NOW)
        assert not unit.calendar.move(WEEKLY, later(days=7), NOW)
        (moved,) = unit.calendar.due_schedules(later(days=8), 10)
        assert moved == replace(WEEKLY, next_due=later(days=7), last_sent=NOW)
        assert unit.calendar.move(moved, later(days=14), None)
        (silent,) = unit.calendar.due_schedules(later(days=15), 10)
        assert silent.last_sent == NOW


def test_a_schedule_is_replaced_and_dropped(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        unit.calendar.keep_schedule(WEEKLY)
        unit.calendar.keep_schedule(replace(WEEKLY, next_due=NOW, zone="UTC"))
        assert unit.calendar.due_schedules(NOW, 10) == (replace(WEEKLY, next_due=NOW, zone="UTC"),)
        unit.calendar.drop_schedule(ACME, ROOM, "digest")
        assert unit.calendar.due_schedules(later(days=1), 10) == ()


def test_failures_of_an_event_are_counted_until_it_is_buried(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        assert [unit.calendar.failed(ACME, "Ev1", "ValueError", NOW) for _ in range(3)] == [1, 2, 3]
        assert unit.calendar.failed(ACME, "Ev2", "ValueError", NOW) == 1
        assert unit.calendar.dead_events() == 0
        unit.calendar.bury_event(ACME, "Ev1", b"{\x00}", "ValueError", NOW)
        unit.calendar.bury_event(ACME, "Ev3", b"{}", "ValueError", NOW)
        assert unit.calendar.dead_events() == 2
        unit.calendar.tidy(later(days=30))
        assert unit.calendar.dead_events() == 2
        assert unit.calendar.failed(ACME, "Ev2", "ValueError", NOW) == 1


def test_the_audit_trail_keeps_who_did_what(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        unit.calendar.note(ACME, ANNA, "merge", "hunt", NOW)
        unit.calendar.note(ACME, None, "suspend", "tenant", NOW)
        audit = METADATA.tables["audit"]
        rows = unit.people.connection.execute(audit.select().order_by(audit.c.deed)).all()
    assert [(row.actor, row.deed, row.object, row.at) for row in rows] == [
        (ANNA, "merge", "hunt", NOW),
        (None, "suspend", "tenant", NOW),
    ]
