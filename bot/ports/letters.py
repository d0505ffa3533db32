"""What the core asks of whoever keeps letters, schedules and the audit trail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol

from bot.domain.letters import Claimed, Letter
from bot.domain.names import MessageId, PersonId, RoomId, TenantId
from bot.ports.records import Schedule


class LetterStore(Protocol):
    """The outbox: claim, send, settle."""

    def announce(self, letter: Letter) -> bool:
        """Writes a letter; False when its key was written before, or its topic is already waiting."""
        ...

    def claim(self, now: datetime, limit: int, lease_seconds: int) -> tuple[Claimed, ...]:
        """Takes due letters whose destination's gate is free; expired ones are closed, not returned."""
        ...

    def settle(self, claimed: Claimed, message: MessageId | None) -> bool:
        """Delivered. False when another process has taken it since (late settle: ignored)."""
        ...

    def postpone(self, claimed: Claimed, until: datetime, error: str, *, counted: bool, ambiguous: bool) -> None:
        """Back to pending. `counted` False gives the attempt back; `ambiguous` True: it may have been sent."""
        ...

    def bury(self, claimed: Claimed, error: str) -> None:
        """Given up; visible in health and `ideahunt db letters`."""
        ...

    def shut_gate(self, tenant: TenantId, gate: str, until: datetime) -> None:
        """Nothing through this gate (a room id, or a method) before `until`."""
        ...

    def cancel(self, tenant: TenantId, room: RoomId) -> int:
        """Cancels what waits for a room that is gone."""
        ...

    def next_due(self) -> datetime | None: ...
    def counts(self) -> Mapping[str, int]:
        """State -> number of letters. Reads the whole outbox."""
        ...

    def undone(self) -> Mapping[str, int]:
        """How many letters are pending, sending and dead; cheap however many were sent."""
        ...


class Calendar(Protocol):
    """Repeated sendings, failures of events and the audit trail."""

    def keep_schedule(self, schedule: Schedule) -> None:
        """Adds or replaces the schedule of a room and kind."""
        ...

    def due_schedules(self, now: datetime, limit: int) -> tuple[Schedule, ...]: ...
    def move(self, schedule: Schedule, next_due: datetime, sent: datetime | None) -> bool:
        """Compare-and-set on `next_due`: False when another instance moved it first."""
        ...

    def drop_schedule(self, tenant: TenantId, room: RoomId, kind: str) -> None: ...
    def failed(self, tenant: TenantId, event: str, error: str, now: datetime) -> int:
        """Counts one more failure of an event; returns how many so far."""
        ...

    def bury_event(self, tenant: TenantId, event: str, payload: bytes, error: str, now: datetime) -> None: ...
    def dead_events(self) -> int: ...
    def note(self, tenant: TenantId, actor: PersonId | None, deed: str, object: str, now: datetime) -> None:
        """One line of the audit trail: no idea text, no choice."""
        ...

    def acted(self, tenant: TenantId, actors: Iterable[PersonId], object: str, since: datetime) -> bool:
        """Whether one of these people did something noted about `object` after a moment."""
        ...

    def tidy(self, now: datetime) -> None:
        """Prunes served requests and settled letters older than 8 days."""
        ...
