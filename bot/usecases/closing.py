"""Opening and closing a round inside a transaction: shared by people's clicks and the clock."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.ballot import Option, Round
from bot.domain.errors import NothingToVote
from bot.domain.hunt import Hunt, Phase
from bot.domain.letters import Letter, LetterKind
from bot.domain.names import PersonId, RoundNumber
from bot.domain.rules import RoundKind, Rules, TieRule
from bot.domain.tally import Tally
from bot.ports import Unit
from bot.usecases.announcements import redraw, results

RUNOFF_LASTS = timedelta(hours=24)
NUDGE_BEFORE = timedelta(days=1)
LEAST_NUDGE = timedelta(hours=2)


def open_round(
    unit: Unit,
    hunt: Hunt,
    options: Sequence[Option],
    rules: Rules,
    now: datetime,
    *,
    kind: RoundKind = RoundKind.MAIN,
    waved: int = 0,
    waved_by: PersonId | None = None,
) -> Round:
    """Freezes the options and opens a round; the caller holds the hunt's lock.

    Its voters are those of `electorate`. `waved` likely duplicates were left undecided by `waved_by`.
    Raises NothingToVote with fewer than two options, WrongPhase where no round may open.
    """
    if len(options) < 2:  # noqa: PLR2004 - one option is no choice
        raise NothingToVote
    voting, voters = hunt.step(Phase.VOTING), electorate(unit, hunt)
    waving = waved_by if waved else None
    round = replace(_new(unit, hunt, rules, now), eligible=len(voters), kind=kind, waved=waved, waved_by=waving)
    unit.rounds.open(round, options, voters)
    unit.rounds.enrol(round, leaders(unit, hunt))
    voting = replace(voting, round=round.number, vote_until=rules.closes_at, closed_at=None)
    unit.hunts.keep(voting)
    plan_nudges(unit, round, now)
    redraw(unit, voting, now, at_once=True)
    return round


def _new(unit: Unit, hunt: Hunt, rules: Rules, now: datetime) -> Round:
    """The hunt's next round under these rules, with a seed of its own."""
    previous = unit.rounds.latest(hunt.tenant, hunt.id)
    return Round(
        tenant=hunt.tenant,
        hunt=hunt.id,
        number=RoundNumber((previous.number if previous else 0) + 1),
        dots=rules.dots,
        cap=rules.cap,
        places=rules.places,
        opened_at=now,
        seed=secrets.token_hex(16),
    ).under(rules)


def _whole_minute(moment: datetime) -> datetime:
    """The next whole minute: what a form shows and gives back unchanged."""
    whole = moment.replace(second=0, microsecond=0)
    return whole if whole == moment else whole + timedelta(minutes=1)


def electorate(unit: Unit, hunt: Hunt) -> Mapping[PersonId, str]:
    """Known members of the hunt's rooms, each with their role.

    Left out: its facilitators, who abstain unless they vote, its observers, outsiders and deactivated people.
    """
    members: set[PersonId] = set()
    for place in unit.hunts.rooms(hunt.tenant, hunt.id):
        members |= unit.people.members(hunt.tenant, place.room)
    bot = unit.people.tenant(hunt.tenant).bot
    others = members - hunt.cofacilitators - {hunt.facilitator} - ({bot} if bot else set())
    people = (unit.people.person(hunt.tenant, person) for person in others if may_vote(unit, hunt, person))
    return {person.id: person.role for person in people}


def leaders(unit: Unit, hunt: Hunt) -> Mapping[PersonId, str]:
    """The facilitators who may vote if they wish, each with their role."""
    people = (unit.people.person(hunt.tenant, one) for one in hunt.cofacilitators | {hunt.facilitator})
    return {person.id: person.role for person in people if may_vote(unit, hunt, person.id)}


def may_vote(unit: Unit, hunt: Hunt, person: PersonId) -> bool:
    """Guests from elsewhere, deactivated people and observers do not vote."""
    kept = unit.people.person(hunt.tenant, person)
    return not (kept.outsider or kept.inactive or person in hunt.observers)


def plan_nudges(unit: Unit, round: Round, now: datetime) -> None:
    """One letter a voter, a day before the end (half-way in a shorter round, never within two hours).

    It is drawn when it leaves: who has no dots left by then, validated their ballot, declined, or mutes reminders gets
    nothing; nor does anybody once the closing time moved, because new letters were written then.
    """
    if round.closes_at is None or round.closes_at - now < LEAST_NUDGE:
        return
    due = max(round.closes_at - NUDGE_BEFORE, now + (round.closes_at - now) / 2)
    until = round.closes_at.isoformat()
    for person in unit.rounds.electors(round):
        unit.letters.announce(
            Letter(
                tenant=round.tenant,
                kind=LetterKind.NUDGE,
                key=f"nudge:{round.hunt}:{round.number}:{until}:{person}",
                due_at=due,
                expires_at=round.closes_at,
                hunt=round.hunt,
                person=person,
                facts={"round": int(round.number), "until": until},
            )
        )


def replan_nudges(unit: Unit, before: Round, after: Round, now: datetime) -> None:
    """The closing time moved: letters not sent yet fall silent and new ones are written; nobody is reminded twice."""
    due = nudge_due(before)
    if due is None or now < due:
        plan_nudges(unit, after, now)


def nudge_due(round: Round) -> datetime | None:
    """When the round's reminders leave, by the closing time it has; None where there are none."""
    if round.closes_at is None or round.closes_at - round.opened_at < LEAST_NUDGE:
        return None
    return max(round.closes_at - NUDGE_BEFORE, round.opened_at + (round.closes_at - round.opened_at) / 2)


def close_round(unit: Unit, hunt: Hunt, now: datetime) -> Tally | None:
    """Closes the hunt's open round once: tally, announcement, phase. None when it was closed before.

    The caller holds the hunt's lock, so two closers take turns and the second finds nothing to do. A tie across the
    last place opens its run-off by itself where the rules said so.
    """
    round = unit.rounds.latest(hunt.tenant, hunt.id)
    if round is None or not round.open:
        return None
    tally = unit.rounds.close(round, now)
    if tally is None:
        return None
    closed = replace(hunt.step(Phase.CLOSED), closed_at=now)
    unit.hunts.keep(closed)
    results(unit, closed, now)
    if round.tie is TieRule.AUTO and tally.tied_at_cut:
        open_runoff(unit, closed, round, tally, now)
    else:
        redraw(unit, closed, now, at_once=True)
    return tally


def open_runoff(unit: Unit, hunt: Hunt, last: Round, tally: Tally, now: datetime) -> Round:
    """A short round over exactly the tied options: one dot, 24 hours, the places the tie left open.

    Everything else is as in the round before; a second tie waits for a facilitator.
    """
    tied = set(tally.tied_at_cut)
    options = [option for option in unit.rounds.options(last) if option.number in tied]
    rules = replace(
        last.rules,
        dots=1,
        cap=1,
        places=max(1, tally.places - len(tally.winners)),
        closes_at=_whole_minute(now + RUNOFF_LASTS),
        tie=TieRule.ASK,
    )
    return open_round(unit, hunt, options, rules, now, kind=RoundKind.RUNOFF)
