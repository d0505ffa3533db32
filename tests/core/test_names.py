"""How options are called for short, and read back from what people write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ballot import Extra
from bot.domain.names import FIRST_EXTRA, MOST_EXTRAS, NO_THEME, IdeaNumber, number_of, sign

IDEAS = st.integers(1, 99_999)
THEMES = st.integers(0, 99_999).map(lambda n: NO_THEME + n)
EXTRAS = st.integers(0, MOST_EXTRAS - 1).map(lambda n: FIRST_EXTRA + n)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("12", 12),
        ("#12", 12),
        (" 12 ", 12),
        ("n°12", 12),
        ("N°12", 12),
        ("012", 12),
        ("T3", NO_THEME + 3),
        ("t3", NO_THEME + 3),
        ("#T3", NO_THEME + 3),
        ("T0", NO_THEME),
        ("A", FIRST_EXTRA),
        ("b", FIRST_EXTRA + 1),
    ],
)
def test_a_sign_is_read_as_people_write_it(written: str, number: int) -> None:
    assert number_of(written) == number


@pytest.mark.parametrize("written", ["", "T", "#", "-1", "1.5", "AB", "Z", "X", "1234567", "٣", "²", "n°", "##1"])
def test_anything_else_is_no_option(written: str) -> None:
    assert number_of(written) is None


@given(st.one_of(IDEAS, THEMES, EXTRAS))
def test_a_sign_reads_back_as_its_option(number: int) -> None:
    assert number_of(sign(number)) == number


@given(st.integers(-(10**12), 10**12))
def test_a_number_that_is_no_option_still_has_a_sign(number: int) -> None:
    assert sign(number)


def test_the_extra_options_are_a_and_b() -> None:
    assert [sign(extra.number) for extra in Extra] == ["A", "B"]
    assert IdeaNumber(FIRST_EXTRA) == Extra.NOTHING.number
