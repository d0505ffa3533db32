"""A person's doing, as every platform's payloads are read: who, where, and what was wanted."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import Any

from bot.domain.names import MessageId, PersonId, RoomId
from bot.domain.people import Asker
from bot.usecases.requests import Heard


@dataclass(frozen=True, slots=True)
class Someone:
    """Who did it; `stranger` when they belong to another workspace (a shared channel).

    `asker` is the person they are known as, `by` the account they did it with where that is another one.
    """

    asker: Asker
    stranger: bool = False
    by: PersonId | None = None

    @property
    def account(self) -> PersonId:
        """The account on the platform it was done on: whom to answer there."""
        return self.by or self.asker.person

    def known_as(self, main: Asker) -> Someone:
        """The same doer under the account they are known under."""
        return self if main == self.asker else replace(self, asker=main, by=self.account)


@dataclass(frozen=True, slots=True)
class View:
    """A form or page as it was in front of somebody: `depth` 1 to 3 in the stack, `state` by block."""

    id: str
    hash: str
    callback: str
    meta: str
    depth: int
    modal: bool
    state: Mapping[str, str] = field(default_factory=dict)
    below: str = ""
    """The form this one lies on."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where it was done and where the answer may go: a room, its message, a response address, a trigger, a view."""

    room: RoomId | None = None
    message: MessageId | None = None
    thread: MessageId | None = None
    answer_to: str = ""
    trigger: str = ""
    view: View | None = None
    whispered: bool = False
    """The message was for one person only: an answer may take its place."""

    direct: bool = False
    """It is the person's own conversation with the bot."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A person's doing: a command, a press, a filled form, a shortcut."""

    who: Someone
    place: Place
    name: str = ""
    """The action's, the form's or the shortcut's identifier; for a command nothing."""
    block: str = ""
    value: str = ""
    """What the button carried, what was chosen, or the words after a command."""
    moment: str = ""
    """The platform's stamp of the press."""
    message: Mapping[str, Any] = field(default_factory=dict)
    """The message object a message shortcut was used on."""

    @property
    def asker(self) -> Asker:
        """Who asks."""
        return self.who.asker


class Fate(Enum):
    """What happened to a message."""

    WRITTEN = auto()
    EDITED = auto()
    DELETED = auto()
    NOTHING = auto()
    """Nothing for us: a bot's, a notice of the platform, a preview that unfolded."""


@dataclass(frozen=True, slots=True)
class Said:
    """A message event. `heard` is complete only for WRITTEN and EDITED."""

    fate: Fate
    heard: Heard
    who: Someone
    direct: bool = False


@dataclass(frozen=True, slots=True)
class Marked:
    """A reaction put under a message, or taken away."""

    who: Someone
    room: RoomId
    message: MessageId
    sign: str
    added: bool


def text_at(holder: object, *path: str) -> str:
    """The text at the end of a path through objects, empty where there is none."""
    for name in path:
        holder = holder.get(name) if isinstance(holder, Mapping) else None
    return holder if isinstance(holder, str) else ""


def remembered_room(place: Place) -> str:
    """The room to remember in the next form: where the person is, else what the present form remembers."""
    if place.room and not place.direct:
        return str(place.room)
    if place.view is None or not place.view.modal:
        return ""
    try:
        held = json.loads(place.view.meta or "{}")
    except ValueError:
        return ""
    return text_at(held, "room")


def sent_once(shown: View) -> str:
    """The natural key of a filled form: the view and what was in it, so that sending it twice is one wish."""
    filled = json.dumps(shown.state, sort_keys=True, separators=(",", ":"))
    return f"{shown.id}:{hashlib.sha256(filled.encode('utf-8', 'replace')).hexdigest()[:16]}"
