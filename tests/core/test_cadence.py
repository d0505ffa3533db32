"""Local moments stay local across the changes of the clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.domain.cadence import Weekly, known_zone, local_day, local_moment

PARIS = "Europe/Paris"


def local(moment: datetime) -> tuple[int, int]:
    there = moment.astimezone(ZoneInfo(PARIS))
    return there.hour, there.minute


def test_monday_half_past_nine_is_the_same_local_hour_before_and_after_summer_time() -> None:
    rule = Weekly(0, time(9, 30), PARIS)
    first = rule.first_after(datetime(2018, 3, 18, 12, tzinfo=UTC))
    second = rule.first_after(first)
    assert (first, second) == (datetime(2018, 3, 19, 8, 30, tzinfo=UTC), datetime(2018, 3, 26, 7, 30, tzinfo=UTC))


def test_an_hour_the_clocks_skip_is_read_one_hour_later() -> None:
    assert local(local_moment(date(2026, 3, 29), time(2, 30), PARIS)) == (3, 30)


def test_an_hour_that_comes_twice_is_the_first_and_comes_once() -> None:
    rule = Weekly(6, time(2, 30), PARIS)
    first = rule.first_after(datetime(2026, 10, 24, tzinfo=UTC))
    assert first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert rule.first_after(first) == datetime(2026, 11, 1, 1, 30, tzinfo=UTC)


def test_three_weeks_later_the_next_occurrence_is_one_not_three() -> None:
    rule = Weekly(0, time(9, 30), PARIS)
    assert rule.first_after(datetime(2026, 4, 15, 12, tzinfo=UTC)) == datetime(2026, 4, 20, 7, 30, tzinfo=UTC)


def test_the_day_of_a_moment_is_the_local_one() -> None:
    assert local_day(datetime(2026, 3, 21, 23, 30, tzinfo=UTC), PARIS) == date(2026, 3, 22)


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../etc/passwd", "Europe"])
def test_a_zone_nobody_knows_is_told_apart(zone: str) -> None:
    assert not known_zone(zone)
    assert known_zone(PARIS)
