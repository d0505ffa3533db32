"""Groups by role: five voters at least in each, and nobody pointed at by what is left over."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.roles import OTHERS, told_apart
from bot.domain.rules import LEAST_VOTERS

VOTERS = st.dictionaries(st.sampled_from([OTHERS, "field", "office", "board", "guests", "youth"]), st.integers(0, 12))


def groups(voters: Mapping[str, int]) -> dict[str, int]:
    """The voters of each group that would be told."""
    told = told_apart(voters)
    counted: dict[str, int] = {}
    for role, count in voters.items():
        if told:
            counted[told[role]] = counted.get(told[role], 0) + count
    return {name: count for name, count in counted.items() if count}


@pytest.mark.parametrize(
    ("voters", "told"),
    [
        ({"field": 8, "office": 6}, {"field": 8, "office": 6}),
        ({"field": 8, "office": 3, "board": 2}, {"field": 8, OTHERS: 5}),
        ({"field": 8, "office": 6, "board": 2}, {"field": 8, OTHERS: 8}),
        ({"field": 8, "office": 4}, {}),
        ({"field": 8, OTHERS: 5}, {"field": 8, OTHERS: 5}),
        ({"field": 8, OTHERS: 4}, {}),
        ({"field": 9}, {}),
        ({"field": 4, "office": 4}, {}),
        ({}, {}),
    ],
)
def test_small_groups_are_joined_and_one_group_alone_is_not_told(
    voters: Mapping[str, int], told: Mapping[str, int]
) -> None:
    assert groups(voters) == told


@given(VOTERS)
def test_no_group_that_is_told_has_fewer_than_five_voters(voters: dict[str, int]) -> None:
    told = groups(voters)
    assert all(count >= LEAST_VOTERS for count in told.values())
    assert len(told) != 1


@given(VOTERS)
def test_what_is_told_minus_everybody_never_leaves_one_to_four(voters: dict[str, int]) -> None:
    told = groups(voters)
    if told:
        own = sum(count for name, count in told.items() if name != OTHERS)
        left = sum(voters.values()) - own
        assert not 0 < left < LEAST_VOTERS


@given(VOTERS)
def test_every_voter_is_in_exactly_one_group(voters: dict[str, int]) -> None:
    if told := groups(voters):
        assert sum(told.values()) == sum(voters.values())
