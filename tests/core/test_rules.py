"""The rules of a round: what may still move after the first dot, and how many voters a quorum asks for."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.rules import MOST, Electorate, Quorum, Rules, Secrecy, TieRule, beyond, frozen

NOON = datetime(2026, 3, 18, 12, tzinfo=UTC)
RULES = Rules(dots=5, cap=2, places=3, closes_at=NOON, by_role=False, keep_days=90)
MOMENTS = st.none() | st.integers(-48, 48).map(lambda hours: NOON + timedelta(hours=hours))
ANY_RULES = st.builds(
    Rules,
    st.integers(1, 9),
    st.integers(1, 4),
    st.integers(1, 4),
    MOMENTS,
    st.sampled_from(Electorate),
    st.sampled_from(Quorum),
    st.sampled_from(TieRule),
    st.sampled_from(Secrecy),
    st.booleans(),
    st.integers(0, 400),
)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("dots", 6),
        ("dots", 4),
        ("cap", 3),
        ("cap", 1),
        ("places", 4),
        ("who", Electorate.PRESENT),
        ("quorum", Quorum.NONE),
        ("tie", TieRule.KEEP),
        ("secrecy", Secrecy.DETACHED),
        ("closes_at", NOON - timedelta(seconds=1)),
        ("by_role", True),
        ("keep_days", 91),
    ],
)
def test_after_the_first_dot_a_rule_that_would_move_is_named(name: str, value: object) -> None:
    assert frozen(RULES, replace(RULES, **{name: value})) == (name,)  # type: ignore[arg-type]  # fields of Rules


@pytest.mark.parametrize(
    ("name", "value"),
    [("closes_at", NOON), ("closes_at", NOON + timedelta(days=9)), ("closes_at", None), ("keep_days", 0)],
)
def test_later_and_more_private_is_always_allowed(name: str, value: object) -> None:
    assert frozen(RULES, replace(RULES, **{name: value})) == ()  # type: ignore[arg-type]  # fields of Rules


def test_results_by_role_may_be_taken_away_and_not_given_back() -> None:
    told = replace(RULES, by_role=True)
    assert frozen(told, RULES) == ()
    assert frozen(RULES, told) == ("by_role",)


def test_a_vote_without_an_end_gets_none_once_it_began() -> None:
    assert frozen(replace(RULES, closes_at=None), RULES) == ("closes_at",)


@given(ANY_RULES)
def test_the_same_rules_are_always_allowed(rules: Rules) -> None:
    assert frozen(rules, rules) == ()


@given(ANY_RULES, ANY_RULES, ANY_RULES)
def test_the_ratchet_cannot_be_walked_around_in_two_steps(first: Rules, second: Rules, third: Rules) -> None:
    if not frozen(first, second) and not frozen(second, third):
        assert frozen(first, third) == ()


@given(ANY_RULES, ANY_RULES)
def test_what_moved_both_ways_without_refusal_did_not_move(one: Rules, other: Rules) -> None:
    if not frozen(one, other) and not frozen(other, one):
        assert one == other


@given(ANY_RULES, ANY_RULES)
def test_only_real_rules_are_named(one: Rules, other: Rules) -> None:
    assert set(frozen(one, other)) <= {field.name for field in fields(Rules)}


@pytest.mark.parametrize(
    ("quorum", "eligible", "needed"),
    [
        (Quorum.NONE, 12, None),
        (Quorum.THIRD, 12, 4),
        (Quorum.THIRD, 13, 5),
        (Quorum.HALF, 12, 7),
        (Quorum.HALF, 13, 7),
        (Quorum.TWO_THIRDS, 18, 12),
        (Quorum.TWO_THIRDS, 19, 13),
        (Quorum.TWO_THIRDS, 1, 1),
        (Quorum.THIRD, 0, None),
        (Quorum.HALF, 0, None),
        (Quorum.TWO_THIRDS, 0, None),
    ],
)
def test_a_quorum_in_people(quorum: Quorum, eligible: int, needed: int | None) -> None:
    assert quorum.of(eligible) == needed


@given(st.integers(1, 10_000))
def test_a_quorum_can_always_be_reached_and_never_by_nobody(eligible: int) -> None:
    asked = [quorum.of(eligible) for quorum in (Quorum.THIRD, Quorum.HALF, Quorum.TWO_THIRDS)]
    assert all(needed is not None and 1 <= needed <= eligible for needed in asked)
    third, half, most = (needed or 0 for needed in asked)
    assert (3 * third >= eligible, 2 * half > eligible, 3 * most >= 2 * eligible) == (True, True, True)
    assert (3 * (third - 1) < eligible, 2 * (half - 1) <= eligible, 3 * (most - 1) < 2 * eligible) == (True,) * 3


def test_a_number_beyond_two_digits_is_named_and_one_nobody_chose_is_not() -> None:
    wanted = {"dots": None, "cap": 0, "places": MOST + 1, "more": MOST, "less": -3}
    assert beyond(wanted) == ("cap", "places", "less")
