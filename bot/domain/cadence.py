"""Moments in local time, computed from a zone and a local rule, never by adding days in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Weekly:
    """Every week on `weekday` (0 = Monday) at the local time `at` in `zone`."""

    weekday: int
    at: time
    zone: str

    def on(self, day: date) -> datetime:
        """The UTC moment of this rule on a local day.

        The local date is the key of an occurrence, so an hour that comes twice cannot send twice.
        """
        return local_moment(day, self.at, self.zone)

    def first_after(self, moment: datetime) -> datetime:
        """The first occurrence strictly after a UTC moment."""
        day = moment.astimezone(ZoneInfo(self.zone)).date()
        for ahead in range(9):
            at = day + timedelta(days=ahead)
            if at.weekday() == self.weekday and self.on(at) > moment:
                return self.on(at)
        raise AssertionError("a week always holds an occurrence")


def local_moment(day: date, at: time, zone: str) -> datetime:
    """The UTC moment of a local day and time.

    A time the clocks skip is read with the offset before the gap, so 02:30 becomes 03:30; one that comes twice is the
    first (RFC 5545 section 3.3.5 says both).
    """
    return datetime.combine(day, at, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def local_day(moment: datetime, zone: str) -> date:
    """The calendar day of a UTC moment in a zone: the key of an occurrence."""
    return moment.astimezone(ZoneInfo(zone)).date()


def known_zone(zone: str) -> bool:
    """Whether the time zone database knows this name."""
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        return False
    return True
