"""Everything ideahunt can show, as frozen facts without words: a closed union each platform draws its own way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.ballot import Round
from bot.domain.hunt import Capture, Hunt, Names
from bot.domain.ideas import IdeaState, Way
from bot.domain.names import HuntId, IdeaNumber, PersonId, RoomId, ThemeId
from bot.domain.tally import Tally


class Deed(StrEnum):
    """What a button asks for. A button carries the wished state, so pressing it twice is harmless."""

    HUB = "hub"
    NEW_HUNT = "new_hunt"
    ADD_IDEA = "add_idea"
    SEE_ALL = "see_all"
    VOTE = "vote"
    DECLINE = "decline"
    MY_IDEAS = "my_ideas"
    EDIT_IDEA = "edit_idea"
    WITHDRAW_IDEA = "withdraw_idea"
    RESTORE_IDEA = "restore_idea"
    SPLIT_LIST = "split_list"
    KEEP_WHOLE = "keep_whole"
    REVEAL = "reveal"
    COLLECT_AGAIN = "collect_again"
    OPEN_VOTE = "open_vote"
    CLOSE_VOTE = "close_vote"
    CLOSE_HUNT = "close_hunt"
    RUN_OFF = "run_off"
    SORT = "sort"
    DUPLICATES = "duplicates"
    MERGE = "merge"
    KEEP_APART = "keep_apart"
    THEMES = "themes"
    UNDO = "undo"
    SUGGEST_THEMES = "suggest_themes"
    RESULTS = "results"
    EXPORT = "export"
    SETTINGS = "settings"
    MUTE = "mute"
    HELP = "help"
    RETRY = "retry"
    SAVE_TEXT = "save_text"
    """Save the words of an unknown command as an idea."""
    FACILITATE = "facilitate"


@dataclass(frozen=True, slots=True)
class Button:
    """A button: its deed, what it is about (`target`, at most 1,500 characters) and whether it is the main one.

    The words on it are `button.<deed>` of the catalogue unless `label` names another key; `facts` fill its holes.
    """

    deed: Deed
    target: str = ""
    main: bool = False
    confirm: bool = False
    """Ask once more: `confirm.<deed>` of the catalogue."""
    label: str = ""
    facts: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class IdeaLine:
    """One idea in a list. `author` is None when the idea has no name or names are not shown now."""

    number: IdeaNumber
    text: str
    title: str = ""
    theme: ThemeId | None = None
    theme_name: str = ""
    suggested: bool = False
    author: PersonId | None = None
    state: IdeaState = IdeaState.STANDING
    voices: int = 1
    way: Way = Way.FORM
    dots: int | None = None

    @property
    def headline(self) -> str:
        """The title where there is one, else the text."""
        return self.title or self.text


@dataclass(frozen=True, slots=True)
class ThemeBlock:
    """A theme on the board with its first ideas; `total` counts all of them. `id` None: not grouped yet."""

    id: ThemeId | None
    name: str
    total: int
    ideas: tuple[IdeaLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Board:
    """The hunt's one message in a room, updated in place. Themes are empty until ideas may be shown."""

    hunt: Hunt
    themes: tuple[ThemeBlock, ...] = ()
    more_themes: int = 0
    parked: int = 0
    round: Round | None = None
    tally: Tally | None = None
    lines: tuple[IdeaLine, ...] = ()
    """Winners, once the round is closed."""


@dataclass(frozen=True, slots=True)
class Table:
    """The full table in the hunt's thread, at most 200 rows; `total` tells how many there are."""

    hunt: Hunt
    lines: tuple[IdeaLine, ...]
    total: int
    with_dots: bool = False


@dataclass(frozen=True, slots=True)
class Results:
    """The result of a closed round, told in words first. `lines` holds every ranked option's idea."""

    hunt: Hunt
    round: Round
    tally: Tally
    lines: Mapping[IdeaNumber, IdeaLine]


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
    tied: int = 0
    """Options tied at the cut of the closed round: a run-off is offered."""


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
    next_session: datetime | None = None
    problems: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a choice: its value and what people read (typed by people, so drawn as raw text)."""

    value: str
    text: str


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
    """With number fields, checked at submit."""
    revision: int = 0
    """Grows when a wish was refused, so that the platform forgets what it kept on screen."""
    refused: Note | None = None


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


@dataclass(frozen=True, slots=True)
class ThemesForm:
    """Rename, merge, split, add themes; `proposals` are the bot's piles for ideas that have no theme."""

    hunt: Hunt
    themes: tuple[ThemeBlock, ...]
    can_undo: bool = False


@dataclass(frozen=True, slots=True)
class PileLine:
    """A theme the bot proposes: label, how many ideas, its most central one."""

    label: str
    numbers: tuple[IdeaNumber, ...]
    example: str
    shared: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProposedThemes:
    """The bot's piles for ideas without a theme; nothing changes until the facilitator takes them."""

    hunt: Hunt
    piles: tuple[PileLine, ...]
    left_alone: int


@dataclass(frozen=True, slots=True)
class VoteForm:
    """Before a round opens: the rules, and duplicates not yet decided."""

    hunt: Hunt
    options: int
    dots: int
    cap: int
    places: int
    closes_at: datetime | None
    undecided: int


@dataclass(frozen=True, slots=True)
class Settings:
    """A person's own settings, and the room's where they facilitate."""

    language: str | None
    muted: bool
    plain_ballot: bool
    room: RoomId | None = None
    room_language: str | None = None
    digest: bool | None = None


@dataclass(frozen=True, slots=True)
class Help:
    """What one can type, and a button for each."""

    hunt: Hunt | None
    leads: bool


@dataclass(frozen=True, slots=True)
class Note:
    """One or a few sentences (keys of the catalogue with their facts) and the next possible steps."""

    key: str
    facts: Mapping[str, object] = field(default_factory=dict)
    buttons: tuple[Button, ...] = ()
    good: bool = True
    """False when something was not done."""


@dataclass(frozen=True, slots=True)
class Nudge:
    """To one voter, once, a day before the end: dots are left."""

    hunt: Hunt
    round: Round
    left: int


@dataclass(frozen=True, slots=True)
class DigestHunt:
    """One hunt's week: counters and what changed."""

    hunt: Hunt
    new_ideas: int
    new_voices: int
    newest: tuple[IdeaLine, ...]
    round: Round | None = None


@dataclass(frozen=True, slots=True)
class Digest:
    """The weekly letter of a room; never sent empty."""

    week_of: datetime
    hunts: tuple[DigestHunt, ...]


@dataclass(frozen=True, slots=True)
class SessionReminder:
    """The next session is near."""

    hunt: Hunt
    at: datetime


@dataclass(frozen=True, slots=True)
class File:
    """A file for one person: its text is complete, ready to be written."""

    name: str
    text: str
    media: str
    hunt: Hunt


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


Screen = (
    Board
    | Table
    | Results
    | Hub
    | LaunchForm
    | IdeaForm
    | IdeaSaved
    | SplitDone
    | MyIdeas
    | Browse
    | BallotForm
    | SortForm
    | DuplicatesForm
    | ThemesForm
    | ProposedThemes
    | VoteForm
    | Settings
    | Help
    | Note
    | Nudge
    | Digest
    | SessionReminder
    | File
    | Home
)
