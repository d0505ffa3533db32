"""One voter and their ballot: validated or declined, on two devices, cast once where ballots are detached."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

import pytest

from bot.domain.ballot import Extra
from bot.domain.errors import (
    AlreadyVoted,
    BadForm,
    NotAVoter,
    Problem,
    StaleForm,
    UnknownRound,
    VoteOver,
    WrongPhase,
)
from bot.domain.names import NO_THEME, IdeaNumber, RoundNumber
from bot.domain.order import order_of, shuffled
from bot.domain.rules import Secrecy
from bot.reports.report import ClosedRound
from bot.screens import BallotForm, Note, Nudge, Receipt
from bot.usecases.requests import BallotView
from tests.usecases.polls import VOTERS, ballot_of, closed, join, ready, results, round_of, rows
from tests.usecases.town import TENANT, Town, person

ONE = RoundNumber(1)
A, B = IdeaNumber(1), IdeaNumber(2)


def fill(town: Town, hunt: str, wishes: dict[int, int], by: str = "karima", **view: object) -> object:
    placed = {IdeaNumber(n): dots for n, dots in wishes.items()}
    seen = BallotView(**view)  # type: ignore[arg-type]  # fields of BallotView
    return town.core.ballots.fill(town.asker(by), hunt, ONE, placed, f"f{next(town.keys)}", town.now, seen)  # type: ignore[arg-type]


def cast(town: Town, hunt: str, wishes: dict[int, int], by: str = "karima", **draft: int) -> Receipt:
    placed = {IdeaNumber(n): dots for n, dots in wishes.items()}
    view = BallotView(draft={IdeaNumber(int(n[1:])): dots for n, dots in draft.items()})
    return town.core.ballots.cast(town.asker(by), hunt, ONE, placed, view, now=town.now)  # type: ignore[arg-type]


def seen(town: Town, hunt: str, by: str = "karima", **view: object) -> BallotForm:
    return town.core.ballots.ballot(town.asker(by), hunt, town.now, BallotView(**view))  # type: ignore[arg-type]


def nudged(town: Town) -> set[str]:
    return {str(out.person) for out in town.deliver() if isinstance(out.screen, Nudge)}


# --- validated, declined


def test_a_receipt_holds_what_is_kept_and_ends_the_reminders_whatever_dots_are_left(town: Town) -> None:
    hunt = ready(town)
    town.open_vote(hunt, dots=3, closes_at=town.now + timedelta(days=3))
    town.wish(hunt, "karima", 2, 1)
    receipt = town.core.ballots.validate(town.asker("karima"), hunt, ONE, now=town.now)
    assert isinstance(receipt, Receipt)
    assert ({line.number: line.dots for line in receipt.lines}, receipt.used) == ({2: 1}, 1)
    town.wait(days=2)
    assert nudged(town) == set(VOTERS) - {"karima"}


def test_a_validated_ballot_may_still_change_until_the_close(town: Town) -> None:
    hunt = ready(town)
    town.open_vote(hunt, dots=3)
    town.wish(hunt, "karima", 2, 1)
    town.core.ballots.validate(town.asker("karima"), hunt, ONE, now=town.now)
    town.wish(hunt, "karima", 2, 2)
    again = town.core.ballots.validate(town.asker("karima"), hunt, ONE, now=town.now)
    assert isinstance(again, Receipt)
    assert again.used == 2


def test_an_empty_ballot_gets_no_receipt_and_is_told_what_to_do(town: Town) -> None:
    hunt = ready(town)
    town.open_vote(hunt, dots=3)
    note = town.core.ballots.validate(town.asker("karima"), hunt, ONE, now=town.now)
    assert isinstance(note, Note)
    assert (note.key, note.facts["total"]) == ("ballot.empty", 3)


def test_not_this_time_ends_the_reminders_keeps_the_dots_and_may_be_taken_back(town: Town) -> None:
    hunt = ready(town)
    town.open_vote(hunt, dots=3, closes_at=town.now + timedelta(days=3))
    town.wish(hunt, "karima", 2, 1)
    for name in VOTERS:
        town.core.ballots.decline(town.asker(name), hunt, ONE, True, now=town.now)
    town.core.ballots.decline(town.asker("paul"), hunt, ONE, False, now=town.now)
    assert ballot_of(town, hunt, "karima").placed == {2: 1}
    town.wish(hunt, "youssef", 1, 1)
    town.wait(days=2)
    assert nudged(town) == {"paul"}
    assert closed(town, hunt).voters == 2


def test_a_receipt_leaves_no_letter_no_audit_line_and_no_row_with_its_choices(town: Town) -> None:
    hunt = ready(town)
    town.open_vote(hunt, dots=3)
    town.deliver()
    before = rows(town, "select count(*) from letter"), rows(town, "select count(*) from audit")
    town.wish(hunt, "karima", 2, 1)
    town.deliver()
    letters = rows(town, "select kind, key, facts from letter")
    town.core.ballots.validate(town.asker("karima"), hunt, ONE, now=town.now)
    assert rows(town, "select kind, key, facts from letter") == letters
    assert rows(town, "select count(*) from audit") == before[1]
    out = "".join(str(asdict(one.screen)) for one in town.deliver())  # type: ignore[call-overload]
    assert "'dots': 1" not in out


# --- order


def test_after_the_close_a_voter_can_draw_their_own_order_again_from_the_published_seed(town: Town) -> None:
    hunt = ready(town)
    town.open_vote(hunt)
    shown = [line.number for line in seen(town, hunt).lines]
    town.wish(hunt, "karima", 1, 1)
    closed(town, hunt)
    told = town.core.reports.of_hunt(TENANT, hunt, now=town.now).rounds[0]
    assert isinstance(told, ClosedRound)
    mine = order_of(told.round.seed, TENANT, town.asker("karima").person)
    assert shuffled(range(1, 7), mine, IdeaNumber) == shown


# --- two devices


def test_two_devices_of_one_voter_agree_because_each_wishes_a_state(town: Town) -> None:
    hunt = ready(town)
    town.open_vote(hunt, dots=3)
    for option, dots in ((1, 2), (1, 1), (2, 1), (1, 2), (1, 1)):
        last = town.wish(hunt, "karima", option, dots)
    assert isinstance(last, BallotForm)
    other = seen(town, hunt)
    assert {n.number: n.dots for n in last.lines} == {n.number: n.dots for n in other.lines}
    assert ballot_of(town, hunt, "karima").placed == {1: 1, 2: 1}


def test_a_plain_ballot_older_than_a_change_elsewhere_writes_nothing_and_shows_what_is(town: Town) -> None:
    hunt = ready(town)
    town.core.people.keep(person("karima", plain_ballot=True))
    town.open_vote(hunt, dots=3)
    page = seen(town, hunt)
    town.wish(hunt, "karima", 1, 2)
    stale = fill(town, hunt, {1: 0, 2: 1}, version=page.version)
    assert isinstance(stale, BallotForm)
    assert stale.refused is not None
    assert stale.refused.key == "refusal.ballot_moved"
    assert (stale.refused.facts["used"], stale.refused.facts["total"]) == (2, 3)
    assert stale.revision > 0
    assert {n.number: n.dots for n in stale.lines if n.dots} == {1: 2}
    assert ballot_of(town, hunt, "karima").placed == {1: 2}
    done = fill(town, hunt, {1: 2, 2: 1}, version=stale.version)
    assert isinstance(done, Receipt)


def test_the_same_page_sent_twice_is_no_change_and_gets_the_same_receipt(town: Town) -> None:
    hunt = ready(town)
    town.open_vote(hunt, dots=3)
    page = seen(town, hunt)
    first = fill(town, hunt, {1: 2}, version=page.version)
    second = fill(town, hunt, {1: 2}, version=page.version)
    assert isinstance(first, Receipt)
    assert isinstance(second, Receipt)
    assert first.lines == second.lines


def test_a_page_of_the_plain_ballot_is_kept_before_the_next_is_shown(town: Town) -> None:
    hunt = ready(town)
    town.open_vote(hunt, dots=3)
    page = seen(town, hunt)
    asker = town.asker("karima")
    view = BallotView(version=page.version)
    turned = town.core.ballots.fill(asker, hunt, ONE, {A: 2}, "t", town.now, view, finish=False)
    assert isinstance(turned, BallotForm)
    assert turned.used == 2
    assert turned.version != page.version
    done = fill(town, hunt, {2: 1}, version=turned.version)
    assert isinstance(done, Receipt)
    assert done.used == 3


# --- detached


def detached(town: Town, **rules: object) -> str:
    hunt = ready(town)
    town.open_vote(hunt, dots=3, secrecy=Secrecy.DETACHED, **rules)
    return hunt


def test_a_detached_ballot_is_cast_once_and_a_second_one_is_refused(town: Town) -> None:
    hunt = detached(town)
    receipt = cast(town, hunt, {1: 2, 2: 1})
    assert ({line.number: line.dots for line in receipt.lines}, receipt.used) == ({1: 2, 2: 1}, 3)
    with pytest.raises(AlreadyVoted):
        cast(town, hunt, {3: 1})
    with pytest.raises(AlreadyVoted):
        seen(town, hunt)
    for name in VOTERS[:3]:
        cast(town, hunt, {2: 1}, by=name)
    cast(town, hunt, {2: 1}, by="didier")
    tally = closed(town, hunt)
    assert (tally.voters, {rank.option: rank.dots for rank in tally.ranks if rank.dots}) == (5, {2: 5, 1: 2})


def test_a_draft_lives_in_the_form_alone_and_is_cast_whole(town: Town) -> None:
    hunt = detached(town)
    drafted = seen(town, hunt, draft={A: 2})
    assert (drafted.used, drafted.draft, drafted.plain) == (2, {1: 2}, True)
    assert not rows(town, "select * from dot")
    assert not rows(town, "select * from ballot")
    receipt = cast(town, hunt, {2: 1}, o1=2)
    assert receipt.used == 3


def test_a_detached_ballot_beyond_the_rules_is_refused_whole_with_its_fields_named(town: Town) -> None:
    hunt = detached(town)
    with pytest.raises(BadForm) as refusal:
        cast(town, hunt, {1: 3})
    assert refusal.value.problems == {"option:1": Problem("ballot.problem.cap", {"cap": 2, "n": 2})}
    with pytest.raises(BadForm) as refusal:
        cast(town, hunt, {1: 2, 2: 2})
    assert set(refusal.value.problems) == {"total"}
    with pytest.raises(BadForm) as refusal:
        cast(town, hunt, {1: 0})
    assert refusal.value.problems == {"total": "ballot.problem.empty"}
    assert cast(town, hunt, {1: 1}).used == 1


@pytest.mark.parametrize("draft", [{1: 99_999}, {1: 3}, {1: 2, 2: 2}])
def test_a_page_of_a_draft_beyond_the_rules_does_not_turn_and_says_why(town: Town, draft: dict[int, int]) -> None:
    hunt = detached(town)
    with pytest.raises(BadForm):
        seen(town, hunt, draft={IdeaNumber(n): dots for n, dots in draft.items()})


@pytest.mark.parametrize("draft", [{99: 1}, {1: -1}, {-4: 1}, {NO_THEME: 1}, {Extra.NOTHING.number: 1}])
def test_a_crafted_draft_is_a_stale_form_and_keeps_nothing(town: Town, draft: dict[int, int]) -> None:
    hunt = detached(town)
    crafted = {IdeaNumber(n): dots for n, dots in draft.items()}
    with pytest.raises(StaleForm):
        seen(town, hunt, draft=crafted)
    with pytest.raises(StaleForm):
        town.core.ballots.cast(town.asker("karima"), hunt, ONE, {B: 1}, BallotView(draft=crafted), now=town.now)
    assert not rows(town, "select * from dot")
    assert cast(town, hunt, {1: 1}).used == 1


def test_a_sealed_ballot_is_not_cast_and_a_detached_one_not_filled_dot_by_dot(town: Town) -> None:
    hunt = ready(town)
    town.open_vote(hunt, dots=3)
    with pytest.raises(StaleForm):
        cast(town, hunt, {1: 1})
    town.core.votes.close(town.asker("ines"), hunt, now=town.now)


def test_a_form_of_a_sealed_ballot_changes_nothing_once_the_round_is_detached(town: Town) -> None:
    hunt = detached(town)
    with pytest.raises(StaleForm):
        town.wish(hunt, "karima", 1, 1)
    with pytest.raises(StaleForm):
        fill(town, hunt, {1: 1})
    assert cast(town, hunt, {1: 1}).used == 1


def test_who_cast_a_detached_ballot_is_not_reminded(town: Town) -> None:
    hunt = detached(town, closes_at=town.now + timedelta(days=3))
    cast(town, hunt, {1: 1})
    town.wait(days=2)
    assert nudged(town) == set(VOTERS) - {"karima"}


def test_outsiders_and_latecomers_meet_the_same_doors_in_the_detached_mode(town: Town) -> None:
    hunt = detached(town, closes_at=town.now + timedelta(hours=3))
    town.core.people.keep(person("visitor", outsider=True))
    with pytest.raises(NotAVoter):
        cast(town, hunt, {1: 1}, by="visitor")
    join(town, "zoe")
    cast(town, hunt, {1: 1}, by="zoe")
    town.wait(hours=3)
    with pytest.raises(VoteOver):
        cast(town, hunt, {1: 1})


# --- bad input


BAD = [(99, 1), (1, -1), (1, 3), (1, 10**9), (0, 1), (-4, 1), (999_999_999, 1), (NO_THEME + 1, 1), (1_000_001, 1)]


@pytest.mark.parametrize(("option", "dots"), BAD)
def test_a_bad_wish_comes_back_with_one_sentence_and_the_present_state(town: Town, option: int, dots: int) -> None:
    hunt = ready(town)
    town.open_vote(hunt, dots=3)
    town.wish(hunt, "karima", 1, 1)
    form = town.wish(hunt, "karima", option, dots)
    assert isinstance(form, BallotForm)
    assert form.refused is not None
    assert {line.number: line.dots for line in form.lines if line.dots} == {1: 1}
    assert ballot_of(town, hunt, "karima").placed == {1: 1}


def test_an_eighth_dot_and_a_third_on_one_option_are_refused_with_their_figures(town: Town) -> None:
    hunt = ready(town)
    town.open_vote(hunt, dots=7)
    for option, dots in ((1, 2), (2, 2), (3, 2), (4, 1)):
        town.wish(hunt, "karima", option, dots)
    eighth = town.wish(hunt, "karima", 5, 1)
    assert isinstance(eighth, BallotForm)
    assert eighth.refused is not None
    assert (eighth.refused.key, eighth.refused.facts["total"]) == ("refusal.no_dots_left", 7)
    third = town.wish(hunt, "karima", 1, 3)
    assert isinstance(third, BallotForm)
    assert third.refused is not None
    assert (third.refused.key, third.refused.facts["cap"]) == ("refusal.cap_reached", 2)
    assert ballot_of(town, hunt, "karima").used == 7


def test_an_idea_withdrawn_before_the_opening_is_no_option(town: Town) -> None:
    hunt = ready(town)
    town.core.ideas.withdraw(town.asker("paul"), hunt, A, "", now=town.now)
    town.open_vote(hunt, dots=3)
    form = town.wish(hunt, "karima", 1, 1)
    assert isinstance(form, BallotForm)
    assert form.refused is not None
    assert form.refused.key == "refusal.not_an_option"
    assert 1 not in {line.number for line in form.lines}


@pytest.mark.parametrize("number", [0, 2, 99, -1, 999_999_999])
def test_a_round_that_is_not_there_is_refused(town: Town, number: int) -> None:
    hunt = ready(town)
    town.open_vote(hunt, dots=3)
    with pytest.raises(UnknownRound):
        town.wish(hunt, "karima", 1, 1, round=number)
    with pytest.raises(UnknownRound):
        town.core.ballots.validate(town.asker("karima"), hunt, RoundNumber(number), now=town.now)
    with pytest.raises(UnknownRound):
        town.core.ballots.decline(town.asker("karima"), hunt, RoundNumber(number), True, now=town.now)


def test_after_the_close_every_door_says_that_the_vote_is_over(town: Town) -> None:
    hunt = ready(town)
    town.open_vote(hunt, dots=3)
    town.wish(hunt, "karima", 1, 1)
    closed(town, hunt)
    asker = town.asker("karima")
    for door in (
        lambda: town.wish(hunt, "karima", 1, 2),
        lambda: fill(town, hunt, {1: 2}),
        lambda: cast(town, hunt, {1: 2}),
        lambda: seen(town, hunt),
        lambda: town.core.ballots.validate(asker, hunt, ONE, now=town.now),
        lambda: town.core.ballots.decline(asker, hunt, ONE, True, now=town.now),
    ):
        with pytest.raises(VoteOver):
            door()
    assert results(town).tally.dots_placed == 1


def test_before_the_opening_there_is_no_ballot(town: Town) -> None:
    hunt = ready(town)
    with pytest.raises(WrongPhase):
        seen(town, hunt)


def test_an_outsider_may_neither_see_nor_validate_nor_fill_a_ballot(town: Town) -> None:
    hunt = ready(town)
    town.open_vote(hunt, dots=3)
    town.core.people.keep(person("visitor", outsider=True))
    for door in (
        lambda: seen(town, hunt, by="visitor"),
        lambda: fill(town, hunt, {1: 1}, by="visitor"),
        lambda: town.core.ballots.validate(town.asker("visitor"), hunt, ONE, now=town.now),
    ):
        with pytest.raises(NotAVoter):
            door()
    assert round_of(town, hunt).voters == 0


def test_a_page_and_a_theme_that_are_not_there_show_the_nearest_page(town: Town) -> None:
    hunt = ready(town)
    town.open_vote(hunt, dots=3)
    assert seen(town, hunt, page=-5).page == 1
    assert seen(town, hunt, page=10**9).page == 1
    assert seen(town, hunt, theme="no such theme").lines == ()


@pytest.mark.parametrize("version", [-1, 10**9])
def test_a_crafted_version_overwrites_nothing(town: Town, version: int) -> None:
    hunt = ready(town)
    town.open_vote(hunt, dots=3)
    town.wish(hunt, "karima", 1, 2)
    form = fill(town, hunt, {2: 1}, version=version)
    assert isinstance(form, BallotForm)
    assert form.refused is not None
    assert ballot_of(town, hunt, "karima").placed == {1: 2}
