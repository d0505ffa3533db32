"""Listeners for commands and presses: parse, ask once, draw where the person is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from bot.commands import Command, Verb, parse
from bot.domain.names import HuntId, ThemeId
from bot.screens import Button, Deed, Note, ThemesForm
from bot.usecases.requests import BallotView
from bot.words import Key
from handlers.desk import listeners_deeds as deeds
from handlers.desk import listeners_forms as forms
from handlers.desk import listeners_rooms as rooms
from handlers.desk import listeners_vote_forms as vote_forms
from handlers.desk import listeners_votes as votes
from handlers.desk import wire
from handlers.desk.desk import Desk, room_of, state_of
from handlers.desk.listeners_deeds import DEEDS, Listener
from handlers.desk.targets import DotsWish, Place, Step, ThemeStep, ThemeWish
from handlers.desk.wire import Form, Pick
from handlers.desk.wishes import Wish

# --- commands --------------------------------------------------------------------------------------------------------


async def command(desk: Desk, wish: Wish) -> None:
    """`/ideahunt …`: the verb decides; words that are none of ours are answered with the nearest one."""
    said = parse(wish.value)
    if isinstance(said, Command):
        await VERBS[said.verb](desk, replace(wish, value=said.rest))
        return
    save = Button(Deed.SAVE_TEXT, said.rest[:1_500])
    if said.nearest is None:
        note = Note("command.unknown", buttons=(replace(save, main=True), Button(Deed.HELP)), good=False)
    else:
        go = Button(DEED_OF[said.nearest], "", main=True)
        facts = {"word": said.word, "verb": Key(f"verb.{said.nearest.value}")}
        note = Note("command.nearest", facts, (go, save, Button(Deed.HELP)), good=False)
    await desk.answers.whisper(wish, note)


async def say_idea(desk: Desk, wish: Wish) -> None:
    """`/ideahunt idea …` keeps the words at once; without words it opens the form."""
    room = room_of(wish)
    if not wish.value or room is None:
        await deeds.add_idea(desk, replace(wish, value=""))
        return
    key = wish.place.trigger or wish.moment
    post, sender = desk.core.ideas.post_here, wish.asker
    await desk.foresee(sender.tenant, wish.value, room=room)
    saved = await desk.keep(sender.person, post, sender, room, wish.value, key, desk.now())
    await desk.answers.whisper(wish, saved)


# --- presses ---------------------------------------------------------------------------------------------------------


async def press(desk: Desk, wish: Wish) -> None:
    """A button or a choice; one of an older version, or a mere link, does nothing."""
    deed, pick, page = wire.deed_of(wish.name), wire.pick_of(wish.name), wire.page_of(wish.name)
    if deed is not None:
        await DEEDS[deed](desk, wish)
    elif page is not None:
        await turn(desk, wish, page)
    elif pick is not None:
        await PICKS[pick](desk, wish)


async def turn(desk: Desk, wish: Wish, page: int) -> None:
    """Another page of the same form; a button of an older version turns nothing."""
    shown = wire.form_of(wish.place.view.callback) if wish.place.view else None
    if shown in TURNS:
        await TURNS[shown](desk, wish, page)


async def turn_ballot(desk: Desk, wish: Wish, page: int) -> None:
    """Another page of the ballot."""
    at = state_of(wish)
    view = BallotView(page, at.theme, at.revision)
    ballot = await desk.look(desk.core.ballots.ballot, wish.asker, HuntId(at.hunt), desk.now(), view)
    await desk.answers.redraw(wish, ballot)


async def turn_sort(desk: Desk, wish: Wish, page: int) -> None:
    """Another page of ideas to sort."""
    at = state_of(wish)
    form = await desk.look(desk.core.grouping.sort, wish.asker, HuntId(at.hunt), desk.now(), page, at.unsorted)
    await desk.answers.redraw(wish, form)


async def turn_mine(desk: Desk, wish: Wish, page: int) -> None:
    """Another page of one's own ideas."""
    hunt = HuntId(state_of(wish).hunt)
    await desk.answers.redraw(wish, await desk.look(desk.core.ideas.mine, wish.asker, hunt, desk.now(), page))


async def turn_browse(desk: Desk, wish: Wish, page: int) -> None:
    """Another page of all ideas."""
    await _browse(desk, wish, page, state_of(wish).theme)


async def _browse(desk: Desk, wish: Wish, page: int, theme: str) -> None:
    only = ThemeId(int(theme)) if theme.isdecimal() else None
    hunt = HuntId(state_of(wish).hunt)
    screen = await desk.look(desk.core.grouping.browse, wish.asker, hunt, desk.now(), page, only)
    await desk.answers.redraw(wish, screen)


async def filtered(desk: Desk, wish: Wish) -> None:
    """Only the ideas of one theme: on the ballot by its name, in the list by its number."""
    theme, at = wire.filter_of(wish.value), state_of(wish)
    if wish.place.view and wire.form_of(wish.place.view.callback) is Form.BROWSE:
        await _browse(desk, wish, 1, theme)
        return
    view = BallotView(1, theme, at.revision)
    ballot = await desk.look(desk.core.ballots.ballot, wish.asker, HuntId(at.hunt), desk.now(), view)
    await desk.answers.redraw(wish, ballot)


async def dots(desk: Desk, wish: Wish) -> None:
    """Dots wished on one option: saved at once, the ballot drawn again."""
    wished, at = DotsWish.unpack(wish.value), state_of(wish)
    view = BallotView(at.page, at.theme, at.revision)
    action = f"{wish.asker.person}:{wish.block}:{wish.moment}"
    ballot = await desk.do(
        desk.core.ballots.wish,
        wish.asker,
        HuntId(at.hunt),
        wished.round,
        wished.option,
        wished.dots,
        action,
        view,
        desk.now(),
    )
    await desk.answers.redraw(wish, ballot)


async def theme_of(desk: Desk, wish: Wish) -> None:
    """Where an idea goes: a theme, none, a new one, or aside."""
    wanted, at = ThemeWish.unpack(wish.value), state_of(wish)
    hunt, asker, now = HuntId(at.hunt), wish.asker, desk.now()
    if wanted.to is Place.NEW:
        await desk.answers.ask_name(wish, hunt, number=int(wanted.number))
        return
    if wanted.to is Place.PARK:
        park, parked = desk.core.grouping.park, True
        form = await desk.do(park, asker, hunt, wanted.number, parked, now, at.page, at.unsorted)
    else:
        to = None if isinstance(wanted.to, Place) else wanted.to
        form = await desk.do(desk.core.grouping.move, asker, hunt, wanted.number, to, now, at.page, at.unsorted)
    await desk.answers.redraw(wish, form)


async def unsorted(desk: Desk, wish: Wish) -> None:
    """All ideas, or only those without a theme."""
    at, only = state_of(wish), wish.value == "1"
    form = await desk.look(desk.core.grouping.sort, wish.asker, HuntId(at.hunt), desk.now(), 1, only)
    await desk.answers.redraw(wish, form)


async def theme_step(desk: Desk, wish: Wish) -> None:
    """Renames, splits or merges a theme."""
    wanted = ThemeStep.unpack(wish.value)
    if wanted.step is Step.RENAME:
        hunt, name_of = HuntId(state_of(wish).hunt), desk.core.themes.name_of
        name = await desk.look(name_of, wish.asker, hunt, wanted.theme, desk.now())
        await desk.answers.ask_name(wish, hunt, theme=str(wanted.theme), name=name)
    else:
        await desk.answers.redraw(wish, await theme_stepped(desk, wish, wanted))


async def theme_stepped(desk: Desk, wish: Wish, wanted: ThemeStep) -> ThemesForm:
    """A theme is merged or split; the themes then."""
    hunt, asker = HuntId(state_of(wish).hunt), wish.asker
    if wanted.step is Step.MERGE and wanted.into is not None:
        merge = desk.core.themes.merge_themes
        return await desk.do(merge, asker, hunt, wanted.theme, wanted.into, desk.now())
    return await desk.think(desk.core.themes.split_theme, asker, hunt, wanted.theme, desk.now())


async def new_theme(desk: Desk, wish: Wish) -> None:
    """Asks for the name of a new theme."""
    await desk.answers.ask_name(wish, HuntId(state_of(wish).hunt))


async def themes_again(desk: Desk, wish: Wish) -> None:
    """From the proposed piles back to the themes."""
    hunt = HuntId(state_of(wish).hunt)
    await desk.answers.redraw(wish, await desk.look(desk.core.themes.themes, wish.asker, hunt, desk.now()))


async def other_hunt(desk: Desk, wish: Wish) -> None:
    """Another hunt was chosen in the form for an idea: its themes are shown."""
    at, form = state_of(wish), desk.core.ideas.form
    screen = await desk.look(
        form, wish.asker, None, desk.now(), hunt=HuntId(wish.value), nameless=at.nameless, source=at.source
    )
    await desk.answers.redraw(wish, screen)


VERBS: Mapping[Verb, Listener] = {
    Verb.HUB: deeds.hub,
    Verb.NEW: deeds.new_hunt,
    Verb.IDEA: say_idea,
    Verb.IDEAS: deeds.mine,
    Verb.VOTE: votes.vote,
    Verb.BOARD: deeds.board,
    Verb.SORT: deeds.sort,
    Verb.WORDS: deeds.words,
    Verb.REVEAL: deeds.reveal,
    Verb.CLOSE: deeds.close,
    Verb.RESULTS: deeds.results,
    Verb.EXPORT: deeds.export,
    Verb.SETTINGS: deeds.settings,
    Verb.JOIN: rooms.join,
    Verb.LEAVE: rooms.take_out,
    Verb.LINK: rooms.link,
    Verb.UNLINK: rooms.unlink,
    Verb.TAKE_OVER: votes.take_over,
    Verb.HELP: deeds.helped,
}
DEED_OF: Mapping[Verb, Deed] = {
    Verb.HUB: Deed.HUB,
    Verb.NEW: Deed.NEW_HUNT,
    Verb.IDEA: Deed.ADD_IDEA,
    Verb.IDEAS: Deed.MY_IDEAS,
    Verb.VOTE: Deed.VOTE,
    Verb.BOARD: Deed.HUB,
    Verb.SORT: Deed.HUB,
    Verb.WORDS: Deed.HUB,
    Verb.REVEAL: Deed.HUB,
    Verb.CLOSE: Deed.HUB,
    Verb.RESULTS: Deed.RESULTS,
    Verb.EXPORT: Deed.HUB,
    Verb.SETTINGS: Deed.SETTINGS,
    Verb.JOIN: Deed.HELP,
    Verb.LEAVE: Deed.HUB,
    Verb.LINK: Deed.HELP,
    Verb.UNLINK: Deed.HELP,
    Verb.TAKE_OVER: Deed.HUB,
    Verb.HELP: Deed.HELP,
}
"""The button that does what a mistyped verb meant; what changes a hunt is pressed in the hub, where it asks first."""
TURNS: Mapping[Form | None, Callable[[Desk, Wish, int], Awaitable[None]]] = {
    Form.BALLOT: turn_ballot,
    Form.PLAIN_BALLOT: vote_forms.turn_plain,
    Form.CAST_BALLOT: vote_forms.turn_draft,
    Form.SORT: turn_sort,
    Form.MINE: turn_mine,
    Form.BROWSE: turn_browse,
}
PICKS: Mapping[Pick, Listener] = {
    Pick.DOTS: dots,
    Pick.THEME_OF: theme_of,
    Pick.FILTER: filtered,
    Pick.UNSORTED: unsorted,
    Pick.MORE: forms.more_fields,
    Pick.MORE_RULES: vote_forms.more_rules,
    Pick.COPIES: votes.copies,
    Pick.HUNT: other_hunt,
    Pick.THEME_STEP: theme_step,
    Pick.NEW_THEME: new_theme,
    Pick.PILES: themes_again,
}
"""Every pick; a test holds this table to the whole of Pick."""
