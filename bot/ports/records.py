"""What stores keep beside the domain: traces of messages, steps to take back, schedules, a week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.ideas import Idea, Theme, Verdict
from bot.domain.names import HuntId, IdeaNumber, MessageId, PersonId, RoomId, TenantId


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
class Judged:
    """Two ideas and what a person said of them; None: nothing."""

    one: IdeaNumber
    other: IdeaNumber
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of grouping that can be taken back: the ideas, themes and pairs as they were before it."""

    seq: int
    deed: str
    actor: PersonId
    ideas: tuple[Idea, ...]
    themes: tuple[Theme, ...]
    pairs: tuple[Judged, ...] = ()


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
