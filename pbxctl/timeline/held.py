"""Events that wait for a person: what others write may close a company for some days, and not for good.

A calendar closes at most ``max_days`` of any ``2 * max_days`` days in a row, however its events are cut,
repeated or titled. Whatever would close more is held back, all of it, until the administrator allows more
days or writes the dates himself. So is what closes one day so often that no PBX could hold the day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from pbxctl.timeline.calendars import Occurrence
from pbxctl.timeline.instants import day_start, days_of

CLOSED_S: Final = 4 * 3600
"""A day counts as closed from so many seconds on: half a working day, and longer than a daily meeting."""

TIMES_A_DAY: Final = 4
"""How often all calendars of a schedule may close on one day: the PBX holds sixteen changes of a day."""

MOST_DAYS: Final = 100
"""The most that an administrator may allow at once."""

MARGIN_DAYS: Final = 2 * MOST_DAYS + 1
"""Days before and behind a period that must be known, to tell what is held in it and what lets it through."""

DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Held:
    """What one calendar may not do by itself: its events in order, and what would let them through.

    ``times_a_day`` is how often they may close on one day, where they do so more often. ``max_days`` None: no
    number of days lets them through, since they close too often or nearly always.
    """

    events: tuple[Occurrence, ...]
    max_days: int | None
    times_a_day: int | None = None


def held_back(
    occurrences: Sequence[Occurrence], zone: str, max_days: int, times_a_day: int = TIMES_A_DAY
) -> Held:
    """The events of one calendar that wait for a person; days are those of ``zone``."""
    days = _Days(ZoneInfo(zone))
    too_long = {each for each in occurrences if each.end - each.start > (max_days + 2) * 86_400}
    rest = [each for each in occurrences if each not in too_long]
    # Each event by itself first: a long one is not to take along the short ones around it.
    titles: dict[str, list[Occurrence]] = {}
    for each in rest:
        titles.setdefault(each.title, []).append(each)
    for group in (*titles.values(), rest):
        waiting = [each for each in group if each not in too_long]
        dense = _dense(days.closed(waiting), max_days)
        too_long.update(days.on(waiting, dense.__contains__))
    waiting = [each for each in rest if each not in too_long]
    times = days.times(waiting)
    too_often = set(days.on(waiting, lambda day: times[day] > times_a_day))
    found = sorted(too_long | too_often, key=lambda each: (each.start, each.end, each.title))
    if too_often:
        return Held(tuple(found), None, times_a_day)
    closed = days.closed(occurrences)
    needed = (most for most in range(max_days, MOST_DAYS + 1) if not _is_dense(closed, most))
    return Held(tuple(found), next(needed, None))


def spans(occurrences: Iterable[Occurrence]) -> Iterator[tuple[int, int]]:
    """When each takes place, ``[start, end)``."""
    return ((each.start, each.end) for each in occurrences)


def merged(times: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The times that any of them covers, in order and apart from each other."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(times):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _dense(closed: list[int], most: int) -> set[int]:
    """The days that lie, one of more than ``most``, within twice as many days in a row."""
    found: set[int] = set()
    for first in range(len(closed) - most):
        if closed[first + most] - closed[first] < 2 * most:
            found.update(closed[first : first + most + 1])
    return found


def _is_dense(closed: list[int], most: int) -> bool:
    return any(last - first < 2 * most for first, last in zip(closed, closed[most:], strict=False))


class _Days:
    """The local days of a zone, by their ordinals; midnights are looked up once."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._midnights: dict[date, int] = {}

    def closed(self, occurrences: Iterable[Occurrence]) -> list[int]:
        """The days on which they close for long enough to count, together."""
        seconds: Counter[int] = Counter()
        for start, end in merged(spans(occurrences)):
            for day in days_of(start, end, self._zone):
                begins, ends = self._midnight(day), self._midnight(day + DAY)
                seconds[day.toordinal()] += min(end, ends) - max(start, begins)
        return sorted(day for day, covered in seconds.items() if covered >= CLOSED_S)

    def times(self, occurrences: Iterable[Occurrence]) -> Counter[int]:
        """How often they close on each day."""
        found: Counter[int] = Counter()
        for start, end in merged(spans(occurrences)):
            found.update(day.toordinal() for day in days_of(start, end, self._zone))
        return found

    def on(self, occurrences: Iterable[Occurrence], meant: Callable[[int], bool]) -> list[Occurrence]:
        """Those that take place on such a day."""
        return [
            each
            for each in occurrences
            if any(meant(day.toordinal()) for day in days_of(each.start, each.end, self._zone))
        ]

    def _midnight(self, day: date) -> int:
        found = self._midnights.get(day)
        if found is None:
            found = self._midnights[day] = day_start(day, self._zone)
        return found
