"""What people decided, in the graph: it draws what is like it, and nothing else."""

from __future__ import annotations

import pytest

np = pytest.importorskip("numpy")
sparse = pytest.importorskip("scipy.sparse")

from bot.theming.communities import Ties, _pulled, kept_communities  # noqa: E402 - numpy may not be there

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
    assert theme_of_the_one_between(1.0, 0.7, Ties({0: 1}, present, themes, looked_over=frozenset(present))) == 2


def look(edges: dict[tuple[int, int], float], ties: Ties) -> list[int]:
    """Themes of all ideas, which are near one another so much."""
    count = 1 + max(place for edge in edges for place in edge)
    weights = np.zeros((count, count))
    for (one, other), near in edges.items():
        weights[one, other] = weights[other, one] = near
    return [int(theme) for theme in kept_communities(sparse.csr_matrix(weights), ties)]


def test_two_like_ideas_that_a_person_parted_do_not_draw_each_others_themes_along() -> None:
    edges, pinned = {(0, 1): 0.4, (0, 2): 0.6, (3, 0): 0.17, (3, 1): 0.07}, {0: 1, 1: 2, 2: 2}

    def next_look(shown: int) -> int:
        return look(edges, Ties(pinned, {**pinned, 3: shown}, frozenset({1, 2})))[3]

    assert (next_look(1), next_look(2)) != (2, 1)  # it would flip at each look, for ever


def test_an_idea_that_a_person_placed_is_no_bridge_it_hangs_on_its_own_theme_alone() -> None:
    edges = {(0, 1): 1.0, (0, 2): 1.0, (1, 2): 1.0, (2, 3): 0.9}
    web = np.zeros((4, 4))
    for (one, other), near in edges.items():
        web[one, other] = web[other, one] = near
    graph, names = _pulled(sparse.csr_matrix(web), Ties({2: 7, 3: 8}, {0: 7, 1: 7, 2: 7, 3: 8}, frozenset({7, 8})), 0.0)
    theirs = {place: graph[place].indices.tolist() for place in (2, 3)}
    assert theirs == {2: [4 + names.index(7)], 3: [4 + names.index(8)]}
    assert graph[0, 4 + names.index(7)] > graph[0, 1]  # what is like it is drawn to where it is now
