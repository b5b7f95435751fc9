"""A schedule's rules compiled: weekly tables in the code, and only the dates that differ from them."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, time, timedelta
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pbxctl.plan.answers import UNKNOWN, Answers, Relation, answers_on
from pbxctl.plan.model import Part, Standing, TimelinePlan, WeeklyTable
from pbxctl.timeline import Calendar, ClosedDay, Rules, Stretch, Verdict, Window, weekly_day
from pbxctl.timeline.instants import local
from pbxctl.timeline.windows import DAY_S

LOOK_AHEAD_DAYS = 8
"""Beyond the horizon the weekly rule holds; within eight days it has shown all it has."""


class _Opening(NamedTuple):
    """A moment at which people begin to answer."""

    start: int
    day: date
    time: time


def build_timeline(schedule: str, rules: Rules, first_day: date, horizon_days: int) -> TimelinePlan:
    """Compile one schedule for ``horizon_days`` local days from ``first_day`` on."""
    calendar = Calendar(rules)
    weekly = weekly_tables(rules)
    days = list(calendar.days(first_day, horizon_days + LOOK_AHEAD_DAYS))
    openings = _openings([stretch for _, _, _, of_day in days for stretch in of_day], calendar.zone)
    starts = [opening.start for opening in openings]
    dates: dict[date, tuple[Part, ...]] = {}
    for day, start, end, stretches in days[:horizon_days]:
        parts = tuple(
            Part(s.start, _standing(s.verdict, day, openings, bisect_right(starts, s.start)))
            for s in stretches
        )
        if end - start != DAY_S or not _same(parts, start, table_for(weekly, day).days[day.isoweekday() - 1]):
            dates[day] = parts
    windows = tuple(
        _joined([s for *_, of_day in days[:horizon_days] for s in of_day], days[horizon_days - 1][2])
    )
    beyond = first_day + timedelta(days=horizon_days)
    holidays = {holiday.day: holiday.name for holiday in rules.holidays if first_day <= holiday.day < beyond}
    return TimelinePlan(schedule, rules.zone, weekly, dates, windows, holidays)


def weekly_tables(rules: Rules) -> tuple[WeeklyTable, ...]:
    """The week before the first closed day, and the week from each change of it on, in that order."""
    changes = (WeeklyTable(each.since, _week(rules, each)) for each in rules.closed_days)
    return (WeeklyTable(None, _week(rules, None)), *changes)


def table_for(tables: tuple[WeeklyTable, ...], day: date) -> WeeklyTable:
    """The table in force on ``day``: the last one whose ``since`` has come."""
    in_force = tables[0]
    for table in tables[1:]:
        if table.since is None or day >= table.since:
            in_force = table
    return in_force


def _week(rules: Rules, closed_day: ClosedDay | None) -> tuple[tuple[Part, ...], ...]:
    days = [weekly_day(rules, weekday, closed_day) for weekday in range(1, 8)]
    return tuple(
        tuple(Part(s.start, _weekly_standing(s, weekday, days)) for s in days[weekday - 1])
        for weekday in range(1, 8)
    )


def _weekly_standing(stretch: Stretch, weekday: int, days: list[tuple[Stretch, ...]]) -> Standing:
    """As :func:`_standing`, in a week that repeats for ever."""
    verdict = stretch.verdict
    if verdict.answered:
        return Standing(verdict.mode, verdict.rung, verdict.rule, None)
    # Any Monday will do as a start: within a week, days are told by their weekday alone.
    monday = date(2001, 1, 1)
    call_day = monday + timedelta(days=weekday - 1)
    for ahead in range(8):
        day = call_day + timedelta(days=ahead)
        for candidate in days[day.isoweekday() - 1]:
            if candidate.verdict.answered and (ahead > 0 or candidate.start > stretch.start):
                answers = _as_weekly(answers_on(call_day, day, _time_of_day(candidate.start)))
                return Standing(verdict.mode, verdict.rung, verdict.rule, answers)
    return Standing(verdict.mode, verdict.rung, verdict.rule, UNKNOWN)


def _as_weekly(answers: Answers) -> Answers:
    # The same weekday of next week: no date can be named here, so none is promised.
    return UNKNOWN if answers.relation is Relation.LATER else answers


def _standing(verdict: Verdict, day: date, openings: list[_Opening], following: int) -> Standing:
    """The verdict on ``day``, with the first of the ``openings`` that is still to come, if it is known."""
    if verdict.answered:
        return Standing(verdict.mode, verdict.rung, verdict.rule, None)
    if following == len(openings):
        return Standing(verdict.mode, verdict.rung, verdict.rule, UNKNOWN)
    opening = openings[following]
    return Standing(verdict.mode, verdict.rung, verdict.rule, answers_on(day, opening.day, opening.time))


def _openings(stretches: list[Stretch], zone: ZoneInfo) -> list[_Opening]:
    openings: list[_Opening] = []
    silent = False
    for stretch in stretches:
        if stretch.verdict.answered and silent:
            at = local(stretch.start, zone)
            openings.append(_Opening(stretch.start, at.date(), at.time()))
        silent = not stretch.verdict.answered
    return openings


def _same(parts: tuple[Part, ...], day_start: int, weekly: tuple[Part, ...]) -> bool:
    """Whether a day of ordinary length looks as the weekly table has it."""
    return len(parts) == len(weekly) and all(
        part.start - day_start == of_week.start and part.standing == of_week.standing
        for part, of_week in zip(parts, weekly, strict=True)
    )


def _joined(stretches: list[Stretch], end: int) -> list[Window]:
    firsts = stretches[:1] + [
        after for before, after in pairwise(stretches) if after.verdict != before.verdict
    ]
    ends = [*(stretch.start for stretch in firsts[1:]), end]
    return [Window(s.start, until, s.verdict) for s, until in zip(firsts, ends, strict=True)]


def _time_of_day(second: int) -> time:
    return time(second // 3600, second // 60 % 60)
