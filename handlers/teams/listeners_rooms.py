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
    """Members came or went, or a channel or its team itself changed."""
    listener = EVENTS.get(text_at(body, "channelData", "eventType").lower())
    if listener is not None:
        await listener(desk, body)
    if payloads.is_direct(body):
        return
    came, went = _accounts(body, "membersAdded"), _accounts(body, "membersRemoved")
    if _ours(desk, came):
        await joined(desk, body)
    if _ours(desk, went):
        await left(desk, body)
    await desk.platform.rosters.came(body, _people(came))
    await desk.platform.rosters.went(body, _people(went))


def _accounts(body: Body, name: str) -> list[Body]:
    found = body.get(name)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def _people(accounts: list[Body]) -> list[Body]:
    return [one for one in accounts if payloads.person_id(one) and not text_at(one, "id").startswith("28:")]


def _ours(desk: TeamsDesk, accounts: list[Body]) -> bool:
    return any(text_at(one, "id") == desk.home.bot for one in accounts)


async def joined(desk: TeamsDesk, body: Body) -> None:
    """The bot is in: hunts that waited for it are shown, in every channel of the team."""
    await name_room(desk, body, payloads.room_of(body))
    for channel, name in (await desk.platform.rosters.channels(body)).items():
        at = payloads.conversation_of(desk.home, body)
        await desk.platform.met(replace(at, place=channel, id=channel))
        await keep_name(desk, channel, name)
    for room in await desk.platform.rosters.rooms(body):
        await desk.do(desk.core.people.bot_joined, desk.home.tenant, room, desk.now())
        desk.later(desk.entered(room))


async def left(desk: TeamsDesk, body: Body) -> None:
    """The bot is out of the chat, or of every channel of the team: hunts there rest."""
    for room in await desk.platform.rosters.rooms(body):
        await desk.do(desk.core.people.bot_left, desk.home.tenant, room, desk.now())


async def installed(desk: TeamsDesk, body: Body) -> None:
    """In a personal chat: the home card says what can be done; removed there, nobody is written to any more."""
    removed = text_at(body, "action").startswith("remove")
    if not payloads.is_direct(body):
        if removed:
            await left(desk, body)
        return
    who = payloads.someone(desk.home, body)
    if removed:
        await desk.platform.lost(who.account)
        return
    known = Someone(Asker(desk.home.tenant, who.account)).known_as(desk.accounts.asker(who.asker))
    await desk.answers.home(known, await desk.look(desk.core.people.home, known.asker, desk.now()))


# --- channels, whose events come for their team ----------------------------------------------------------------------


async def created(desk: TeamsDesk, body: Body) -> None:
    """A new channel: where it is written to, and what it is called."""
    await desk.platform.met(payloads.created(desk.home, body))
    await renamed(desk, body)


async def closed(desk: TeamsDesk, body: Body) -> None:
    """A channel was deleted."""
    await desk.do(desk.core.people.room_gone, desk.home.tenant, payloads.changed_channel(body), desk.now())


async def reopened(desk: TeamsDesk, body: Body) -> None:
    """A channel came back."""
    await desk.do(desk.core.people.bot_joined, desk.home.tenant, payloads.changed_channel(body), desk.now())


async def renamed(desk: TeamsDesk, body: Body) -> None:
    """A channel got another name."""
    await name_room(desk, body, payloads.changed_channel(body))


# --- teams -----------------------------------------------------------------------------------------------------------


async def team_closed(desk: TeamsDesk, body: Body) -> None:
    """A team was deleted or archived: so is every channel of it."""
    for room in await desk.platform.rosters.rooms(body):
        await desk.do(desk.core.people.room_gone, desk.home.tenant, room, desk.now())


async def team_reopened(desk: TeamsDesk, body: Body) -> None:
    """A team came back with its channels."""
    for room in await desk.platform.rosters.rooms(body):
        await desk.do(desk.core.people.bot_joined, desk.home.tenant, room, desk.now())


async def team_renamed(desk: TeamsDesk, body: Body) -> None:
    """A team got another name, and its general channel with it."""
    await name_room(desk, body, RoomId(payloads.team_of(body)) or payloads.room_of(body))


async def name_room(desk: TeamsDesk, body: Body, room: RoomId) -> None:
    """Keeps what a room is called, where that is told and new."""
    await keep_name(desk, room, payloads.room_name(body, room))


async def keep_name(desk: TeamsDesk, room: RoomId, name: str) -> None:
    """Keeps what a room is called, where that is new."""
    known = await desk.look(desk.core.people.room, desk.home.tenant, room)
    if name and name != known.name:
        await desk.do(desk.core.people.keep_room, replace(known, name=name, private=True, present=True))


EVENTS: Mapping[str, OnEvent] = {
    "channelcreated": created,
    "channeldeleted": closed,
    "channelrestored": reopened,
    "channelrenamed": renamed,
    "teamdeleted": team_closed,
    "teamharddeleted": team_closed,
    "teamarchived": team_closed,
    "teamrestored": team_reopened,
    "teamunarchived": team_reopened,
    "teamrenamed": team_renamed,
}
"""By name, in small letters: Microsoft's pages write them in two ways."""
