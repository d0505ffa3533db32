"""A hunt: its question, its phases and the table that says which may follow which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.errors import NotAllowed, WrongPhase
from bot.domain.names import HuntId, MessageId, PersonId, RoomId, RoundNumber, TenantId

MAX_QUESTION = 150
TAKE_OVER_AFTER = timedelta(hours=24)
"""Facilitators who do not answer for so long are away: whoever asked may facilitate too."""
REQUEST_LAPSES = 2 * TAKE_OVER_AFTER
"""Whoever asked and did not come back by then does not bar the others."""
MAX_THEMES = 12
MAX_THEME = 75
"""Characters in the name of a theme: as many as a choice in a form of Slack shows whole."""


class Phase(StrEnum):
    """Where a hunt stands; the words on screen are `phase.<value>` of the catalogue."""

    DRAFT = "draft"
    """Launched, but not yet shown in its room (a private channel the bot was not invited to)."""
    COLLECTING = "collecting"
    REVEALED = "revealed"
    """Ideas are shown to the room, shuffled; grouping happens here; more ideas are welcome."""
    VOTING = "voting"
    CLOSED = "closed"


NEXT: Mapping[Phase, frozenset[Phase]] = {
    Phase.DRAFT: frozenset({Phase.COLLECTING, Phase.CLOSED}),
    Phase.COLLECTING: frozenset({Phase.REVEALED, Phase.DRAFT, Phase.CLOSED}),
    Phase.REVEALED: frozenset({Phase.COLLECTING, Phase.VOTING, Phase.CLOSED}),
    Phase.VOTING: frozenset({Phase.CLOSED}),
    Phase.CLOSED: frozenset({Phase.VOTING}),  # a run-off over the tied options
}


class Names(StrEnum):
    """Whether an author's name is kept; it may only become more private once somebody has contributed."""

    SHOWN = "shown"
    """Names are shown after the reveal; each author may still post one idea without a name."""
    NONE = "none"
    """No idea of this hunt keeps its author."""


class Capture(StrEnum):
    """Which messages of the room become ideas by themselves."""

    THREAD = "thread"
    CHANNEL = "channel"
    FORM = "form"
    """None: only forms, commands, shortcuts and direct messages."""


@dataclass(frozen=True, slots=True)
class Hunt:
    """One idea hunt. Times are aware UTC; `dots` None means "a third of the options, 3 to 10"."""

    tenant: TenantId
    id: HuntId
    question: str
    facilitator: PersonId
    created_at: datetime
    phase: Phase = Phase.COLLECTING
    language: str = "en"
    cofacilitators: frozenset[PersonId] = frozenset()
    observers: frozenset[PersonId] = frozenset()
    """They read what the room reads and have no vote."""
    asked_by: PersonId | None = None
    """Who asked to facilitate because nobody does; granted once facilitators stay silent for `TAKE_OVER_AFTER`."""
    asked_at: datetime | None = None
    names: Names = Names.SHOWN
    private: bool = True
    """Others' ideas stay hidden until the reveal."""
    capture: Capture = Capture.THREAD
    own_themes: bool = True
    """Participants may name a new theme when they post."""
    collect_until: datetime | None = None
    vote_from: datetime | None = None
    vote_until: datetime | None = None
    dots: int | None = None
    cap: int = 2
    places: int = 3
    next_session: datetime | None = None
    closed_at: datetime | None = None
    round: RoundNumber | None = None
    """The latest round, open or closed."""
    seed: int = 0
    """Orders the reveal; random at launch."""
    ideas: int = 0
    """Counter of ideas posted and not taken back, merged ones included; kept by the database, never counted."""
    voices: int = 0
    """Counter of people who posted at least one idea under their name, plus one an anonymous idea."""

    def expect(self, *wanted: Phase) -> None:
        """Raises WrongPhase unless the hunt is in one of the wanted phases."""
        if self.phase not in wanted:
            raise WrongPhase(self.phase.value, tuple(phase.value for phase in wanted))

    def step(self, to: Phase) -> Hunt:
        """The same hunt in the phase `to`; raises WrongPhase where the table has no such step."""
        if to not in NEXT[self.phase]:
            raise WrongPhase(self.phase.value, (to.value,))
        return replace(self, phase=to)

    def led_by(self, person: PersonId) -> bool:
        """Whether the person may facilitate this hunt."""
        return person == self.facilitator or person in self.cofacilitators

    def expect_leader(self, person: PersonId, deed: str) -> None:
        """Raises NotAllowed(deed) unless the person may facilitate this hunt."""
        if not self.led_by(person):
            raise NotAllowed(deed)

    @property
    def takes_ideas(self) -> bool:
        """Ideas are welcome until the vote opens."""
        return self.phase in {Phase.DRAFT, Phase.COLLECTING, Phase.REVEALED}

    @property
    def shows_ideas(self) -> bool:
        """Whether people may see others' ideas: after the reveal, or at once in an open hunt."""
        return self.phase not in {Phase.DRAFT, Phase.COLLECTING} or not self.private


class Standing(StrEnum):
    """How far a hunt has come in one room."""

    NEW = "new"
    LIVE = "live"
    UNINVITED = "uninvited"
    """The room is private and the bot is not in it: waits for an invitation."""
    GONE = "gone"
    """Archived, deleted, or the bot was removed."""


@dataclass(frozen=True, slots=True)
class HuntRoom:
    """A hunt as shown in one room: the messages it owns there."""

    tenant: TenantId
    hunt: HuntId
    room: RoomId
    standing: Standing = Standing.NEW
    board: MessageId | None = None
    """The one message that is updated in place; replies to it are the hunt's thread."""
    table: MessageId | None = None
    results: MessageId | None = None
