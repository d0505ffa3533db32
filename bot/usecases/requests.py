"""What people ask for, once a platform has parsed it: plain frozen values, not yet checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.ballot import Extra
from bot.domain.hunt import Capture, Names
from bot.domain.ideas import Way
from bot.domain.names import HuntId, IdeaNumber, MessageId, PersonId, RoomId, TenantId, ThemeId
from bot.domain.rules import KEEP_DAYS, Electorate, Quorum, Secrecy, TieRule

FARTHEST = timedelta(days=3_653)
"""Ten years: a date beyond is a slip of the keyboard, and the last days of all cannot be told in every zone."""


@dataclass(frozen=True, slots=True)
class TickedPile:
    """A proposed theme as it was shown and ticked: its name and its ideas, or the first of them where not `whole`."""

    label: str
    ideas: tuple[IdeaNumber, ...]
    whole: bool = True


@dataclass(frozen=True, slots=True)
class LaunchRequest:
    """A filled launch form. Times are aware UTC; `dots` None means "a third of the options".

    `language` "" means the room's, once it held a hunt, else the person's.
    """

    room: RoomId
    question: str
    themes: tuple[str, ...] = ()
    language: str = ""
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


@dataclass(frozen=True, slots=True)
class IdeaRequest:
    """One idea from a form, a command or a shortcut. `source` is `room|message|author` of a saved message."""

    hunt: HuntId
    text: str
    theme: ThemeId | None = None
    new_theme: str = ""
    nameless: bool = False
    way: Way = Way.FORM
    source: str = ""


@dataclass(frozen=True, slots=True)
class EditRequest:
    """New words for an idea. `token` is the right over an idea without a name; `theme` None leaves it as it is."""

    hunt: HuntId
    number: IdeaNumber
    text: str
    theme: ThemeId | None = None
    new_theme: str = ""
    token: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """A message somebody wrote in a room, as its newest wording. `edited` is the platform's edit stamp."""

    tenant: TenantId
    room: RoomId
    message: MessageId
    author: PersonId
    text: str
    thread: MessageId | None = None
    client_id: str = ""
    edited: str = ""
    under_us: bool = False
    """The thread hangs under a message of the bot: a board that was posted anew is still the hunt's."""


@dataclass(frozen=True, slots=True)
class VoteRequest:
    """The rules of a round about to open, or of an open one. `dots` None means "a third of the options".

    `extras` are options that are nobody's idea; `by_theme` votes over the themes first; `wave` opens the round though
    likely duplicates were not decided.
    """

    hunt: HuntId
    dots: int | None = None
    cap: int = 2
    places: int = 3
    closes_at: datetime | None = None
    who: Electorate = Electorate.ROOM
    quorum: Quorum = Quorum.TWO_THIRDS
    tie: TieRule = TieRule.ASK
    secrecy: Secrecy = Secrecy.SEALED
    by_role: bool = False
    keep_days: int = KEEP_DAYS
    extras: frozenset[Extra] = frozenset()
    by_theme: bool = False
    wave: bool = False


@dataclass(frozen=True, slots=True)
class BallotView:
    """Where a voter is in their ballot: page from 1, theme filter, revision of the drawing.

    `version` is that of the ballot it was drawn from; `draft` holds the dots of a ballot that is cast whole, which
    live in the form alone.
    """

    page: int = 1
    theme: str = ""
    revision: int = 0
    version: int | None = None
    draft: Mapping[IdeaNumber, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SettingsRequest:
    """A filled settings form; None fields of the room leave the room as it is."""

    language: str | None
    muted: bool
    plain_ballot: bool
    room: RoomId | None = None
    room_language: str | None = None
    digest: bool | None = None


@dataclass(frozen=True, slots=True)
class Voice:
    """How to speak to a person: language and zone. `fresh` False: the platform's word is unknown or a day old."""

    language: str
    zone: str
    fresh: bool


@dataclass(frozen=True, slots=True)
class Watch:
    """A place whose messages may be ideas, for catching up: the room, the board, and what was read already."""

    hunt: HuntId
    room: RoomId
    board: MessageId
    whole_room: bool
    thread_read: MessageId | None
    room_read: MessageId | None


def wrong_moment(moment: datetime | None, now: datetime) -> str | None:
    """The key of what is wrong with a moment somebody chose; None where nothing is, or none was chosen."""
    if moment is None:
        return None
    if moment <= now:
        return "launch.problem.past"
    return "launch.problem.far" if moment - now > FARTHEST else None
