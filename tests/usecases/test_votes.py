"""A vote from opening to results: sealed while open, honest at the close."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

import pytest

from bot.domain.errors import BadForm, NotAllowed, NotAVoter, NothingToVote, Problem, VoteOver, WrongPhase
from bot.domain.names import HuntId, IdeaNumber, RoundNumber
from bot.screens import BallotForm, Board, Note, Nudge, Receipt, Results, Table
from bot.usecases.requests import BallotView
from tests.usecases.town import PEOPLE, ROOM, TENANT, Town, person

VOTERS = ("paul", "youssef", "monique", "karima", "didier")


def ready(town: Town, options: int = 6, **launch: object) -> HuntId:
    hunt = town.launch(**launch)
    for n in range(options):
        town.post(hunt, VOTERS[n % len(VOTERS)], f"Idea {n} about {'wood' * (n + 1)} paths.")
    town.core.hunts.reveal(town.asker("ines"), hunt, now=town.now)
    return hunt


def tally(town: Town, hunt: HuntId) -> Results:
    results = town.core.votes.results(town.asker("didier"), ROOM, now=town.now)
    assert isinstance(results, Results)
    return results


def test_dots_are_placed_moved_and_lifted_by_wishing(town: Town) -> None:
    hunt = ready(town)
    town.open_vote(hunt, dots=3)
    for option, dots in ((1, 2), (2, 1), (1, 1), (1, 1), (2, 0)):
        form = town.wish(hunt, "karima", option, dots)
    assert isinstance(form, BallotForm)
    assert form.used == 1
    assert {line.number: line.dots for line in form.lines if line.dots} == {1: 1}


def test_one_dot_too_many_comes_back_with_the_reason_and_the_present_state(town: Town) -> None:
    hunt = ready(town)
    town.open_vote(hunt, dots=3)
    town.wish(hunt, "karima", 1, 2)
    town.wish(hunt, "karima", 2, 1)
    over = town.wish(hunt, "karima", 3, 1)
    assert isinstance(over, BallotForm)
    assert over.refused is not None
    assert over.refused.key == "refusal.no_dots_left"
    assert (over.refused.facts["used"], over.refused.facts["total"]) == (3, 3)
    assert over.used == 3
    third = town.wish(hunt, "karima", 1, 3)
    assert isinstance(third, BallotForm)
    assert third.refused is not None
    assert third.refused.key == "refusal.cap_reached"


def test_a_dot_on_a_stranger_option_a_negative_or_a_huge_number_changes_nothing(town: Town) -> None:
    hunt = ready(town)
    town.open_vote(hunt, dots=3)
    for option, dots in ((99, 1), (1, -1), (1, 10**9), (0, 1), (-4, 1)):
        form = town.wish(hunt, "karima", option, dots)
        assert isinstance(form, BallotForm)
        assert form.refused is not None
        assert form.used == 0


@pytest.mark.parametrize("rule", ["dots", "cap", "places"])
@pytest.mark.parametrize("number", [-1, 0, 100, 999_999_999])
def test_a_rule_of_more_than_two_digits_is_refused_before_it_makes_a_row_for_each(
    town: Town, rule: str, number: int
) -> None:
    with pytest.raises(BadForm) as refusal:
        town.launch(**{rule: number})
    assert refusal.value.problems == {rule: "launch.problem.dots"}
    hunt = ready(town)
    with pytest.raises(BadForm) as refusal:
        town.open_vote(hunt, **{rule: number})
    assert refusal.value.problems == {rule: "launch.problem.dots"}


def test_the_plain_ballot_is_taken_whole_or_not_at_all(town: Town) -> None:
    hunt = ready(town)
    town.open_vote(hunt, dots=3)
    with pytest.raises(BadForm) as refusal:
        town.core.ballots.fill(town.asker("karima"), hunt, RoundNumber(1), {IdeaNumber(1): 3}, "a", now=town.now)
    assert refusal.value.problems == {"option:1": Problem("ballot.problem.cap", {"cap": 2, "n": 2})}
    wishes = {IdeaNumber(1): 2, IdeaNumber(2): 2}
    with pytest.raises(BadForm) as refusal:
        town.core.ballots.fill(town.asker("karima"), hunt, RoundNumber(1), wishes, "b", now=town.now)
    assert set(refusal.value.problems) == {"total"}
    wishes = {IdeaNumber(1): 2, IdeaNumber(2): 1}
    receipt = town.core.ballots.fill(town.asker("karima"), hunt, RoundNumber(1), wishes, "c", now=town.now)
    assert isinstance(receipt, Receipt)
    assert (receipt.used, {line.number: line.dots for line in receipt.lines}) == (3, {1: 2, 2: 1})


def test_two_voters_see_different_orders_and_each_sees_a_stable_one(town: Town) -> None:
    hunt = ready(town, options=12)
    town.open_vote(hunt, wave=True)

    def order(name: str) -> list[int]:
        form = town.core.ballots.ballot(town.asker(name), hunt, now=town.now)
        return [line.number for line in form.lines]

    assert order("karima") == order("karima")
    assert len({tuple(order(name)) for name in VOTERS}) > 1
    assert sorted(order("karima")) == list(range(1, 13))


def test_the_ballot_is_paged_and_filtered_by_theme(town: Town) -> None:
    hunt = town.launch(themes=("Paths", "Animals"))
    for n in range(25):
        town.post(hunt, VOTERS[n % 5], f"Idea {n} about the wood.", theme=1 + n % 2)
        town.wait(seconds=20)
    town.core.hunts.reveal(town.asker("ines"), hunt, now=town.now)
    town.open_vote(hunt)
    form = town.core.ballots.ballot(town.asker("karima"), hunt, now=town.now, view=BallotView(page=9))
    assert (form.page, form.pages, len(form.lines)) == (2, 2, 5)
    animals = town.core.ballots.ballot(town.asker("karima"), hunt, now=town.now, view=BallotView(theme="Animals"))
    assert {line.theme for line in animals.lines} == {"Animals"}


def test_while_the_vote_is_open_no_screen_and_no_letter_tells_a_dot(town: Town) -> None:
    hunt = ready(town)
    town.open_vote(hunt)
    town.deliver()
    for option, dots in ((1, 2), (2, 1)):
        town.wish(hunt, "karima", option, dots)
    shown = [out.screen for out in town.deliver()]
    boards = [screen for screen in shown if isinstance(screen, Board)]
    assert boards[-1].round is not None
    assert boards[-1].round.voters == 1
    assert boards[-1].tally is None
    assert all(line.dots is None for s in shown if isinstance(s, Table) for line in s.lines)
    sealed = town.core.votes.results(town.asker("ines"), ROOM, now=town.now)
    assert isinstance(sealed, Note)
    assert sealed.key == "results.sealed"
    report = town.core.reports.of_hunt(TENANT, hunt, now=town.now)
    assert "tally" not in str(asdict(report.rounds[0]))


def test_a_tie_at_the_cut_is_told_as_a_tie_and_a_run_off_parts_it(town: Town) -> None:
    hunt = ready(town)
    town.open_vote(hunt, places=2)
    for name, option in (("paul", 1), ("youssef", 1), ("monique", 2), ("karima", 3)):
        town.wish(hunt, name, option, 1)
    town.core.votes.close(town.asker("ines"), hunt, now=town.now)
    result = tally(town, hunt)
    assert result.tally.winners == (1,)
    assert result.tally.tied_at_cut == (2, 3)
    town.core.votes.run_off(town.asker("ines"), hunt, now=town.now)
    for name, option in (("paul", 3), ("youssef", 3), ("monique", 2)):
        town.wish(hunt, name, option, 1, round=2)
    refused = town.wish(hunt, "paul", 1, 1, round=2)
    assert isinstance(refused, BallotForm)
    assert refused.refused is not None
    town.wait(hours=25)
    town.core.clock.tick(town.now)
    report = town.core.reports.of_hunt(TENANT, hunt, now=town.now)
    assert report.final == (1, 3)
    told = tally(town, hunt)
    assert told.round.number == 1
    assert told.tally.winners == (1,)
    assert told.parted is not None
    assert told.parted.final == (1, 3)
    boards = [out.screen for out in town.deliver() if isinstance(out.screen, Board)]
    assert boards[-1].tally == told.tally
    assert boards[-1].parted == told.parted


def test_a_run_off_nobody_votes_in_leaves_the_result_of_the_vote_as_it_was(town: Town) -> None:
    hunt = ready(town)
    town.open_vote(hunt, places=2)
    for name, option in (("paul", 1), ("youssef", 1), ("monique", 2), ("karima", 3)):
        town.wish(hunt, name, option, 1)
    town.core.votes.close(town.asker("ines"), hunt, now=town.now)
    town.core.votes.run_off(town.asker("ines"), hunt, now=town.now)
    town.wait(hours=25)
    town.core.clock.tick(town.now)
    told = tally(town, hunt)
    assert (told.tally.winners, told.tally.dots_placed) == ((1,), 4)
    assert told.parted is not None
    assert told.parted.final == (1,)
    tables = [out.screen for out in town.deliver() if isinstance(out.screen, Table)]
    assert {line.number: line.dots for line in tables[-1].lines if line.dots} == {1: 2, 2: 1, 3: 1}


def test_the_clock_closes_at_the_closing_time_once_and_announces_once(town: Town) -> None:
    hunt = ready(town)
    town.open_vote(hunt, closes_at=town.now + timedelta(hours=3))
    town.deliver()
    town.wish(hunt, "karima", 1, 2)
    town.wait(hours=3)
    assert [town.core.clock.tick(town.now) for _ in range(3)] == [1, 0, 0]
    results = [out for out in town.deliver() if isinstance(out.screen, Results)]
    assert len(results) == 1
    assert (results[0].screen.tally.voters, results[0].screen.tally.dots_placed) == (1, 2)  # type: ignore[union-attr]
    again = town.core.votes.close(town.asker("ines"), hunt, now=town.now)
    assert again.key == "close.already"
    assert not [out for out in town.deliver() if isinstance(out.screen, Results)]


@pytest.mark.parametrize(("late", "counted"), [(-1, True), (0, False), (1, False)])
def test_a_dot_counts_only_before_the_closing_instant(town: Town, late: int, counted: bool) -> None:
    hunt = ready(town)
    closing = town.now + timedelta(hours=3)
    town.open_vote(hunt, closes_at=closing)
    town.now = closing + timedelta(milliseconds=late)
    if counted:
        assert isinstance(town.wish(hunt, "karima", 1, 1), BallotForm)
    else:
        with pytest.raises(VoteOver):
            town.wish(hunt, "karima", 1, 1)
    town.now = closing + timedelta(seconds=1)
    town.core.clock.tick(town.now)
    assert tally(town, hunt).tally.dots_placed == int(counted)


def test_facilitators_abstain_unless_they_vote_and_outsiders_never_vote(town: Town) -> None:
    hunt = ready(town)
    town.core.people.keep(person("visitor", outsider=True))
    town.open_vote(hunt)
    form = town.core.ballots.ballot(town.asker("karima"), hunt, now=town.now)
    assert form.round.eligible == len(PEOPLE) - 1
    with pytest.raises(NotAVoter):
        town.wish(hunt, "visitor", 1, 1)
    with pytest.raises(NotAVoter):
        town.wish(hunt, "stranger", 1, 1)
    mine = town.wish(hunt, "ines", 1, 1)
    assert isinstance(mine, BallotForm)
    assert mine.round.eligible == len(PEOPLE)


def test_only_those_with_dots_left_are_reminded_once_a_day_before_the_end(town: Town) -> None:
    hunt = ready(town)
    town.open_vote(hunt, dots=3, closes_at=town.now + timedelta(days=3))
    town.wish(hunt, "karima", 1, 2)
    town.wish(hunt, "karima", 2, 1)
    town.wish(hunt, "paul", 1, 1)
    town.core.ballots.decline(town.asker("didier"), hunt, RoundNumber(1), True, now=town.now)
    town.core.people.mute(town.asker("monique"), now=town.now)
    town.deliver()
    assert not [out for out in town.deliver() if isinstance(out.screen, Nudge)]
    town.wait(days=2)
    nudged = {out.person: out.screen.left for out in town.deliver() if isinstance(out.screen, Nudge)}
    assert nudged == {"paul": 2, "youssef": 3}
    town.wait(hours=5)
    assert not [out for out in town.deliver() if isinstance(out.screen, Nudge)]


def test_participants_cannot_open_close_or_run_off(town: Town) -> None:
    hunt = ready(town)
    with pytest.raises(NotAllowed):
        town.open_vote(hunt, by="didier")
    town.open_vote(hunt)
    with pytest.raises(NotAllowed):
        town.core.votes.close(town.asker("didier"), hunt, now=town.now)
    town.core.votes.close(town.asker("ines"), hunt, now=town.now)
    with pytest.raises(NotAllowed):
        town.core.votes.run_off(town.asker("didier"), hunt, now=town.now)


def test_a_vote_needs_two_options_and_a_reveal(town: Town) -> None:
    hunt = town.launch()
    town.post(hunt, "karima", "Fence a field for the dogs.")
    with pytest.raises(WrongPhase):
        town.open_vote(hunt)
    town.core.hunts.reveal(town.asker("ines"), hunt, now=town.now)
    with pytest.raises(NothingToVote):
        town.open_vote(hunt)


def test_nobody_voted_and_nobody_is_said_to_have_won(town: Town) -> None:
    hunt = ready(town)
    town.open_vote(hunt)
    town.core.votes.close(town.asker("ines"), hunt, now=town.now)
    result = tally(town, hunt)
    assert (result.tally.winners, result.tally.tied_at_cut, result.tally.voters) == ((), (), 0)


def test_everybody_chose_the_same(town: Town) -> None:
    hunt = ready(town)
    town.open_vote(hunt, places=1)
    for name in VOTERS:
        town.wish(hunt, name, 3, 1)
    town.core.votes.close(town.asker("ines"), hunt, now=town.now)
    result = tally(town, hunt)
    assert (result.tally.winners, result.tally.covered) == ((3,), 5)


def test_the_ledger_agrees_with_the_tally_and_after_the_close_no_ballot_names_a_voter(town: Town) -> None:
    hunt = ready(town)
    town.open_vote(hunt, dots=3)
    for number, name in enumerate(VOTERS, 1):
        town.wish(hunt, name, number, 1)
    town.wish(hunt, "paul", 6, 1)
    town.wish(hunt, "paul", 6, 0)
    town.core.votes.close(town.asker("ines"), hunt, now=town.now)
    with town.storage.look() as unit:
        round = unit.rounds.get(TENANT, hunt, RoundNumber(1))
        assert unit.rounds.check(round) == ()
        papers = unit.rounds.papers(round)
    assert sorted(map(str, papers)) == [str({IdeaNumber(n): 1}) for n in range(1, 6)]


def test_below_five_voters_no_ballot_is_kept_after_the_close_and_the_totals_stay(town: Town) -> None:
    hunt = ready(town)
    town.open_vote(hunt, dots=3)
    for number, name in enumerate(VOTERS[:4], 1):
        town.wish(hunt, name, number, 1)
    town.core.votes.close(town.asker("ines"), hunt, now=town.now)
    with town.storage.look() as unit:
        round = unit.rounds.get(TENANT, hunt, RoundNumber(1))
        assert unit.rounds.check(round) == ()
        assert unit.rounds.papers(round) == ()
    assert (tally(town, hunt).tally.voters, tally(town, hunt).tally.dots_placed) == (4, 4)


def test_who_joined_the_room_since_may_vote_and_who_left_it_may_not_begin(town: Town) -> None:
    hunt = ready(town)
    town.open_vote(hunt, dots=3)
    town.core.people.keep(person("zoe"))
    with pytest.raises(NotAVoter):
        town.wish(hunt, "zoe", 1, 1)
    town.core.people.member_joined(TENANT, ROOM, town.asker("zoe").person)
    town.wish(hunt, "zoe", 1, 1)
    town.core.people.keep(person("lou"))
    town.core.people.member_joined(TENANT, ROOM, town.asker("lou").person)
    town.core.people.member_left(TENANT, ROOM, town.asker("lou").person)
    with pytest.raises(NotAVoter):
        town.wish(hunt, "lou", 1, 1)


def test_where_the_members_may_not_be_read_one_who_joins_does_not_shut_the_others_out(town: Town) -> None:
    with town.storage.begin() as unit:
        unit.people.keep_members(TENANT, ROOM, [])
    hunt = ready(town)
    town.core.people.member_joined(TENANT, ROOM, town.asker("zoe").person)
    town.open_vote(hunt, dots=3)
    for voter in ("karima", "zoe"):
        form = town.wish(hunt, voter, 1, 1)
        assert isinstance(form, BallotForm)
        assert form.used == 1
