"""Tenants, people, rooms and the requests already served."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import blake2b

from sqlalchemy import Connection, and_, bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import Insert

from bot.domain.names import MessageId, PersonId, RoomId, TenantId
from bot.domain.people import Person, Room, Tenant
from storage.columns import EPOCH
from storage.hot import Hot
from storage.rows import insert, table, upsert
from storage.rows_link import AccountRow
from storage.rows_people import CursorRow, PersonRow, RoomMemberRow, RoomRow, ServedRequestRow, TenantRow, WordListRow

_TENANTS = table(TenantRow)
_PEOPLE = table(PersonRow)
_ROOMS = table(RoomRow)
_MEMBERS = table(RoomMemberRow)
_ACCOUNTS = table(AccountRow)
_CURSORS = table(CursorRow)

_TENANT = Hot(select(_TENANTS).where(_TENANTS.c.id == bindparam("of")))
_LISTS = table(WordListRow)
_WORDS = Hot(select(_LISTS.c.words).where(_LISTS.c.tenant == bindparam("of")))
_KEEP_WORDS = upsert(WordListRow)
_PERSON = Hot(select(_PEOPLE).where(_PEOPLE.c.tenant == bindparam("of"), _PEOPLE.c.id == bindparam("which")))
_ROOM = Hot(select(_ROOMS).where(_ROOMS.c.tenant == bindparam("of"), _ROOMS.c.id == bindparam("which")))
_KEEP_TENANT = upsert(TenantRow)
_KEEP_PERSON = upsert(PersonRow)
_KEEP_ROOM = upsert(RoomRow)
_OF_ROOM = and_(_MEMBERS.c.tenant == bindparam("of"), _MEMBERS.c.room == bindparam("where"))
_THEMSELVES = func.coalesce(_ACCOUNTS.c.main, _MEMBERS.c.person)
"""Members are kept as the platform names them, and told as the person whose account that is."""
_WHO_IS_IN = select(_THEMSELVES).select_from(
    _MEMBERS.outerjoin(_ACCOUNTS, (_ACCOUNTS.c.tenant == _MEMBERS.c.tenant) & (_ACCOUNTS.c.id == _MEMBERS.c.person))
)
_ONE_MEMBER = and_(_OF_ROOM, _MEMBERS.c.person == bindparam("who"))
_IS_MEMBER = Hot(select(_MEMBERS.c.person).where(_ONE_MEMBER))
_BY_ANOTHER_ACCOUNT = Hot(
    select(_MEMBERS.c.person)
    .join(_ACCOUNTS, (_ACCOUNTS.c.tenant == _MEMBERS.c.tenant) & (_ACCOUNTS.c.id == _MEMBERS.c.person))
    .where(_OF_ROOM, _ACCOUNTS.c.main == bindparam("who"))
)
_ANYBODY = Hot(select(_MEMBERS.c.person).where(_OF_ROOM).limit(1))
_ADD_MEMBERS = insert(RoomMemberRow).on_conflict_do_nothing()
_DROP_MEMBERS = delete(_MEMBERS).where(_ONE_MEMBER)
_SERVE = Hot(insert(ServedRequestRow).on_conflict_do_nothing().returning(table(ServedRequestRow).c.day))
_CURSOR = Hot(
    select(_CURSORS.c.message).where(
        _CURSORS.c.tenant == bindparam("of"),
        _CURSORS.c.room == bindparam("where"),
        _CURSORS.c.thread == bindparam("which"),
    )
)


def _moving() -> Insert:
    """Message ids of a platform grow; a longer one is greater, then text order decides."""
    new = insert(CursorRow)
    old, to = _CURSORS.c.message, new.excluded.message
    farther = (func.length(to) > func.length(old)) | ((func.length(to) == func.length(old)) & (to > old))
    return new.on_conflict_do_update(index_elements=["tenant", "room", "thread"], set_={"message": to}, where=farther)


@dataclass(frozen=True, slots=True)
class SqlPeople:
    """PeopleStore on a connection."""

    connection: Connection

    def tenant(self, id: TenantId) -> Tenant:
        row = _TENANT.first(self.connection, {"of": id})
        return Tenant(**row._asdict()) if row else Tenant(id)

    def keep_tenant(self, tenant: Tenant) -> None:
        self.connection.execute(_KEEP_TENANT, asdict(tenant))

    def tenants(self) -> tuple[Tenant, ...]:
        rows = self.connection.execute(select(_TENANTS).order_by(_TENANTS.c.id)).mappings()
        return tuple(Tenant(**row) for row in rows)

    def words(self, tenant: TenantId) -> str:
        row = _WORDS.first(self.connection, {"of": tenant})
        return row.words if row else ""

    def keep_words(self, tenant: TenantId, words: str, by: PersonId, now: datetime) -> None:
        self.connection.execute(_KEEP_WORDS, {"tenant": tenant, "words": words, "by": by, "at": now})

    def person(self, tenant: TenantId, id: PersonId) -> Person:
        row = _PERSON.first(self.connection, {"of": tenant, "which": id})
        return Person(**row._asdict()) if row else Person(tenant, id)

    def keep_person(self, person: Person) -> None:
        self.connection.execute(_KEEP_PERSON, asdict(person))

    def room(self, tenant: TenantId, id: RoomId) -> Room:
        row = _ROOM.first(self.connection, {"of": tenant, "which": id})
        return Room(**row._asdict()) if row else Room(tenant, id)

    def keep_room(self, room: Room) -> None:
        self.connection.execute(_KEEP_ROOM, asdict(room))

    def members(self, tenant: TenantId, room: RoomId) -> frozenset[PersonId]:
        return frozenset(self.connection.execute(_WHO_IS_IN.where(_OF_ROOM), {"of": tenant, "where": room}).scalars())

    def keep_members(self, tenant: TenantId, room: RoomId, members: Iterable[PersonId]) -> None:
        wanted = frozenset(members)
        found = self.connection.execute(select(_MEMBERS.c.person).where(_OF_ROOM), {"of": tenant, "where": room})
        known = frozenset(found.scalars())
        if left := known - wanted:
            self.connection.execute(_DROP_MEMBERS, [{"of": tenant, "where": room, "who": one} for one in sorted(left)])
        if come := wanted - known:
            rows = [{"tenant": tenant, "room": room, "person": one} for one in sorted(come)]
            self.connection.execute(_ADD_MEMBERS, rows)

    def is_member(self, tenant: TenantId, room: RoomId, person: PersonId) -> bool | None:
        where = {"of": tenant, "where": room}
        wanted = {**where, "who": person}
        if any(asked.first(self.connection, wanted) is not None for asked in (_IS_MEMBER, _BY_ANOTHER_ACCOUNT)):
            return True
        return False if _ANYBODY.first(self.connection, where) is not None else None

    def add_member(self, tenant: TenantId, room: RoomId, person: PersonId) -> None:
        self.connection.execute(_ADD_MEMBERS, {"tenant": tenant, "room": room, "person": person})

    def drop_member(self, tenant: TenantId, room: RoomId, person: PersonId) -> None:
        self.connection.execute(_DROP_MEMBERS, {"of": tenant, "where": room, "who": person})

    def first_time(self, tenant: TenantId, request: str, now: datetime) -> bool:
        row = {"tenant": tenant, "request": digest(tenant, request), "day": (now - EPOCH).days}
        return _SERVE.first(self.connection, row) is not None

    def cursor(self, tenant: TenantId, room: RoomId, thread: str) -> MessageId | None:
        where = {"of": tenant, "where": room, "which": thread}
        row = _CURSOR.first(self.connection, where)
        return row.message if row else None

    def move_cursor(self, tenant: TenantId, room: RoomId, thread: str, to: MessageId) -> None:
        self.connection.execute(_MOVE_CURSOR, {"tenant": tenant, "room": room, "thread": thread, "message": to})


_MOVE_CURSOR = _moving()


def digest(tenant: TenantId, request: str) -> bytes:
    """What is remembered of a request: enough to know it again, nothing to read in it."""
    return blake2b(request.encode(), key=blake2b(tenant.encode()).digest(), digest_size=16).digest()
