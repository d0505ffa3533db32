"""Deeds about what joins two platforms: a hunt's rooms, and one person's accounts."""

from __future__ import annotations

from bot.domain.errors import CodeNeedsRoom
from handlers.desk.desk import Desk, room_of
from handlers.desk.here import hunt_of
from handlers.desk.wishes import Wish


async def show(desk: Desk, wish: Wish) -> None:
    """The hunt's rooms, and the code to type in another one."""
    hunt = await hunt_of(desk, wish)
    await desk.answers.whisper(wish, await desk.do(desk.core.rooms.invite, wish.asker, hunt, desk.now()))


async def join(desk: Desk, wish: Wish) -> None:
    """Shows a hunt of another room in this one too, by its code."""
    room = room_of(wish)
    if room is None:
        raise CodeNeedsRoom
    with desk.guesses.one(wish.who.account, desk.now()):
        note = await desk.do(desk.core.rooms.join, wish.asker, room, wish.value, desk.now())
    desk.later(desk.entered(room))
    await desk.answers.whisper(wish, note)


async def link(desk: Desk, wish: Wish) -> None:
    """A code for one's other account; with a code, this account becomes the same person."""
    if not wish.value:
        await desk.answers.whisper(wish, await desk.do(desk.core.rooms.account_code, wish.asker, desk.now()))
        return
    with desk.guesses.one(wish.who.account, desk.now()):
        note = await desk.do(desk.core.rooms.link, wish.asker, wish.value, desk.now(), desk.ours)
    await desk.accounts.read()
    await desk.answers.whisper(wish, note)
