"""Everything ideahunt can show, as frozen facts without words: a closed union each platform draws its own way."""

from __future__ import annotations

from bot.screens.answers import Browse, Help, Home, HomeHunt, Hub, IdeaSaved, MyIdeas, SplitDone
from bot.screens.forms import (
    BallotForm,
    BallotLine,
    DuplicatesForm,
    IdeaForm,
    LaunchForm,
    Pair,
    PileLine,
    ProposedThemes,
    Settings,
    SortForm,
    ThemesForm,
    VoteForm,
)
from bot.screens.pieces import Button, Choice, Deed, File, IdeaLine, Note, ThemeBlock
from bot.screens.rooms import Board, Digest, DigestHunt, Nudge, Parted, Results, SessionReminder, Table

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

__all__ = [
    "BallotForm",
    "BallotLine",
    "Board",
    "Browse",
    "Button",
    "Choice",
    "Deed",
    "Digest",
    "DigestHunt",
    "DuplicatesForm",
    "File",
    "Help",
    "Home",
    "HomeHunt",
    "Hub",
    "IdeaForm",
    "IdeaLine",
    "IdeaSaved",
    "LaunchForm",
    "MyIdeas",
    "Note",
    "Nudge",
    "Pair",
    "Parted",
    "PileLine",
    "ProposedThemes",
    "Results",
    "Screen",
    "SessionReminder",
    "Settings",
    "SortForm",
    "SplitDone",
    "Table",
    "ThemeBlock",
    "ThemesForm",
    "VoteForm",
]
