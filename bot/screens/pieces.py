"""The pieces screens are made of: buttons, lines, choices, sentences, files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.hunt import Hunt
from bot.domain.ideas import IdeaState, Way
from bot.domain.names import IdeaNumber, PersonId, ThemeId


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
    """Two ideas; they may share a theme."""
    OTHER_THEME = "other_theme"
    """Two ideas of two themes."""
    THEMES = "themes"
    UNDO = "undo"
    SUGGEST_THEMES = "suggest_themes"
    SUGGEST_NO_MORE = "suggest_no_more"
    SUGGEST_AGAIN = "suggest_again"
    WORDS = "words"
    """The workspace's own words."""
    RESULTS = "results"
    EXPORT = "export"
    SETTINGS = "settings"
    MUTE = "mute"
    HELP = "help"
    RETRY = "retry"
    SAVE_TEXT = "save_text"
    """Save the words of an unknown command as an idea."""
    FACILITATE = "facilitate"
    TAKE_OVER = "take_over"
    """Facilitate a hunt that nobody does."""
    HAND_OVER = "hand_over"
    """Let the person who asked facilitate too."""
    STAY = "stay"
    """Say that one is there: nobody takes over."""
    SHARE = "share"
    """Who facilitates, who observes."""
    ROLES = "roles"
    RULES = "rules"
    """The rules of the open vote."""
    PAPERS = "papers"
    TAKE_BACK = "take_back"
    """Take a batch of paper ballots out again."""
    SECOND_READING = "second_reading"
    ROOMS = "rooms"
    """The rooms of a hunt, and the code that adds one."""
    TAKE_OUT = "take_out"
    """Take a room out of a hunt."""


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
class Why:
    """Why the bot suggests an idea's theme, or took it out of one (`out`): see Reason. `was` is a theme's name."""

    unsure: bool = False
    shared: tuple[str, ...] = ()
    near: IdeaNumber | None = None
    was: str = ""
    out: bool = False


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
    why: Why | None = None
    """Told to who sorts."""

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
class Choice:
    """One entry of a choice: its value and what people read (typed by people, so drawn as raw text)."""

    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """One or a few sentences (keys of the catalogue with their facts) and the next possible steps."""

    key: str
    facts: Mapping[str, object] = field(default_factory=dict)
    buttons: tuple[Button, ...] = ()
    good: bool = True
    """False when something was not done."""
    outside: str = ""
    """The host that ideas' words are sent to so that they can be grouped; "" when they stay here."""


@dataclass(frozen=True, slots=True)
class File:
    """A file for one person: its bytes are complete, ready to be written; `media` is their media type."""

    name: str
    content: bytes
    media: str
    hunt: Hunt

    @property
    def text(self) -> str | None:
        """What a file in UTF-8 says; None for one that only its own program shows, such as a PDF."""
        if self.media.startswith("text/") or self.media == "application/json":
            return self.content.decode("utf-8")
        return None
