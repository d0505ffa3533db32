"""What the core asks of whoever keeps hunts and their rooms."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.domain.hunt import Hunt, HuntRoom
from bot.domain.names import HuntId, MessageId, RoomId, TenantId


class HuntStore(Protocol):
    """Hunts and the rooms they are shown in."""

    def add(self, hunt: Hunt) -> None: ...
    def keep(self, hunt: Hunt) -> None:
        """Writes everything but the counters (`ideas`, `voices`), which only the ideas' own statements change."""
        ...

    def get(self, tenant: TenantId, id: HuntId) -> Hunt:
        """Raises UnknownHunt, also for another tenant's hunt."""
        ...

    def pinned(self, tenant: TenantId, id: HuntId) -> Hunt:
        """Like get, and nobody can change the hunt before this unit ends (FOR SHARE)."""
        ...

    def locked(self, tenant: TenantId, id: HuntId) -> Hunt:
        """Like get, and nobody else can pin or change the hunt before this unit ends (FOR UPDATE)."""
        ...

    def open_in(self, tenant: TenantId, room: RoomId) -> Hunt | None:
        """The hunt of this room that is not closed, if any."""
        ...

    def latest_in(self, tenant: TenantId, room: RoomId) -> Hunt | None:
        """The newest hunt of this room in any phase."""
        ...

    def of_board(self, tenant: TenantId, room: RoomId, message: MessageId) -> Hunt | None:
        """The hunt whose board is this message."""
        ...

    def open(self, tenant: TenantId) -> tuple[Hunt, ...]:
        """Hunts not closed, newest first."""
        ...

    def recent(self, tenant: TenantId, limit: int) -> tuple[Hunt, ...]:
        """Closed hunts, newest first."""
        ...

    def due(self, now: datetime, limit: int) -> tuple[Hunt, ...]:
        """Hunts of active tenants whose phase's own deadline has come, at or before now.

        Collecting (or draft) with `collect_until`, revealed with `vote_from`, voting with `vote_until`.
        """
        ...

    def rooms(self, tenant: TenantId, hunt: HuntId, *, gone: bool = False) -> tuple[HuntRoom, ...]:
        """The rooms a hunt is shown in; `gone`: those too that were taken out of it."""
        ...

    def keep_room(self, room: HuntRoom) -> None: ...
    def uninvited_in(self, tenant: TenantId, room: RoomId) -> tuple[Hunt, ...]:
        """Hunts waiting for the bot to be invited to this room."""
        ...
