"""A tally ranks honestly: equal dots share a place, and a tie across the cut is told."""

from __future__ import annotations

import json
from collections import Counter
from importlib.resources import files

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.names import IdeaNumber
from bot.domain.tally import Score, Tally, count, coverage


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
