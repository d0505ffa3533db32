"""Which given theme calls which idea: by its name, its neighbours and its pile."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

import pytest

if not os.environ.get("CI"):
    pytest.importorskip("scipy")

import numpy as np
from scipy.sparse import csr_matrix

from bot.theming.calling import Names, call, doubtful

PILES = [-1, -1, -1, -1, -2, -2, -2, -2]
"""Two piles of four, each idea the neighbour of the others in its pile."""
BIKES, TREES = 5, 7


def called(
    close: Sequence[tuple[float, float]],
    labels: Sequence[int] = PILES,
    *,
    present: Mapping[int, int] | None = None,
    fixed: Mapping[int, int] | None = None,
) -> list[int]:
    piles = np.array(labels)
    graph = csr_matrix((piles[:, None] == piles[None, :]).astype(float) - np.eye(len(piles)))
    names = Names((BIKES, TREES), np.array(close, dtype=np.float32), present or {})
    return [int(theme) for theme in call(names, graph, piles, fixed or {})]


NEAR, FAR = (0.6, 0.1), (0.1, 0.1)


def test_a_name_calls_what_is_near_it_and_leaves_other_piles_alone() -> None:
    assert called([NEAR] * 4 + [FAR] * 4) == [BIKES] * 4 + [-2] * 4


def test_a_pile_brings_along_what_the_name_alone_would_not_call() -> None:
    assert called([NEAR, NEAR, NEAR, FAR] + [FAR] * 4)[3] == BIKES


def test_one_near_idea_does_not_bring_its_whole_pile() -> None:
    made = called([(0.3, 0.1), FAR, FAR, FAR] + [FAR] * 4)
    assert made[:4] == [BIKES] + [-1] * 3


def test_what_two_names_call_alike_is_under_neither() -> None:
    assert called([(0.6, 0.6)] * 4 + [FAR] * 4) == PILES


def test_what_all_ideas_have_of_a_name_says_little() -> None:
    assert called([(0.4, 0.0)] * 8) == [BIKES] * 8  # a name that fits the whole hunt
    assert called([(0.6, 0.0)] * 4 + [(0.3, 0.0)] * 4)[4:] == [-2] * 4


def test_what_no_name_calls_leaves_a_theme_that_is_told_by_its_name() -> None:
    labels = [BIKES] * 8  # one community that took the name
    made = called([NEAR] * 3 + [FAR] * 5, labels)
    assert made[:3] == [BIKES] * 3
    assert made[7] < 0


def test_what_no_name_calls_stays_where_an_idea_that_a_person_put_there_is_among_its_nearest() -> None:
    labels = [BIKES] * 8  # all alike: nearest are those of the lowest places
    assert called([NEAR] * 3 + [FAR] * 5, labels, fixed={0: BIKES}) == labels
    made = called([NEAR] * 3 + [FAR] * 5, labels, fixed={6: BIKES})
    assert [theme == BIKES for theme in made] == [True] * 3 + [False] * 3 + [True, False]


def test_a_theme_is_told_by_its_ideas_once_most_of_them_are_not_what_its_name_calls() -> None:
    labels = [BIKES] * 8
    assert called([FAR] * 8, labels, present=dict.fromkeys(range(6), BIKES)) == labels


def test_what_a_person_placed_is_never_called_away() -> None:
    assert called([NEAR] * 4 + [FAR] * 4, fixed={0: TREES})[0] == TREES


def test_what_is_shown_under_a_theme_stays_where_the_same_would_not_be_called() -> None:
    both = [(0.6, 0.6)] * 4 + [FAR] * 4
    assert called(both)[0] == -1
    assert called(both, present={0: BIKES})[0] == BIKES
    assert called(both, present={0: TREES})[0] == TREES


def test_what_is_under_a_name_is_to_check_where_another_is_nearer_or_it_is_far() -> None:
    close = np.array([NEAR, (0.1, 0.6), (0.15, 0.1), NEAR], dtype=np.float32)
    names = Names((BIKES, TREES), close)
    assert doubtful(names, {BIKES: [0, 1, 2]}) == {1, 2}
