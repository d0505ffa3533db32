"""The balanced list: every voter weighs the same, and the arithmetic can be followed by hand."""

from __future__ import annotations

import json
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.names import IdeaNumber
from bot.domain.shares import Paper, equal_shares
from bot.domain.tally import coverage

COMPARED = json.loads((Path(__file__).parent / "shares_of_pabutools.json").read_text("utf-8"))
"""Random votes with what pabutools 1.2.3 bought and what it filled up with; written by benchmarks/equal_shares.py."""


def papers(*ballots: dict[int, int]) -> list[Paper]:
    return [{IdeaNumber(option): dots for option, dots in ballot.items()} for ballot in ballots]


def cast(vote: dict[str, Any]) -> list[dict[int, int]]:
    return [{int(option): dots for option, dots in paper.items()} for paper in vote["papers"]]


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


@pytest.mark.parametrize("number", range(len(COMPARED)))
def test_chooses_what_pabutools_chooses_in_the_same_order(number: int) -> None:
    vote: dict[str, Any] = COMPARED[number]
    found = equal_shares(papers(*cast(vote)), vote["places"])
    assert [*found.chosen] == vote["bought"] + vote["added"]
    assert found.completed == len(vote["added"])


def test_the_votes_compared_with_pabutools_hold_ties_and_places_left_to_dots() -> None:
    found = [equal_shares(papers(*cast(vote)), vote["places"]) for vote in COMPARED]
    assert sum(1 for balanced in found if balanced.tied) > 10
    assert sum(1 for balanced in found if balanced.completed) > 2
    assert sum(1 for balanced in found if balanced.raised) > 10


def test_equal_options_are_parted_by_dots_then_supporters_then_the_lower_number() -> None:
    assert equal_shares(papers({5: 2, 7: 2}, {5: 2, 7: 2}), 1).chosen == (5,)
    with_two, with_four = {1: 2, 9: 1}, {9: 1}
    found = equal_shares(papers(with_two, with_two, with_four, with_four), 2)
    assert found.tied == (1, 9)
    assert found.chosen == (9, 1)


def test_a_ballot_without_dots_weighs_like_any_other() -> None:
    assert equal_shares(papers({1: 1}, {2: 1}), 2).raised == 0
    assert equal_shares(papers({1: 1}, {2: 1}, {}, {}), 2).raised == 100


def test_an_option_of_one_voter_among_thousands_is_reached_without_thousands_of_steps() -> None:
    ballots = [{1: 1}] * 40_000 + [{2: 1}] * 9_999 + [{3: 1}]
    found = equal_shares(papers(*ballots), 3)
    assert found.chosen == (1, 2, 3)
    assert found.raised == 100 * 50_000 // 3 - 100 + 1


@given(
    st.lists(st.dictionaries(st.integers(1, 6), st.integers(1, 4), max_size=4), min_size=1, max_size=9),
    st.integers(1, 4),
)
def test_without_completion_no_group_that_agrees_is_left_out(ballots: list[dict[int, int]], places: int) -> None:
    """Justified representation: whoever could pay a place each of them wants has at least one choice in the list."""
    found = equal_shares(papers(*ballots), places)
    for option in {option for ballot in ballots for option in ballot}:
        agreeing = [ballot for ballot in ballots if option in ballot]
        if Fraction(places, len(ballots)) * len(agreeing) >= 1:
            assert any(set(ballot) & set(found.chosen) for ballot in agreeing)


def test_in_the_wood_every_voter_finds_one_of_their_choices() -> None:
    day = json.loads(files("standins.play").joinpath("bois_des_forts.json").read_text("utf-8"))
    ballots = [{int(o[1:]): d for o, d in paper.items()} for paper in day["vote"]["bulletins"].values()]
    result = equal_shares(papers(*ballots), day["vote"]["places"])
    assert [f"I{number}" for number in result.chosen] == day["attendu"]["lecture_equilibree"]
    assert coverage(papers(*ballots), result.chosen) == day["attendu"]["couverture"]["lecture équilibrée"]
