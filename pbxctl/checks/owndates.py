"""Dates of the company's own: openings that nobody hears, dates that are over, hidden or much too long."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from pbxctl.checks.advice import Finding, Findings, Subject
from pbxctl.config import DateRule, Schedule
from pbxctl.config.problems import KeyPath, format_path
from pbxctl.names import WEEKDAYS

LONGEST: Final = timedelta(days=62)
"""Longer than any company's holidays: more likely a slip in the year."""

_Span = tuple[datetime, datetime]


def _all(subject: Subject) -> Iterator[tuple[KeyPath, Schedule, int, DateRule]]:
    for name, schedule in subject.config.schedules.items():
        for index, rule in enumerate(schedule.dates):
            yield ("schedules", name, "dates", index), schedule, index, rule


def _is_over(rule: DateRule, subject: Subject) -> bool:
    return rule.end <= datetime.combine(subject.today, datetime.min.time())


def _over(subject: Subject) -> Findings:
    for path, _, _, rule in _all(subject):
        if _is_over(rule, subject):
            yield Finding(
                "date-over",
                path,
                f"was over on {rule.end:%Y-%m-%d %H:%M} and changes nothing any more; "
                "check the year, or delete the line",
            )


def _long(subject: Subject) -> Findings:
    for path, _, _, rule in _all(subject):
        if rule.end - rule.start > LONGEST:
            yield Finding(
                "date-long",
                path,
                f"lasts {(rule.end - rule.start).days} days; check the year, and write a range of "
                f"at most {LONGEST.days} days, or several",
            )


def _silent_opening(subject: Subject) -> Findings:
    for path, schedule, _, rule in _all(subject):
        if not rule.ordinary_day or schedule.hours is None or _is_over(rule, subject):
            continue
        if not any(_open_spans(rule, schedule.hours.spans)):
            yield Finding(
                "opening-silent",
                path,
                f"keeps its hours, and {WEEKDAYS[rule.start.isoweekday() - 1]} has none then: "
                "phones stay silent; write when they are to ring, such as "
                f'{{from: "{rule.start:%Y-%m-%d} 09:00", to: "{rule.start:%Y-%m-%d} 12:00", mode: ordinary}}',
            )


def _open_spans(rule: DateRule, week: tuple[tuple[tuple[int, int], ...], ...]) -> Iterator[_Span]:
    """The stretches of a range in which the hours are open."""
    day = datetime.combine(rule.start.date(), datetime.min.time())
    while day < rule.end:
        for opens, closes in week[day.isoweekday() - 1]:
            start = max(rule.start, day + timedelta(minutes=opens))
            end = min(rule.end, day + timedelta(minutes=closes))
            if start < end:
                yield start, end
        day += timedelta(days=1)


def _needless_opening(subject: Subject) -> Findings:
    for path, schedule, index, rule in _all(subject):
        if not rule.ordinary_day or _is_over(rule, subject) or rule.end - rule.start > LONGEST:
            continue
        beside = [other for at, other in enumerate(schedule.dates) if at != index and _meets(rule, other)]
        name = path[1]
        holidays = subject.plan.timelines[str(name)].holidays
        closes = any(day in holidays or _is_closed(schedule, day) for day in _days(rule))
        heard = schedule.hours is None or any(_open_spans(rule, schedule.hours.spans))
        if heard and not beside and not closes and _within(rule, subject):
            yield Finding(
                "opening-needless",
                path,
                "is an ordinary day without it: neither the closed day nor a holiday nor another date; "
                "check the date, or delete the line",
            )


def _days(rule: DateRule) -> Iterator[date]:
    """The local days that a range touches."""
    day = rule.start.date()
    while datetime.combine(day, datetime.min.time()) < rule.end:
        yield day
        day += timedelta(days=1)


def _is_closed(schedule: Schedule, day: date) -> bool:
    """Whether a day is the closed one, by the last change whose ``since`` has come."""
    changes = [each for _, each in schedule.closed_days if day >= each.since]
    return bool(changes) and changes[-1].weekday == day.isoweekday()


def _within(rule: DateRule, subject: Subject) -> bool:
    """Whether the plan has worked out the days of a date."""
    return rule.end.date() < subject.plan.first_day + timedelta(days=subject.plan.horizon_days)


def _meets(rule: DateRule, other: DateRule) -> bool:
    return rule.start < other.end and other.start < rule.end


def _hidden(subject: Subject) -> Findings:
    for path, schedule, index, rule in _all(subject):
        before = next(
            (n for n, other in enumerate(schedule.dates[:index]) if _covers(other, rule)),
            None,
        )
        if before is not None:
            yield Finding(
                "date-hidden",
                path,
                f"never counts, as {format_path((*path[:-1], before))} covers it and was written first; "
                "move the shorter one up, or delete one of the two",
            )


def _covers(outer: DateRule, inner: DateRule) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _overlap(subject: Subject) -> Findings:
    for path, schedule, index, rule in _all(subject):
        for n, other in enumerate(schedule.dates[:index]):
            # An exception within a longer range, written first, is how an exception is written.
            if _meets(other, rule) and not _covers(rule, other) and not _covers(other, rule):
                yield Finding(
                    "dates-overlap",
                    path,
                    f"overlaps {format_path((*path[:-1], n))}, which was written first and wins where they "
                    "meet; end one where the other begins",
                )


CHECKS: Final = {
    "date-over": _over,
    "date-long": _long,
    "opening-silent": _silent_opening,
    "opening-needless": _needless_opening,
    "date-hidden": _hidden,
    "dates-overlap": _overlap,
}
