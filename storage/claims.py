"""Claiming due letters: each by one process, at most one a destination at a time, none through a shut gate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Connection,
    and_,
    bindparam,
    case,
    false,
    func,
    literal,
    or_,
    select,
    type_coerce,
    update,
)

from bot.domain.letters import Claimed, Letter, LetterKind
from storage.hot import Found, Hot
from storage.rows import insert, table
from storage.rows_letters import IS_PENDING, IS_SENDING, GateRow, LetterRow
from storage.rows_people import TenantRow

A_TURN = timedelta(seconds=1)
"""Slack posts about one message a second and channel."""
REACTIONS = "reactions"
"""The gate that reactions share: they are no messages, a room takes many at once."""

_REACTING = (LetterKind.RECEIPT, LetterKind.UNRECEIPT)
_LETTERS = table(LetterRow)
_GATES = table(GateRow)
_TENANTS = table(TenantRow)
_PAGES = 4
"""Pages of candidates looked at: several letters may be for one destination."""

_NOW = bindparam("now", type_=_LETTERS.c.due_at.type)
_DESTINATION = case(
    (or_(*(_LETTERS.c.kind == kind for kind in _REACTING)), literal(REACTIONS)),
    else_=func.coalesce(_LETTERS.c.room, _LETTERS.c.person),
)
_SHUT = (
    select(_GATES.c.gate)
    .where(
        _GATES.c.tenant == _LETTERS.c.tenant,
        _GATES.c.gate == _DESTINATION,
        _GATES.c.until > _NOW,
    )
    .exists()
)
_ASLEEP = select(_TENANTS.c.id).where(_TENANTS.c.id == _LETTERS.c.tenant, _TENANTS.c.active == false()).exists()
_OTHER = _LETTERS.alias("under_way")
_UNDER_WAY = (
    select(_OTHER.c.id)
    .where(
        _OTHER.c.tenant == _LETTERS.c.tenant,
        _OTHER.c.topic == _LETTERS.c.topic,
        _OTHER.c.topic.is_not(None),
        _OTHER.c.state == IS_SENDING,
    )
    .exists()
)
_FREE = and_(~_SHUT, ~_ASLEEP)
_LAPSED = Hot(
    select(_LETTERS)
    .where(_LETTERS.c.state == IS_SENDING, _LETTERS.c.lease_until < _NOW, _FREE)
    .order_by(_LETTERS.c.lease_until, _LETTERS.c.id)
    .limit(bindparam("most"))
    .offset(bindparam("skip"))
    .with_for_update(skip_locked=True, of=_LETTERS)
)
_DUE = Hot(
    select(_LETTERS)
    .where(_LETTERS.c.state == IS_PENDING, _LETTERS.c.due_at <= _NOW, _FREE, ~_UNDER_WAY)
    .order_by(_LETTERS.c.due_at, _LETTERS.c.id)
    .limit(bindparam("most"))
    .offset(bindparam("skip"))
    .with_for_update(skip_locked=True, of=_LETTERS)
)
_TOO_LATE = update(_LETTERS).where(_LETTERS.c.expires_at <= _NOW)
_EXPIRED = {"state": "expired", "lease_until": None, "settled_at": _NOW}
_EXPIRE = _TOO_LATE.where(_LETTERS.c.state == IS_PENDING).values(_EXPIRED)
_EXPIRE_LAPSED = _TOO_LATE.where(_LETTERS.c.state == IS_SENDING, _LETTERS.c.lease_until < _NOW).values(_EXPIRED)
_TURN = insert(GateRow)
_TAKE_TURN = _TURN.on_conflict_do_update(
    index_elements=["tenant", "gate"],
    set_={"until": _TURN.excluded.until},
    where=_GATES.c.until <= type_coerce(_TURN.excluded.until, BigInteger) - A_TURN // timedelta(microseconds=1),
).returning(_GATES.c.tenant, _GATES.c.gate)
_TAKE = (
    update(_LETTERS)
    .where(_LETTERS.c.tenant == bindparam("of"), _LETTERS.c.id == bindparam("which"))
    .values(
        state="sending",
        fence=_LETTERS.c.fence + 1,
        attempts=_LETTERS.c.attempts + 1,
        lease_until=bindparam("lease", type_=_LETTERS.c.due_at.type),
        maybe_sent=bindparam("maybe"),
        first_try=func.coalesce(_LETTERS.c.first_try, _NOW),
    )
)


def claim_letters(connection: Connection, now: datetime, limit: int, lease_seconds: int) -> tuple[Claimed, ...]:
    """Takes up to `limit` due letters for `lease_seconds`, those of lapsed leases first."""
    connection.execute(_EXPIRE, {"now": now})
    connection.execute(_EXPIRE_LAPSED, {"now": now})
    taken = _with_turn(connection, _candidates(connection, now, limit), now)
    if taken:
        lease = now + timedelta(seconds=lease_seconds)
        marks = [{"of": row.tenant, "which": row.id, "maybe": _maybe_sent(row)} for row in taken]
        connection.execute(_TAKE, [{**mark, "lease": lease, "now": now} for mark in marks])
    return tuple(_claimed(row, now) for row in taken)


def _candidates(connection: Connection, now: datetime, limit: int) -> list[Found]:
    """Up to `limit` letters, each for a destination of its own; reactions as they come."""
    found: list[Found] = []
    for due in (_LAPSED, _DUE):
        for page in range(_PAGES):
            rows = due.all(connection, {"now": now, "most": limit, "skip": page * limit})
            found += rows
            chosen = _one_each(found)
            if len(chosen) >= limit:
                return chosen[:limit]
            if len(rows) < limit:
                break
    return _one_each(found)


def _one_each(found: Iterable[Found]) -> list[Found]:
    """The first letter of each destination; every reaction."""
    chosen: dict[tuple[str, str], Found] = {}
    for row in found:
        gate = _gate(row)
        chosen.setdefault((row.tenant, str(row.id) if gate is None else f"{gate} "), row)
    return list(chosen.values())


def _gate(row: Found) -> str | None:
    """The gate that this letter shuts behind itself."""
    return None if row.kind in _REACTING else str(row.room or row.person)


def _with_turn(connection: Connection, chosen: Sequence[Found], now: datetime) -> list[Found]:
    """The letters whose destination was free still; each shuts its gate for a moment.

    Gates are taken in one order everywhere, so that two processes never wait for each other in a circle.
    """
    gates = sorted({(row.tenant, gate) for row in chosen if (gate := _gate(row)) is not None})
    if not gates:
        return list(chosen)
    until = now + A_TURN
    turns = [{"tenant": tenant, "gate": gate, "until": until} for tenant, gate in gates]
    free = {(tenant, gate) for tenant, gate in connection.execute(_TAKE_TURN, turns)}
    return [row for row in chosen if (gate := _gate(row)) is None or (row.tenant, gate) in free]


def _maybe_sent(row: Found) -> bool:
    return bool(row.maybe_sent) or row.state == "sending"


def _claimed(row: Found, now: datetime) -> Claimed:
    letter = Letter(
        tenant=row.tenant,
        kind=row.kind,
        key=row.key,
        due_at=row.due_at,
        hunt=row.hunt,
        room=row.room,
        person=row.person,
        message=row.message,
        topic=row.topic,
        expires_at=row.expires_at,
        facts=row.facts,
    )
    first_try = row.first_try or now
    return Claimed(row.id, letter, row.fence + 1, row.attempts + 1, _maybe_sent(row), first_try)
