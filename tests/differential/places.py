"""Countries, zones and numbers from which random configurations are made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Place:
    """Where a company sits. A number of its own is ``prefix`` and six digits, a mobile ``mobile`` and six."""

    zone: str
    country: str
    prefix: str
    mobile: str


PLACES = (
    Place("Europe/Brussels", "BE", "+3292", "+32475"),
    Place("Europe/Lisbon", "PT", "+351212", "+351912"),
    Place("America/New_York", "US", "+12125", "+19175"),
    Place("Australia/Lord_Howe", "AU", "+61290", "+61412"),
    Place("Africa/Cairo", "EG", "+20222", "+201001"),
    Place("UTC", "GB", "+442079", "+447700"),
)

FOREIGN = ("+33612345678", "+4915112345678", "+16502530000", "+390612345678")

YEARS = range(2026, 2036)


@cache
def clock_changes(zone: str) -> tuple[int, ...]:
    """The epoch seconds at which the clocks of ``zone`` are put forward or back, in the years we look at."""
    info = ZoneInfo(zone)
    first = int(datetime(YEARS.start, 1, 1, tzinfo=UTC).timestamp())
    last = int(datetime(YEARS.stop, 1, 1, tzinfo=UTC).timestamp())
    return tuple(
        _change_between(info, at, at + 86_400)
        for at in range(first, last, 86_400)
        if _offset(info, at) != _offset(info, at + 86_400)
    )


def days_to_begin(zone: str) -> tuple[date, ...]:
    """First days for a plan, each near something that goes wrong easily."""
    changes = [datetime.fromtimestamp(at, ZoneInfo(zone)).date() for at in clock_changes(zone)[:8]]
    return (
        date(2026, 11, 24),
        date(2026, 12, 28),
        date(2027, 12, 31),
        date(2028, 2, 27),
        date(2028, 2, 29),
        *(day - timedelta(days=ahead) for ahead, day in enumerate(changes)),
    )


def _offset(zone: ZoneInfo, at: int) -> timedelta | None:
    return datetime.fromtimestamp(at, zone).utcoffset()


def _change_between(zone: ZoneInfo, low: int, high: int) -> int:
    before = _offset(zone, low)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(zone, middle) == before else (low, middle)
    return high
