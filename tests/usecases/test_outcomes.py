"""Results as they are told: ties and run-offs, gaps to discuss, coverage, the second reading, groups by role."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.domain.errors import NothingToVote, TieStays, UnknownRound, WrongPhase
from bot.domain.names import IdeaNumber, PersonId, RoundNumber
from bot.domain.rules import RoundKind, Secrecy, TieRule
from bot.domain.tally import close_calls
from bot.screens import Board, Results
from bot.usecases.requests import BallotView
from tests.usecases.polls import VOTERS, closed, join, ready, results, round_of
from tests.usecases.town import TENANT, Town

MORE = ("zoe", "lou", "max", "eva", "tom", "ana")


def tied(town: Town, **rules: object) -> str:
    """Two places: option 1 wins, options 2 and 3 are tied for the second."""
    hunt = ready(town)
    town.open_vote(hunt, dots=3, places=2, **rules)
    for name, option in (("paul", 1), ("youssef", 1), ("monique", 2), ("karima", 3)):
        town.wish(hunt, name, option, 1)
    return hunt


def whole_minute(at: datetime) -> datetime:
    """The next one: a run-off ends when its announcement said, to the minute."""
    return at.replace(second=0, microsecond=0) + timedelta(minutes=bool(at.second or at.microsecond))


def run_off(town: Town, hunt: str) -> object:
    return town.core.votes.run_off(town.asker("ines"), hunt, now=town.now)  # type: ignore[arg-type]


# --- ties


def test_a_run_off_by_one_click_lasts_24_hours_with_one_dot_over_exactly_the_tied(town: Town) -> None:
    hunt = tied(town)
    closed(town, hunt)  # type: ignore[arg-type]
    opened_at = town.now
    run_off(town, hunt)
    round = round_of(town, hunt, 2)  # type: ignore[arg-type]
    assert (round.kind, round.dots, round.cap, round.places) == (RoundKind.RUNOFF, 1, 1, 1)
    assert round.closes_at == whole_minute(opened_at + timedelta(hours=24))
    form = town.core.ballots.ballot(town.asker("paul"), hunt, now=town.now)  # type: ignore[arg-type]
    assert {line.number for line in form.lines} == {2, 3}
    with pytest.raises(WrongPhase):
        run_off(town, hunt)


def test_by_the_rule_auto_the_run_off_opens_by_itself_at_the_close_and_the_result_says_until_when(town: Town) -> None:
    hunt = tied(town, tie=TieRule.AUTO, closes_at=town.now + timedelta(hours=3))
    town.deliver()
    town.wait(hours=3)
    closed_at = town.now
    town.core.clock.tick(town.now)
    second = round_of(town, hunt, 2)  # type: ignore[arg-type]
    assert (second.kind, second.tie, second.open) == (RoundKind.RUNOFF, TieRule.ASK, True)
    sent = [out.screen for out in town.deliver() if isinstance(out.screen, Results)]
    assert [one.runoff_until for one in sent] == [whole_minute(closed_at + timedelta(hours=24))]
    for name in VOTERS[:3]:
        town.wish(hunt, name, 3, 1, round=2)  # type: ignore[arg-type]
    town.now = closed_at + timedelta(hours=24, minutes=1)
    town.core.clock.tick(town.now)
    told = results(town)
    assert told.parted is not None
    assert told.parted.final == (1, 3)


def test_a_second_tie_waits_for_a_facilitator_and_does_not_go_on_for_ever(town: Town) -> None:
    hunt = tied(town, tie=TieRule.AUTO)
    closed(town, hunt)  # type: ignore[arg-type]
    for name, option in (("paul", 2), ("karima", 3)):
        town.wish(hunt, name, option, 1, round=2)  # type: ignore[arg-type]
    town.wait(hours=25)
    town.core.clock.tick(town.now)
    with town.storage.look() as unit:
        last = unit.rounds.latest(TENANT, hunt)  # type: ignore[arg-type]
    assert last is not None
    assert (last.number, last.open) == (2, False)
    run_off(town, hunt)
    assert round_of(town, hunt, 3).open  # type: ignore[arg-type]


def test_by_the_rule_keep_a_tie_stays_a_tie_and_no_run_off_opens(town: Town) -> None:
    hunt = tied(town, tie=TieRule.KEEP)
    tally = closed(town, hunt)  # type: ignore[arg-type]
    assert (tally.winners, tally.tied_at_cut) == ((1,), (2, 3))
    with pytest.raises(TieStays):
        run_off(town, hunt)
    boards = [out.screen for out in town.deliver() if isinstance(out.screen, Board)]
    assert boards[-1].tally == results(town).tally


def test_without_a_tie_there_is_nothing_to_part(town: Town) -> None:
    hunt = ready(town)
    town.open_vote(hunt, dots=3, places=1)
    town.wish(hunt, "paul", 1, 1)
    closed(town, hunt)
    with pytest.raises(NothingToVote):
        run_off(town, hunt)


def test_supporters_stand_beside_dots(town: Town) -> None:
    hunt = ready(town)
    town.open_vote(hunt, dots=3)
    for name, option, dots in (("paul", 1, 2), ("karima", 2, 1), ("didier", 2, 1)):
        town.wish(hunt, name, option, dots)
    ranks = {rank.option: (rank.dots, rank.supporters, rank.tied) for rank in closed(town, hunt).ranks if rank.dots}
    assert ranks == {1: (2, 1, True), 2: (2, 2, True)}


def test_a_gap_of_one_dot_at_the_cut_is_to_be_discussed(town: Town) -> None:
    hunt = ready(town)
    town.open_vote(hunt, dots=3, places=1)
    for name, option, dots in (("paul", 1, 2), ("karima", 1, 1), ("didier", 2, 2)):
        town.wish(hunt, name, option, dots)
    tally = closed(town, hunt)
    assert [(call.above, call.below, call.gap) for call in close_calls(tally)] == [((1,), (2,), 1)]


# --- coverage and the second reading


def test_coverage_is_told_for_each_way_a_tie_may_fall(town: Town) -> None:
    join(town, *MORE)
    hunt = ready(town)
    town.open_vote(hunt, dots=3, places=2)
    for name in ("paul", "youssef", "monique"):
        town.wish(hunt, name, 1, 1)
    for name in ("karima", "didier"):
        town.wish(hunt, name, 2, 1)
    for name in ("paul", "zoe"):
        town.wish(hunt, name, 3, 1)
    tally = closed(town, hunt)
    assert tally.tied_at_cut == (2, 3)
    assert {way.chosen: way.voters for way in tally.coverages} == {(1, 2): 5, (1, 3): 4}


def test_the_second_reading_gives_a_minority_its_share(town: Town) -> None:
    join(town, *MORE)
    hunt = ready(town)
    town.open_vote(hunt, dots=2, cap=1, places=2)
    many, few = (*VOTERS, "zoe"), ("lou", "max", "eva", "tom")
    for name in many:
        for option in (1, 2):
            town.wish(hunt, name, option, 1)
    for name in few:
        town.wish(hunt, name, 3, 1)
    tally = closed(town, hunt)
    assert (tally.winners, tally.covered, tally.voters) == ((1, 2), 6, 10)
    reading = town.core.votes.second_reading(town.asker("didier"), hunt, RoundNumber(1), now=town.now)
    assert reading.tally.balanced is not None
    assert 3 in reading.tally.balanced.chosen
    assert reading.tally.balanced.voters == 10


def test_below_five_voters_no_second_reading_points_at_anybody(town: Town) -> None:
    hunt = tied(town)
    assert closed(town, hunt).balanced is None  # type: ignore[arg-type]


def test_while_a_round_is_open_no_reading_of_it_is_given(town: Town) -> None:
    hunt = tied(town)
    with pytest.raises(WrongPhase):
        town.core.votes.second_reading(town.asker("ines"), hunt, RoundNumber(1), now=town.now)  # type: ignore[arg-type]
    with pytest.raises(UnknownRound):
        town.core.votes.second_reading(town.asker("ines"), hunt, RoundNumber(7), now=town.now)  # type: ignore[arg-type]


# --- groups by role


def grouped(town: Town, sizes: dict[str, int], **rules: object) -> dict[str, tuple[int, int, int]]:
    """Group -> its voters, its electors, its dots, after a vote in which everybody named placed one dot."""
    hunt = ready(town)
    names = iter(f"v{n}" for n in range(100))
    voters: dict[str, str] = {}
    for role, size in sizes.items():
        people = [next(names) for _ in range(size)]
        join(town, *people)
        voters |= dict.fromkeys(people, role)
        town.core.facilitation.keep_role(
            town.asker("ines"), hunt, role, [PersonId(name) for name in people], now=town.now
        )
    town.open_vote(hunt, dots=3, **{"by_role": True, **rules})
    for name in voters:
        town.wish(hunt, name, 1, 1)
    return {group.role: (group.voters, group.eligible, sum(group.dots.values())) for group in closed(town, hunt).groups}


def test_groups_of_five_are_told_and_smaller_ones_joined(town: Town) -> None:
    told = grouped(town, {"field": 6, "office": 3, "board": 2})
    assert told == {"field": (6, 6, 6), "": (5, 10, 5)}  # the five of the town have no role and did not vote


def test_who_might_have_voted_and_did_not_counts_in_their_group(town: Town) -> None:
    hunt = ready(town)
    people = [f"v{n}" for n in range(13)]
    join(town, *people)
    for role, members in (("field", people[:6]), ("office", people[6:11]), ("board", people[11:])):
        ids = [PersonId(name) for name in members]
        town.core.facilitation.keep_role(town.asker("ines"), hunt, role, ids, now=town.now)
    town.open_vote(hunt, dots=3, by_role=True)
    for name in (*people[:5], *VOTERS):
        town.wish(hunt, name, 1, 1)
    told = {group.role: (group.voters, group.eligible) for group in closed(town, hunt).groups}
    assert told == {"field": (5, 6), "": (5, 12)}


def test_no_group_is_told_where_the_rest_would_point_at_few(town: Town) -> None:
    assert grouped(town, {"field": 6, "office": 4}) == {}


def test_nothing_is_told_by_role_unless_the_rules_said_so(town: Town) -> None:
    assert grouped(town, {"field": 6, "office": 6}, by_role=False) == {}


def test_an_open_vote_keeps_the_roles_it_was_opened_with(town: Town) -> None:
    hunt = ready(town)
    people = [f"v{n}" for n in range(10)]
    join(town, *people)
    give = town.core.facilitation.keep_role
    for role, members in (("field", people[:5]), ("office", people[5:])):
        give(town.asker("ines"), hunt, role, [PersonId(name) for name in members], now=town.now)
    town.open_vote(hunt, dots=3, by_role=True)
    give(town.asker("ines"), hunt, "late", [PersonId(name) for name in people], now=town.now)
    for name in people:
        town.wish(hunt, name, 1, 1)
    assert {group.role: group.voters for group in closed(town, hunt).groups} == {"field": 5, "office": 5}


def test_detached_ballots_give_the_turnout_of_groups_and_no_dots(town: Town) -> None:
    hunt = ready(town)
    people = [f"v{n}" for n in range(10)]
    join(town, *people)
    for role, members in (("field", people[:5]), ("office", people[5:])):
        ids = [PersonId(name) for name in members]
        town.core.facilitation.keep_role(town.asker("ines"), hunt, role, ids, now=town.now)
    town.open_vote(hunt, dots=3, by_role=True, secrecy=Secrecy.DETACHED)
    for name in people:
        wishes, view = {IdeaNumber(1): 1}, BallotView()
        town.core.ballots.cast(town.asker(name), hunt, RoundNumber(1), wishes, view, now=town.now)
    groups = closed(town, hunt).groups
    assert {group.role: (group.voters, dict(group.dots)) for group in groups} == {"field": (5, {}), "office": (5, {})}
