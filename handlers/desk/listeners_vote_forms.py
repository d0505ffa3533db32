"""Filled forms about a vote: rules, ballots, paper, who leads; parse, ask once, say what comes next."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.ballot import Extra
from bot.domain.names import HuntId, PersonId, RoundNumber
from bot.screens import Screen
from bot.usecases.requests import BallotView, VoteRequest
from handlers.desk.desk import Desk, state_of
from handlers.desk.filled import Filled, filled
from handlers.desk.forms import Answer, instead, view_of
from handlers.desk.wire import Field
from handlers.desk.wishes import Wish, sent_once


def vote_request(hunt: HuntId, form: Filled) -> VoteRequest:
    """The rules a form asks for; those behind "More rules" keep their defaults while they are hidden."""
    default = VoteRequest(hunt)
    days = form.number(Field.KEEP_DAYS)
    return VoteRequest(
        hunt,
        form.dots(),
        _or(form.number(Field.CAP), default.cap),
        _or(form.number(Field.PLACES), default.places),
        form.moment(Field.CLOSES_AT),
        form.member(Field.WHO, default.who),
        form.member(Field.QUORUM, default.quorum),
        form.member(Field.TIE, default.tie),
        form.member(Field.SECRECY, default.secrecy),
        form.ticked(Field.BY_ROLE),
        _or(days, default.keep_days),
        frozenset(Extra(one) for one in form.several(Field.EXTRAS) if one in set(Extra)),
        form.text(Field.BY_THEME) == "yes",
        form.ticked(Field.WAVE),
    )


def _or(number: int | None, default: int) -> int:
    return default if number is None else number


async def vote(desk: Desk, wish: Wish, form: Filled) -> Answer:
    """Opens the vote."""
    request = vote_request(HuntId(state_of(wish).hunt), form)
    return await instead(desk, wish, await desk.think(desk.core.votes.open, wish.asker, request, desk.now()))


async def rules(desk: Desk, wish: Wish, form: Filled) -> Answer:
    """Changes the rules of the open vote."""
    request = vote_request(HuntId(state_of(wish).hunt), form)
    return await instead(desk, wish, await desk.do(desk.core.votes.change, wish.asker, request, desk.now()))


async def more_rules(desk: Desk, wish: Wish) -> None:
    """The same form with every rule, its notice following the choices made; what was typed stays."""
    hunt = HuntId(state_of(wish).hunt)
    typed = vote_request(hunt, filled(view_of(wish)))
    await desk.answers.redraw(
        wish, await desk.think(desk.core.votes.form, wish.asker, hunt, desk.now(), typed, full=True)
    )


async def ballot(desk: Desk, wish: Wish, _: Filled) -> Answer:
    """Every change was saved when it was made; what is asked for here is the receipt."""
    at, validate = state_of(wish), desk.core.ballots.validate
    hunt, round = HuntId(at.hunt), RoundNumber(at.round)
    return await instead(desk, wish, await desk.do(validate, wish.asker, hunt, round, desk.now()))


async def plain_ballot(desk: Desk, wish: Wish, form: Filled) -> Answer:
    """Saves the page of the plain ballot, and gives the receipt."""
    return await instead(desk, wish, await _fill(desk, wish, form, finish=True))


async def turn_plain(desk: Desk, wish: Wish, page: int) -> None:
    """Another page of the plain ballot; this one is saved first."""
    await desk.answers.redraw(wish, await _fill(desk, wish, filled(view_of(wish)), finish=False, page=page))


async def _fill(desk: Desk, wish: Wish, form: Filled, *, finish: bool, page: int = 0) -> Screen:
    """All the dots of a page at once, or none of them."""
    at = state_of(wish)
    action = f"{wish.asker.person}:{sent_once(view_of(wish))}:{at.version}"  # the same page later is another wish
    hunt, round = HuntId(at.hunt), RoundNumber(at.round)
    view = BallotView(page or at.page, at.theme, at.revision, at.version if at.versioned else None)
    fill, wishes = desk.core.ballots.fill, form.wishes()
    return await desk.do(fill, wish.asker, hunt, round, wishes, action, desk.now(), view, finish=finish)


async def cast_ballot(desk: Desk, wish: Wish, form: Filled) -> Answer:
    """Casts a ballot that can be neither changed nor seen again."""
    at, cast = state_of(wish), desk.core.ballots.cast
    hunt, round = HuntId(at.hunt), RoundNumber(at.round)
    view = BallotView(at.page, at.theme, draft=at.drafted)
    return await instead(desk, wish, await desk.do(cast, wish.asker, hunt, round, form.wishes(), view, desk.now()))


async def turn_draft(desk: Desk, wish: Wish, page: int) -> None:
    """Another page of a ballot that is cast whole; its dots so far stay in the form."""
    at, typed = state_of(wish), filled(view_of(wish)).wishes()
    draft = {number: dots for number, dots in {**at.drafted, **typed}.items() if dots}
    view = BallotView(page, at.theme, at.revision + 1, draft=draft)
    ballot = await desk.look(desk.core.ballots.ballot, wish.asker, HuntId(at.hunt), desk.now(), view)
    await desk.answers.redraw(wish, ballot)


async def papers(desk: Desk, wish: Wish, form: Filled) -> Answer:
    """Keeps the paper ballots that were typed."""
    at, enter, key = state_of(wish), desk.core.papers.enter, sent_once(view_of(wish))
    hunt, round = HuntId(at.hunt), RoundNumber(at.round)
    typed, struck = form.text(Field.PAPERS), form.people(Field.STRUCK)
    return await instead(desk, wish, await desk.do(enter, wish.asker, hunt, round, typed, struck, key, desk.now()))


async def share(desk: Desk, wish: Wish, form: Filled) -> Answer:
    """Keeps who facilitates and who observes."""
    hunt, facilitation = HuntId(state_of(wish).hunt), desk.core.facilitation
    there = await desk.look(facilitation.share_form, wish.asker, hunt)
    leads = (*form.people(Field.COFACILITATORS), *_not_shown(desk, there.cofacilitators))
    watch = (*form.people(Field.OBSERVERS), *_not_shown(desk, there.observers))
    return await instead(desk, wish, await desk.do(facilitation.share, wish.asker, hunt, leads, watch, desk.now()))


def _not_shown(desk: Desk, people: Iterable[PersonId]) -> tuple[PersonId, ...]:
    """Those whom this platform's form cannot show: they stay as they are."""
    return () if desk.shows_everybody else tuple(person for person in people if not desk.ours(person))


async def roles(desk: Desk, wish: Wish, form: Filled) -> Answer:
    """Gives people a role."""
    hunt, keep = HuntId(state_of(wish).hunt), desk.core.facilitation.keep_role
    role, people = form.text(Field.ROLE), form.people(Field.PEOPLE)
    return await instead(desk, wish, await desk.do(keep, wish.asker, hunt, role, people, desk.now()))
