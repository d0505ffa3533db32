"""Opening and closing a round inside a transaction: shared by people's clicks and the clock."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.ballot import Option, Round, suggested_dots
from bot.domain.errors import NothingToVote
from bot.domain.hunt import Hunt, Phase
from bot.domain.ideas import Idea, IdeaState
from bot.domain.letters import Letter, LetterKind
from bot.domain.names import PersonId, RoundNumber
from bot.domain.tally import Tally
from bot.ports import Unit
from bot.usecases.announcements import redraw, results
from bot.usecases.lines import themes_by_id

MOST_OPTIONS = 5_000
NUDGE_BEFORE = timedelta(days=1)
LEAST_NUDGE = timedelta(hours=2)
STANDING = frozenset({IdeaState.STANDING})


def frozen_options(unit: Unit, hunt: Hunt) -> tuple[Option, ...]:
    """Every standing idea as it reads now: wording, title and theme of the coming ballot."""
    themes = themes_by_id(unit, hunt)
    ideas = unit.ideas.page(hunt.tenant, hunt.id, states=STANDING, limit=MOST_OPTIONS)
    return tuple(_option(idea, themes[idea.theme].name if idea.theme in themes else "") for idea in ideas)


def _option(idea: Idea, theme: str) -> Option:
    return Option(idea.number, idea.text, theme, idea.title)


def open_round(
    unit: Unit,
    hunt: Hunt,
    options: Sequence[Option],
    now: datetime,
    *,
    dots: int | None,
    cap: int,
    places: int,
    closes_at: datetime | None,
    runoff: bool = False,
) -> Round:
    """Freezes the options and opens a round; the caller holds the hunt's lock.

    Its voters are the known members of the hunt's rooms but its facilitators, who abstain unless they vote.
    Raises NothingToVote with fewer than two options, WrongPhase where no round may open.
    """
    if len(options) < 2:  # noqa: PLR2004 - one option is no choice
        raise NothingToVote
    voting, voters = hunt.step(Phase.VOTING), electorate(unit, hunt)
    previous = unit.rounds.latest(hunt.tenant, hunt.id)
    round = Round(
        tenant=hunt.tenant,
        hunt=hunt.id,
        number=RoundNumber((previous.number if previous else 0) + 1),
        dots=dots or suggested_dots(len(options)),
        cap=cap,
        places=places,
        opened_at=now,
        closes_at=closes_at,
        eligible=len(voters),
        runoff=runoff,
        seed=secrets.token_hex(16),
    )
    unit.rounds.open(round, options, voters)
    voting = replace(voting, round=round.number, vote_until=closes_at, closed_at=None)
    unit.hunts.keep(voting)
    _plan_nudges(unit, round, voters, now)
    redraw(unit, voting, now, at_once=True)
    return round


def electorate(unit: Unit, hunt: Hunt) -> frozenset[PersonId]:
    """Known members of the hunt's rooms, without its facilitators, outsiders and deactivated people."""
    members: set[PersonId] = set()
    for place in unit.hunts.rooms(hunt.tenant, hunt.id):
        members |= unit.people.members(hunt.tenant, place.room)
    bot = unit.people.tenant(hunt.tenant).bot
    others = members - hunt.cofacilitators - {hunt.facilitator} - ({bot} if bot else set())
    return frozenset(person for person in others if may_vote(unit, hunt, person))


def may_vote(unit: Unit, hunt: Hunt, person: PersonId) -> bool:
    """Guests from elsewhere and deactivated people do not vote."""
    kept = unit.people.person(hunt.tenant, person)
    return not (kept.outsider or kept.inactive)


def _plan_nudges(unit: Unit, round: Round, voters: frozenset[PersonId], now: datetime) -> None:
    """One letter a voter, a day before the end (half-way in a shorter round, never within two hours).

    It is drawn when it leaves: who has no dots left by then, declined, or mutes reminders gets nothing.
    """
    if round.closes_at is None or round.closes_at - now < LEAST_NUDGE:
        return
    due = max(round.closes_at - NUDGE_BEFORE, now + (round.closes_at - now) / 2)
    for person in voters:
        unit.letters.announce(
            Letter(
                tenant=round.tenant,
                kind=LetterKind.NUDGE,
                key=f"nudge:{round.hunt}:{round.number}:{person}",
                due_at=due,
                expires_at=round.closes_at,
                hunt=round.hunt,
                person=person,
                facts={"round": int(round.number)},
            )
        )


def close_round(unit: Unit, hunt: Hunt, now: datetime) -> Tally | None:
    """Closes the hunt's open round once: tally, announcement, phase. None when it was closed before.

    The caller holds the hunt's lock, so two closers take turns and the second finds nothing to do.
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
    redraw(unit, closed, now, at_once=True)
    return tally
