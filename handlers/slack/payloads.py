"""The only file that knows the JSON Slack sends: each kind of payload as a small value, nothing trusted in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.names import MessageId, PersonId, RoomId, TenantId
from bot.domain.people import Asker
from bot.usecases.requests import Heard
from handlers.desk.wishes import Fate, Marked, Place, Said, Someone, View, Wish, text_at
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


def wanted(holder: object, *path: str) -> str:
    """Like text_at; raises Unreadable where there is none."""
    if found := text_at(holder, *path):
        return found
    raise Unreadable(".".join(path))


def ours(id: str) -> bool:
    """Whether a room or a person is one of Slack's: its ids are capitals and figures."""
    return id.isalnum() and id.isupper()


def is_direct(room: RoomId | None) -> bool:
    """Whether it is a person's own conversation with the bot."""
    return room is not None and room.startswith("D")


def someone(home: Home, body: Json) -> Someone:
    """Who sent an interactive payload."""
    person = text_at(body, "user", "id") or wanted(body, "user_id")
    team = text_at(body, "user", "team_id") or text_at(body, "team_id") or home.team
    enterprise = text_at(body, "enterprise", "id") or text_at(body, "enterprise_id")
    return Someone(Asker(home.tenant, PersonId(person)), team != home.team and not enterprise)


def command(home: Home, body: Json) -> Wish:
    """A slash command."""
    room = RoomId(wanted(body, "channel_id"))
    place = Place(
        room, answer_to=text_at(body, "response_url"), trigger=text_at(body, "trigger_id"), direct=is_direct(room)
    )
    return Wish(someone(home, body), place, value=_raw(text_at(body, "text")))


def _raw(text: str) -> str:
    """The words of a command: escaped like a message when the manifest says `should_escape`."""
    return typed_text({"text": text}, {})


def press(home: Home, body: Json) -> Wish:
    """A button pressed or a choice made, in a message, a form or the home page."""
    actions = body.get("actions")
    action = actions[0] if isinstance(actions, list) and actions and isinstance(actions[0], dict) else {}
    container = body.get("container")
    room = RoomId(text_at(body, "channel", "id") or text_at(container, "channel_id")) or None
    place = Place(
        room=room,
        message=MessageId(text_at(container, "message_ts") or text_at(body, "message", "ts")) or None,
        thread=MessageId(text_at(body, "message", "thread_ts") or text_at(container, "thread_ts")) or None,
        answer_to=text_at(body, "response_url"),
        trigger=text_at(body, "trigger_id"),
        view=view(body),
        whispered=bool(isinstance(container, Mapping) and container.get("is_ephemeral")),
        direct=is_direct(room),
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


def _values(state: object) -> dict[str, str]:
    """What each block of the state holds, whatever else was in it."""
    values = state.get("values") if isinstance(state, Mapping) else None
    blocks = values.items() if isinstance(values, Mapping) else ()
    return {
        str(block): next((chosen(one) for one in held.values() if isinstance(one, Mapping)), "")
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
        direct=is_direct(room),
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
