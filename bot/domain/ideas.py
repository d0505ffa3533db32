"""An idea and a theme: what they hold, and what may be done to them before the vote."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.names import HuntId, IdeaNumber, MessageId, PersonId, RoomId, TenantId, ThemeId

LEAST_WORDS = 3
MAX_TEXT = 2_000
TITLE_FROM = 280
"""An idea longer than this many characters gets a title, and its detail is folded."""
MAX_TITLE = 120


class IdeaState(StrEnum):
    """Whether an idea stands; nothing is ever deleted but a withdrawn text."""

    STANDING = "standing"
    WITHDRAWN = "withdrawn"
    PARKED = "parked"
    """Set aside as off topic: kept, listed apart, never on a ballot."""
    MERGED = "merged"
    """Told together with another idea (`merged_into`); its author keeps the credit."""


class Way(StrEnum):
    """How an idea came in."""

    THREAD = "thread"
    CHANNEL = "channel"
    FORM = "form"
    COMMAND = "command"
    SHORTCUT = "shortcut"
    REACTION = "reaction"
    DIRECT = "direct"


@dataclass(frozen=True, slots=True)
class Source:
    """The message an idea was taken from; None fields where it came from a form or must not be known."""

    room: RoomId
    message: MessageId
    edited: str = ""
    """The platform's own edit stamp; a greater one wins, whatever the order of arrival."""


@dataclass(frozen=True, slots=True)
class Idea:
    """One proposal in its author's own words. `author` is None when it was posted without a name: it is not stored."""

    tenant: TenantId
    hunt: HuntId
    number: IdeaNumber
    text: str
    created_at: datetime
    way: Way = Way.FORM
    author: PersonId | None = None
    title: str = ""
    theme: ThemeId | None = None
    suggested: bool = False
    """The theme is the bot's suggestion, not a person's choice."""
    state: IdeaState = IdeaState.STANDING
    merged_into: IdeaNumber | None = None
    version: int = 1
    source: Source | None = None
    saved_by: PersonId | None = None
    """Who saved somebody else's message as an idea."""
    voices: int = 1
    """How many ideas stand behind this one, itself included (merges)."""

    @property
    def headline(self) -> str:
        """What a list shows: the title where there is one, else the text."""
        return self.title or self.text


class Origin(StrEnum):
    """Where a theme came from."""

    GIVEN = "given"
    PERSON = "person"
    SUGGESTED = "suggested"


@dataclass(frozen=True, slots=True)
class Theme:
    """A group of ideas with a readable name. `ideas` is a counter kept by the database."""

    tenant: TenantId
    hunt: HuntId
    id: ThemeId
    name: str
    position: int
    origin: Origin = Origin.GIVEN
    ideas: int = 0
    gone: bool = False
    """Merged away or empty after a split; kept so that undo can bring it back."""


def folded_name(name: str) -> str:
    """A name without case, accents and doubled blanks: what makes two themes the same."""
    spread = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(c for c in spread if not unicodedata.combining(c)).split())


@dataclass(frozen=True, slots=True)
class IdeaText:
    """What the Themer reads of an idea."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class ThemeSeed:
    """What the Themer reads of a theme that people gave: its name and some ideas they put there."""

    id: int
    name: str
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pile:
    """A theme the Themer proposes: a label of at most 40 characters, its ideas, the most central one, and why.

    `unsure` are those of its ideas that lie nearly as near to another pile. `theme` is the id of the theme that goes
    on in it, None for a new one.
    """

    label: str
    ideas: tuple[int, ...]
    example: int
    shared: tuple[str, ...] = ()
    unsure: tuple[int, ...] = ()
    theme: int | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the bot suggests a theme for an idea, or none any more (`theme` None), as it was when it said so.

    `was`: the theme it took the idea from. `shared`: words the idea has in common with the theme. `near`: without such
    words, the theme's most central idea, whose meaning is near. `unsure`: another theme pulls nearly as much.
    """

    number: IdeaNumber
    theme: ThemeId | None
    was: ThemeId | None = None
    shared: tuple[str, ...] = ()
    near: IdeaNumber | None = None
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class StandingTheme:
    """A theme as it stands before a regrouping. `named`: its name says what belongs there, not its ideas alone."""

    id: int
    name: str
    named: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """How a hunt stands: where ideas are shown, which a person put there, and which pairs a person keeps apart.

    `looked_over`: ideas that were there when a person last sorted, and that they left where they were.
    """

    themes: tuple[StandingTheme, ...] = ()
    placed: Mapping[int, int] = field(default_factory=dict)
    pinned: frozenset[int] = frozenset()
    apart: tuple[tuple[int, int], ...] = ()
    looked_over: frozenset[int] = frozenset()


class Verdict(StrEnum):
    """What a person said of two ideas that look alike."""

    MERGED = "merged"
    APART = "apart"
    """Two ideas; they may share a theme."""
    OTHER_THEME = "other_theme"
    """Two ideas that belong in two themes."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two ideas that may be the same: `score` in 0..1 and the words they share, as written."""

    one: int
    other: int
    score: float
    shared: tuple[str, ...]
