"""What every form shares: the form a wish came from, and the screen that takes its place."""

from __future__ import annotations

from typing import Any

from bot.domain.errors import StaleForm
from bot.screens import Screen
from handlers.desk.desk import Desk
from handlers.desk.wishes import View, Wish

Answer = dict[str, Any]
"""What the acknowledgement carries: nothing closes the form."""


async def instead(desk: Desk, wish: Wish, screen: Screen) -> Answer:
    """The next screen takes the place of the form."""
    return await desk.answers.instead(wish, screen)


def view_of(wish: Wish) -> View:
    """The form a wish came from. Raises StaleForm."""
    if wish.place.view is None:
        raise StaleForm
    return wish.place.view
