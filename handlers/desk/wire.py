"""How our ids travel inside Slack's fields, and back: typed, pure, and never trusted on the way in.

The values that buttons and options carry are in targets.py.

Where                what it holds                                   written by            read by
button action_id     `deed:<deed>`, `deed:<deed>:<n>`                 deed_action           deed_of
button value         Button.target: a hunt id, or `a|b|c`             …Target.pack          …Target.unpack
other action_id      `pick:<what>`                                   pick_action           pick_of
page button          action_id `turn:<page>`                         turn_action           page_of
option value         DotsWish, ThemeWish, ThemeStep, `theme:<id>`    .pack, filter_value   .unpack, filter_of
view callback_id     `form:<name>`                                   callback              form_of
view private_metadata  ViewState, as compact JSON                     .pack                 .unpack
input block_id       `field:<field>`; its element is always `value`  block                 field_of
box's block_id       `box:<field>:<place>`; its element is `value`   box                   box_of
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Self

from bot.domain.errors import StaleForm
from bot.domain.names import IdeaNumber, RoundNumber
from bot.screens import Deed
from handlers.desk.targets import WHOLE, whole

HUNT_NEW = "hunt_new"
"""Global shortcut: launch a hunt."""
IDEA_NEW = "idea_new"
"""Global shortcut: add an idea."""
IDEA_FROM_MESSAGE = "idea_from_message"
"""Message shortcut: save this message as an idea."""

VALUE = "value"
"""The action_id of every input's element."""
ALL = "all"
MOST_METADATA = 3_000


class Form(StrEnum):
    """Every modal of ours."""

    LAUNCH = "launch"
    IDEA = "idea"
    BALLOT = "ballot"
    PLAIN_BALLOT = "plain_ballot"
    CAST_BALLOT = "cast_ballot"
    """A ballot that is cast whole, once."""
    RECEIPT = "receipt"
    VOTE = "vote"
    RULES = "rules"
    """The rules of the open vote."""
    PAPERS = "papers"
    SECOND_READING = "second_reading"
    SHARE = "share"
    ROLES = "roles"
    SORT = "sort"
    DUPLICATES = "duplicates"
    THEMES = "themes"
    PILES = "piles"
    """The bot's proposed themes, to tick; submitting takes the ticked ones."""
    WORDS = "words"
    """The workspace's own words."""
    THEME_NAME = "theme_name"
    """One name: of a new theme for an idea (`number`), of a known theme (`theme`), or of a new, empty one."""
    SETTINGS = "settings"
    HUB = "hub"
    BROWSE = "browse"
    MINE = "mine"
    NOTE = "note"
    """Anything that is only read: notes, help, receipts, results."""


class Field(StrEnum):
    """Every input field, by the name that BadForm.problems uses."""

    QUESTION = "question"
    ROOM = "room"
    THEMES = "themes"
    LANGUAGE = "language"
    COLLECT_UNTIL = "collect_until"
    DOTS = "dots"
    CAP = "cap"
    PLACES = "places"
    NAMES = "names"
    PRIVATE = "private"
    CAPTURE = "capture"
    VOTE_FROM = "vote_from"
    VOTE_UNTIL = "vote_until"
    COFACILITATORS = "cofacilitators"
    OBSERVERS = "observers"
    NEXT_SESSION = "next_session"
    HUNT = "hunt"
    TEXT = "text"
    THEME = "theme"
    NEW_THEME = "new_theme"
    NAMELESS = "nameless"
    CLOSES_AT = "closes_at"
    EXTRAS = "extras"
    BY_THEME = "by_theme"
    WAVE = "wave"
    WHO = "who"
    QUORUM = "quorum"
    TIE = "tie"
    SECRECY = "secrecy"
    BY_ROLE = "by_role"
    KEEP_DAYS = "keep_days"
    PAPERS = "papers"
    STRUCK = "struck"
    ROLE = "role"
    PEOPLE = "people"
    PILES = "piles"
    NAME = "name"
    WORDS = "words"
    MUTED = "muted"
    PLAIN_BALLOT = "plain_ballot"
    ROOM_LANGUAGE = "room_language"
    DIGEST = "digest"


class Pick(StrEnum):
    """Everything that acts without being one of the core's deeds."""

    DOTS = "dots"
    """Ballot: option value DotsWish."""
    THEME_OF = "theme_of"
    """Sort form: option value ThemeWish."""
    FILTER = "filter"
    """Ballot and browse: option value `all` or `theme:<value>`."""
    UNSORTED = "unsorted"
    """Sort form, a button: value `1` shows only ideas without a theme, `0` all."""
    MORE = "more"
    """Launch form, a button: show the other fields, keep what was typed."""
    MORE_RULES = "more_rules"
    """Vote form: show the other rules, or tell the trust notice of what was chosen; keep what was typed."""
    COPIES = "copies"
    """Paper form: option value, how many paper ballots to print."""
    HUNT = "hunt"
    """Idea form: another hunt was chosen (option value: its id)."""
    THEME_STEP = "theme_step"
    """Themes form: option value ThemeStep."""
    NEW_THEME = "new_theme"
    """Themes form, a button: name a new, empty theme."""
    PILES = "piles"
    """Proposed themes, a button: back to the themes."""


def deed_action(deed: Deed, place: int = 0) -> str:
    """The action_id of a button; `place` tells apart several with one deed in one block."""
    return f"deed:{deed.value}:{place}" if place else f"deed:{deed.value}"


def deed_of(action_id: str) -> Deed | None:
    """The deed of a button; None for anything else, an old version's button included."""
    kind, _, rest = action_id.partition(":")
    name = rest.partition(":")[0]
    return Deed(name) if kind == "deed" and name in set(Deed) else None


def pick_action(pick: Pick) -> str:
    """The action_id of a select, or of a button that is no deed."""
    return f"pick:{pick.value}"


def pick_of(action_id: str) -> Pick | None:
    """What was picked; None for anything else."""
    kind, _, name = action_id.partition(":")
    return Pick(name) if kind == "pick" and name in set(Pick) else None


def turn_action(page: int) -> str:
    """The action_id of a button that turns to a page (from 1)."""
    return f"turn:{page}"


def page_of(action_id: str) -> int | None:
    """The page a button turns to; None for anything else."""
    kind, _, page = action_id.partition(":")
    return int(page) if kind == "turn" and WHOLE.fullmatch(page) else None


def callback(form: Form) -> str:
    """The callback_id of a modal."""
    return f"form:{form.value}"


def form_of(callback_id: str) -> Form | None:
    """The modal; None for anything else."""
    kind, _, name = callback_id.partition(":")
    return Form(name) if kind == "form" and name in set(Form) else None


def block(field: str) -> str:
    """The block_id of an input; `option:<number>` is a field of the plain ballot."""
    return f"field:{field}"


def field_of(block_id: str) -> str | None:
    """The field of an input's block_id; None for anything else."""
    kind, _, name = block_id.partition(":")
    return name if kind == "field" and name else None


def box(field: Field, place: int) -> str:
    """The id of a box beside what it takes, one of several of a field; no input, so no problem is told at it."""
    return f"box:{field.value}:{place}"


def box_of(block_id: str) -> str | None:
    """The field and place of a box's id, `<field>:<place>`; None for anything else."""
    kind, _, name = block_id.partition(":")
    return name if kind == "box" and name else None


def errors(problems: Mapping[str, str], shown: Iterable[str]) -> dict[str, str]:
    """BadForm.problems (or any field -> sentence) as `block_id -> sentence` for `response_action: errors`.

    `shown`: the block_ids of the inputs in the view. A problem of a field that is not there (`total`) is told at the
    first input, because Slack drops errors of unknown blocks and would close the modal.
    """
    there = [block_id for block_id in shown if field_of(block_id)]
    told: dict[str, str] = {}
    for field, sentence in problems.items():
        at = block(field) if block(field) in there else next(iter(there), block(field))
        told[at] = f"{told[at]} {sentence}" if at in told else sentence
    return told


def filter_value(theme: str) -> str:
    """The option value of a theme filter: a theme's id or name, nothing for all."""
    return f"theme:{theme}" if theme else ALL


def filter_of(value: str) -> str:
    """The theme of a filter's option value; nothing for all."""
    return value.removeprefix("theme:") if value.startswith("theme:") else ""


@dataclass(frozen=True, slots=True)
class ViewState:
    """Where a modal is: everything but votes. What is empty is left out of the JSON."""

    hunt: str = ""
    room: str = ""
    round: int = 0
    page: int = 1
    theme: str = ""
    """A filter (ballot: the theme's name; browse: its id), the theme to rename, or the one an idea was shown in."""
    revision: int = 0
    number: int = 0
    token: str = ""
    """The right over an idea without a name."""
    source: str = ""
    """`room|message|author` of a saved message."""
    version: int = 0
    """Of the ballot the form was drawn from."""
    versioned: bool = False
    draft: str = ""
    """Dots of a ballot that is cast whole: `12:2,15:1`."""
    full: bool = False
    unsorted: bool = False
    nameless: bool = False

    @property
    def drafted(self) -> Mapping[IdeaNumber, int]:
        """The dots of the draft by option. Raises StaleForm."""
        pairs = [one.partition(":") for one in self.draft.split(",") if one]
        return {IdeaNumber(whole(number)): whole(dots) for number, _, dots in pairs}

    def pack(self) -> str:
        """As private_metadata. Raises ValueError above 3,000 characters: ours to prevent, never a person's fault."""
        held = {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name) != f.default}
        packed = json.dumps(held, ensure_ascii=False, separators=(",", ":"))
        if len(packed) > MOST_METADATA:
            raise ValueError(f"private_metadata of {len(packed)} characters")
        return packed

    @classmethod
    def unpack(cls, metadata: str) -> Self:
        """Unknown names are left out, so that a modal opened before an update still works. Raises StaleForm."""
        try:
            held = json.loads(metadata or "{}")
        except ValueError as broken:
            raise StaleForm from broken
        if not isinstance(held, dict):
            raise StaleForm
        known: dict[str, Any] = {f.name: held[f.name] for f in fields(cls) if f.name in held}
        for f in fields(cls):
            if f.name in known and type(known[f.name]) is not type(f.default):
                raise StaleForm
        return cls(**known)


def drafted(placed: Mapping[IdeaNumber, int]) -> str:
    """A draft for ViewState."""
    return ",".join(f"{number}:{dots}" for number, dots in sorted(placed.items()) if dots)


def ballot_block(round: RoundNumber, option: IdeaNumber, revision: int) -> str:
    """The block_id of an option on a ballot: a new revision makes Slack forget what it kept on screen."""
    return f"ballot:{round}:{option}:{revision}"
