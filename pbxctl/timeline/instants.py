"""Wall-clock times as instants, in zones whose clocks are put forward and back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def instant(wall: datetime, zone: ZoneInfo) -> int:
    """The epoch second at which the clocks of ``zone`` first show ``wall`` (naive, whole seconds).

    A time that comes twice means its first coming; one that is skipped means the moment of
    the skip, so that an order of wall-clock times is never turned round.
    """
    aware = wall.replace(tzinfo=zone, fold=0)
    epoch = int(aware.timestamp())
    if datetime.fromtimestamp(epoch, zone).replace(tzinfo=None) == wall:
        return epoch
    return _skip_before(epoch, zone)


def day_start(day: date, zone: ZoneInfo) -> int:
    """The epoch second at which the local day begins."""
    return instant(datetime.combine(day, time()), zone)


def local(epoch: int, zone: ZoneInfo) -> datetime:
    """The aware local time of an epoch second."""
    return datetime.fromtimestamp(epoch, zone)


def days_of(start: int, end: int, zone: ZoneInfo) -> Iterator[date]:
    """The local days that ``[start, end)``, in epoch seconds, lies on."""
    first, last = local(start, zone).date(), local(end - 1, zone).date()
    for ahead in range((last - first).days + 1):
        yield first + timedelta(days=ahead)


def _skip_before(epoch: int, zone: ZoneInfo) -> int:
    """The last change of the zone's offset at or before ``epoch``; no skip is longer than a day and a bit."""

    def offset(at: int) -> timedelta | None:
        return datetime.fromtimestamp(at, UTC).astimezone(zone).utcoffset()

    low, high = epoch - 30 * 3600, epoch
    after = offset(high)
    while high - low > 1:
        middle = (low + high) // 2
        if offset(middle) == after:
            high = middle
        else:
            low = middle
    return high
