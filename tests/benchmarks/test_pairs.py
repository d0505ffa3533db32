"""The pairs that thresholds are chosen and told by: both halves hold both kinds, and no pair stands in both."""

from __future__ import annotations

from benchmarks.themes.duplicates import own_pairs


def test_each_half_of_our_own_pairs_holds_same_ones_and_near_misses_of_its_own() -> None:
    halves: dict[str, list[str]] = {}
    for hunt in own_pairs():
        assert 0 < len(hunt.same) < len(hunt.texts) / 2
        halves.setdefault(hunt.source, []).extend(hunt.texts)
    one, other = halves.values()
    assert not set(one) & set(other)
    assert len(one) + len(other) == 80
