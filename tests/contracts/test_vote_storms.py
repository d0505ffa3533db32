"""Storms over one vote, by processes that start together: nothing overspent, nothing doubled, nothing lost."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from bot.domain.hunt import Phase
from bot.domain.names import IdeaNumber, PersonId
from bot.domain.rules import Quorum, Secrecy
from bot.domain.tally import Tally
from storage.sql import SqlStorage
from tests.contracts.racers import click, close, race
from tests.contracts.samples import ACME, ANNA, HUNT, NOW, a_round, opened
from tests.contracts.voting_racers import (
    ENDS,
    cast_for_all,
    change_rules,
    close_by_clock,
    close_by_hand,
    move,
    strike_all,
    take_back_all,
    vote_at,
    watch,
    wish_for_all,
)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]
CROWD = tuple(f"U{n:02}" for n in range(24))


def begin(url: str, **rules: Any) -> None:
    """A hunt of ANNA whose vote is open; the crowd may vote."""
    with closing(SqlStorage(url, alone=False)) as storage, storage.begin() as unit:
        opened(unit, options=6, electors=(*map(PersonId, CROWD),), **rules)
        kept = unit.hunts.get(ACME, HUNT)
        unit.hunts.keep(replace(kept, phase=Phase.VOTING, round=a_round().number, vote_until=rules.get("closes_at")))


def end(url: str) -> Tally:
    """What the round ends with, closed now where it is open; its books agree."""
    with closing(SqlStorage(url, alone=False)) as storage:
        with storage.begin() as unit:
            round = unit.rounds.get(ACME, HUNT, a_round().number)
            assert unit.rounds.check(round) == ()
            tally = unit.rounds.close(round, NOW) if round.open else unit.rounds.tally(round)
        with storage.look() as unit:
            assert unit.rounds.check(round) == ()
    assert tally is not None
    return tally


def test_a_storm_on_one_option_never_breaks_its_cap(migrated_url: str) -> None:
    begin(migrated_url)
    devices = [[(ANNA, 1, (n + device) % 4) for n in range(24)] for device in range(6)]
    *_, (most, here, askew) = race(migrated_url, *((click, wishes) for wishes in devices), (watch, 60))
    assert max(most, here) <= 2
    assert askew == {(0, 0)}
    assert end(migrated_url).ranks[0].dots <= 2


def test_dots_moved_from_six_devices_are_never_above_the_budget_at_any_commit(migrated_url: str) -> None:
    begin(migrated_url)
    *moved, (most, here, askew) = race(migrated_url, *((move, (ANNA, device)) for device in range(6)), (watch, 60))
    assert sum(moved) > 0
    assert (most <= 5, here <= 2) == (True, True)
    assert askew == {(0, 0)}
    tally = end(migrated_url)
    assert (tally.dots_placed <= 5, tally.voters <= 1) == (True, True)


def test_at_the_closing_instant_a_vote_is_counted_or_refused(migrated_url: str) -> None:
    begin(migrated_url, closes_at=ENDS)
    crowds = [[(f"{p}-{device}", n % 3 - 1) for n, p in enumerate(CROWD)] for device in range(3)]
    *taken, _, _ = race(migrated_url, *((vote_at, crowd) for crowd in crowds), (close, None), (close_by_clock, None))
    tally = end(migrated_url)
    assert tally.dots_placed == tally.voters == sum(map(len, taken))
    in_time = {person for crowd in crowds for person, after in crowd if after < 0}
    assert {person for people in taken for person in people} <= in_time


def test_of_two_closers_and_a_clock_one_counts_and_one_announcement_is_written(migrated_url: str) -> None:
    begin(migrated_url, closes_at=ENDS)
    done = race(migrated_url, (close_by_hand, None), (close_by_hand, None), (close_by_clock, None), (close_by_clock, 0))
    assert sum(done) == 1
    with closing(SqlStorage(migrated_url, alone=False)) as storage, storage.look() as unit:
        written = unit.people.connection.execute(
            text("SELECT count(*) FROM letter WHERE kind = 'results'")
        ).scalar_one()
        assert written == 1
    end(migrated_url)


def test_of_a_ballot_cast_from_six_devices_exactly_one_counts(migrated_url: str) -> None:
    begin(migrated_url, secrecy=Secrecy.DETACHED)
    taken = race(migrated_url, *[(cast_for_all, CROWD)] * 6)
    assert sorted(person for people in taken for person in people) == sorted(CROWD)
    tally = end(migrated_url)
    assert (tally.voters, tally.dots_placed) == (len(CROWD), 3 * len(CROWD))


@pytest.mark.parametrize("secrecy", Secrecy)
def test_who_is_struck_for_a_paper_never_has_a_second_ballot(migrated_url: str, secrecy: Secrecy) -> None:
    begin(migrated_url, secrecy=secrecy)
    vote = wish_for_all if secrecy is Secrecy.SEALED else cast_for_all
    voted, again, struck, others = race(
        migrated_url, (vote, CROWD), (vote, CROWD[::-1]), (strike_all, CROWD[::-1]), (strike_all, CROWD)
    )
    assert not {*voted, *again} & {*struck, *others}
    assert {*voted, *again, *struck, *others} == set(CROWD)
    assert len(struck) + len(others) == len({*struck, *others})
    tally = end(migrated_url)
    assert (tally.voters, tally.papers) == (len(CROWD), len(struck) + len(others))
    assert tally.eligible == len(CROWD)


def test_papers_taken_back_by_two_while_the_vote_closes_come_out_once(migrated_url: str) -> None:
    begin(migrated_url)
    with closing(SqlStorage(migrated_url, alone=False)) as storage, storage.begin() as unit:
        round = unit.rounds.get(ACME, HUNT, a_round().number)
        for person in CROWD[:12]:
            unit.rounds.enter(round, [{IdeaNumber(1): 1}, {IdeaNumber(2): 2}], [PersonId(person)], NOW)
    batches = range(1, 13)
    one, other, third, _ = race(migrated_url, *[(take_back_all, batches)] * 3, (close, None))
    tally = end(migrated_url)
    assert tally.voters == tally.papers == 24 - one - other - third
    assert tally.eligible == len(CROWD) + tally.papers // 2


def test_a_budget_lowered_while_people_vote_is_granted_before_the_first_dot_or_not_at_all(migrated_url: str) -> None:
    begin(migrated_url, quorum=Quorum.TWO_THIRDS)
    *taken, granted = race(migrated_url, *[(wish_for_all, CROWD[n::3]) for n in range(3)], (change_rules, [4, 1, 3, 1]))
    with closing(SqlStorage(migrated_url, alone=False)) as storage, storage.look() as unit:
        round = unit.rounds.get(ACME, HUNT, a_round().number)
        dots = [unit.rounds.ballot(round, PersonId(person)).used for person in CROWD]
        assert round.dots == (granted[-1] if granted else 5)
        assert sum(dots) == 2 * sum(map(len, taken))
        assert max(dots) <= round.dots
    end(migrated_url)
