"""What answers one person: the hub, receipts, lists, help, the home page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.ballot import Round
from bot.domain.hunt import Hunt
from bot.domain.names import RoomId, ThemeId
from bot.screens.forms import BallotLine
from bot.screens.pieces import Choice, IdeaLine


@dataclass(frozen=True, slots=True)
class Hub:
    """The modal behind `/ideahunt`: what this person can do now. `dots_left` is None when no ballot is open to them."""

    hunt: Hunt
    room: RoomId
    leads: bool
    dots_left: int | None = None
    dots_total: int | None = None
    mine: int = 0
    voters: int = 0
    eligible: int = 0
    duplicates: int = 0
    unsorted: int = 0
    leaderless: bool = False
    """Every facilitator is gone: this person may take over."""
    tied: int = 0
    """Options tied at the cut of the closed round: a run-off is offered."""
    themes_chosen: int | None = None
    """Themes a closed vote over themes chose: the vote over their ideas is offered. None: there was no such vote."""


@dataclass(frozen=True, slots=True)
class IdeaSaved:
    """The receipt for one idea, private to its author."""

    hunt: Hunt
    line: IdeaLine
    token: str = ""
    repeated: bool = False
    """It was already there (a retry): nothing was added."""
    list_items: int = 0
    """The text looks like a list of this many ideas: splitting is offered."""
    details: tuple[str, ...] = ()
    """Personal details found in the text: rewording is offered."""
    folded: bool = False
    """A long text: its first sentence became the title and the rest is folded."""
    outside: str = ""
    """The host that ideas' words are sent to so that they can be grouped; "" when they stay here."""
    twin: IdeaLine | None = None
    """An idea that stands already and may be the same: supporting that one instead is offered."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """A ballot as it is kept, for its voter's eyes only: the options with their dots, `used` in all, at a moment."""

    hunt: Hunt
    round: Round
    lines: tuple[BallotLine, ...]
    used: int
    at: datetime


@dataclass(frozen=True, slots=True)
class SplitDone:
    """A pasted list became several ideas."""

    hunt: Hunt
    lines: tuple[IdeaLine, ...]


@dataclass(frozen=True, slots=True)
class MyIdeas:
    """A person's own ideas in a hunt (those under their name)."""

    hunt: Hunt
    lines: tuple[IdeaLine, ...]
    editable: bool
    page: int = 1
    pages: int = 1


@dataclass(frozen=True, slots=True)
class Browse:
    """All ideas, privately: a page of at most 20, by theme."""

    hunt: Hunt
    lines: tuple[IdeaLine, ...]
    themes: tuple[Choice, ...]
    theme: ThemeId | None
    page: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class Help:
    """What one can type, and a button for each."""

    hunt: Hunt | None
    leads: bool
    outside: str = ""
    """The host that ideas' words are sent to so that they can be grouped; "" when they stay here."""


@dataclass(frozen=True, slots=True)
class HomeHunt:
    """One hunt on a person's home page."""

    hunt: Hunt
    room: RoomId | None
    leads: bool
    mine: int
    dots_left: int | None


@dataclass(frozen=True, slots=True)
class Home:
    """A person's home page: what to do, open hunts, past hunts."""

    open: tuple[HomeHunt, ...]
    past: tuple[HomeHunt, ...]
    first_visit: bool
