"""What the core asks of the world: a place to keep things (Storage), a chat to speak in (Platform), a Themer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.ballot import Ballot, Option, Round
from bot.domain.hunt import Hunt, HuntRoom
from bot.domain.ideas import Idea, IdeaState, IdeaText, Likeness, Origin, Pile, Theme, ThemeSeed
from bot.domain.letters import Claimed, Letter
from bot.domain.names import (
    HuntId,
    IdeaNumber,
    MessageId,
    PersonId,
    RoomId,
    RoundNumber,
    TenantId,
    ThemeId,
)
from bot.domain.people import Person, Room, Tenant
from bot.domain.tally import Tally

# --- storage -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Trace:
    """What became of one platform message, whatever the order in which its creation, edits and deletion arrive.

    `number` is None while no idea was made of it (an edit or a deletion came first, or it was refused).
    """

    tenant: TenantId
    room: RoomId
    message: MessageId
    hunt: HuntId | None = None
    number: IdeaNumber | None = None
    edited: str = ""
    text: str | None = None
    """The newest text, when an edit came before its original."""
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One step of grouping that can be taken back: the ideas and themes as they were before it."""

    seq: int
    deed: str
    actor: PersonId
    ideas: tuple[Idea, ...]
    themes: tuple[Theme, ...]


@dataclass(frozen=True, slots=True)
class Schedule:
    """A repeated sending to a room. `next_due` is aware UTC; `last_sent` bounds "since last time"."""

    tenant: TenantId
    room: RoomId
    kind: str
    next_due: datetime
    zone: str
    last_sent: datetime | None = None


@dataclass(frozen=True, slots=True)
class Week:
    """What changed in a hunt since a moment."""

    ideas: int
    voices: int
    newest: tuple[Idea, ...]


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

    def first_time(self, tenant: TenantId, request: str, now: datetime) -> bool:
        """Records a request's natural key; False when it was served before (kept at least 8 days)."""
        ...

    def cursor(self, tenant: TenantId, room: RoomId, thread: str) -> MessageId | None:
        """The newest message already read from a room's history ("" = the room itself) or from a thread."""
        ...

    def move_cursor(self, tenant: TenantId, room: RoomId, thread: str, to: MessageId) -> None:
        """Moves a cursor forward, never back."""
        ...


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

    def rooms(self, tenant: TenantId, hunt: HuntId) -> tuple[HuntRoom, ...]: ...
    def keep_room(self, room: HuntRoom) -> None: ...
    def uninvited_in(self, tenant: TenantId, room: RoomId) -> tuple[Hunt, ...]:
        """Hunts waiting for the bot to be invited to this room."""
        ...


class IdeaStore(Protocol):
    """Ideas, themes, the steps of grouping and the pairs of likely duplicates of a hunt."""

    def add(self, idea: Idea) -> Idea:
        """Numbers and keeps a new idea (its `number` is ignored), counts it on the hunt and its theme."""
        ...

    def get(self, tenant: TenantId, hunt: HuntId, number: IdeaNumber) -> Idea:
        """Raises UnknownIdea."""
        ...

    def keep(self, idea: Idea, now: datetime) -> None:
        """Writes an idea; a changed text makes a new version; counters follow state and theme."""
        ...

    def trace(self, tenant: TenantId, room: RoomId, message: MessageId) -> Trace | None: ...
    def keep_trace(self, trace: Trace) -> None: ...
    def same_gesture(self, tenant: TenantId, hunt: HuntId, client_id: str) -> bool:
        """Records the client's own message id within a hunt; True when it was there before."""
        ...

    def page(  # noqa: PLR0913 - one question with its filters, passed by name
        self,
        tenant: TenantId,
        hunt: HuntId,
        *,
        states: frozenset[IdeaState],
        theme: ThemeId | None = None,
        unsorted: bool = False,
        offset: int = 0,
        limit: int = 20,
    ) -> tuple[Idea, ...]:
        """Ideas by number; `theme` or `unsorted` (no theme) narrows."""
        ...

    def count(
        self,
        tenant: TenantId,
        hunt: HuntId,
        *,
        states: frozenset[IdeaState],
        theme: ThemeId | None = None,
        unsorted: bool = False,
    ) -> int: ...
    def by(self, tenant: TenantId, hunt: HuntId, person: PersonId) -> tuple[Idea, ...]:
        """A person's ideas under their name, withdrawn ones included."""
        ...

    def merged_into(self, tenant: TenantId, hunt: HuntId, number: IdeaNumber) -> tuple[Idea, ...]: ...
    def texts(self, tenant: TenantId, hunt: HuntId) -> tuple[IdeaText, ...]:
        """Every standing idea's text, by number."""
        ...

    def posted_since(self, tenant: TenantId, hunt: HuntId, person: PersonId, since: datetime) -> int:
        """Ideas under this person's name in the hunt since a moment."""
        ...

    def since(self, tenant: TenantId, hunt: HuntId, moment: datetime, newest: int) -> Week: ...
    def themes(self, tenant: TenantId, hunt: HuntId) -> tuple[Theme, ...]:
        """Every theme by position, gone ones included."""
        ...

    def add_theme(self, tenant: TenantId, hunt: HuntId, name: str, origin: Origin) -> Theme:
        """A new theme at the end; the existing one when the name is already there (case and accents folded)."""
        ...

    def keep_theme(self, theme: Theme) -> None: ...
    def add_step(self, tenant: TenantId, hunt: HuntId, step: Step, now: datetime) -> None:
        """Keeps a step (its `seq` is ignored)."""
        ...

    def last_step(self, tenant: TenantId, hunt: HuntId) -> Step | None: ...
    def drop_step(self, tenant: TenantId, hunt: HuntId, seq: int) -> None: ...
    def keep_pairs(self, tenant: TenantId, hunt: HuntId, pairs: Iterable[Likeness]) -> None:
        """Replaces the undecided pairs; decided ones stay decided."""
        ...

    def pairs(self, tenant: TenantId, hunt: HuntId, limit: int) -> tuple[Likeness, ...]:
        """Undecided pairs whose two ideas both stand, most alike first."""
        ...

    def count_pairs(self, tenant: TenantId, hunt: HuntId) -> int: ...
    def decide_pair(
        self, tenant: TenantId, hunt: HuntId, one: IdeaNumber, other: IdeaNumber, merged: bool, by: PersonId
    ) -> None: ...


class RoundStore(Protocol):
    """Rounds, ballots and dots. The schema itself refuses an overspent budget or a broken cap."""

    def open(self, round: Round, options: Sequence[Option], electors: Iterable[PersonId]) -> None:
        """Freezes the options, lays out slots and caps, makes the round's secret key."""
        ...

    def latest(self, tenant: TenantId, hunt: HuntId) -> Round | None: ...
    def get(self, tenant: TenantId, hunt: HuntId, number: RoundNumber) -> Round:
        """Raises UnknownRound."""
        ...

    def pinned(self, tenant: TenantId, hunt: HuntId, number: RoundNumber) -> Round:
        """Like get, and the round cannot close before this unit ends."""
        ...

    def options(self, round: Round) -> tuple[Option, ...]:
        """By position."""
        ...

    def ballot(self, round: Round, person: PersonId, lock: bool = False) -> Ballot: ...
    def order(self, round: Round, person: PersonId) -> str:
        """A stable secret-free seed for this voter's own order of options."""
        ...

    def wish(self, round: Round, person: PersonId, option: IdeaNumber, dots: int, action: str, now: datetime) -> None:
        """Writes the dots and the ledger; an `action` written before changes nothing."""
        ...

    def electors(self, round: Round) -> frozenset[PersonId]: ...
    def elects(self, round: Round, person: PersonId) -> bool:
        """Whether the person is on the round's list of voters."""
        ...

    def admit(self, round: Round, person: PersonId) -> None:
        """Adds one person to the list of voters of an open round (and to `eligible`), once."""
        ...

    def declined(self, round: Round, person: PersonId) -> bool: ...
    def decline(self, round: Round, person: PersonId, declined: bool) -> None: ...
    def with_dots_left(self, round: Round) -> tuple[tuple[PersonId, int], ...]:
        """Electors who neither used all their dots nor declined, with the dots left."""
        ...

    def close(self, round: Round, now: datetime) -> Tally | None:
        """Counts and seals the round; None when it was closed before. Destroys the key."""
        ...

    def tally(self, round: Round) -> Tally:
        """The sealed tally of a closed round; raises WrongPhase while it is open."""
        ...

    def papers(self, round: Round) -> tuple[Mapping[IdeaNumber, int], ...]:
        """The ballots of a closed round, without voters, in no order; raises WrongPhase while it is open."""
        ...

    def check(self, round: Round) -> tuple[str, ...]:
        """Recounts from the ledger; what differs, in plain English; nothing when all agrees."""
        ...


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
        """State -> number of letters."""
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

    def tidy(self, now: datetime) -> None:
        """Prunes served requests and settled letters older than 8 days."""
        ...


class Unit(Protocol):
    """Everything kept, inside one transaction."""

    @property
    def people(self) -> PeopleStore: ...
    @property
    def hunts(self) -> HuntStore: ...
    @property
    def ideas(self) -> IdeaStore: ...
    @property
    def rounds(self) -> RoundStore: ...
    @property
    def letters(self) -> LetterStore: ...
    @property
    def calendar(self) -> Calendar: ...


class Storage(Protocol):
    """Opens transactions. A refusal (any exception) rolls back; leaving quietly commits."""

    def begin(self) -> AbstractContextManager[Unit]:
        """A transaction that may write."""
        ...

    def look(self) -> AbstractContextManager[Unit]:
        """A transaction that only reads."""
        ...


# --- grouping ------------------------------------------------------------------------------------------------------


class Themer(Protocol):
    """Suggests; people decide. Pure and deterministic: same input, same answer."""

    def place(self, text: str, seeds: Sequence[ThemeSeed]) -> int | None:
        """The likely theme of one idea among those given, or None when unsure."""
        ...

    def group(self, ideas: Sequence[IdeaText]) -> tuple[Pile, ...]:
        """Piles for ideas; a last pile with an empty label holds what is not grouped yet."""
        ...

    def alike(self, ideas: Sequence[IdeaText]) -> tuple[Likeness, ...]:
        """Pairs that may be the same idea, most alike first."""
        ...
