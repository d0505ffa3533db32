"""Listeners for events: what was written, marked, joined, left, archived; each may come twice, late, or never."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.domain.errors import Refusal
from bot.domain.people import Asker
from handlers.desk.wishes import Fate, Marked, Place, Said, Someone, Wish, text_at
from handlers.platform import MessageGone, NotInvited, Seen, Trouble
from handlers.slack import payloads
from handlers.slack.desk import SlackDesk

Body = Mapping[str, Any]
OnEvent = Callable[[SlackDesk, Body], Awaitable[None]]
SIGNS = frozenset({"bulb", "idea"})
"""Reactions that mean "this is an idea"."""


# --- messages --------------------------------------------------------------------------------------------------------


async def message(desk: SlackDesk, body: Body) -> None:
    """A message was written, changed or deleted, in a room or directly to us."""
    names = await desk.people.named(payloads.mentions(body))
    said = payloads.said(desk.home, body, names)
    if said.direct and said.who.asker.person:
        desk.platform.met(said.who.asker.person, said.heard.room)
    main = desk.accounts.asker(said.who.asker)
    said = replace(said, who=said.who.known_as(main), heard=replace(said.heard, author=main.person))
    await BY_FATE[said.fate](desk, said)


async def written(desk: SlackDesk, said: Said) -> None:
    """A new message: an idea where a hunt listens; only what asks something is answered, privately."""
    if not said.heard.text and not said.direct:
        return  # a file or an emoji alone is no idea, and needs no comment
    if said.direct:
        await direct(desk, said)
        return
    await desk.foresee(said.heard.tenant, said.heard.text, room=said.heard.room)
    answer = await desk.do(desk.core.incoming.heard, said.heard, desk.now())
    if answer is not None:
        await desk.answers.whisper(at(said), answer)


async def direct(desk: SlackDesk, said: Said) -> None:
    """A message to the bot: an idea without a name, or the question which hunt it is for."""
    heard = said.heard
    if heard.thread is not None and heard.thread != heard.message:
        return  # talk under one of our letters
    keep = desk.core.incoming.direct
    sender = said.who.asker
    answer = await desk.keep(sender.person, keep, sender, heard.room, heard.message, heard.text, desk.now())
    if not getattr(answer, "repeated", False):
        await desk.answers.whisper(at(said), answer)


async def edited(desk: SlackDesk, said: Said) -> None:
    """A message got new words."""
    if not said.direct:
        await desk.do(desk.core.incoming.edited, said.heard, desk.now())


async def deleted(desk: SlackDesk, said: Said) -> None:
    """A message is gone."""
    if not said.direct:
        heard = said.heard
        await desk.do(desk.core.incoming.gone, heard.tenant, heard.room, heard.message, desk.now())


async def nothing(_: SlackDesk, __: Said) -> None:
    """A bot's message, a notice, a preview: acknowledged."""


def at(said: Said) -> Wish:
    """Where an answer to a message goes: beside it, for its author's eyes."""
    heard = said.heard
    return Wish(said.who, Place(heard.room, heard.message, heard.thread, direct=payloads.is_direct(heard.room)))


# --- reactions -------------------------------------------------------------------------------------------------------


async def reaction(desk: SlackDesk, body: Body) -> None:
    """A light bulb under a message keeps it as an idea; the last one taken away takes it back."""
    mark = payloads.marked(desk.home, body)
    if mark is None or mark.sign not in SIGNS or mark.who.asker.person == desk.home.bot:
        return
    if await desk.look(desk.core.hunts.open_here, mark.who.asker.tenant, mark.room) is None:
        return  # nobody hunts here: Slack is not asked
    await (marked if mark.added else unmarked)(desk, mark)


async def marked(desk: SlackDesk, mark: Marked) -> None:
    """Keeps the marked message under its author's name; the one who marked it is credited."""
    seen = await _seen(desk, mark)
    if seen is None or seen.gone or seen.ours or not seen.heard.text:
        return
    try:
        heard = replace(seen.heard, author=desk.accounts.itself(seen.heard.author))
        await desk.do(desk.core.incoming.bulb, heard, desk.accounts.itself(mark.who.asker.person), desk.now())
    except Refusal as refusal:
        await desk.answers.refuse(Wish(mark.who, Place(room=mark.room, thread=seen.heard.thread)), refusal)


async def unmarked(desk: SlackDesk, mark: Marked) -> None:
    """The idea goes only with the last bulb of a person."""
    if not await desk.platform.still_marked(mark.room, mark.message, SIGNS):
        await desk.do(desk.core.incoming.unbulb, desk.home.tenant, mark.room, mark.message, desk.now())


async def _seen(desk: SlackDesk, mark: Marked) -> Seen | None:
    try:
        return await desk.platform.one(mark.room, mark.message)
    except (MessageGone, NotInvited):
        return None


# --- rooms and people ------------------------------------------------------------------------------------------------


async def joined(desk: SlackDesk, body: Body) -> None:
    """Somebody joined a room; when it is the bot, hunts that waited for it are shown."""
    room, person = payloads.room_of(body), payloads.person_of(body)
    if person != desk.home.bot:
        await desk.do(desk.core.people.member_joined, desk.home.tenant, room, person)
        desk.people.learn([person])
        return
    await desk.do(desk.core.people.bot_joined, desk.home.tenant, room, desk.now())
    desk.later(enter(desk, body))
    desk.later(desk.catch_up())


async def enter(desk: SlackDesk, body: Body) -> None:
    """Reads who is in a room the bot was invited to."""
    try:
        facts = await desk.platform.enter(payloads.room_of(body))
    except Trouble:
        return  # the board's own letter enters again, and settles what is wrong
    await desk.do(desk.core.people.keep_room, facts.room, facts.members)
    desk.people.learn(facts.members or ())


async def left(desk: SlackDesk, body: Body) -> None:
    """Somebody left a room; without the bot a hunt there rests."""
    room, person = payloads.room_of(body), payloads.person_of(body)
    if person == desk.home.bot:
        await desk.do(desk.core.people.bot_left, desk.home.tenant, room, desk.now())
    else:
        await desk.do(desk.core.people.member_left, desk.home.tenant, room, person)


async def bot_left(desk: SlackDesk, body: Body) -> None:
    """The bot itself was removed from a room."""
    await desk.do(desk.core.people.bot_left, desk.home.tenant, payloads.room_of(body), desk.now())


async def closed(desk: SlackDesk, body: Body) -> None:
    """A room was archived or deleted."""
    await desk.do(desk.core.people.room_gone, desk.home.tenant, payloads.room_of(body), desk.now())


async def reopened(desk: SlackDesk, body: Body) -> None:
    """A room came back."""
    await desk.do(desk.core.people.bot_joined, desk.home.tenant, payloads.room_of(body), desk.now())


async def renamed(desk: SlackDesk, body: Body) -> None:
    """A room got another name."""
    known = await desk.look(desk.core.people.room, desk.home.tenant, payloads.room_of(body))
    name = text_at(payloads.event(body), "channel", "name")
    await desk.do(desk.core.people.keep_room, replace(known, name=name))


async def home_opened(desk: SlackDesk, body: Body) -> None:
    """The person looks at our page."""
    inside = payloads.event(body)
    if inside.get("tab", "home") == "home":
        who = Someone(asker := Asker(desk.home.tenant, payloads.person_of(body))).known_as(desk.accounts.asker(asker))
        await desk.answers.home(who, await desk.look(desk.core.people.home, who.asker, desk.now()))


async def changed(desk: SlackDesk, body: Body) -> None:
    """Somebody changed their profile, language or zone: asked again when they come back."""
    desk.people.forget(payloads.person_of(body))


async def removed(desk: SlackDesk, _: Body) -> None:
    """The app was removed, or its token revoked: nothing is sent any more.

    Where another platform is served for the same people, only Slack rests: its next call is refused.
    """
    if desk.alone():
        await desk.door.do(desk.core.people.suspend, desk.home.tenant, desk.now())


BY_FATE: Mapping[Fate, Callable[[SlackDesk, Said], Awaitable[None]]] = {
    Fate.WRITTEN: written,
    Fate.EDITED: edited,
    Fate.DELETED: deleted,
    Fate.NOTHING: nothing,
}
EVENTS: Mapping[str, OnEvent] = {
    "reaction_added": reaction,
    "reaction_removed": reaction,
    "member_joined_channel": joined,
    "member_left_channel": left,
    "channel_left": bot_left,
    "group_left": bot_left,
    "channel_archive": closed,
    "group_archive": closed,
    "channel_deleted": closed,
    "group_deleted": closed,
    "channel_unarchive": reopened,
    "group_unarchive": reopened,
    "channel_rename": renamed,
    "group_rename": renamed,
    "app_home_opened": home_opened,
    "user_change": changed,
    "app_uninstalled": removed,
    "tokens_revoked": removed,
}


async def event(desk: SlackDesk, body: Body) -> None:
    """Any event but a message; one we do not know is acknowledged."""
    listener = EVENTS.get(text_at(payloads.event(body), "type"))
    if listener is not None:
        await listener(desk, body)
