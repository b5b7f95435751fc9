"""Rules, written briefly, and what they look like."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from pbxctl.timeline import Calendar, CalendarEvent, ClosedDay, Holiday, Hours, OwnDate, Rules

BRUSSELS = "Europe/Brussels"
WEEKDAYS = (((510, 1050),),) * 5 + ((), ())  # Monday to Friday, 08:30 to 17:30
ALWAYS = (((0, 1440),),) * 7


def closed(weekday: int | None, since: str = "2020-01-01", mode: str = "voicemail") -> ClosedDay:
    return ClosedDay(weekday, date.fromisoformat(since), mode, "closed_day")


def hours(*spans: tuple[tuple[int, int], ...], outside: str = "voicemail") -> Hours:
    return Hours(spans, outside, "hours")


def holiday(day: str, mode: str = "voicemail") -> Holiday:
    return Holiday(date.fromisoformat(day), "", mode, "holidays")


def own(start: str, end: str, mode: str | None = "voicemail", rule: str = "dates.0") -> OwnDate:
    return OwnDate(datetime.fromisoformat(start), datetime.fromisoformat(end), mode, rule)


def half(day: str) -> OwnDate:
    midnight = datetime.fromisoformat(day)
    return OwnDate(midnight, midnight + timedelta(days=1), "voicemail", "dates.0", ((540, 720),))


def event(start: str, end: str, mode: str = "voicemail") -> CalendarEvent:
    zone = ZoneInfo(BRUSSELS)
    begins, ends = (int(datetime.fromisoformat(at).replace(tzinfo=zone).timestamp()) for at in (start, end))
    return CalendarEvent(begins, ends, mode, "calendars.0")


def shown(rules: Rules, first: str, days: int) -> list[str]:
    """The windows as ``LOCAL START  MODE``, neighbours of one mode joined: reasons differ by spelling."""
    lines: list[str] = []
    for window in Calendar(rules).windows(date.fromisoformat(first), days):
        start = datetime.fromtimestamp(window.start, ZoneInfo(rules.zone))
        if not lines or lines[-1].split()[-1] != window.verdict.mode:
            lines.append(f"{start:%m-%d %H:%M%z} {window.verdict.mode}")
    return lines


@dataclass(frozen=True)
class Case:
    """Spellings that all mean the same for ``days`` days from ``first`` on."""

    spellings: dict[str, Rules]
    first: str
    days: int
    windows: list[str]
