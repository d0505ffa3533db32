"""The only file that knows the JSON Teams sends: each kind of activity as a small value, nothing trusted in it."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.cadence import known_zone
from bot.domain.names import MessageId, PersonId, RoomId, TenantId
from bot.domain.people import Asker, Conversation, Person
from bot.usecases.requests import Heard
from handlers.desk import wire
from handlers.desk.wishes import Place, Someone, View, Wish, text_at
from handlers.teams.pen import ASK, DAY, DO, FACTS, INSIDE, TO

Json = Mapping[str, Any]
AT = re.compile(r"<at\b[^>]*>(.*?)</at>", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
BREAK = re.compile(r"</(?:p|div|li|h\d)>|<br\s*/?>", re.IGNORECASE)
GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ACCOUNT = "29:"
"""How the id begins by which one bot alone knows somebody."""
EVENING = time(18, 0)
"""The time of day of a moment whose day alone was given."""
FARTHEST = 99_999_999_999
"""Seconds since 1970: as far as a form reads a moment."""


class Unreadable(Exception):
    """An activity without what its kind must have; it is acknowledged and forgotten."""


@dataclass(frozen=True, slots=True)
class Home:
    """Our own bot: which tenant of ours it serves, and which of Teams', its own first."""

    tenant: TenantId
    app_id: str
    tenant_ids: tuple[str, ...]

    @property
    def bot(self) -> PersonId:
        """The bot as Teams names it."""
        return PersonId(f"28:{self.app_id}")


def tenant_of(tenant_id: str) -> TenantId:
    """A tenant of Teams that is served alone, as the core knows it."""
    return TenantId(f"teams:{tenant_id}")


def owns(id: str) -> bool:
    """Whether a room or a person is one of Teams': conversations hold a colon, people are object ids."""
    return ":" in id or GUID.fullmatch(id) is not None


def from_tenant(body: Json) -> str:
    """The tenant an activity comes from."""
    return text_at(body, "conversation", "tenantId") or text_at(body, "channelData", "tenant", "id")


def wanted(holder: object, *path: str) -> str:
    """The text at the end of a path. Raises Unreadable where there is none."""
    if found := text_at(holder, *path):
        return found
    raise Unreadable(".".join(path))


# --- who and where


def person_id(account: object) -> PersonId:
    """Somebody by their object id, which every part of Teams knows; by the account's own id where it has none."""
    return PersonId((text_at(account, "aadObjectId") or text_at(account, "objectId")).lower() or text_at(account, "id"))


def has_object_id(account: object) -> bool:
    """Whether an account tells the id by which everybody knows its person: events leave it out."""
    return bool(text_at(account, "aadObjectId") or text_at(account, "objectId"))


def someone(home: Home, body: Json) -> Someone:
    """Who did it."""
    person = person_id(body.get("from"))
    if not person:
        raise Unreadable("from")
    return Someone(Asker(home.tenant, person))


def as_told(home: Home, body: Json, now: datetime) -> Person:
    """What an activity says of its doer: name, language and zone come with every one, and nowhere else."""
    info = next((one for one in _entities(body) if one.get("type") == "clientInfo"), {})
    zone = text_at(body, "localTimezone") or text_at(info, "timezone")
    locale = text_at(body, "locale") or text_at(info, "locale")
    who, name = someone(home, body).asker.person, text_at(body, "from", "name")
    return Person(home.tenant, who, name, locale, zone if zone and known_zone(zone) else "", seen_at=now)


def member(home: Home, account: Json) -> Person:
    """Somebody of a roster; its language and zone are not told there."""
    guest = text_at(account, "userRole").lower() in {"guest", "anonymous"}
    return Person(home.tenant, person_id(account), text_at(account, "name"), "", "", outsider=guest)


def room_of(body: Json) -> RoomId:
    """The conversation without its thread."""
    return RoomId(wanted(body, "conversation", "id").partition(";messageid=")[0])


def root_of(body: Json) -> MessageId | None:
    """The first message of the thread an activity was done in; None outside channels."""
    return MessageId(wanted(body, "conversation", "id").partition(";messageid=")[2]) or None


def team_of(body: Json) -> str:
    """The team of a channel, whose id is that of its general channel; "" outside teams."""
    return text_at(body, "channelData", "team", "id")


def is_of_a_channel(body: Json) -> bool:
    """Whether an event of members is of one channel that has its own ones, and not of its whole team."""
    return text_at(body, "channelData", "eventType").startswith("channelMember")


def changed_channel(body: Json) -> RoomId:
    """The channel an event is about: its conversation is the team, as a rule."""
    return RoomId(text_at(body, "channelData", "channel", "id")) or room_of(body)


def is_direct(body: Json) -> bool:
    """Whether it is the person's own chat with the bot."""
    return text_at(body, "conversation", "conversationType") == "personal"


def is_group(body: Json) -> bool:
    """Whether it is a group chat: there are no threads there."""
    return text_at(body, "conversation", "conversationType") == "groupChat"


def is_targeted(body: Json) -> bool:
    """Whether nobody but the bot reads it, though it was written in a room."""
    recipient = body.get("recipient")
    return isinstance(recipient, Mapping) and bool(recipient.get("isTargeted"))


def room_name(body: Json, room: RoomId) -> str:
    """What a room is called, as far as an activity says so; the general channel of a team is called as the team."""
    data = body.get("channelData")
    if text_at(data, "channel", "id") in {"", room} and (name := text_at(data, "channel", "name")):
        return name
    if room == team_of(body):
        return text_at(data, "team", "name")
    return text_at(body, "conversation", "name") if room == room_of(body) else ""


def conversation_of(home: Home, body: Json) -> Conversation:
    """The conversation of an activity, as the connector is asked about it."""
    room = room_of(body)
    return Conversation(home.tenant, room, room, wanted(body, "serviceUrl"), team_of(body))


def conversation(home: Home, body: Json) -> Conversation | None:
    """Where this conversation is written to from now on; None where it does not say so.

    A message extension is also used in people's chats with each other and with other bots: they are nobody's own chat
    with us, whose id begins with `a:`.
    """
    if text_at(body, "name").startswith("composeExtension/") or (
        is_direct(body) and not room_of(body).startswith("a:")
    ):
        return None
    place: RoomId | PersonId = person_id(body.get("from")) if is_direct(body) else room_of(body)
    return replace(conversation_of(home, body), place=place)


def created(home: Home, body: Json) -> Conversation:
    """Where the channel an event is about is written to: as its team is."""
    room = changed_channel(body)
    return replace(conversation_of(home, body), place=room, id=room)


def place(body: Json, view: View | None = None) -> Place:
    """Where it was done, and whom to answer there."""
    return Place(
        room_of(body),
        MessageId(text_at(body, "replyToId")) or None,
        root_of(body),
        answer_to=text_at(body, "from", "id"),
        trigger=text_at(body, "id"),
        view=view,
        direct=is_direct(body),
    )


# --- what was typed


def _entities(body: Json) -> list[Json]:
    found = body.get("entities")
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def mentions_us(home: Home, body: Json) -> bool:
    """Whether the bot is mentioned."""
    return any(text_at(one, "mentioned", "id") == home.bot for one in _entities(body))


def typed(home: Home, body: Json) -> str:
    """What somebody wrote, without the mention of the bot; other people keep their names."""
    said = text_at(body, "text")
    for one in _entities(body):
        ours = one.get("type") == "mention" and text_at(one, "mentioned", "id") == home.bot
        first = AT.search(said)
        named = text_at(one, "text") or (first.group() if first else "")  # it need not be told there
        if ours and named:
            said = said.replace(named, " ")
    return AT.sub(r"@\1", said).replace("&nbsp;", " ").replace("\xa0", " ").strip()


def heard(home: Home, body: Json) -> Heard:
    """A message in a room, as it reads now."""
    message, root = MessageId(wanted(body, "id")), root_of(body)
    edited = text_at(body, "timestamp") if body.get("type") == "messageUpdate" else ""
    thread = root if root != message else None
    who = person_id(body.get("from"))
    return Heard(home.tenant, room_of(body), message, who, typed(home, body), thread, edited=edited)


def command(home: Home, body: Json) -> Wish:
    """Words to the bot: `@ideahunt …`, a slash command, or a direct message."""
    at = place(body)
    return Wish(someone(home, body), at, value=typed(home, body), moment=text_at(body, "id"))


# --- what was pressed


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button: what its data held, with every input that was sent along."""

    do: str
    to: str
    data: Json
    inputs: Mapping[str, str]


OURS = frozenset({DO, TO, ASK, FACTS, INSIDE, "msteams", "type"})
"""What buttons carry of ours, and of Teams'; everything else is an input."""


def pressed_data(body: Json) -> dict[str, Any]:
    """What a button carried, and the inputs beside it; {} where that is nothing readable."""
    value = body.get("value")
    value = value if isinstance(value, dict) else {}
    action = value.get("action")
    data = value.get("data") if body.get("type") == "invoke" else value
    if isinstance(action, dict):
        data = action.get("data")
    return data if isinstance(data, dict) else {}


def pressed(body: Json) -> Pressed:
    """The data of a button, whichever invoke brought it; what is no text in it is nothing."""
    data = pressed_data(body)
    inputs = {str(name): _text(one) for name, one in data.items() if name not in OURS}
    return Pressed(text_at(data, DO), text_at(data, TO), data, inputs)


def _text(found: object) -> str:
    if isinstance(found, bool):
        return "yes" if found else "no"
    return str(found) if isinstance(found, str | int | float) else ""


def view(press: Pressed, zone: str) -> View | None:
    """The dialog a button stood in, with what was typed in it."""
    inside = press.data.get(INSIDE)
    if not isinstance(inside, list) or len(inside) != 3 or not all(isinstance(one, str) for one in inside):  # noqa: PLR2004
        return None
    callback, meta, id = inside
    state = dict(press.inputs) | moments(press.inputs, zone)
    state |= {f"{DAY}{name}": press.inputs[name] for name in _days(press.inputs)}  # to be shown again as it was typed
    if wire.form_of(callback) is wire.Form.LAUNCH:
        state[wire.block(wire.Field.ROOM.value)] = wire.ViewState.unpack(meta).room
    return View(id, "", callback, meta, 1, modal=True, state=state)


def moments(inputs: Mapping[str, str], zone: str) -> dict[str, str]:
    """Days and times of day, each pair as one moment: seconds since 1970, "" where no day was given."""
    found: dict[str, str] = {}
    for name in {one.removeprefix("time:") for one in inputs if one.startswith("time:")} | _days(inputs):
        found[name] = _moment(inputs.get(name, ""), inputs.get(f"time:{name}", ""), zone)
    return found


def _days(inputs: Mapping[str, str]) -> set[str]:
    named = {wire.block(field.value) for field in MOMENTS}
    return {name for name in inputs if name in named}


MOMENTS = (
    wire.Field.COLLECT_UNTIL,
    wire.Field.VOTE_FROM,
    wire.Field.VOTE_UNTIL,
    wire.Field.NEXT_SESSION,
    wire.Field.CLOSES_AT,
)


def _moment(day: str, hour: str, zone: str) -> str:
    try:
        at = datetime.combine(datetime.fromisoformat(day).date(), time.fromisoformat(hour) if hour else EVENING)
    except ValueError:
        return day and "?"  # no day is no moment; what is no day is told beside its field
    try:
        moment = at.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except OverflowError:  # the first or the last day of all
        moment = at.replace(tzinfo=UTC)
    return str(min(max(int(moment.timestamp()), 0), FARTHEST))  # the form says what is wrong with it


def press(home: Home, body: Json, zone: str) -> Wish:
    """A button pressed, on a message or in a dialog."""
    found = pressed(body)
    shown = view(found, zone)
    name = shown.callback if shown is not None and found.do == "submit" else found.do
    return Wish(someone(home, body), place(body, shown), name=name, value=found.to, moment=text_at(body, "id"))


# --- message extensions


@dataclass(frozen=True, slots=True)
class Saved:
    """A message that somebody wants to keep as an idea. `author` is None where no person wrote it."""

    message: MessageId
    author: PersonId | None
    text: str


def saved(body: Json) -> Saved | None:
    """The message a message extension was used on."""
    value = body.get("value")
    payload = value.get("messagePayload") if isinstance(value, Mapping) else None
    if not isinstance(payload, Mapping) or not text_at(payload, "id"):
        return None
    author = text_at(payload, "from", "user", "id").lower()
    return Saved(
        MessageId(text_at(payload, "id")), PersonId(author) or None, words(text_at(payload, "body", "content"))
    )


def words(content: str) -> str:
    """The words of a message's HTML, a line for each paragraph."""
    lines = BREAK.sub("\n", AT.sub(r"@\1", content))
    return html.unescape(TAG.sub("", lines)).replace("\xa0", " ").strip()
