"""What people fill in: launch, idea, ballot, sorting, themes, settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.ballot import Extra, Round
from bot.domain.hunt import Capture, Hunt, Names
from bot.domain.names import HuntId, IdeaNumber, PersonId, RoomId, ThemeId
from bot.domain.rules import Rules
from bot.screens.pieces import Choice, IdeaLine, Note, ThemeBlock
from bot.trust import Said


@dataclass(frozen=True, slots=True)
class LaunchForm:
    """The launch form. `full` shows the fields behind "More options". `problems`: field -> key of a sentence."""

    room: RoomId | None
    question: str = ""
    language: str = "en"
    full: bool = False
    themes: tuple[str, ...] = ()
    collect_until: datetime | None = None
    dots: int | None = None
    cap: int = 2
    places: int = 3
    names: Names = Names.SHOWN
    private: bool = True
    capture: Capture = Capture.THREAD
    vote_from: datetime | None = None
    vote_until: datetime | None = None
    cofacilitators: tuple[PersonId, ...] = ()
    observers: tuple[PersonId, ...] = ()
    next_session: datetime | None = None
    problems: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class IdeaForm:
    """The form for one idea, new or edited (`number`). `hunts` holds several when the person must choose one."""

    hunts: tuple[Choice, ...]
    hunt: HuntId | None
    themes: tuple[Choice, ...] = ()
    text: str = ""
    theme: ThemeId | None = None
    number: IdeaNumber | None = None
    nameless: bool = False
    """Tick "without my name" at first (direct messages)."""
    may_hide_name: bool = True
    own_themes: bool = False
    token: str = ""
    """The right to edit an idea without a name; it lives in the form only."""
    source: str = ""
    """`room|message|author` when an existing message is being saved."""
    outside: str = ""
    """The host that the idea's words are sent to so that they can be grouped; "" when they stay here."""


@dataclass(frozen=True, slots=True)
class BallotLine:
    """One option on one ballot. `most` is the greatest number of dots this voter may wish for it now."""

    number: IdeaNumber
    text: str
    title: str
    theme: str
    dots: int
    most: int


@dataclass(frozen=True, slots=True)
class BallotForm:
    """One voter's private ballot, in their own shuffled order. `refused` explains a wish that was not granted."""

    hunt: Hunt
    round: Round
    lines: tuple[BallotLine, ...]
    used: int
    themes: tuple[Choice, ...] = ()
    theme: str = ""
    page: int = 1
    pages: int = 1
    total: int = 0
    plain: bool = False
    """With number fields, checked at submit; always so where a ballot is cast whole."""
    version: int = 0
    """Of the ballot this was drawn from."""
    draft: Mapping[IdeaNumber, int] = field(default_factory=dict)
    """Dots that live in the form alone, until the ballot is cast."""
    rules: tuple[Said, ...] = ()
    trust: tuple[Said, ...] = ()
    """Who can see what, made from the round's settings."""
    revision: int = 0
    """Grows when a wish was refused, so that the platform forgets what it kept on screen."""
    refused: Note | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What was just done, or why it was not, and the theme it is about, if any."""

    note: Note
    theme: ThemeId | None = None
    undo: bool = False
    """A step was taken back: told beside the button for it where a form keeps its place."""


@dataclass(frozen=True, slots=True)
class SortForm:
    """The facilitator's page of ideas, each with its theme; `unsorted` filters those without one."""

    hunt: Hunt
    lines: tuple[IdeaLine, ...]
    themes: tuple[Choice, ...]
    page: int
    pages: int
    unsorted: bool = False
    unsorted_total: int = 0
    can_undo: bool = False
    undoes: str = ""
    """The last step, which an undo takes back, as a key without `deed.`; "" when there is none."""
    told: tuple[Told, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """Two ideas that may be the same, with the words they share."""

    one: IdeaLine
    other: IdeaLine
    shared: tuple[str, ...]
    percent: int


@dataclass(frozen=True, slots=True)
class DuplicatesForm:
    """Near-duplicates, at most 10 a page; people decide."""

    hunt: Hunt
    pairs: tuple[Pair, ...]
    total: int
    can_undo: bool = False
    undoes: str = ""
    told: tuple[Told, ...] = ()


@dataclass(frozen=True, slots=True)
class ThemesForm:
    """Rename, merge, split, add themes."""

    hunt: Hunt
    themes: tuple[ThemeBlock, ...]
    can_undo: bool = False
    suggests: bool = True
    undoes: str = ""
    told: tuple[Told, ...] = ()
    held: bool = False
    """Whether ideas stay where an undo put them until suggestions are wanted again."""


@dataclass(frozen=True, slots=True)
class WordsForm:
    """The workspace's own words, a line each (`VTT → vélo`), opened from a hunt."""

    hunt: Hunt
    text: str


@dataclass(frozen=True, slots=True)
class PileLine:
    """A theme the bot proposes: label, its ideas, and a few to read, the most central one first.

    `unsure` of its ideas lie nearly as near to another pile.
    """

    label: str
    numbers: tuple[IdeaNumber, ...]
    ideas: tuple[IdeaLine, ...]
    shared: tuple[str, ...]
    unsure: int = 0


@dataclass(frozen=True, slots=True)
class ProposedThemes:
    """The bot's piles for ideas without a theme; nothing changes until the facilitator takes them."""

    hunt: Hunt
    piles: tuple[PileLine, ...]
    left_alone: int


@dataclass(frozen=True, slots=True)
class PaperForm:
    """Paper ballots to type in, a line each; `lines` tells the numbers. `batches`: each with how many it holds."""

    hunt: Hunt
    round: Round
    lines: tuple[BallotLine, ...]
    batches: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class VoteForm:
    """The rules before a round opens, with duplicates not yet decided; or those of the open `round`, to change.

    `themes` above 0: so many themes may be voted over first. `full` shows the rules behind "More rules". `trust` is
    what voters will read.
    """

    hunt: Hunt
    options: int
    rules: Rules
    undecided: int
    round: Round | None = None
    themes: int = 0
    extras: frozenset[Extra] = frozenset()
    by_theme: bool = False
    wave: bool = False
    full: bool = False
    trust: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class ShareForm:
    """Who facilitates a hunt beside its facilitator, and who observes without a vote."""

    hunt: Hunt
    cofacilitators: tuple[PersonId, ...] = ()
    observers: tuple[PersonId, ...] = ()
    frozen: bool = False
    """A vote is open: observers stay who they are until it closes."""


@dataclass(frozen=True, slots=True)
class RolesForm:
    """Roles that people have here, with how many people each; and one role to give to some."""

    room: RoomId
    hunt: HuntId
    roles: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """A person's own settings, and the room's where they facilitate."""

    language: str | None
    muted: bool
    plain_ballot: bool
    room: RoomId | None = None
    room_language: str | None = None
    digest: bool | None = None
