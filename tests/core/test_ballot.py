"""A ballot keeps its budget and its cap, whatever is wished for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ballot import Ballot, Round, suggested_dots
from bot.domain.errors import BadDots, CapReached, NoDotsLeft, NotAnOption
from bot.domain.names import HuntId, IdeaNumber, RoundNumber, TenantId

NOON = datetime(2026, 3, 21, 12, tzinfo=UTC)
RULES = Round(TenantId("slack:T1"), HuntId("h"), RoundNumber(1), dots=5, cap=2, places=3, opened_at=NOON)
OPTIONS = frozenset(IdeaNumber(n) for n in range(1, 8))


def wished(**wishes: int) -> Ballot:
    ballot = Ballot()
    for option, dots in wishes.items():
        ballot = ballot.wish(IdeaNumber(int(option[1:])), dots, RULES, OPTIONS)
    return ballot


def test_refuses_a_third_dot_on_the_same_idea() -> None:
    with pytest.raises(CapReached) as refusal:
        wished(o1=2).wish(IdeaNumber(1), 3, RULES, OPTIONS)
    assert (refusal.value.used, refusal.value.cap) == (2, 2)


def test_refuses_a_dot_beyond_the_budget_and_tells_what_is_used() -> None:
    with pytest.raises(NoDotsLeft) as refusal:
        wished(o1=2, o2=2, o3=1).wish(IdeaNumber(4), 1, RULES, OPTIONS)
    assert (refusal.value.used, refusal.value.total) == (5, 5)


def test_the_same_wish_twice_changes_nothing() -> None:
    once = wished(o1=2)
    assert once.wish(IdeaNumber(1), 2, RULES, OPTIONS) == once


def test_no_dots_on_an_option_leaves_no_trace_of_it() -> None:
    assert wished(o1=2).wish(IdeaNumber(1), 0, RULES, OPTIONS) == Ballot()


def test_refuses_options_of_another_round_and_dots_that_are_none() -> None:
    with pytest.raises(NotAnOption):
        Ballot().wish(IdeaNumber(99), 1, RULES, OPTIONS)
    with pytest.raises(BadDots):
        Ballot().wish(IdeaNumber(1), -1, RULES, OPTIONS)


@given(st.lists(st.tuples(st.integers(-1, 9), st.integers(-2, 9)), max_size=60))
def test_no_sequence_of_wishes_breaks_the_budget_or_the_cap(wishes: list[tuple[int, int]]) -> None:
    ballot = Ballot()
    for option, dots in wishes:
        before = ballot
        try:
            ballot = ballot.wish(IdeaNumber(option), dots, RULES, OPTIONS)
        except (NotAnOption, BadDots, CapReached, NoDotsLeft):
            assert ballot == before
        assert ballot.used <= RULES.dots
        assert all(1 <= count <= RULES.cap for count in ballot.placed.values())


@pytest.mark.parametrize(("options", "dots"), [(2, 3), (9, 3), (12, 4), (22, 7), (26, 9), (30, 10), (400, 10)])
def test_a_third_of_the_options_three_to_ten(options: int, dots: int) -> None:
    assert suggested_dots(options) == dots


def test_a_round_takes_dots_until_its_closing_time_and_not_at_it() -> None:
    closing = NOON + timedelta(hours=1)
    rules = Round(TenantId("t"), HuntId("h"), RoundNumber(1), 5, 2, 3, NOON, closes_at=closing)
    assert rules.takes_dots(closing - timedelta(milliseconds=1))
    assert not rules.takes_dots(closing)
    assert not rules.takes_dots(closing + timedelta(milliseconds=1))
