"""Which events of a schedule's calendars count: all but those that wait for a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from pbxctl.config.models import Schedule
from pbxctl.timeline.calendars import Occurrence
from pbxctl.timeline.held import MARGIN_DAYS, TIMES_A_DAY, Held, held_back
from pbxctl.timeline.instants import day_start

BEFORE_DAYS: Final = 1
BEYOND_DAYS: Final = 10
"""Days around the plan's that count too: the last prompts of it speak of them."""

CalendarEvents: TypeAlias = Mapping[str, Sequence[Sequence[Occurrence]]]
"""By schedule, the events of each of its calendars in the order of the configuration."""


def period_to_read(first_day: date, horizon_days: int) -> tuple[date, int]:
    """The first day and the number of days whose events a plan must be handed."""
    first = first_day - timedelta(days=BEFORE_DAYS + MARGIN_DAYS)
    return first, BEFORE_DAYS + horizon_days + BEYOND_DAYS + 2 * MARGIN_DAYS


def held_events(
    schedule: Schedule, zone: str, calendars: Sequence[Sequence[Occurrence]]
) -> Iterator[tuple[int, Held]]:
    """What each calendar of a schedule may not do by itself, by the calendar's place in the list."""
    times_a_day = max(1, TIMES_A_DAY // max(1, len(schedule.calendars)))
    for index, (source, occurrences) in enumerate(zip(schedule.calendars, calendars, strict=False)):
        yield index, held_back(occurrences, zone, source.max_days, times_a_day)


def counting_events(
    schedule: Schedule,
    zone: str,
    calendars: Sequence[Sequence[Occurrence]],
    first_day: date,
    horizon_days: int,
) -> Iterator[tuple[int, list[Occurrence]]]:
    """The events of each calendar that close something, cut to the days of a plan and a few around them."""
    clock = ZoneInfo(zone)
    begins = day_start(first_day - timedelta(days=BEFORE_DAYS), clock)
    ends = day_start(first_day + timedelta(days=horizon_days + BEYOND_DAYS), clock)
    for index, held in held_events(schedule, zone, calendars):
        waiting = set(held.events)
        yield (
            index,
            [
                replace(each, start=max(each.start, begins), end=min(each.end, ends))
                for each in calendars[index]
                if each not in waiting and each.end > begins and each.start < ends
            ],
        )
