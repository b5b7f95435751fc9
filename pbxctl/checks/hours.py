"""Hours that never open, always open, or change nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pbxctl.checks.advice import Finding, Findings, Subject
from pbxctl.config import Hours
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


def _minutes(spans: tuple[tuple[int, int], ...]) -> int:
    return sum(closes - opens for opens, closes in spans)


CHECKS: Final = {
    "hours-never-open": _never,
    "hours-always-open": _always,
    "hours-without-effect": _ordinary_outside,
}
