"""The only file that knows the JSON Slack sends: each kind of payload as a small value, nothing trusted in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from bot.domain.names import MessageId, PersonId, RoomId, TenantId
from bot.domain.people import Asker
from bot.usecases.requests import Heard
from handlers.slack.typed import Json, Names, mentioned, typed_text

IDEA_SUBTYPES = frozenset({None, "file_share", "thread_broadcast", "me_message"})
CLIPPED = 200


class Unreadable(Exception):
    """A payload without what its kind must have; it is acknowledged and forgotten."""


def tenant_of(team: str) -> TenantId:
    """`T012AB3CD` as the core knows it."""
    return TenantId(f"slack:{team}")


@dataclass(frozen=True, slots=True)
class Home:
    """Our own workspace: whose payloads these are."""

    team: str
    bot: PersonId
    bot_id: str = ""

    @property
    def tenant(self) -> TenantId:
        """The workspace as the core knows it."""
        return tenant_of(self.team)


@dataclass(frozen=True, slots=True)
class Someone:
    """Who did it; `stranger` when they belong to another workspace (a shared channel)."""

    asker: Asker
    stranger: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """A form or page as it was in front of somebody: `depth` 1 to 3 in the stack, `state` by block and action."""

    id: str
    hash: str
    callback: str
    meta: str
    depth: int
    modal: bool
    state: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
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

    @property
    def direct(self) -> bool:
        """Whether it is the person's own conversation with the bot."""
        return bool(self.room) and str(self.room).startswith("D")


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
    """Slack's stamp of the press."""
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


def wanted(holder: object, *path: str) -> str:
    """Like text_at; raises Unreadable where there is none."""
    if found := text_at(holder, *path):
        return found
    raise Unreadable(".".join(path))


def someone(home: Home, body: Json) -> Someone:
    """Who sent an interactive payload."""
    person = text_at(body, "user", "id") or wanted(body, "user_id")
    team = text_at(body, "user", "team_id") or text_at(body, "team_id") or home.team
    enterprise = text_at(body, "enterprise", "id") or text_at(body, "enterprise_id")
    return Someone(Asker(home.tenant, PersonId(person)), team != home.team and not enterprise)


def command(home: Home, body: Json) -> Wish:
    """A slash command."""
    room = RoomId(wanted(body, "channel_id"))
    place = Place(room, answer_to=text_at(body, "response_url"), trigger=text_at(body, "trigger_id"))
    return Wish(someone(home, body), place, value=_raw(text_at(body, "text")))


def _raw(text: str) -> str:
    """The words of a command: escaped like a message when the manifest says `should_escape`."""
    return typed_text({"text": text}, {})


def press(home: Home, body: Json) -> Wish:
    """A button pressed or a choice made, in a message, a form or the home page."""
    actions = body.get("actions")
    action = actions[0] if isinstance(actions, list) and actions and isinstance(actions[0], dict) else {}
    container = body.get("container")
    place = Place(
        room=RoomId(text_at(body, "channel", "id") or text_at(container, "channel_id")) or None,
        message=MessageId(text_at(container, "message_ts") or text_at(body, "message", "ts")) or None,
        thread=MessageId(text_at(body, "message", "thread_ts") or text_at(container, "thread_ts")) or None,
        answer_to=text_at(body, "response_url"),
        trigger=text_at(body, "trigger_id"),
        view=view(body),
        whispered=bool(isinstance(container, Mapping) and container.get("is_ephemeral")),
    )
    return Wish(
        someone(home, body),
        place,
        name=text_at(action, "action_id"),
        block=text_at(action, "block_id"),
        value=chosen(action),
        moment=text_at(action, "action_ts"),
    )


def chosen(element: Json) -> str:
    """What an element holds: the value of a button, of a choice, a person, a room, a day, a text; several by commas."""
    kind = text_at(element, "type")
    for name in ("selected_option", "selected_options"):
        if name in element:
            return _options(element[name])
    for name in ("selected_user", "selected_conversation", "selected_channel", "selected_date", "selected_time"):
        if text_at(element, name):
            return text_at(element, name)
    for name in ("selected_users", "selected_conversations", "selected_channels"):
        if isinstance(element.get(name), list):
            return ",".join(str(each) for each in element[name])
    moment = element.get("selected_date_time")
    if isinstance(moment, int) and kind == "datetimepicker":
        return str(moment)
    return text_at(element, "value")


def _options(found: object) -> str:
    several = found if isinstance(found, list) else [found]
    return ",".join(text for each in several if (text := text_at(each, "value")))


def view(body: Json) -> View | None:
    """The view a payload was sent from, if any."""
    found = body.get("view")
    if not isinstance(found, Mapping):
        return None
    id, previous, root = (text_at(found, name) for name in ("id", "previous_view_id", "root_view_id"))
    depth = 1 if not previous or root == id else 2 if previous == root else 3
    return View(
        id,
        text_at(found, "hash"),
        text_at(found, "callback_id"),
        text_at(found, "private_metadata"),
        depth,
        found.get("type") == "modal",
        _values(found.get("state")),
        previous if depth > 1 else "",
    )


def _values(state: object) -> dict[str, dict[str, Json]]:
    """The state's objects of objects, whatever else was in it."""
    values = state.get("values") if isinstance(state, Mapping) else None
    blocks = values.items() if isinstance(values, Mapping) else ()
    return {
        str(block): {str(name): one for name, one in held.items() if isinstance(one, Mapping)}
        for block, held in blocks
        if isinstance(held, Mapping)
    }


def submission(home: Home, body: Json) -> Wish:
    """A form that was sent."""
    shown = view(body)
    if shown is None:
        raise Unreadable("view")
    place = Place(view=shown, trigger=text_at(body, "trigger_id"))
    return Wish(someone(home, body), place, name=shown.callback)


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


def shortcut(home: Home, body: Json) -> Wish:
    """A shortcut, global or used on a message."""
    message = body.get("message")
    message = message if isinstance(message, Mapping) else {}
    room = RoomId(text_at(body, "channel", "id")) or None
    place = Place(
        room,
        MessageId(text_at(message, "ts") or text_at(body, "message_ts")) or None,
        MessageId(text_at(message, "thread_ts")) or None,
        text_at(body, "response_url"),
        text_at(body, "trigger_id"),
    )
    return Wish(someone(home, body), place, name=text_at(body, "callback_id"), message=message)


def event(body: Json) -> Json:
    """The event inside an envelope."""
    found = body.get("event")
    if not isinstance(found, Mapping):
        raise Unreadable("event")
    return found


def event_id(body: Json) -> str:
    """The key of an event: Slack's own, or one made of what it is about."""
    inside = event(body)
    about = (text_at(inside, name) for name in ("type", "channel", "event_ts", "user"))
    return text_at(body, "event_id") or ":".join(about)


def mentions(body: Json) -> tuple[str, ...]:
    """The people a message event mentions."""
    inside = event(body)
    message = inside.get("message")
    return mentioned(message if isinstance(message, Mapping) else inside)


def said(home: Home, body: Json, names: Names) -> Said:
    """A message event, whatever its subtype."""
    inside = event(body)
    room, subtype = RoomId(wanted(inside, "channel")), inside.get("subtype")
    direct = text_at(inside, "channel_type") == "im" or room.startswith("D")
    fate, message = Fate.WRITTEN, inside
    if subtype == "message_deleted":
        fate, message = Fate.DELETED, {"ts": wanted(inside, "deleted_ts"), "user": text_at(inside, "user")}
    elif subtype == "message_changed":
        changed = inside.get("message")
        message = changed if isinstance(changed, Mapping) else {}
        fate = _fate_of_change(inside, message)
    if fate in {Fate.WRITTEN, Fate.EDITED} and not by_a_person(home, message):
        fate = Fate.NOTHING
    stranger = text_at(message, "user_team") not in {"", home.team}
    return Said(fate, heard(home, room, message, names), _author(home, message, stranger=stranger), direct)


def _fate_of_change(inside: Json, message: Json) -> Fate:
    """A tombstone is a deletion; a change without an edit stamp, or of the same words, is a preview unfolding."""
    if message.get("subtype") == "tombstone":
        return Fate.DELETED
    before = inside.get("previous_message")
    unchanged = isinstance(before, Mapping) and text_at(before, "text") == text_at(message, "text")
    return Fate.EDITED if text_at(message, "edited", "ts") and not unchanged else Fate.NOTHING


def by_a_person(home: Home, message: Json) -> bool:
    """Whether somebody wrote it by hand: no bot, no workflow, no notice of the platform, and not we."""
    author = text_at(message, "user")
    bot = bool(message.get("bot_id") or message.get("bot_profile"))
    return (
        bool(author) and author not in {home.bot, "USLACKBOT"} and not bot and message.get("subtype") in IDEA_SUBTYPES
    )


def heard(home: Home, room: RoomId, message: Json, names: Names) -> Heard:
    """A message object as the core hears it."""
    return Heard(
        home.tenant,
        room,
        MessageId(wanted(message, "ts")),
        PersonId(text_at(message, "user")),
        typed_text(message, names),
        MessageId(text_at(message, "thread_ts")) or None,
        text_at(message, "client_msg_id"),
        text_at(message, "edited", "ts"),
        under_us=text_at(message, "parent_user_id") == home.bot,
    )


def _author(home: Home, message: Json, *, stranger: bool) -> Someone:
    return Someone(Asker(home.tenant, PersonId(text_at(message, "user"))), stranger)


def marked(home: Home, body: Json) -> Marked | None:
    """A reaction under a message; None for one under anything else."""
    inside = event(body)
    if text_at(inside, "item", "type") != "message":
        return None
    return Marked(
        Someone(Asker(home.tenant, PersonId(wanted(inside, "user")))),
        RoomId(wanted(inside, "item", "channel")),
        MessageId(wanted(inside, "item", "ts")),
        wanted(inside, "reaction").split("::")[0],
        inside.get("type") == "reaction_added",
    )


def room_of(body: Json) -> RoomId:
    """The room an event is about."""
    inside = event(body)
    return RoomId(text_at(inside, "channel") or wanted(inside, "channel", "id"))


def person_of(body: Json) -> PersonId:
    """The person an event is about."""
    inside = event(body)
    return PersonId(text_at(inside, "user") or wanted(inside, "user", "id"))


def clipped(body: Json) -> bytes:
    """What is kept of an event that failed for good: its kind, its place and its stamps, never its words."""
    inside = body.get("event")
    kept = {name: text_at(inside, name)[:CLIPPED] for name in ("type", "subtype", "channel", "ts", "event_ts")}
    return json.dumps(kept).encode()
