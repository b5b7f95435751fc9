"""Rules worked out: what each local day looks like, and the gap-free windows of a period."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from pbxctl.names import ORDINARY
from pbxctl.timeline.instants import day_start, days_of, instant, local
from pbxctl.timeline.rules import (
    MINUTES_OF_DAY,
    NOTHING_SAID,
    CalendarEvent,
    ClosedDay,
    OwnDate,
    Rules,
    Rung,
    Span,
    Verdict,
)

DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Stretch:
    """From ``start`` on this verdict holds; the next stretch, or the end of the day, ends it.

    ``start`` is an epoch second in a dated day, a second of the wall clock in a weekly one.
    """

    start: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Window:
    """A half-open stretch of time ``[start, end)`` in epoch seconds, with the verdict that holds in it."""

    start: int
    end: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Said:
    """What one rule says of a moment; ``own`` is the own date that says so, where it is one.

    An ordinary day lets the hours speak: its verdict may be theirs.
    """

    verdict: Verdict
    own: OwnDate | None = None


def weekly_day(rules: Rules, weekday: int, closed_day: ClosedDay | None) -> tuple[Stretch, ...]:
    """What a weekday (ISO) looks like by the weekly rules alone, in seconds of the wall clock.

    ``closed_day`` is the one in force (None: before the first one's ``since``).
    """
    if closed_day is not None and closed_day.weekday == weekday:
        return (Stretch(0, Verdict(closed_day.mode, Rung.CLOSED_DAY, closed_day.rule)),)
    return _hours_of(rules, weekday)


def closed_day_in_force(rules: Rules, day: date) -> ClosedDay | None:
    """The change of the closed day that holds on ``day``; None before the first one."""
    return next((each for each in reversed(rules.closed_days) if day >= each.since), None)


class Calendar:
    """The rules of one schedule, ready to be asked for any local day."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.zone = ZoneInfo(rules.zone)
        self._holidays = {
            holiday.day: Verdict(holiday.mode, Rung.HOLIDAY, holiday.rule)
            for holiday in reversed(rules.holidays)
        }
        self._weekly = {
            (weekday, closed_day): weekly_day(rules, weekday, closed_day)
            for weekday in range(1, 8)
            for closed_day in (None, *rules.closed_days)
        }
        self._spans = [(own.start.date(), own.end.date()) for own in rules.dates]
        self._dates = [
            (instant(own.start, self.zone), instant(own.end, self.zone), own) for own in rules.dates
        ]
        self._events: dict[date, list[CalendarEvent]] = {}
        for event in rules.events:
            for day in days_of(event.start, event.end, self.zone):
                self._events.setdefault(day, []).append(event)

    def follows_the_week(self, day: date) -> bool:
        """Whether only the weekly rules speak about ``day``; its clock may still be put forward or back."""
        if day in self._holidays or day in self._events:
            return False
        return not any(first <= day <= last for first, last in self._spans)

    def weekly(self, day: date) -> tuple[Stretch, ...]:
        """What the weekly rules say about ``day``, in seconds of the wall clock."""
        return self._weekly[day.isoweekday(), closed_day_in_force(self.rules, day)]

    def day(self, day: date, start: int, end: int) -> tuple[Stretch, ...]:
        """What ``day`` really looks like, in epoch seconds.

        ``start`` and ``end`` are the day's own midnights (:func:`day_start`), handed in since
        whoever walks many days knows them already.
        """
        if self.follows_the_week(day):
            return self._placed(day, start, end, self.weekly(day))
        layers = list(self._layers(day, start, end))
        edges = {edge for layer in layers for edge in layer.edges if start < edge < end}
        return _merged(Stretch(edge, _speaks(layers, edge)) for edge in sorted({*edges, start}) if edge < end)

    def said(self, at: int) -> tuple[Said, ...]:
        """All that the rules say of the epoch second ``at``, the first of which is in force.

        Those behind it are silent, and would speak in this order were the ones before them not there.
        """
        day = local(at, self.zone).date()
        start, end = (day_start(each, self.zone) for each in (day, day + timedelta(days=1)))
        found = (
            Said(_at(layer.stretches, at), layer.own)
            for layer in self._layers(day, start, end)
            if layer.start <= at < layer.end
        )
        # A closed day stands before the hours; where there is none, both are one.
        return tuple(dict.fromkeys(each for each in found if each.verdict != NOTHING_SAID))

    def _layers(self, day: date, start: int, end: int) -> Iterator[_Layer]:
        """What each rule by itself says of ``day``; of those that cover a moment the first one speaks."""
        for opens, closes, own in self._dates:
            if opens < end and closes > start:
                yield _Layer(opens, closes, self._placed(day, start, end, self._own(own, day)), own)
        for event in self._events.get(day, ()):
            verdict = Verdict(event.mode, Rung.CALENDAR, event.rule)
            yield _Layer(event.start, event.end, (Stretch(start, verdict),))
        if day in self._holidays:
            yield _Layer(start, end, (Stretch(start, self._holidays[day]),))
        for closed_day in dict.fromkeys((closed_day_in_force(self.rules, day), None)):
            week = self._weekly[day.isoweekday(), closed_day]
            yield _Layer(start, end, self._placed(day, start, end, week))

    def days(self, first: date, count: int) -> Iterator[tuple[date, int, int, tuple[Stretch, ...]]]:
        """Each local day from ``first`` on: the day, its two midnights, its stretches."""
        start = day_start(first, self.zone)
        for ahead in range(count):
            day = first + timedelta(days=ahead)
            end = day_start(day + timedelta(days=1), self.zone)
            yield day, start, end, self.day(day, start, end)
            start = end

    def windows(self, first: date, count: int) -> list[Window]:
        """The gap-free windows of ``count`` local days, neighbours with one verdict joined."""
        stretches = _merged(stretch for _, _, _, of_day in self.days(first, count) for stretch in of_day)
        end = day_start(first + timedelta(days=count), self.zone)
        starts = [*(s.start for s in stretches), end]
        return [Window(a, b, s.verdict) for s, (a, b) in zip(stretches, pairwise(starts), strict=True)]

    def _placed(self, day: date, start: int, end: int, stretches: tuple[Stretch, ...]) -> tuple[Stretch, ...]:
        if end - start == DAY_S:
            return tuple([Stretch(start + s.start, s.verdict) for s in stretches])
        midnight = datetime.combine(day, time())
        placed = [
            Stretch(
                start if s.start == 0 else instant(midnight + timedelta(seconds=s.start), self.zone),
                s.verdict,
            )
            for s in stretches
        ]
        # A stretch that lies within a skipped hour begins and ends at the skip: it does not take place.
        kept = [s for s, after in pairwise(placed) if after.start > s.start]
        return _merged((*kept, placed[-1]))

    def _own(self, own: OwnDate, day: date) -> tuple[Stretch, ...]:
        """What an own date makes of ``day``, in seconds of the wall clock."""
        inside = Verdict(ORDINARY, Rung.DATE, own.rule)
        if own.mode is None:
            return _merged(
                stretch if stretch.verdict.rung is Rung.HOURS else Stretch(stretch.start, inside)
                for stretch in _hours_of(self.rules, day.isoweekday())
            )
        if own.hours is None:
            return (Stretch(0, Verdict(own.mode, Rung.DATE, own.rule)),)
        # Where its hours do not switch, the time outside of them is told apart by its rung alone.
        rung = Rung.HOURS if own.mode == ORDINARY else Rung.DATE
        return _in_hours(own.hours, inside, Verdict(own.mode, rung, own.rule))


@dataclass(frozen=True, slots=True)
class _Layer:
    """What one rule says of a day, all in epoch seconds; it speaks only in ``[start, end)``."""

    start: int
    end: int
    stretches: tuple[Stretch, ...]
    own: OwnDate | None = None

    @property
    def edges(self) -> Iterator[int]:
        yield from (self.start, self.end, *(stretch.start for stretch in self.stretches))


def _speaks(layers: list[_Layer], at: int) -> Verdict:
    """The verdict of the first layer that covers ``at``; the last one covers the whole day."""
    return next(_at(layer.stretches, at) for layer in layers if layer.start <= at < layer.end)


def _hours_of(rules: Rules, weekday: int) -> tuple[Stretch, ...]:
    hours = rules.hours
    if hours is None:
        return (Stretch(0, NOTHING_SAID),)
    outside = Verdict(hours.outside, Rung.HOURS, hours.rule)
    return _in_hours(hours.spans[weekday - 1], NOTHING_SAID, outside)


def _in_hours(spans: tuple[Span, ...], inside: Verdict, outside: Verdict) -> tuple[Stretch, ...]:
    stretches = [Stretch(0, outside)]
    for opens, closes in spans:
        stretches.append(Stretch(opens * 60, inside))
        if closes < MINUTES_OF_DAY:
            stretches.append(Stretch(closes * 60, outside))
    return _merged(stretches)


def _merged(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """Neighbours with one verdict joined; of two with one start, the later one counts."""
    merged: list[Stretch] = []
    for stretch in stretches:
        if merged and merged[-1].start == stretch.start:
            merged.pop()
        if not merged or merged[-1].verdict != stretch.verdict:
            merged.append(stretch)
    return tuple(merged)


def _at(stretches: tuple[Stretch, ...], at: int) -> Verdict:
    verdict = stretches[0].verdict
    for stretch in stretches:
        if stretch.start > at:
            break
        verdict = stretch.verdict
    return verdict
