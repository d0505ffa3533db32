"""Listeners for rooms and people: added, removed, renamed, deleted; each may come twice, late, or never."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.domain.names import RoomId
from bot.domain.people import Asker
from handlers.desk.wishes import Someone, text_at
from handlers.teams import payloads
from handlers.teams.desk import TeamsDesk

Body = Mapping[str, Any]
OnEvent = Callable[[TeamsDesk, Body], Awaitable[None]]


async def changed(desk: TeamsDesk, body: Body) -> None:
    """Members came or went, or the channel itself changed."""
    listener = EVENTS.get(text_at(body, "channelData", "eventType"))
    if listener is not None:
        await listener(desk, body)
    for account in _accounts(body, "membersAdded"):
        await (joined if text_at(account, "id") == desk.home.bot else member_joined)(desk, body, account)
    for account in _accounts(body, "membersRemoved"):
        await (left if text_at(account, "id") == desk.home.bot else member_left)(desk, body, account)


def _accounts(body: Body, name: str) -> list[Body]:
    found = body.get(name)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


async def joined(desk: TeamsDesk, body: Body, _: Body) -> None:
    """The bot is in: hunts that waited for it are shown."""
    if payloads.is_direct(body):
        return
    room = payloads.room_of(body)
    await name_room(desk, body, room)
    await desk.do(desk.core.people.bot_joined, desk.home.tenant, room, desk.now())
    desk.later(desk.entered(room))


async def left(desk: TeamsDesk, body: Body, _: Body) -> None:
    """The bot is out: a hunt there rests."""
    if payloads.is_direct(body):
        return
    room = payloads.room_of(body)
    await desk.platform.lost(room)
    await desk.do(desk.core.people.bot_left, desk.home.tenant, room, desk.now())


async def member_joined(desk: TeamsDesk, body: Body, account: Body) -> None:
    """Somebody came."""
    if person := payloads.person_id(account):
        await desk.do(desk.core.people.member_joined, desk.home.tenant, payloads.room_of(body), person)


async def member_left(desk: TeamsDesk, body: Body, account: Body) -> None:
    """Somebody went."""
    if person := payloads.person_id(account):
        await desk.do(desk.core.people.member_left, desk.home.tenant, payloads.room_of(body), person)


async def installed(desk: TeamsDesk, body: Body) -> None:
    """In a personal chat: the home card says what can be done; removed there, nobody is written to any more."""
    if not payloads.is_direct(body):
        return
    who = payloads.someone(desk.home, body)
    if text_at(body, "action").startswith("remove"):
        await desk.platform.lost(who.account)
        return
    known = Someone(Asker(desk.home.tenant, who.account)).known_as(desk.accounts.asker(who.asker))
    await desk.answers.home(known, await desk.look(desk.core.people.home, known.asker, desk.now()))


async def closed(desk: TeamsDesk, body: Body) -> None:
    """A channel or its team was deleted or archived."""
    await desk.do(desk.core.people.room_gone, desk.home.tenant, payloads.room_of(body), desk.now())


async def reopened(desk: TeamsDesk, body: Body) -> None:
    """A channel or its team came back."""
    await desk.do(desk.core.people.bot_joined, desk.home.tenant, payloads.room_of(body), desk.now())


async def renamed(desk: TeamsDesk, body: Body) -> None:
    """A channel got another name."""
    await name_room(desk, body, payloads.room_of(body))


async def name_room(desk: TeamsDesk, body: Body, room: RoomId) -> None:
    """Keeps what a room is called, where that is told and new."""
    known = await desk.look(desk.core.people.room, desk.home.tenant, room)
    if (name := payloads.room_name(body)) and name != known.name:
        await desk.do(desk.core.people.keep_room, replace(known, name=name, private=True, present=True))


EVENTS: Mapping[str, OnEvent] = {
    "channelDeleted": closed,
    "teamDeleted": closed,
    "teamHardDeleted": closed,
    "teamArchived": closed,
    "channelRestored": reopened,
    "teamRestored": reopened,
    "teamUnarchived": reopened,
    "channelRenamed": renamed,
    "teamRenamed": renamed,
}
