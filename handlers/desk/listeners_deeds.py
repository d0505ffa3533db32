"""Deeds: what each button does, asked once, drawn where the person is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from bot.domain.errors import NoHuntHere
from bot.domain.names import HuntId, RoomId
from bot.screens import Deed, DuplicatesForm, IdeaForm, Note, SortForm, ThemesForm, Told
from handlers.desk import listeners_rooms as rooms
from handlers.desk import listeners_votes as votes
from handlers.desk import wire
from handlers.desk.desk import Desk, room_of, state_of
from handlers.desk.here import hunt_of, newest_here
from handlers.desk.targets import AddTarget, ExportTarget, IdeaTarget, PairTarget
from handlers.desk.wire import Form
from handlers.desk.wishes import Wish

Listener = Callable[[Desk, Wish], Awaitable[None]]


# --- what opens ----------------------------------------------------------------------------------


async def hub(desk: Desk, wish: Wish) -> None:
    """What one can do here now; the launch form where no hunt is."""
    room = room_of(wish) or RoomId(wish.value)
    if room:
        await desk.answers.open(wish, await desk.look(desk.core.hunts.hub, wish.asker, room, desk.now()))
    else:
        await new_hunt(desk, replace(wish, value=""))


async def new_hunt(desk: Desk, wish: Wish) -> None:
    """The launch form, with the question where one was typed."""
    question = "" if wish.name else wish.value
    form = desk.core.hunts.launch_form
    await desk.answers.open(wish, await desk.look(form, wish.asker, room_of(wish), desk.now(), question=question))


async def add_idea(desk: Desk, wish: Wish) -> None:
    """The form for an idea; a direct message that waited for its hunt is kept at once."""
    target = AddTarget.unpack(wish.value)
    if target.hunt and target.room and target.message:
        await _keep_direct(desk, wish, target)
        return
    form = desk.core.ideas.form
    screen = await desk.look(form, wish.asker, room_of(wish), desk.now(), hunt=target.hunt)
    await (desk.answers.open if isinstance(screen, IdeaForm) else desk.answers.whisper)(wish, screen)


async def _keep_direct(desk: Desk, wish: Wish, target: AddTarget) -> None:
    assert target.hunt is not None
    assert target.room is not None
    assert target.message is not None
    seen = await desk.platform.one(target.room, target.message)
    if seen is None or seen.heard.author != wish.asker.person:
        await desk.answers.whisper(wish, Note("direct.gone", good=False))
        return
    keep, text = desk.core.incoming.direct_into, seen.heard.text
    saved = await desk.do(keep, wish.asker, target.hunt, target.room, target.message, text, False, desk.now())
    await desk.answers.whisper(wish, saved)


async def board(desk: Desk, wish: Wish) -> None:
    """All ideas of this room's hunt, privately."""
    if room := room_of(wish):
        await desk.answers.open(wish, await desk.look(desk.core.hunts.board, wish.asker, room, desk.now()))
    else:
        await show_home(desk, wish)


async def helped(desk: Desk, wish: Wish) -> None:
    """What one can type."""
    screen = await desk.look(desk.core.hunts.help, wish.asker, room_of(wish) or RoomId(""))
    await desk.answers.whisper(wish, screen)


async def see_all(desk: Desk, wish: Wish) -> None:
    """All ideas, a page at a time."""
    screen = await desk.look(desk.core.grouping.browse, wish.asker, HuntId(wish.value), desk.now())
    await desk.answers.open(wish, screen)


async def mine(desk: Desk, wish: Wish) -> None:
    """The person's own ideas."""
    hunt = await hunt_of(desk, wish)
    await desk.answers.open(wish, await desk.look(desk.core.ideas.mine, wish.asker, hunt, desk.now()))


async def edit_idea(desk: Desk, wish: Wish) -> None:
    """The form with the idea in it."""
    to, form = IdeaTarget.unpack(wish.value), desk.core.ideas.form
    screen = await desk.look(form, wish.asker, None, desk.now(), hunt=to.hunt, number=to.number, token=to.token)
    await desk.answers.open(wish, screen)


async def sort(desk: Desk, wish: Wish) -> None:
    """The facilitator's page of ideas."""
    hunt = await hunt_of(desk, wish)
    await desk.answers.open(wish, await desk.look(desk.core.grouping.sort, wish.asker, hunt, desk.now()))


async def duplicates(desk: Desk, wish: Wish) -> None:
    """Ideas that may be the same."""
    hunt = HuntId(wish.value)
    await desk.answers.open(wish, await desk.think(desk.core.grouping.duplicates, wish.asker, hunt, desk.now()))


async def themes(desk: Desk, wish: Wish) -> None:
    """The themes."""
    hunt = HuntId(wish.value)
    await desk.answers.open(wish, await desk.look(desk.core.themes.themes, wish.asker, hunt, desk.now()))


async def words(desk: Desk, wish: Wish) -> None:
    """The workspace's own words, to change them."""
    hunt = await hunt_of(desk, wish)
    await desk.answers.open(wish, await desk.look(desk.core.words.form, wish.asker, hunt, desk.now()))


async def suggest_no_more(desk: Desk, wish: Wish) -> None:
    """From now on the bot suggests no theme in this hunt."""
    await desk.answers.redraw(
        wish, await desk.do(desk.core.themes.suggest, wish.asker, HuntId(wish.value), False, desk.now())
    )


async def suggest_again(desk: Desk, wish: Wish) -> None:
    """The bot suggests themes again."""
    await desk.answers.redraw(
        wish, await desk.do(desk.core.themes.suggest, wish.asker, HuntId(wish.value), True, desk.now())
    )


async def propose(desk: Desk, wish: Wish) -> None:
    """The bot's piles, to take or to leave."""
    screen = await desk.think(desk.core.themes.propose, wish.asker, HuntId(wish.value), desk.now())
    in_themes = wish.place.view is not None and wire.form_of(wish.place.view.callback) is Form.THEMES
    await (desk.answers.redraw if in_themes else desk.answers.open)(wish, screen)


async def results(desk: Desk, wish: Wish) -> None:
    """The newest results of this room; the target may name another room."""
    room = room_of(wish) or RoomId(wish.value)
    await desk.answers.whisper(wish, await desk.look(desk.core.votes.results, wish.asker, room, desk.now()))


async def settings(desk: Desk, wish: Wish) -> None:
    """The person's settings, and the room's."""
    screen = await desk.look(desk.core.people.settings, wish.asker, room_of(wish))
    await desk.answers.open(wish, screen)


async def show_home(desk: Desk, wish: Wish) -> None:
    """The person's home page, drawn again."""
    await desk.answers.home(wish.who, await desk.look(desk.core.people.home, wish.asker, desk.now()))


# --- deeds that are done at once -------------------------------------------------------------------------------------


async def withdraw(desk: Desk, wish: Wish) -> None:
    """Takes an idea back."""
    to, take = IdeaTarget.unpack(wish.value), desk.core.ideas.withdraw
    await _tell_or_list(desk, wish, to, await desk.do(take, wish.asker, to.hunt, to.number, to.token, desk.now()))


async def restore(desk: Desk, wish: Wish) -> None:
    """Puts an idea back."""
    to, put = IdeaTarget.unpack(wish.value), desk.core.ideas.restore
    await _tell_or_list(desk, wish, to, await desk.do(put, wish.asker, to.hunt, to.number, to.token, desk.now()))


async def _tell_or_list(desk: Desk, wish: Wish, to: IdeaTarget, note: Note) -> None:
    """In the list of one's ideas the list is drawn again; elsewhere the note is told."""
    if wish.place.view and wire.form_of(wish.place.view.callback) is Form.MINE:
        mine = await desk.look(desk.core.ideas.mine, wish.asker, to.hunt, desk.now(), state_of(wish).page)
        await desk.answers.redraw(wish, mine)
    else:
        await desk.answers.whisper(wish, note)


async def split_list(desk: Desk, wish: Wish) -> None:
    """Makes several ideas of a pasted list."""
    to, split = IdeaTarget.unpack(wish.value), desk.core.ideas.split
    await desk.answers.whisper(wish, await desk.do(split, wish.asker, to.hunt, to.number, to.token, desk.now()))


async def keep_whole(desk: Desk, wish: Wish) -> None:
    """Leaves a pasted list as one idea."""
    number = int(IdeaTarget.unpack(wish.value).number)
    await desk.answers.whisper(wish, Note("idea.kept_whole", {"number": number}))


async def save_text(desk: Desk, wish: Wish) -> None:
    """Keeps the words of an unknown command as an idea."""
    room = room_of(wish)
    if room is None:
        raise NoHuntHere
    key = f"text:{wish.place.message or wish.moment}"
    post, sender = desk.core.ideas.post_here, wish.asker
    await desk.foresee(sender.tenant, wish.value, room=room)
    saved = await desk.keep(sender.person, post, sender, room, wish.value, key, desk.now())
    await desk.answers.whisper(wish, saved)


async def reveal(desk: Desk, wish: Wish) -> None:
    """Shows the ideas to the room, then looks for near-duplicates at a glance; once all is quiet, the clock does."""
    hunt = await hunt_of(desk, wish)
    note = await desk.do(desk.core.hunts.reveal, wish.asker, hunt, desk.now())
    desk.later(desk.door.patient(60).think(desk.core.grouping.compare, wish.asker.tenant, hunt))
    await desk.answers.whisper(wish, note)


async def close(desk: Desk, wish: Wish) -> None:
    """Closes the vote, or the hunt where none is open."""
    hunt = await hunt_of(desk, wish)
    await desk.answers.whisper(wish, await desk.do(desk.core.hunts.close, wish.asker, hunt, desk.now()))


async def collect_again(desk: Desk, wish: Wish) -> None:
    """A second round of writing."""
    note = await desk.do(desk.core.hunts.collect_again, wish.asker, HuntId(wish.value), desk.now())
    await desk.answers.whisper(wish, note)


async def retry(desk: Desk, wish: Wish) -> None:
    """The bot was invited: the hunt may be shown now."""
    note = await desk.do(desk.core.hunts.retry, wish.asker, HuntId(wish.value), desk.now())
    await desk.answers.whisper(wish, note)


async def mute(desk: Desk, wish: Wish) -> None:
    """No more reminders."""
    await desk.answers.whisper(wish, await desk.do(desk.core.people.mute, wish.asker, desk.now()))


async def export(desk: Desk, wish: Wish) -> None:
    """A file for this person alone; the format is typed, or in the button."""
    if wish.place.view is None and "|" not in wish.value and not wish.name:
        to = ExportTarget(await newest_here(desk, wish), wish.value.lower() or "csv")
    else:
        to = ExportTarget.unpack(wish.value)
    note = await desk.do(desk.core.reports.send_file, wish.asker, to.hunt, to.format, desk.now())
    await desk.answers.whisper(wish, note)


async def merge(desk: Desk, wish: Wish) -> None:
    """Tells two ideas together."""
    to, merged = PairTarget.unpack(wish.value), desk.core.grouping.merge
    await desk.answers.redraw(wish, await desk.do(merged, wish.asker, to.hunt, to.one, to.other, desk.now()))


async def keep_apart(desk: Desk, wish: Wish) -> None:
    """Says that these are two ideas."""
    to, apart = PairTarget.unpack(wish.value), desk.core.grouping.keep_apart
    await desk.answers.redraw(wish, await desk.do(apart, wish.asker, to.hunt, to.one, to.other, desk.now()))


async def other_theme(desk: Desk, wish: Wish) -> None:
    """Says that these are two ideas of two themes."""
    to, apart = PairTarget.unpack(wish.value), desk.core.grouping.other_theme
    await desk.answers.redraw(wish, await desk.do(apart, wish.asker, to.hunt, to.one, to.other, desk.now()))


async def undo(desk: Desk, wish: Wish) -> None:
    """Takes the last step of grouping back; the form it was pressed in is drawn again."""
    note = await desk.do(desk.core.grouping.undo, wish.asker, HuntId(wish.value), desk.now())
    again = AFTER_UNDO.get(wire.form_of(wish.place.view.callback)) if wish.place.view else None
    if again is None:
        await desk.answers.whisper(wish, note)
    else:
        screen = await again(desk, wish)
        await desk.answers.redraw(wish, replace(screen, told=(Told(note, undo=True),)))


async def _sort_again(desk: Desk, wish: Wish) -> SortForm:
    at = state_of(wish)
    return await desk.look(desk.core.grouping.sort, wish.asker, HuntId(wish.value), desk.now(), at.page, at.unsorted)


async def _duplicates_again(desk: Desk, wish: Wish) -> DuplicatesForm:
    return await desk.think(desk.core.grouping.duplicates, wish.asker, HuntId(wish.value), desk.now())


async def _themes_again(desk: Desk, wish: Wish) -> ThemesForm:
    return await desk.look(desk.core.themes.themes, wish.asker, HuntId(wish.value), desk.now())


AFTER_UNDO: Mapping[Form | None, Callable[[Desk, Wish], Awaitable[SortForm | DuplicatesForm | ThemesForm]]] = {
    Form.SORT: _sort_again,
    Form.DUPLICATES: _duplicates_again,
    Form.THEMES: _themes_again,
}

DEEDS: Mapping[Deed, Listener] = {
    Deed.HUB: hub,
    Deed.FACILITATE: hub,
    Deed.NEW_HUNT: new_hunt,
    Deed.ADD_IDEA: add_idea,
    Deed.SEE_ALL: see_all,
    Deed.VOTE: votes.vote,
    Deed.DECLINE: votes.decline,
    Deed.MY_IDEAS: mine,
    Deed.EDIT_IDEA: edit_idea,
    Deed.WITHDRAW_IDEA: withdraw,
    Deed.RESTORE_IDEA: restore,
    Deed.SPLIT_LIST: split_list,
    Deed.KEEP_WHOLE: keep_whole,
    Deed.REVEAL: reveal,
    Deed.COLLECT_AGAIN: collect_again,
    Deed.OPEN_VOTE: votes.open_vote,
    Deed.RULES: votes.open_vote,
    Deed.CLOSE_VOTE: votes.close_vote,
    Deed.CLOSE_HUNT: close,
    Deed.RUN_OFF: votes.run_off,
    Deed.SECOND_READING: votes.second_reading,
    Deed.PAPERS: votes.papers,
    Deed.TAKE_BACK: votes.take_back,
    Deed.SHARE: votes.share,
    Deed.ROLES: votes.roles,
    Deed.TAKE_OVER: votes.take_over,
    Deed.HAND_OVER: votes.hand_over,
    Deed.STAY: votes.stay,
    Deed.SORT: sort,
    Deed.DUPLICATES: duplicates,
    Deed.MERGE: merge,
    Deed.KEEP_APART: keep_apart,
    Deed.OTHER_THEME: other_theme,
    Deed.THEMES: themes,
    Deed.SUGGEST_NO_MORE: suggest_no_more,
    Deed.SUGGEST_AGAIN: suggest_again,
    Deed.UNDO: undo,
    Deed.WORDS: words,
    Deed.SUGGEST_THEMES: propose,
    Deed.RESULTS: results,
    Deed.EXPORT: export,
    Deed.SETTINGS: settings,
    Deed.MUTE: mute,
    Deed.HELP: helped,
    Deed.RETRY: retry,
    Deed.ROOMS: rooms.show,
    Deed.TAKE_OUT: rooms.take_out,
    Deed.SAVE_TEXT: save_text,
}
"""Every deed; a test holds this table to the whole of Deed."""
