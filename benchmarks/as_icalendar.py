"""The same rules as a calendar file would hold them: VEVENTs of the closed times, with RRULE and EXDATE."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar, Event

from benchmarks.companies import FIRST_DAY
from pbxctl.plan.model import TimelinePlan
from pbxctl.timeline import ORDINARY, Hours, OwnDate, Rules
from pbxctl.timeline.instants import day_start
from pbxctl.timeline.rules import Span

Interval = tuple[int, int]
"""Epoch seconds, half-open."""

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY = timedelta(days=1)
_LONG_BEFORE = FIRST_DAY - timedelta(days=14)


def comparable(rules: Rules) -> Rules:
    """The rules without what is compared nowhere: a second closed day, and own dates that meet another."""
    kept: list[OwnDate] = []
    for own in rules.dates:
        if all(own.end <= other.start or own.start >= other.end for other in kept):
            kept.append(own)
    return Rules(rules.zone, rules.closed_days[:1], rules.hours, rules.holidays, tuple(kept))


def calendar_of(rules: Rules) -> Calendar:
    """Closed times as events; an ordinary day takes closed day and holiday out, and leaves the hours."""
    zone = ZoneInfo(rules.zone)
    ordinary = {own.start.date() for own in rules.dates if own.mode is None}
    calendar = Calendar()
    calendar.add("prodid", "-//pbxctl//benchmarks//")
    calendar.add("version", "2.0")
    for closed in rules.closed_days:
        if closed.weekday is None:
            continue
        first = _on_or_after(closed.since, closed.weekday)
        event = _event(calendar, first, first + _DAY, [closed.weekday])
        for day in sorted(ordinary):
            event.add("exdate", day, parameters={"VALUE": "DATE"})
    if rules.hours is not None:
        for start, end, weekdays in _outside(rules.hours, zone):
            _event(calendar, start, end, weekdays)
    for holiday in rules.holidays:
        if holiday.day not in ordinary:
            _event(calendar, holiday.day, holiday.day + _DAY)
    for own in rules.dates:
        if own.mode is not None:
            _event(calendar, own.start.replace(tzinfo=zone), own.end.replace(tzinfo=zone))
    return calendar


def expand(calendar: Calendar, horizon_days: int) -> list[Event]:
    """All occurrences in the period: what has to be known before a moment can be looked up."""
    query = recurring_ical_events.of(calendar)
    return list(query.between(FIRST_DAY, FIRST_DAY + timedelta(days=horizon_days)))


def closed_by_events(events: Iterable[Event], horizon_days: int, zone: ZoneInfo) -> list[Interval]:
    """The closed times of expanded events within the period, sorted and joined."""
    begins, ends = day_start(FIRST_DAY, zone), day_start(FIRST_DAY + timedelta(days=horizon_days), zone)
    intervals = [(_epoch(event.start, zone), _epoch(event.end, zone)) for event in events]
    return _joined((max(a, begins), min(b, ends)) for a, b in intervals if a < ends and b > begins)


def closed_by_plan(timeline: TimelinePlan) -> list[Interval]:
    """The closed times of a compiled timeline, joined."""
    return _joined((each.start, each.end) for each in timeline.windows if each.verdict.mode != ORDINARY)


def _event(calendar: Calendar, start: date, end: date, weekdays: Iterable[int] = ()) -> Event:
    event = Event()
    event.add("uid", f"{len(calendar.subcomponents)}@benchmarks.example")
    event.add("dtstamp", datetime(2026, 11, 1, tzinfo=ZoneInfo("UTC")))
    event.add("dtstart", start)
    event.add("dtend", end)
    if days := [_DAYS[weekday - 1] for weekday in weekdays]:
        event.add("rrule", {"freq": "weekly", "byday": days})
    calendar.add_component(event)
    return event


def _outside(hours: Hours, zone: ZoneInfo) -> Iterator[tuple[date, date, list[int]]]:
    """The times outside the hours; weekdays that are alike share an event."""
    alike: dict[tuple[Span, ...], list[int]] = {}
    for weekday, spans in enumerate(hours.spans, 1):
        alike.setdefault(spans, []).append(weekday)
    for spans, weekdays in alike.items():
        day = _on_or_after(_LONG_BEFORE, weekdays[0])
        if not spans:
            yield day, day + _DAY, weekdays
            continue
        midnight = datetime.combine(day, time(), zone)
        edges = [0, *(edge for span in spans for edge in span), 1440]
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            if start < end:
                yield midnight + timedelta(minutes=start), midnight + timedelta(minutes=end), weekdays


def _on_or_after(day: date, weekday: int) -> date:
    return day + timedelta(days=(weekday - day.isoweekday()) % 7)


def _epoch(moment: Any, zone: ZoneInfo) -> int:
    return int(moment.timestamp()) if isinstance(moment, datetime) else day_start(moment, zone)


def _joined(intervals: Iterable[Interval]) -> list[Interval]:
    joined: list[Interval] = []
    for start, end in sorted(intervals):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
