"""Deeds about a vote and the people behind it: rules, ballots, paper, results, who leads."""

from __future__ import annotations

from bot.domain.errors import NotAllowed, NothingToVote, WrongPhase
from bot.domain.hunt import Phase
from bot.domain.names import HuntId, RoomId
from bot.screens import Screen, VoteForm
from bot.usecases.requests import BallotView
from handlers.desk.desk import Desk, room_of, state_of
from handlers.desk.here import hunt_of
from handlers.desk.targets import BatchTarget, PersonTarget, RoundTarget
from handlers.desk.wishes import Wish

LEAST_OPTIONS = 2


async def vote(desk: Desk, wish: Wish) -> None:
    """The person's ballot; before the vote, for who may open it, the form that does."""
    hunt = await hunt_of(desk, wish)
    screen: Screen
    try:
        screen = await desk.look(desk.core.ballots.ballot, wish.asker, hunt, desk.now(), BallotView())
    except WrongPhase as early:
        if early.phase != Phase.REVEALED:
            raise
        try:
            screen = await _vote_form(desk, wish, hunt)
        except NotAllowed:
            raise early from None
    await desk.answers.open(wish, screen)


async def open_vote(desk: Desk, wish: Wish) -> None:
    """The rules before the vote opens; once it is open, to change what may still change."""
    await desk.answers.open(wish, await _vote_form(desk, wish, HuntId(wish.value)))


async def _vote_form(desk: Desk, wish: Wish, hunt: HuntId) -> VoteForm:
    """Raises NothingToVote before anybody fills the form for nothing: one idea, and nothing beside it, is no choice."""
    form = await desk.think(desk.core.votes.form, wish.asker, hunt, desk.now())
    if form.round is None and form.options < LEAST_OPTIONS:
        raise NothingToVote
    return form


async def decline(desk: Desk, wish: Wish) -> None:
    """Not this time: no more reminders for this round."""
    to, declined = RoundTarget.unpack(wish.value), True
    note = await desk.do(desk.core.ballots.decline, wish.asker, to.hunt, to.round, declined, desk.now())
    await desk.answers.whisper(wish, note)


async def close_vote(desk: Desk, wish: Wish) -> None:
    """Closes the vote."""
    note = await desk.do(desk.core.votes.close, wish.asker, HuntId(wish.value), desk.now())
    await desk.answers.whisper(wish, note)


async def run_off(desk: Desk, wish: Wish) -> None:
    """A short round over the tied options."""
    note = await desk.do(desk.core.votes.run_off, wish.asker, HuntId(wish.value), desk.now())
    await desk.answers.whisper(wish, note)


async def take_over(desk: Desk, wish: Wish) -> None:
    """Nobody facilitates: somebody else asks to, or does from here."""
    note = await desk.do(desk.core.facilitation.take_over, wish.asker, await hunt_of(desk, wish), desk.now())
    await desk.answers.whisper(wish, note)


async def hand_over(desk: Desk, wish: Wish) -> None:
    """Lets whoever asked facilitate too."""
    await _answer(desk, wish, yes=True)


async def stay(desk: Desk, wish: Wish) -> None:
    """Tells whoever asked that a facilitator is there."""
    await _answer(desk, wish, yes=False)


async def _answer(desk: Desk, wish: Wish, *, yes: bool) -> None:
    to = PersonTarget.unpack(wish.value)
    note = await desk.do(desk.core.facilitation.answer, wish.asker, to.hunt, to.person, yes, desk.now())
    await desk.answers.whisper(wish, note)


async def share(desk: Desk, wish: Wish) -> None:
    """Who facilitates, who observes."""
    screen = await desk.look(desk.core.facilitation.share_form, wish.asker, HuntId(wish.value))
    await desk.answers.open(wish, screen)


async def roles(desk: Desk, wish: Wish) -> None:
    """The roles people count under."""
    room = room_of(wish) or RoomId("")
    screen = await desk.look(desk.core.facilitation.roles_form, wish.asker, HuntId(wish.value), room)
    await desk.answers.open(wish, screen)


async def papers(desk: Desk, wish: Wish) -> None:
    """The form for paper ballots."""
    await desk.answers.open(wish, await desk.look(desk.core.papers.form, wish.asker, HuntId(wish.value), desk.now()))


async def take_back(desk: Desk, wish: Wish) -> None:
    """Takes a batch of paper ballots out again."""
    to, take = BatchTarget.unpack(wish.value), desk.core.papers.take_back
    note = await desk.do(take, wish.asker, to.hunt, to.round, to.batch, desk.now())
    await desk.answers.whisper(wish, note)


async def copies(desk: Desk, wish: Wish) -> None:
    """Paper ballots to print, so many copies."""
    number = int(wish.value) if wish.value.isdecimal() and len(wish.value) < 4 else 1  # noqa: PLR2004 - digits
    hunt = HuntId(state_of(wish).hunt)
    await desk.answers.whisper(wish, await desk.do(desk.core.papers.print, wish.asker, hunt, number, desk.now()))


async def second_reading(desk: Desk, wish: Wish) -> None:
    """The balanced list, and what groups chose."""
    to, read = RoundTarget.unpack(wish.value), desk.core.votes.second_reading
    await desk.answers.open(wish, await desk.look(read, wish.asker, to.hunt, to.round, desk.now()))
