"""Listeners for filled forms: parse, ask once, and let the acknowledgement carry what comes next."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from bot.domain.errors import BadForm
from bot.domain.ideas import Way
from bot.domain.names import HuntId, IdeaNumber, RoomId, ThemeId
from bot.screens import LaunchForm, Screen
from bot.usecases.requests import EditRequest, IdeaRequest, LaunchRequest, SettingsRequest
from handlers.desk import listeners_vote_forms as votes
from handlers.desk import wire
from handlers.desk.desk import Desk, room_of, state_of
from handlers.desk.filled import Filled, filled
from handlers.desk.forms import Answer, instead, view_of
from handlers.desk.targets import ticked_pile
from handlers.desk.wire import Field, Form
from handlers.desk.wishes import Wish, sent_once

OnForm = Callable[[Desk, Wish, Filled], Awaitable[Answer]]


async def submitted(desk: Desk, wish: Wish) -> Answer:
    """A form was sent; one that is only read, or of an older version, closes."""
    view = wish.place.view
    listener = FORMS.get(wire.form_of(wish.name)) if view is not None else None
    if view is None or listener is None:
        return {}
    return await listener(desk, wish, filled(view))


async def launch(desk: Desk, wish: Wish, form: Filled) -> Answer:
    """Launches a hunt."""
    request = launch_request(form)
    note = await desk.do(desk.core.hunts.launch, wish.asker, request, sent_once(view_of(wish)), desk.now())
    return await instead(desk, wish, note)


def launch_request(form: Filled) -> LaunchRequest:
    """What the launch form asks for; fields behind "More options" keep their defaults while they are hidden."""
    room, default = form.text(Field.ROOM), LaunchRequest(RoomId(""), "")
    if not room:
        raise BadForm({Field.ROOM.value: "launch.problem.no_room"})
    return LaunchRequest(
        RoomId(room),
        form.text(Field.QUESTION),
        form.lines(Field.THEMES),
        form.text(Field.LANGUAGE),
        form.moment(Field.COLLECT_UNTIL),
        form.dots(),
        form.number(Field.CAP) or default.cap,
        form.number(Field.PLACES) or default.places,
        form.member(Field.NAMES, default.names),
        form.text(Field.PRIVATE) != "no",
        form.member(Field.CAPTURE, default.capture),
        form.moment(Field.VOTE_FROM),
        form.moment(Field.VOTE_UNTIL),
        form.people(Field.COFACILITATORS),
        form.people(Field.OBSERVERS),
        form.moment(Field.NEXT_SESSION),
    )


async def more_fields(desk: Desk, wish: Wish) -> None:
    """The launch form with all its fields; what was typed stays."""
    form, voice = filled(view_of(wish)), await desk.people.voice(wish.who)
    screen = LaunchForm(
        RoomId(form.text(Field.ROOM)) or room_of(wish),
        form.text(Field.QUESTION),
        voice.language,
        True,
        form.lines(Field.THEMES),
        form.moment(Field.COLLECT_UNTIL),
        form.dots(),
    )
    await desk.answers.redraw(wish, screen)


async def idea(desk: Desk, wish: Wish, form: Filled) -> Answer:
    """Keeps an idea, new or edited."""
    at, text, chosen = state_of(wish), form.text(Field.TEXT), form.text(Field.THEME)
    theme = ThemeId(int(chosen)) if chosen.isdecimal() and chosen != at.theme else None  # as shown: nothing was chosen
    new, now = form.text(Field.NEW_THEME), desk.now()
    hunt = HuntId(form.text(Field.HUNT) or at.hunt)
    if at.number:
        edit = EditRequest(hunt, IdeaNumber(at.number), text, theme, new, at.token)
        return await instead(desk, wish, await desk.do(desk.core.ideas.edit, wish.asker, edit, now))
    way, nameless = Way.SHORTCUT if at.source else Way.FORM, form.ticked(Field.NAMELESS)
    request = IdeaRequest(hunt, text, theme, new, nameless, way, at.source)
    post, sender = desk.core.ideas.post, wish.asker
    await desk.foresee(sender.tenant, text, hunt)
    saved = await desk.keep(sender.person, post, sender, request, sent_once(view_of(wish)), now)
    return await instead(desk, wish, saved)


async def piles(desk: Desk, wish: Wish, form: Filled) -> Answer:
    """Makes themes of the piles that stayed ticked."""
    hunt, ticked = HuntId(state_of(wish).hunt), tuple(map(ticked_pile, form.several(Field.PILES)))
    return await desk.answers.instead(
        wish, await desk.think(desk.core.themes.take_piles, wish.asker, hunt, ticked, desk.now())
    )


async def words(desk: Desk, wish: Wish, form: Filled) -> Answer:
    """Keeps the workspace's own words."""
    hunt, typed = HuntId(state_of(wish).hunt), form.text(Field.WORDS)
    return await instead(desk, wish, await desk.do(desk.core.words.keep, wish.asker, hunt, typed, desk.now()))


async def theme_name(desk: Desk, wish: Wish, form: Filled) -> Answer:
    """A name: of a new theme for an idea, of a known theme, or of an empty new one."""
    at, name, now = state_of(wish), form.text(Field.NAME), desk.now()
    hunt, asker = HuntId(at.hunt), wish.asker
    screen: Screen
    if at.number:
        move = desk.core.grouping.move
        screen = await desk.do(
            move, asker, hunt, IdeaNumber(at.number), None, now, at.page, at.unsorted, new_theme=name
        )
    elif at.theme:
        screen = await desk.do(desk.core.themes.rename, asker, hunt, ThemeId(int(at.theme)), name, now)
    else:
        screen = await desk.do(desk.core.themes.add_theme, asker, hunt, name, now)
    await desk.answers.below(wish, screen)
    return {}


async def settings(desk: Desk, wish: Wish, form: Filled) -> Answer:
    """Keeps the person's settings, and the room's where they were shown."""
    at = state_of(wish)
    shown = Field.ROOM_LANGUAGE.value in form.fields
    request = SettingsRequest(
        None if form.text(Field.LANGUAGE) == "auto" else form.text(Field.LANGUAGE),
        form.ticked(Field.MUTED),
        form.ticked(Field.PLAIN_BALLOT),
        RoomId(at.room) if shown and at.room else None,
        form.text(Field.ROOM_LANGUAGE) or None,
        form.ticked(Field.DIGEST) if shown else None,
    )
    note = await desk.do(desk.core.people.keep_settings, wish.asker, request, desk.now())
    desk.people.forget(wish.asker.person)
    return await instead(desk, wish, note)


FORMS: Mapping[Form | None, OnForm] = {
    Form.LAUNCH: launch,
    Form.IDEA: idea,
    Form.BALLOT: votes.ballot,
    Form.PLAIN_BALLOT: votes.plain_ballot,
    Form.CAST_BALLOT: votes.cast_ballot,
    Form.VOTE: votes.vote,
    Form.RULES: votes.rules,
    Form.PAPERS: votes.papers,
    Form.SHARE: votes.share,
    Form.ROLES: votes.roles,
    Form.PILES: piles,
    Form.WORDS: words,
    Form.THEME_NAME: theme_name,
    Form.SETTINGS: settings,
}
