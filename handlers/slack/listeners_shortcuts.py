"""Listeners for shortcuts: of the workspace, and of a message that becomes an idea."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from bot.screens import IdeaForm, Note
from handlers.desk import listeners_deeds as deeds
from handlers.desk import wire
from handlers.desk.desk import room_of
from handlers.desk.wishes import Wish, text_at
from handlers.slack.desk import SlackDesk
from handlers.slack.payloads import by_a_person
from handlers.slack.typed import mentioned, typed_text

Shortcut = Callable[[SlackDesk, Wish], Awaitable[None]]


async def shortcut(desk: SlackDesk, wish: Wish) -> None:
    """A shortcut of the workspace or of a message."""
    await SHORTCUTS.get(wish.name, deeds.hub)(desk, wish)


async def save_message(desk: SlackDesk, wish: Wish) -> None:
    """The form with somebody's message in it; its author keeps the credit."""
    message, room = wish.message, wish.place.room
    if room is None or not by_a_person(desk.home, message):
        await desk.answers.whisper(wish, Note("idea.not_a_person", good=False))
        return
    text = typed_text(message, await desk.people.named(mentioned(message)))
    source = f"{room}|{wish.place.message}|{text_at(message, 'user')}"
    form = desk.core.ideas.form
    screen = await desk.look(form, wish.asker, room_of(wish), desk.now(), text=text, source=source)
    await (desk.answers.open if isinstance(screen, IdeaForm) else desk.answers.whisper)(wish, screen)


SHORTCUTS: Mapping[str, Shortcut] = {
    wire.HUNT_NEW: deeds.new_hunt,
    wire.IDEA_NEW: deeds.add_idea,
    wire.IDEA_FROM_MESSAGE: save_message,
}
