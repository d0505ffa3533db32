"""What people decided, in the graph: it draws what is like it, and nothing else."""

from __future__ import annotations

import pytest

np = pytest.importorskip("numpy")
sparse = pytest.importorskip("scipy.sparse")

from bot.theming.communities import Ties, kept_communities  # noqa: E402 - numpy may not be there

BETWEEN = 10
PLACES = {place: 1 if place < 5 else 2 for place in range(BETWEEN)}
"""Two piles of five that are all alike, under two themes; another idea lies between them."""


def theme_of_the_one_between(left: float, right: float, ties: Ties) -> int:
    """With three neighbours in each pile, near by so much."""
    weights = np.zeros((BETWEEN + 1, BETWEEN + 1))
    weights[:5, :5] = weights[5:BETWEEN, 5:BETWEEN] = 1
    weights[BETWEEN, :3] = weights[:3, BETWEEN] = left
    weights[BETWEEN, 7:BETWEEN] = weights[7:BETWEEN, BETWEEN] = right
    np.fill_diagonal(weights, 0)
    found = kept_communities(sparse.csr_matrix(weights), ties)
    assert found[:BETWEEN].tolist() == list(({**PLACES, **ties.pinned}).values())
    return int(found[BETWEEN])


def test_an_idea_that_a_person_moved_draws_what_is_like_it_where_it_is_now() -> None:
    themes = frozenset({1, 2})
    assert theme_of_the_one_between(1.0, 0.9, Ties({}, PLACES, themes)) == 1
    assert theme_of_the_one_between(1.0, 0.9, Ties({2: 2}, {**PLACES, 2: 2}, themes)) == 2


def test_what_a_person_left_when_they_sorted_stays_more_firmly_than_what_came_since() -> None:
    present, themes = {**PLACES, BETWEEN: 2}, frozenset({1, 2})
    assert theme_of_the_one_between(1.0, 0.7, Ties({0: 1}, present, themes)) == 1
    assert theme_of_the_one_between(1.0, 0.7, Ties({0: 1}, present, themes, seen=frozenset(present))) == 2
