"""A tally ranks honestly: equal dots share a place, and a tie across the cut is told."""

from __future__ import annotations

import json
from collections import Counter
from importlib.resources import files

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.names import IdeaNumber
from bot.domain.tally import CloseCall, Score, Tally, close_calls, count, coverage


def tally_of(*dots: int, places: int = 3) -> Tally:
    scores = [Score(IdeaNumber(n), d, d) for n, d in enumerate(dots, start=1)]
    return count(scores, places, voters=4, eligible=6, budget=5)


def test_equal_dots_share_a_rank_and_the_next_rank_is_skipped() -> None:
    assert [rank.place for rank in tally_of(5, 3, 3, 2).ranks] == [1, 2, 2, 4]


def test_a_tie_across_the_cut_fills_no_place() -> None:
    tally = tally_of(5, 4, 3, 3, 1)
    assert tally.tied_at_cut == (3, 4)
    assert tally.winners == (1, 2)


def test_a_tie_within_the_places_is_no_tie_at_the_cut() -> None:
    tally = tally_of(4, 4, 3, 1)
    assert tally.tied_at_cut == ()
    assert tally.winners == (1, 2, 3)


def test_options_without_a_dot_never_win_nor_tie() -> None:
    tally = tally_of(4, 0, 0, 0)
    assert tally.winners == (1,)
    assert tally.tied_at_cut == ()


def test_nobody_voted() -> None:
    tally = count([Score(IdeaNumber(1), 0, 0)], 3, voters=0, eligible=9, budget=5)
    assert (tally.winners, tally.tied_at_cut, tally.dots_placed, tally.dots_possible) == ((), (), 0, 0)


def gaps(*dots: int, places: int = 3) -> list[tuple[tuple[int, ...], tuple[int, ...], int]]:
    return [(call.above, call.below, call.gap) for call in close_calls(tally_of(*dots, places=places))]


def test_one_dot_between_the_last_place_and_the_first_outside_is_to_be_discussed() -> None:
    assert gaps(9, 7, 5, 4, 1) == [((3,), (4,), 1)]
    assert gaps(9, 7, 5, 3, 1) == []


def test_thirty_nine_against_thirty_seven_is_a_close_call() -> None:
    assert gaps(39, 37, places=1) == [((1,), (2,), 2)]


def test_five_per_cent_of_the_larger_is_close_and_six_are_not() -> None:
    assert gaps(100, 95, places=1) == [((1,), (2,), 5)]
    assert gaps(100, 94, places=1) == []
    assert gaps(200, 190, places=1) == [((1,), (2,), 10)]
    assert gaps(200, 189, places=1) == []


def test_small_gaps_among_the_winners_or_among_the_rest_decide_nothing() -> None:
    assert gaps(10, 9, 8, 4, 3, 2) == []


def test_an_exact_tie_is_no_close_call_but_its_edges_may_be() -> None:
    assert gaps(9, 5, 5, places=2) == []
    assert gaps(9, 8, 8, 7, places=2) == [((1,), (2, 3), 1), ((2, 3), (4,), 1)]


def test_options_that_share_a_rank_are_told_together() -> None:
    assert gaps(9, 6, 6, 5, 5) == [((2, 3), (4, 5), 1)]


def test_an_option_without_a_dot_is_close_to_nothing() -> None:
    assert gaps(1, 0, 0, places=1) == []
    assert gaps(0, 0, places=1) == []
    assert gaps(1, 1, 1, places=3) == []


@given(st.lists(st.integers(0, 60), min_size=1, max_size=30), st.integers(1, 8))
def test_a_close_call_parts_neighbours_on_two_sides_of_the_verdict(dots: list[int], places: int) -> None:
    tally = tally_of(*dots, places=places)
    calls = close_calls(tally)
    assert len(calls) <= 2
    assert all(call_is_true(call, tally, dots) for call in calls)
    if not tally.tied_at_cut and sum(1 for d in dots if d) > places:
        ordered = sorted(dots, reverse=True)
        last, first_outside = ordered[places - 1], ordered[places]
        assert bool(calls) == (round(100 * (last - first_outside) / last, 9) < 5.5 or last - first_outside == 1)


def call_is_true(call: CloseCall, tally: Tally, dots: list[int]) -> bool:
    sides = [frozenset(tally.winners), frozenset(tally.tied_at_cut)]
    between = [d for d in dots if call.dots - call.gap < d < call.dots]
    return (
        not between
        and {dots[number - 1] for number in call.above} == {call.dots}
        and {dots[number - 1] for number in call.below} == {call.dots - call.gap}
        and call.dots > call.dots - call.gap > 0
        and not any(set(call.above) & side and set(call.below) & side for side in sides)
        and bool(set(call.above) & (sides[0] | sides[1]))
    )


@given(st.lists(st.integers(1, 60), min_size=2, max_size=30), st.integers(1, 8))
def test_close_calls_depend_on_no_order_of_counting(dots: list[int], places: int) -> None:
    scores = [Score(IdeaNumber(n), d, d) for n, d in enumerate(dots, start=1)]
    there, back = (count(order, places, voters=9, eligible=9, budget=9) for order in (scores, scores[::-1]))
    assert close_calls(there) == close_calls(back)


@given(st.lists(st.integers(0, 4), min_size=2, max_size=40), st.integers(1, 6))
def test_winners_and_tied_options_never_promise_more_than_the_places(dots: list[int], places: int) -> None:
    tally = tally_of(*dots, places=places)
    assert len(tally.winners) <= places
    if tally.tied_at_cut:
        assert len(tally.winners) + len(tally.tied_at_cut) > places
        assert len({dots[number - 1] for number in tally.tied_at_cut}) == 1
    assert not set(tally.winners) & set(tally.tied_at_cut)


def test_the_bois_des_forts_vote_ends_in_a_tie_for_the_fourth_place() -> None:
    day = json.loads(files("standins.play").joinpath("bois_des_forts.json").read_text("utf-8"))
    papers = [{int(o[1:]): d for o, d in paper.items()} for paper in day["vote"]["bulletins"].values()]
    dots, supporters = Counter[int](), Counter[int]()
    for paper in papers:
        dots.update(paper)
        supporters.update(paper.keys())
    scores = [Score(IdeaNumber(n), d, supporters[n]) for n, d in dots.items()]
    tally = count(scores, 4, len(papers), 18, 7)
    expected = day["attendu"]
    assert (tally.dots_placed, tally.dots_possible) == (expected["points_poses"], expected["points_possibles"])
    assert [f"I{n}" for n in tally.tied_at_cut] == expected["egalite_4e"]
    kept = [{IdeaNumber(n): d for n, d in paper.items()} for paper in papers]
    assert coverage(kept, [*tally.winners, IdeaNumber(16)]) == expected["couverture"]["3 premières + I16"]
    assert coverage(kept, [*tally.winners, IdeaNumber(11)]) == expected["couverture"]["3 premières + I11"]
    assert [f"I{n}" for call in close_calls(tally) for n in (*call.above, *call.below)] == [
        *expected["egalite_4e"],
        "I23",
    ]
