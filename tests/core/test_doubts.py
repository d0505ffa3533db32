"""Which ideas are to check: loosely in their pile, or pulled by another."""

from __future__ import annotations

import os

import pytest

if not os.environ.get("CI"):
    pytest.importorskip("scipy")

import numpy as np
from scipy.sparse import csr_matrix

from bot.theming.doubts import doubts
from bot.theming.nearness import Nearness, graph

PILES = [[0, 1, 2], [3, 4, 5, 6]]


def found(*last: float, piles: list[list[int]] = PILES) -> frozenset[int]:
    """What is to check among three ideas of one sense, three of another, and the last idea, of the second pile."""
    senses = [[1, 0, 0]] * 3 + [[0, 1, 0]] * 3 + [list(last)]
    meaning = np.array(senses, dtype=np.float32)
    meaning /= np.linalg.norm(meaning, axis=1, keepdims=True)
    near = Nearness(meaning, csr_matrix((7, 1), dtype=np.float32), 7)
    return doubts(near, graph(near, 6), piles)


def test_an_idea_in_the_middle_of_its_pile_is_likely() -> None:
    assert found(0, 1, 0) == frozenset()


def test_an_idea_that_another_pile_pulls_nearly_as_much_is_to_check() -> None:
    assert found(0.9, 1, 0) == {6}
    assert found(0.3, 1, 0) == frozenset()


def test_an_idea_far_from_all_of_its_pile_is_to_check_though_no_other_pulls_it() -> None:
    assert found(0, 0.1, 1) == {6}
    assert found(0, 0.3, 1) == frozenset()


def test_with_a_single_pile_there_is_nothing_to_doubt() -> None:
    assert found(0, 0.1, 1, piles=[[0, 1, 2, 3, 4, 5, 6]]) == frozenset()


def test_an_idea_in_no_pile_is_not_to_check() -> None:
    assert found(0, 0.1, 1, piles=[[0, 1, 2], [3, 4, 5]]) == frozenset()
