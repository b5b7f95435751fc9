"""Hours that never open, always open, change nothing, or run into the closed day."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pbxctl.checks.advice import Finding, Findings, Subject
from pbxctl.config import Hours
from pbxctl.config.scalars import format_clock
from pbxctl.names import WEEKDAYS
from pbxctl.timeline import ORDINARY
from pbxctl.timeline.rules import MINUTES_OF_DAY


def _all(subject: Subject) -> Iterator[tuple[str, Hours]]:
    for name, schedule in subject.config.schedules.items():
        if schedule.hours is not None:
            yield name, schedule.hours


def _never(subject: Subject) -> Findings:
    for name, hours in _all(subject):
        if not any(hours.spans):
            yield Finding(
                "hours-never-open",
                ("schedules", name, "hours"),
                "has no hour of the week in which people answer; write for example mon-fri: 08:30-17:30",
            )


def _always(subject: Subject) -> Findings:
    for name, hours in _all(subject):
        if all(_minutes(spans) == MINUTES_OF_DAY for spans in hours.spans):
            yield Finding(
                "hours-always-open",
                ("schedules", name, "hours"),
                "is open day and night, so it changes nothing; leave it out, or write when people answer",
            )


def _ordinary_outside(subject: Subject) -> Findings:
    for name, hours in _all(subject):
        if hours.switched and hours.outside == ORDINARY:
            yield Finding(
                "hours-without-effect",
                ("schedules", name, "hours", "outside"),
                "ordinary means that phones ring at night as by day; write voicemail, or switched: false",
            )


def _cut_night(subject: Subject) -> Findings:
    """A closed day is one from midnight to midnight, and ends or begins in the middle of a night's work."""
    for name, hours in _all(subject):
        for index, (_, closed) in enumerate(changes := subject.config.schedules[name].closed_days):
            over = index + 1 < len(changes) and changes[index + 1][1].since <= subject.today
            if closed.weekday is None or over:
                continue
            before, day, after = (hours.spans[(closed.weekday + ahead) % 7] for ahead in (-2, -1, 0))
            if _minutes(day) == MINUTES_OF_DAY:
                continue  # who works round the clock closes for a day, and means it
            weekday, eve = WEEKDAYS[closed.weekday - 1], WEEKDAYS[closed.weekday - 2]
            told, out = [], []
            if before and day and before[-1][1] == MINUTES_OF_DAY and day[0][0] == 0:
                ends = format_clock(day[0][1])
                told.append(f"the night from {eve} on ends at 00:00 on {weekday} instead of {ends}")
                out.append(f"00:00-{ends}")
            if day and after and day[-1][1] == MINUTES_OF_DAY and after[0][0] == 0:
                begins = format_clock(day[-1][0])
                told.append(f"the night from {weekday} on begins at 24:00 instead of {begins}")
                out.append(f"{begins}-24:00")
            if told:
                yield Finding(
                    "closed-day-cuts-night",
                    ("schedules", name, "hours"),
                    f"{' and '.join(told)}, as {weekday} is closed from midnight to midnight; "
                    f"if that is meant, leave {' and '.join(out)} out of the hours of {weekday}",
                )


def _minutes(spans: tuple[tuple[int, int], ...]) -> int:
    return sum(closes - opens for opens, closes in spans)


CHECKS: Final = {
    "hours-never-open": _never,
    "hours-always-open": _always,
    "hours-without-effect": _ordinary_outside,
    "closed-day-cuts-night": _cut_night,
}
