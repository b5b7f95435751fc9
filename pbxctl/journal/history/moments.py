"""Times as histories write them -> moments: a wall clock's, or seconds since 1970."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

WALL: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]([0-9]{2}:[0-9]{2}:[0-9]{2})(?:[.][0-9]{1,6})?")
UNIQUEID: Final = re.compile(r"(?:.*-)?([0-9]{9,10})[.][0-9]+")
EPOCH: Final = re.compile(r"[0-9]{1,10}(?:[.][0-9]{1,9})?")

_YEARS: Final = range(1990, 2100)
_QUARTER_S: Final = 900
_FEW: Final = 20
_MANY: Final = 2_000  # calls prove what clock a file keeps


class Clock:
    """The clock that one file keeps: the zone that its wall times are read in, and whether that fits."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._drifts: Counter[int] = Counter()
        self._sampled = 0

    @property
    def hours_off(self) -> float:
        """How far the file's times lie behind those in its uniqueids, which count in UTC; 0 if they agree."""
        if self._drifts.total() < _FEW:
            return 0.0
        [(quarters, count)] = self._drifts.most_common(1)
        return quarters / 4 if count > 0.8 * self._drifts.total() else 0.0

    def epoch(self, written: str) -> datetime | str:
        """The moment, in UTC, of seconds since 1970, fractions kept; else what is wrong, in words."""
        if EPOCH.fullmatch(written) is None:
            return "has no time; it would be seconds since 1970, or like 2026-11-04 10:00:00"
        at = datetime.fromtimestamp(float(written), UTC)
        return at if at.year in _YEARS else _not_set(at.year)

    def wall(self, written: str, uniqueid: str) -> tuple[datetime, str] | str:
        """The moment, in the file's zone, and a doubt about it if there is one; else what is wrong."""
        found = WALL.fullmatch(written)
        try:
            wall = datetime.fromisoformat(f"{found[1]} {found[2]}") if found else None
        except ValueError:
            wall = None
        if wall is None:
            return "has no such date; it would be like 2026-11-04 10:00:00"
        if wall.year not in _YEARS:
            return _not_set(wall.year)
        first = wall.replace(tzinfo=self._zone)
        second = first.replace(fold=1)
        doubt = ""
        if (earlier := first.utcoffset()) != (later := second.utcoffset()):
            if earlier is not None and later is not None and earlier < later:
                first, doubt = (
                    first.astimezone(UTC).astimezone(self._zone),
                    "has a time that the clocks skipped",
                )
            elif (seen := UNIQUEID.fullmatch(uniqueid)) is None:
                doubt = "has a time that came twice that night; taken for the first of the two"
            elif abs(int(seen[1]) - second.timestamp()) < abs(int(seen[1]) - first.timestamp()):
                first = second
        if self._sampled < _MANY and (seen := UNIQUEID.fullmatch(uniqueid)) is not None:
            self._sampled += 1
            self._drifts[round((int(seen[1]) - first.timestamp()) / _QUARTER_S)] += 1
        return first, doubt


def _not_set(year: int) -> str:
    return f"has a date of the year {year}: a clock that was not set"
