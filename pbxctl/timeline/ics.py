"""A calendar in iCalendar form -> the times its events take place. Pure, but not bounded: hostile rules may
take for ever and much memory, so whoever reads what others wrote does it in a limited process.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from pbxctl.timeline.calendars import Occurrence
from pbxctl.timeline.instants import day_start, instant

MAX_EVENTS: Final = 5_000
MAX_OCCURRENCES: Final = 5_000
MAX_TITLE: Final = 80
MAX_CLOCKS: Final = 24  # times of the day that one rule may name

FOR_EVER: Final = date(2400, 1, 1)

_DAYS: Final = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_BEGIN = re.compile(rb"(?im)^BEGIN:VEVENT[ \t]*\r?$")


_UNREADABLE = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError)


@dataclass(frozen=True, slots=True)
class Expanded:
    """The times in order, and a sentence for each event that could not be read."""

    occurrences: tuple[Occurrence, ...]
    problems: tuple[str, ...]


def expand_calendar(content: bytes, zone: str, first_day: date, days: int) -> Expanded:
    """The events of ``days`` local days from ``first_day`` on, cut to that period.

    Whole days and times without a zone are those of ``zone``. Cancelled events do not count.

    Raises:
        ValueError: it is no calendar, or one of more events than any company has.
    """
    import icalendar  # with what it needs a tenth of a second: only for those who have calendars

    try:
        calendar = icalendar.Calendar.from_ical(content)
    except _UNREADABLE as error:
        # Its own words repeat the line, and the file may be another one, given by mistake.
        raise ValueError(f"it is no iCalendar file as of RFC 5545 ({type(error).__name__})") from None
    events = list(calendar.walk("VEVENT"))
    if len(events) > MAX_EVENTS:
        raise ValueError(f"it holds {len(events)} events; {MAX_EVENTS} are the most")
    lines = [content.count(b"\n", 0, found.start()) + 1 for found in _BEGIN.finditer(content)]
    period = _Period(ZoneInfo(zone), first_day, first_day + timedelta(days=days))
    problems: list[str] = []
    series: dict[str, list[Any]] = {}
    for index, event in enumerate(events):
        where = f"line {lines[index]}, " if len(lines) == len(events) else ""
        wrong = _wrong_or_odd(event)
        if wrong is not None:
            problems.append(f"{where}event {_quoted(_title(event))}: {wrong}; the event is left out")
            continue
        unknown = _unknown_zone(event)
        if unknown is not None:
            problems.append(
                f"{where}event {_quoted(_title(event))}: the zone {_quoted(unknown)} is not known; "
                f"it is read in {zone}"
            )
        series.setdefault(str(event.get("UID", f"none {index}")), []).append(event)
    found: set[Occurrence] = set()
    for of_one in series.values():
        try:
            found.update(period.occurrences(of_one))
        except Exception as error:
            problems.append(f"event {_quoted(_title(of_one[0]))}: {_short(error)}; the event is left out")
        if len(found) > MAX_OCCURRENCES:
            raise ValueError(f"its events take place more than {MAX_OCCURRENCES} times")
    in_order = sorted(found, key=lambda each: (each.start, each.end, each.title))
    return Expanded(tuple(in_order), tuple(problems))


@dataclass(frozen=True, slots=True)
class _Period:
    zone: ZoneInfo
    first: date
    beyond: date

    def occurrences(self, events: list[Any]) -> Iterator[Occurrence]:
        """One series with its moved and changed events, each cut to the period."""
        begins, ends = day_start(self.first, self.zone), day_start(self.beyond, self.zone)
        for event in events if len(events) == 1 and _is_once(events[0]) else self._repeated(events):
            if str(event.get("STATUS", "")).upper() == "CANCELLED":
                continue
            start, end = self._epoch(event.start), self._epoch(event.end)
            if end > begins and start < ends and end > start:
                yield Occurrence(max(start, begins), min(end, ends), _title(event))

    def _repeated(self, events: list[Any]) -> Iterable[Any]:
        import icalendar
        import recurring_ical_events

        alone = icalendar.Calendar()
        for event in events:
            alone.add_component(event)
        # Times in far zones belong to the day before or after: a day more is asked for on both sides.
        one = timedelta(days=1)
        found: Iterable[Any] = recurring_ical_events.of(alone).between(self.first - one, self.beyond + one)
        return found

    def _epoch(self, at: date | datetime) -> int:
        # People write "for ever" as a year at which every calculation overflows.
        if at.year > FOR_EVER.year:
            at = FOR_EVER
        if not isinstance(at, datetime):
            return day_start(at, self.zone)
        if at.tzinfo is None:
            return instant(at, self.zone)
        return int(at.timestamp())


def _is_once(event: Any) -> bool:
    return not any(name in event for name in ("RRULE", "RDATE", "RECURRENCE-ID"))


def _wrong_or_odd(event: Any) -> str | None:
    try:
        return _wrong(event)
    except Exception as error:
        return _short(error)


def _wrong(event: Any) -> str | None:
    """Why an event cannot be taken, if so."""
    broken = [str(name) for name, _ in event.errors]
    if broken:
        return f"{', '.join(broken)} cannot be read"
    if "DTSTART" not in event:
        return "it does not say when (DTSTART)"
    for rule in _each(event.get("RRULE")):
        frequency = str(next(iter(rule.get("FREQ", [""]))))
        if frequency not in _DAYS:
            return f"it repeats {frequency.lower() or 'by no rule'}, more often than daily"
        if any(int(step) < 1 for step in rule.get("INTERVAL", [1])):
            return "it repeats at once (INTERVAL)"
        clocks = 1
        for name in ("BYHOUR", "BYMINUTE", "BYSECOND"):
            clocks *= max(1, len(rule.get(name, [])))
        if clocks > MAX_CLOCKS:
            return f"it repeats {clocks} times a day"
    start = event.start
    if not isinstance(start, datetime):
        start = datetime.combine(start, time())
    if event.get("RRULE") is not None and start.year < 1970:
        return "it repeats since before 1970"
    return "it ends before it has begun" if event.end < event.start else None


def _each(rules: Any) -> Iterable[Any]:
    if rules is None:
        return ()
    return rules if isinstance(rules, list) else (rules,)


def _unknown_zone(event: Any) -> str | None:
    """The name of a zone that nobody knows, so that the time is without one."""
    written = event["DTSTART"]
    at = written.dt
    name = written.params.get("TZID")
    return str(name) if name and isinstance(at, datetime) and at.tzinfo is None else None


def _title(event: Any) -> str:
    text = "".join(each if each.isprintable() else " " for each in str(event.get("SUMMARY", "")))
    return " ".join(text.split())[:MAX_TITLE] or "without a title"


def _quoted(text: str) -> str:
    return '"' + "".join(each for each in text if each.isprintable())[:MAX_TITLE] + '"'


def _short(error: Exception) -> str:
    text = "".join(each if each.isprintable() else " " for each in str(error))
    return f"it cannot be read ({type(error).__name__}: {text[:100]})"
