"""Listeners for what is written and pressed in Teams: parse, ask once, answer in the dialog or beside the message."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.commands import Command, Unknown, Verb, parse
from bot.domain.errors import Refusal
from bot.domain.names import HuntId, IdeaNumber, MessageId, RoomId, ThemeId
from bot.screens import Button, Deed, IdeaForm, Note, Screen, ThemesForm, Told
from bot.usecases.requests import BallotView
from handlers.desk import listeners, listeners_forms, wire
from handlers.desk import listeners_deeds as deeds
from handlers.desk.desk import room_of, state_of
from handlers.desk.targets import Place, Step, ThemeStep, ThemeWish
from handlers.desk.wire import Form, Pick
from handlers.desk.wishes import Wish, text_at
from handlers.platform import Seen
from handlers.teams import cards, payloads
from handlers.teams.answers import refused
from handlers.teams.cards_lists import FILTER, STEP_OF, THEME_OF
from handlers.teams.cards_people import MANY
from handlers.teams.desk import TeamsDesk
from handlers.teams.elements import Json
from handlers.teams.payloads import Pressed
from handlers.teams.pen import ASK, CLOSE, FACTS, SUBMIT

Body = Mapping[str, Any]
ALONE = frozenset({Verb.NEW, Verb.JOIN, Verb.LINK, Verb.EXPORT})
"""Verbs that take words also in a personal chat; any other one with words after it starts a sentence there."""
AT_HOME = frozenset({Verb.VOTE, Verb.BOARD, Verb.IDEAS, Verb.RESULTS, Verb.SORT, Verb.REVEAL, Verb.CLOSE, Verb.LEAVE})
"""Verbs about a hunt of some room: in a personal chat, which is no room, the card with all one's hunts answers."""
QUESTION = "?"
ADD_IDEA = Button(Deed.ADD_IDEA, main=True)
NO_THREAD = MessageId("0")
"""Older than every message: what is said to the bot in a group chat answers its board."""

# --- words to the bot ------------------------------------------------------------------------------------------------


async def spoken(desk: TeamsDesk, wish: Wish, body: Body) -> None:
    """A mention: a command; under a board, words that are none of ours are an idea."""
    said = parse(wish.value)
    if isinstance(said, Unknown) and await under_board(desk, body):
        await heard(desk, wish, body)
    elif not payloads.is_targeted(body) and await names_its_author(desk, said, body):
        await desk.answers.whisper(wish, Note("mention.nameless", buttons=(ADD_IDEA,), good=False))
    else:
        await listeners.command(desk, wish)


async def names_its_author(desk: TeamsDesk, said: Command | Unknown, body: Body) -> bool:
    """Whether a mention is an idea for a hunt that keeps no name: the whole room read whose it is."""
    if isinstance(said, Command) and (said.verb is not Verb.IDEA or not said.rest):
        return False
    return await desk.look(desk.core.hunts.nameless_here, desk.home.tenant, payloads.room_of(body))


async def under_board(desk: TeamsDesk, body: Body) -> bool:
    """Whether a message stands in the thread of a hunt; a group chat, which has no threads, is one as a whole."""
    if payloads.is_group(body):
        here = await desk.look(desk.core.hunts.open_here, desk.home.tenant, payloads.room_of(body))
        return here is not None
    root = payloads.root_of(body)
    if root is None or root == body.get("id"):
        return False
    if await desk.platform.posted(payloads.room_of(body), root):
        return True
    found = await desk.look(desk.core.hunts.hunt_of, desk.home.tenant, payloads.room_of(body), root)
    return found is not None


async def heard(desk: TeamsDesk, wish: Wish, body: Body) -> None:
    """A message in a room: an idea where a hunt listens; only what asks something is answered, privately."""
    message = replace(payloads.heard(desk.home, body), author=wish.asker.person)
    if payloads.is_group(body) and payloads.mentions_us(desk.home, body):
        message = replace(message, thread=NO_THREAD, under_us=True)
    elif message.thread is not None and await desk.platform.posted(message.room, message.thread):
        message = replace(message, under_us=True)
    if not message.text:
        return  # a picture alone is no idea, and needs no comment
    await desk.foresee(message.tenant, message.text, room=message.room)
    answer = await desk.do(desk.core.incoming.heard, message, desk.now())
    if answer is not None:
        await desk.answers.whisper(wish, answer)


async def direct(desk: TeamsDesk, wish: Wish, body: Body) -> None:
    """A message in the person's own chat: a command, or an idea without a name."""
    said = parse(wish.value)
    if not wish.value or (isinstance(said, Command) and not said.rest and said.verb in {Verb.HUB, *AT_HOME}):
        await deeds.show_home(desk, wish)
    elif isinstance(said, Command) and said.verb is Verb.IDEA and said.rest:
        await nameless(desk, replace(wish, value=said.rest), body)
    elif isinstance(said, Command) and (not said.rest or said.verb in ALONE):
        await listeners.command(desk, wish)
    else:
        await nameless(desk, wish, body)


async def nameless(desk: TeamsDesk, wish: Wish, body: Body) -> None:
    """Keeps the words without a name, or asks which hunt they are for."""
    message = replace(payloads.heard(desk.home, body), author=wish.asker.person, text=wish.value)
    desk.platform.remember(Seen(message))
    keep, asker = desk.core.incoming.direct, wish.asker
    answer = await desk.keep(wish.who.account, keep, asker, message.room, message.message, message.text, desk.now())
    if not getattr(answer, "repeated", False):
        await desk.answers.whisper(wish, answer)


async def edited(desk: TeamsDesk, wish: Wish, body: Body) -> None:
    """A message got new words."""
    if not wish.place.direct:
        message = replace(payloads.heard(desk.home, body), author=wish.asker.person)
        await desk.do(desk.core.incoming.edited, message, desk.now())


async def deleted(desk: TeamsDesk, wish: Wish, body: Body) -> None:
    """A message is gone."""
    if not wish.place.direct:
        message = MessageId(payloads.wanted(body, "id"))
        await desk.do(desk.core.incoming.gone, desk.home.tenant, payloads.room_of(body), message, desk.now())


# --- presses ---------------------------------------------------------------------------------------------------------


async def pressed(desk: TeamsDesk, wish: Wish, press: Pressed) -> None:
    """A button: a question first where it changes much; a filled form; a deed; a choice that came along."""
    deed = wire.deed_of(press.do)
    if press.data.get(ASK) and deed is not None:
        await desk.answers.ask_first(wish, Button(deed, press.to, facts=_facts(press)), dict(press.data))
    elif press.do == SUBMIT:
        await listeners_forms.submitted(desk, wish)
    elif press.do == CLOSE:
        return
    elif deed is Deed.NEW_HUNT and press.to.startswith(QUESTION):
        await deeds.new_hunt(desk, replace(wish, name="", value=press.to.removeprefix(QUESTION)))
    elif pick := wire.pick_of(press.do):
        await GATHERED.get(pick, _as_it_is)(desk, wish, press)
    elif deed is not None or wire.page_of(press.do) is not None:
        await listeners.press(desk, wish)
    else:  # a card older than this program: what can be done now is drawn instead
        await deeds.hub(desk, replace(wish, name="", value=""))


def _facts(press: Pressed) -> dict[str, str | int]:
    found = press.data.get(FACTS)
    return (
        {str(name): one for name, one in found.items() if isinstance(one, str | int)} if isinstance(found, dict) else {}
    )


async def _as_it_is(desk: TeamsDesk, wish: Wish, _: Pressed) -> None:
    await listeners.press(desk, wish)


async def filtered(desk: TeamsDesk, wish: Wish, press: Pressed) -> None:
    """The theme that was chosen beside the button."""
    await listeners.filtered(desk, replace(wish, value=press.inputs.get(FILTER, wire.ALL)))


async def placed(desk: TeamsDesk, wish: Wish, press: Pressed) -> None:
    """Every idea whose theme was changed on this page; one that wants a new theme is asked for its name last."""
    changed = [value for value, before in _chosen(press, THEME_OF) if value and value != before]
    naming = [value for value in changed if ThemeWish.unpack(value).to is Place.NEW]
    for value in [one for one in changed if one not in naming] + naming[:1]:
        await listeners.theme_of(desk, replace(wish, value=value))
    if not changed:
        at = state_of(wish)
        sort = desk.core.grouping.sort
        page = await desk.look(sort, wish.asker, HuntId(at.hunt), desk.now(), at.page, at.unsorted)
        await desk.answers.redraw(wish, page)


async def stepped(desk: TeamsDesk, wish: Wish, press: Pressed) -> None:
    """Every step that was chosen for a theme, each told; a new name is asked for last."""
    chosen = [value for value, _ in _chosen(press, STEP_OF) if value]
    naming = [value for value in chosen if ThemeStep.unpack(value).step is Step.RENAME]
    if doing := [value for value in chosen if value not in naming]:
        await desk.answers.redraw(wish, await _in_turn(desk, wish, doing))
    for value in naming[:1]:
        await listeners.theme_step(desk, replace(wish, value=value))
    if not chosen:
        await listeners.themes_again(desk, wish)


async def _in_turn(desk: TeamsDesk, wish: Wish, values: Sequence[str]) -> ThemesForm:
    """The themes after all steps, with what each did; where a later one is refused, with what was done and why."""
    form, told = await listeners.theme_stepped(desk, wish, ThemeStep.unpack(values[0])), list[Told]()
    for value in values[1:]:
        told += form.told
        try:
            form = await listeners.theme_stepped(desk, wish, ThemeStep.unpack(value))
        except Refusal as refusal:
            form = replace(form, told=(Told(refused(refusal)),))
    return replace(form, told=(*told, *form.told))


def _chosen(press: Pressed, kind: str) -> list[tuple[str, str]]:
    """What was chosen in each input of a kind, and what its name says it was before."""
    named = ((name.partition(":"), value) for name, value in press.inputs.items())
    return [(value, before) for (name, _, before), value in named if name == kind]


async def printed(desk: TeamsDesk, wish: Wish, press: Pressed) -> None:
    """As many paper ballots as was chosen beside the button."""
    await listeners.PICKS[Pick.COPIES](desk, replace(wish, value=press.inputs.get(MANY, "1")))


GATHERED: Mapping[Pick, Callable[[TeamsDesk, Wish, Pressed], Awaitable[None]]] = {
    Pick.FILTER: filtered,
    Pick.THEME_OF: placed,
    Pick.THEME_STEP: stepped,
    Pick.COPIES: printed,
}

# --- a form once more ------------------------------------------------------------------------------------------------


async def launch_again(desk: TeamsDesk, wish: Wish) -> Screen:
    """The launch form."""
    at, form = state_of(wish), desk.core.hunts.launch_form
    shown = await desk.look(form, wish.asker, RoomId(at.room) or None, desk.now(), full=at.full)
    return replace(shown, room=RoomId(at.room) or None, problems={})


async def idea_again(desk: TeamsDesk, wish: Wish) -> Screen:
    """The form for an idea."""
    at, form = state_of(wish), desk.core.ideas.form
    number = IdeaNumber(at.number) if at.number else None
    hunt = HuntId(at.hunt) if at.hunt else None
    here, now = room_of(wish), desk.now()
    return await desk.look(form, wish.asker, here, now, hunt=hunt, number=number, token=at.token, source=at.source)


async def ballot_again(desk: TeamsDesk, wish: Wish) -> Screen:
    """The page of the ballot."""
    at = state_of(wish)
    view = BallotView(at.page, at.theme, at.revision, draft=at.drafted)
    return await desk.look(desk.core.ballots.ballot, wish.asker, HuntId(at.hunt), desk.now(), view)


async def vote_again(desk: TeamsDesk, wish: Wish) -> Screen:
    """The rules of the vote."""
    at = state_of(wish)
    return await desk.look(desk.core.votes.form, wish.asker, HuntId(at.hunt), desk.now(), full=at.full)


async def papers_again(desk: TeamsDesk, wish: Wish) -> Screen:
    """The form for paper ballots."""
    return await desk.look(desk.core.papers.form, wish.asker, HuntId(state_of(wish).hunt), desk.now())


async def words_again(desk: TeamsDesk, wish: Wish) -> Screen:
    """The workspace's own words."""
    return await desk.look(desk.core.words.form, wish.asker, HuntId(state_of(wish).hunt), desk.now())


async def share_again(desk: TeamsDesk, wish: Wish) -> Screen:
    """Who facilitates, who observes."""
    return await desk.look(desk.core.facilitation.share_form, wish.asker, HuntId(state_of(wish).hunt))


async def roles_again(desk: TeamsDesk, wish: Wish) -> Screen:
    """The roles people count under."""
    at = state_of(wish)
    return await desk.look(desk.core.facilitation.roles_form, wish.asker, HuntId(at.hunt), RoomId(at.room))


async def settings_again(desk: TeamsDesk, wish: Wish) -> Screen:
    """The settings."""
    return await desk.look(desk.core.people.settings, wish.asker, room_of(wish))


async def name_again(desk: TeamsDesk, wish: Wish) -> Json:
    """The small form for one name."""
    voice, at = await desk.people.voice(wish.who), state_of(wish)
    name_of = desk.core.themes.name_of
    name = await desk.look(name_of, wish.asker, HuntId(at.hunt), ThemeId(int(at.theme)), desk.now()) if at.theme else ""
    return cards.theme_name(at, voice.language, name)


AGAIN: Mapping[Form | None, Callable[[TeamsDesk, Wish], Awaitable[Screen | Json]]] = {
    Form.LAUNCH: launch_again,
    Form.IDEA: idea_again,
    Form.PLAIN_BALLOT: ballot_again,
    Form.CAST_BALLOT: ballot_again,
    Form.VOTE: vote_again,
    Form.RULES: vote_again,
    Form.PAPERS: papers_again,
    Form.WORDS: words_again,
    Form.SHARE: share_again,
    Form.ROLES: roles_again,
    Form.SETTINGS: settings_again,
    Form.THEME_NAME: name_again,
}
"""How a form is drawn once more when what was sent cannot be kept; any other one tells why in its place."""

# --- message extensions ----------------------------------------------------------------------------------------------


async def extended(desk: TeamsDesk, wish: Wish, body: Body) -> None:
    """An action of the message extension opens its dialog."""
    name = text_at(body, "value", "commandId")
    if name == wire.IDEA_FROM_MESSAGE:
        await save_message(desk, wish, body)
    else:
        await (deeds.add_idea if name == wire.IDEA_NEW else deeds.new_hunt)(desk, replace(wish, name="", value=""))


async def save_message(desk: TeamsDesk, wish: Wish, body: Body) -> None:
    """The form with somebody's message in it; its author keeps the credit."""
    saved = payloads.saved(body)
    if saved is None or saved.author is None or not saved.text or wish.place.room is None:
        await desk.answers.whisper(wish, Note("idea.not_a_person", good=False))
        return
    source = f"{wish.place.room}|{saved.message}|{desk.accounts.itself(saved.author)}"
    form = desk.core.ideas.form
    screen = await desk.look(form, wish.asker, room_of(wish), desk.now(), text=saved.text, source=source)
    await (desk.answers.open if isinstance(screen, IdeaForm) else desk.answers.whisper)(wish, screen)
