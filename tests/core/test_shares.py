"""The balanced list: every voter weighs the same, and the arithmetic can be followed by hand."""

from __future__ import annotations

import json
from importlib.resources import files

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.names import IdeaNumber
from bot.domain.shares import Paper, equal_shares
from bot.domain.tally import coverage


def papers(*ballots: dict[int, int]) -> list[Paper]:
    return [{IdeaNumber(option): dots for option, dots in ballot.items()} for ballot in ballots]


def test_a_third_of_the_voters_gets_a_third_of_the_places() -> None:
    many, few = {1: 2, 2: 2, 3: 2}, {9: 1}
    assert set(equal_shares(papers(many, many, many, many, few, few), 3).chosen) == {1, 2, 9}


def test_shares_too_small_to_buy_alone_grow_until_the_places_are_filled() -> None:
    result = equal_shares(papers({1: 1}, {2: 1}, {3: 1}), 2)
    assert len(result.chosen) == 2
    assert result.raised + result.completed > 0


def test_what_no_share_can_buy_is_added_by_its_dots() -> None:
    result = equal_shares(papers({1: 2}, {1: 2}, {2: 2}, {3: 1}), 2)
    assert result.chosen[0] == 1
    assert result.chosen[-1] == 2


def test_equal_options_are_told_as_tied() -> None:
    assert equal_shares(papers({1: 1}, {2: 1}), 1).completed == 1
    assert equal_shares(papers({1: 1, 2: 1}, {1: 1, 2: 1}), 1).tied == (1, 2)


def test_nobody_voted() -> None:
    assert equal_shares([], 3).chosen == ()
    assert equal_shares(papers({}, {}), 3).chosen == ()


@given(
    st.lists(st.dictionaries(st.integers(1, 8), st.integers(1, 3), max_size=4), max_size=12),
    st.integers(1, 5),
)
def test_never_too_many_never_twice_never_without_a_dot(ballots: list[dict[int, int]], places: int) -> None:
    given_papers = papers(*ballots)
    chosen = equal_shares(given_papers, places).chosen
    supported = {option for ballot in ballots for option in ballot}
    assert len(chosen) == len(set(chosen)) == min(places, len(supported))
    assert set(chosen) <= supported
    assert chosen == equal_shares(list(reversed(given_papers)), places).chosen


def test_in_the_wood_every_voter_finds_one_of_their_choices() -> None:
    day = json.loads(files("standins.play").joinpath("bois_des_forts.json").read_text("utf-8"))
    ballots = [{int(o[1:]): d for o, d in paper.items()} for paper in day["vote"]["bulletins"].values()]
    result = equal_shares(papers(*ballots), day["vote"]["places"])
    assert [f"I{number}" for number in result.chosen] == day["attendu"]["lecture_equilibree"]
    assert coverage(papers(*ballots), result.chosen) == day["attendu"]["couverture"]["lecture équilibrée"]
