"""Hunts and the rooms they are shown in."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnClause, ColumnElement, Connection, Select, bindparam, false, literal_column, select, update

from bot.domain.errors import UnknownHunt
from bot.domain.hunt import Hunt, HuntRoom, Phase, Standing
from bot.domain.names import HuntId, MessageId, RoomId, TenantId
from storage.hot import Hot
from storage.rows import insert, table, upsert
from storage.rows_hunt import HuntCountRow, HuntRoomRow, HuntRow
from storage.rows_people import TenantRow

_HUNTS = table(HuntRow)
_COUNTS = table(HuntCountRow)
_ROOMS = table(HuntRoomRow)
_TENANTS = table(TenantRow)
_COUNTED = frozenset({"ideas", "voices"})
_FIELDS = tuple(field.name for field in fields(Hunt) if field.name not in _COUNTED)

# Spelt out, not a parameter: only so do the indexes of a tenant's open and closed hunts serve. Where the room is known
# they must not, since its own index is better.
_CLOSED: ColumnClause[str] = literal_column("'closed'")
_IS_OPEN = _HUNTS.c.phase != _CLOSED

_HUNT = select(*(_HUNTS.c[name] for name in _FIELDS), _COUNTS.c.ideas, _COUNTS.c.voices).join(
    _COUNTS, (_COUNTS.c.tenant == _HUNTS.c.tenant) & (_COUNTS.c.hunt == _HUNTS.c.id)
)
_ONE = _HUNT.where(_HUNTS.c.tenant == bindparam("of"), _HUNTS.c.id == bindparam("which"))
_GET = Hot(_ONE)
_PIN = Hot(_ONE.with_for_update(read=True, of=_HUNTS))
_LOCK = Hot(_ONE.with_for_update(of=_HUNTS))
_NEWEST = _HUNTS.c.created_at.desc()
_ITS_PLACES = (_ROOMS.c.tenant == bindparam("of")) & (_ROOMS.c.room == bindparam("where"))


def _shown(*where: ColumnElement[bool]) -> Select[Any]:
    """Hunts with such a place in the room, newest first: found from the room, then each by its key."""
    shown = select(_ROOMS.c.hunt).where(_ITS_PLACES, _ROOMS.c.standing != Standing.GONE, *where)
    return _HUNT.where(_HUNTS.c.tenant == bindparam("of"), _HUNTS.c.id.in_(shown)).order_by(_NEWEST)


_OPEN_IN = Hot(_shown().where(_HUNTS.c.phase != Phase.CLOSED).limit(1))
_LATEST_IN = Hot(_shown().limit(1))
_OF_BOARD = Hot(_shown(_ROOMS.c.board == bindparam("message")).limit(1))
_UNINVITED_IN = Hot(_shown(_ROOMS.c.standing == Standing.UNINVITED).where(_HUNTS.c.phase != Phase.CLOSED))
_OF_TENANT = _HUNT.where(_HUNTS.c.tenant == bindparam("of")).order_by(_NEWEST)
_OPEN = Hot(_OF_TENANT.where(_IS_OPEN))
_RECENT = Hot(_OF_TENANT.where(_HUNTS.c.phase == _CLOSED).limit(bindparam("most")))
_ASLEEP = select(_TENANTS.c.id).where(_TENANTS.c.id == _HUNTS.c.tenant, _TENANTS.c.active == false()).exists()
_DUE = Hot(
    _HUNT.where(_HUNTS.c.due_at <= bindparam("now", type_=_HUNTS.c.due_at.type), ~_ASLEEP)
    .order_by(_HUNTS.c.due_at)
    .limit(bindparam("most"))
)
_PLACES = Hot(
    select(_ROOMS)
    .where(_ROOMS.c.tenant == bindparam("of"), _ROOMS.c.hunt == bindparam("which"))
    .order_by(_ROOMS.c.room)
)
_ADD = insert(HuntRow)
_KEEP = update(_HUNTS).where(_HUNTS.c.tenant == bindparam("of"), _HUNTS.c.id == bindparam("which"))
_KEEP_ROOM = upsert(HuntRoomRow)


@dataclass(frozen=True, slots=True)
class SqlHunts:
    """HuntStore on a connection."""

    connection: Connection

    def add(self, hunt: Hunt) -> None:
        self.connection.execute(_ADD, _row(hunt))
        counts = {"tenant": hunt.tenant, "hunt": hunt.id, "numbered": 0, "ideas": 0, "voices": 0, "changes": 0}
        self.connection.execute(insert(HuntCountRow), counts)

    def keep(self, hunt: Hunt) -> None:
        row = _row(hunt)
        tenant, id = row.pop("tenant"), row.pop("id")
        if not self.connection.execute(_KEEP.values(row), {"of": tenant, "which": id}).rowcount:
            raise UnknownHunt

    def get(self, tenant: TenantId, id: HuntId) -> Hunt:
        return self._known(_GET, tenant, id)

    def pinned(self, tenant: TenantId, id: HuntId) -> Hunt:
        return self._known(_PIN, tenant, id)

    def locked(self, tenant: TenantId, id: HuntId) -> Hunt:
        return self._known(_LOCK, tenant, id)

    def _known(self, how: Hot, tenant: TenantId, id: HuntId) -> Hunt:
        row = how.first(self.connection, {"of": tenant, "which": id})
        if row is None:
            raise UnknownHunt
        return Hunt(**row._asdict())

    def open_in(self, tenant: TenantId, room: RoomId) -> Hunt | None:
        return self._first(_OPEN_IN, {"of": tenant, "where": room})

    def latest_in(self, tenant: TenantId, room: RoomId) -> Hunt | None:
        return self._first(_LATEST_IN, {"of": tenant, "where": room})

    def of_board(self, tenant: TenantId, room: RoomId, message: MessageId) -> Hunt | None:
        return self._first(_OF_BOARD, {"of": tenant, "where": room, "message": message})

    def open(self, tenant: TenantId) -> tuple[Hunt, ...]:
        return self._all(_OPEN, {"of": tenant})

    def recent(self, tenant: TenantId, limit: int) -> tuple[Hunt, ...]:
        return self._all(_RECENT, {"of": tenant, "most": limit})

    def due(self, now: datetime, limit: int) -> tuple[Hunt, ...]:
        return self._all(_DUE, {"now": now, "most": limit})

    def rooms(self, tenant: TenantId, hunt: HuntId, *, gone: bool = False) -> tuple[HuntRoom, ...]:
        rows = _PLACES.all(self.connection, {"of": tenant, "which": hunt})
        places = tuple(HuntRoom(**row._asdict()) for row in rows)
        return tuple(place for place in places if gone or place.standing is not Standing.GONE)

    def keep_room(self, room: HuntRoom) -> None:
        self.connection.execute(_KEEP_ROOM, {field.name: getattr(room, field.name) for field in fields(HuntRoom)})

    def uninvited_in(self, tenant: TenantId, room: RoomId) -> tuple[Hunt, ...]:
        return self._all(_UNINVITED_IN, {"of": tenant, "where": room})

    def _first(self, query: Hot, where: dict[str, Any]) -> Hunt | None:
        row = query.first(self.connection, where)
        return Hunt(**row._asdict()) if row else None

    def _all(self, query: Hot, where: dict[str, Any]) -> tuple[Hunt, ...]:
        return tuple(Hunt(**row._asdict()) for row in query.all(self.connection, where))


def _row(hunt: Hunt) -> dict[str, Any]:
    row = {name: getattr(hunt, name) for name in _FIELDS}
    return {**row, "due_at": _deadline(hunt)}


def _deadline(hunt: Hunt) -> datetime | None:
    """When the clock has to look at the hunt: the present phase's own deadline."""
    match hunt.phase:
        case Phase.DRAFT | Phase.COLLECTING:
            return hunt.collect_until
        case Phase.REVEALED:
            return hunt.vote_from
        case Phase.VOTING:
            return hunt.vote_until
        case Phase.CLOSED:
            return None
