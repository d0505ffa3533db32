"""What the core asks of whoever keeps tenants, people and rooms."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from bot.domain.names import MessageId, PersonId, RoomId, TenantId
from bot.domain.people import Person, Room, Tenant


class PeopleStore(Protocol):
    """Tenants, people, rooms and the requests already served."""

    def tenant(self, id: TenantId) -> Tenant: ...
    def keep_tenant(self, tenant: Tenant) -> None: ...
    def tenants(self) -> tuple[Tenant, ...]: ...
    def person(self, tenant: TenantId, id: PersonId) -> Person:
        """The person, with defaults (and `seen_at` None) when never seen."""
        ...

    def keep_person(self, person: Person) -> None: ...
    def room(self, tenant: TenantId, id: RoomId) -> Room:
        """The room, with defaults when never seen."""
        ...

    def keep_room(self, room: Room) -> None: ...
    def members(self, tenant: TenantId, room: RoomId) -> frozenset[PersonId]: ...
    def keep_members(self, tenant: TenantId, room: RoomId, members: Iterable[PersonId]) -> None:
        """Replaces the known members of a room."""
        ...

    def is_member(self, tenant: TenantId, room: RoomId, person: PersonId) -> bool | None:
        """Whether somebody is in a room; None where nobody is known to be."""
        ...

    def add_member(self, tenant: TenantId, room: RoomId, person: PersonId) -> None: ...
    def drop_member(self, tenant: TenantId, room: RoomId, person: PersonId) -> None: ...

    def first_time(self, tenant: TenantId, request: str, now: datetime) -> bool:
        """Records a request's natural key; False when it was served before (kept at least 8 days)."""
        ...

    def cursor(self, tenant: TenantId, room: RoomId, thread: str) -> MessageId | None:
        """The newest message already read from a room's history ("" = the room itself) or from a thread."""
        ...

    def move_cursor(self, tenant: TenantId, room: RoomId, thread: str, to: MessageId) -> None:
        """Moves a cursor forward, never back."""
        ...
