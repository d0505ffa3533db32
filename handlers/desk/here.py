"""Which hunt a wish is about: the one its button names, or that of the room it was made in."""

from __future__ import annotations

from bot.domain.errors import NoHuntHere
from bot.domain.names import HuntId
from handlers.desk.desk import Desk, room_of
from handlers.desk.wishes import Wish


async def hunt_of(desk: Desk, wish: Wish) -> HuntId:
    """The hunt a button is about; the room's own for a command."""
    return HuntId(wish.value) if wish.name and wish.value else await hunt_here(desk, wish)


async def hunt_here(desk: Desk, wish: Wish) -> HuntId:
    """The open hunt of the room. Raises NoHuntHere."""
    room = room_of(wish)
    hunt = await desk.look(desk.core.hunts.open_here, wish.asker.tenant, room) if room else None
    if hunt is None:
        raise NoHuntHere
    return hunt


async def newest_here(desk: Desk, wish: Wish) -> HuntId:
    """The newest hunt of the room, open or closed. Raises NoHuntHere."""
    room = room_of(wish)
    hunt = await desk.look(desk.core.hunts.newest_here, wish.asker.tenant, room) if room else None
    if hunt is None:
        raise NoHuntHere
    return hunt
