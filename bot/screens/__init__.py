"""Everything ideahunt can show, as frozen facts without words: a closed union each platform draws its own way."""

from __future__ import annotations

from bot.screens.answers import Browse, Help, Home, HomeHunt, Hub, IdeaSaved, MyIdeas, Receipt, SplitDone
from bot.screens.forms import (
    BallotForm,
    BallotLine,
    DuplicatesForm,
    IdeaForm,
    LaunchForm,
    Pair,
    PaperForm,
    PileLine,
    ProposedThemes,
    RolesForm,
    Settings,
    ShareForm,
    SortForm,
    ThemesForm,
    Told,
    VoteForm,
    WordsForm,
)
from bot.screens.pieces import Button, Choice, Deed, File, IdeaLine, Note, ThemeBlock, Why
from bot.screens.rooms import Board, Digest, DigestHunt, Nudge, Parted, Results, SecondReading, SessionReminder, Table

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
    | WordsForm
    | VoteForm
    | PaperForm
    | ShareForm
    | RolesForm
    | Receipt
    | SecondReading
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
    "PaperForm",
    "Parted",
    "PileLine",
    "ProposedThemes",
    "Receipt",
    "Results",
    "RolesForm",
    "Screen",
    "SecondReading",
    "SessionReminder",
    "Settings",
    "ShareForm",
    "SortForm",
    "SplitDone",
    "Table",
    "ThemeBlock",
    "ThemesForm",
    "Told",
    "VoteForm",
    "Why",
    "WordsForm",
]
