"""Repeated sendings, failures of events, the audit trail, and tidying up."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, false, func, select, update

from bot.domain.names import PersonId, RoomId, TenantId
from bot.ports import Schedule
from storage.columns import EPOCH
from storage.rows import insert, table, upsert
from storage.rows_letters import AuditRow, FailedEventRow, GateRow, LetterRow, ScheduleRow
from storage.rows_people import ServedRequestRow, TenantRow

KEPT_FOR = timedelta(days=8)
"""How long served requests and settled letters are remembered: longer than any platform delivers again."""

_SCHEDULES = table(ScheduleRow)
_TENANTS = table(TenantRow)
_EVENTS = table(FailedEventRow)
_SERVED = table(ServedRequestRow)
_LETTERS = table(LetterRow)
_AUDIT = table(AuditRow)
_GATES = table(GateRow)

_ASLEEP = select(_TENANTS.c.id).where(_TENANTS.c.id == _SCHEDULES.c.tenant, _TENANTS.c.active == false()).exists()
_NOW = bindparam("now", type_=_SCHEDULES.c.next_due.type)
_KEEP = upsert(ScheduleRow)
_DUE = (
    select(_SCHEDULES)
    .where(_SCHEDULES.c.next_due <= _NOW, ~_ASLEEP)
    .order_by(_SCHEDULES.c.next_due)
    .limit(bindparam("most"))
)
_THIS = (
    (_SCHEDULES.c.tenant == bindparam("of"))
    & (_SCHEDULES.c.room == bindparam("where"))
    & (_SCHEDULES.c.kind == bindparam("what"))
)
_MOVE = (
    update(_SCHEDULES)
    .where(_THIS, _SCHEDULES.c.next_due == bindparam("from", type_=_SCHEDULES.c.next_due.type))
    .values(
        next_due=bindparam("to", type_=_SCHEDULES.c.next_due.type),
        last_sent=func.coalesce(bindparam("sent", type_=_SCHEDULES.c.next_due.type), _SCHEDULES.c.last_sent),
    )
)
_DROP = delete(_SCHEDULES).where(_THIS)
_FAIL = insert(FailedEventRow)
_FAILED = _FAIL.on_conflict_do_update(
    index_elements=["tenant", "event"],
    set_={
        "failures": _EVENTS.c.failures + 1,
        "at": _FAIL.excluded.at,
        "error": _FAIL.excluded.error,
    },
).returning(_EVENTS.c.failures)
_BURY = _FAIL.on_conflict_do_update(
    index_elements=["tenant", "event"],
    set_={"payload": _FAIL.excluded.payload, "at": _FAIL.excluded.at, "error": _FAIL.excluded.error},
)
_DEAD = select(func.count()).select_from(_EVENTS).where(_EVENTS.c.payload.is_not(None))
_NOTE = insert(AuditRow)
_ACTED = (
    select(_AUDIT.c.id)
    .where(
        _AUDIT.c.tenant == bindparam("of"),
        _AUDIT.c.at > bindparam("since", type_=_AUDIT.c.at.type),
        _AUDIT.c.actor.in_(bindparam("actors", expanding=True)),
        _AUDIT.c.object.startswith(bindparam("about")),
    )
    .limit(1)
)
_LONG_AGO = bindparam("then", type_=_LETTERS.c.due_at.type)
_TIDY = (
    delete(_LETTERS).where(_LETTERS.c.state.in_(["sent", "expired", "cancelled"]), _LETTERS.c.settled_at < _LONG_AGO),
    delete(_GATES).where(_GATES.c.until < _LONG_AGO),
    delete(_EVENTS).where(_EVENTS.c.payload.is_(None), _EVENTS.c.at < _LONG_AGO),
)
_TIDY_SERVED = delete(_SERVED).where(_SERVED.c.day < bindparam("then"))


@dataclass(frozen=True, slots=True)
class SqlCalendar:
    """Calendar on a connection."""

    connection: Connection

    def keep_schedule(self, schedule: Schedule) -> None:
        row = {**_of(schedule), "next_due": schedule.next_due, "zone": schedule.zone}
        self.connection.execute(_KEEP, {**row, "last_sent": schedule.last_sent})

    def due_schedules(self, now: datetime, limit: int) -> tuple[Schedule, ...]:
        rows = self.connection.execute(_DUE, {"now": now, "most": limit}).mappings()
        return tuple(Schedule(**row) for row in rows)

    def move(self, schedule: Schedule, next_due: datetime, sent: datetime | None) -> bool:
        where = {"of": schedule.tenant, "where": schedule.room, "what": schedule.kind}
        moved = {"from": schedule.next_due, "to": next_due, "sent": sent}
        return self.connection.execute(_MOVE, {**where, **moved}).rowcount == 1

    def drop_schedule(self, tenant: TenantId, room: RoomId, kind: str) -> None:
        self.connection.execute(_DROP, {"of": tenant, "where": room, "what": kind})

    def failed(self, tenant: TenantId, event: str, error: str, now: datetime) -> int:
        row = {"tenant": tenant, "event": event, "failures": 1, "at": now, "error": error, "payload": None}
        return int(self.connection.execute(_FAILED, row).scalar_one())

    def bury_event(self, tenant: TenantId, event: str, payload: bytes, error: str, now: datetime) -> None:
        row = {"tenant": tenant, "event": event, "failures": 1, "at": now, "error": error}
        self.connection.execute(_BURY, {**row, "payload": payload})

    def dead_events(self) -> int:
        return self.connection.execute(_DEAD).scalar_one()

    def note(self, tenant: TenantId, actor: PersonId | None, deed: str, object: str, now: datetime) -> None:
        row = {"tenant": tenant, "at": now, "id": secrets.token_hex(8), "actor": actor}
        self.connection.execute(_NOTE, {**row, "deed": deed, "object": object})

    def acted(self, tenant: TenantId, actors: Iterable[PersonId], object: str, since: datetime) -> bool:
        where = {"of": tenant, "since": since, "about": object, "actors": list(actors)}
        return self.connection.execute(_ACTED, where).first() is not None

    def tidy(self, now: datetime) -> None:
        then = now - KEPT_FOR
        for old in _TIDY:
            self.connection.execute(old, {"then": then})
        self.connection.execute(_TIDY_SERVED, {"then": (then - EPOCH).days})


def _of(schedule: Schedule) -> dict[str, Any]:
    return {"tenant": schedule.tenant, "room": schedule.room, "kind": schedule.kind}
