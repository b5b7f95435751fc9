"""Texts of the configuration -> times, days, spans, durations and whole numbers.

Each function raises ValueError with what is wrong and what would be right; the caller
knows the place. Times are local wall-clock times: minutes of the day, 0 to 1440.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Final, TypeAlias

from pbxctl.config.problems import did_you_mean, quoted
from pbxctl.names import SHORT_WEEKDAYS, WEEKDAY_WORDS

Span: TypeAlias = tuple[int, int]
"""Open from a minute of the day until, not including, another; 1440 is midnight at the day's end."""

MINUTES_PER_DAY: Final = 1440

_YEARS: Final = range(2000, 2200)  # outside of it a year is a slip of the finger

_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})")
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_MOMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[ T]+([0-9]{1,2}:[0-9]{2}))?")
_DURATION = re.compile(r"([0-9]{1,4}) ?s")
_HOURS = re.compile(r"([0-9]{1,4}) ?h")
_WHOLE = re.compile(r"[0-9]{1,6}")


def parse_clock(text: str) -> int:
    """``HH:MM`` as a minute of the day, up to 24:00."""
    found = _CLOCK.fullmatch(text)
    minute = int(found[1]) * 60 + int(found[2]) if found else MINUTES_PER_DAY + 1
    if found is None or int(found[2]) > 59 or minute > MINUTES_PER_DAY:
        raise ValueError(
            f"{quoted(text)} is no time of the day; write HH:MM from 00:00 to 24:00, such as 08:30"
        )
    return minute


def parse_spans(text: str) -> tuple[Span, ...]:
    """``08:30-12:00, 13:00-17:30`` as spans in order, or ``closed`` as none."""
    if text.strip().lower() == "closed":
        return ()
    return ordered_spans(tuple(_parse_span(part.strip()) for part in text.split(",")))


def ordered_spans(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """The spans of one day in order; they may touch, but not overlap."""
    in_order = tuple(sorted(spans))
    for (_, end), (start, later_end) in pairwise(in_order):
        if start < end:
            raise ValueError(
                f"{format_clock(start)}-{format_clock(later_end)} begins before the span ahead of it ends at "
                f"{format_clock(end)}; join the two or part them"
            )
    return in_order


def _parse_span(text: str) -> Span:
    start_text, dash, end_text = text.partition("-")
    if not dash:
        raise ValueError(f"{quoted(text)} is no span of hours; write 08:30-17:30 or closed")
    start, end = parse_clock(start_text.strip()), parse_clock(end_text.strip())
    if start == end:
        raise ValueError(f"{quoted(text)} has no length; write closed, or 00:00-24:00 for the whole day")
    if start > end:
        raise ValueError(
            f"{quoted(text)} runs backwards; over midnight write two days, "
            f"{format_clock(start)}-24:00 and on the next 00:00-{format_clock(end)}"
        )
    return start, end


def format_clock(minute: int) -> str:
    """A minute of the day as ``HH:MM``."""
    return f"{minute // 60:02}:{minute % 60:02}"


def parse_day(text: str) -> date:
    """``YYYY-MM-DD``."""
    if found := _DAY.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
        if year not in _YEARS:
            raise ValueError(f"the year {year} is not between {_YEARS[0]} and {_YEARS[-1]}; check it")
        try:
            return date(year, month, day)
        except ValueError:
            raise ValueError(f"the calendar has no day {text}; check month and day") from None
    raise ValueError(f"{quoted(text)} is no date; write YEAR-MONTH-DAY such as 2026-12-24")


def parse_moment(text: str) -> tuple[datetime, bool]:
    """``YYYY-MM-DD`` or ``YYYY-MM-DD HH:MM`` as a naive local moment, and whether a time was written."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise ValueError(f"{quoted(text)} is no date; write 2026-12-24, or with a time 2026-12-24 12:00")
    midnight = datetime.combine(parse_day(found[1]), time())
    if found[2] is None:
        return midnight, False
    return midnight + timedelta(minutes=parse_clock(found[2])), True


def parse_weekday(text: str) -> int:
    """``wednesday`` or ``wed`` as an ISO weekday, Monday 1 to Sunday 7."""
    word = text.strip().lower()
    for names in (WEEKDAY_WORDS, SHORT_WEEKDAYS):
        if word in names:
            return names.index(word) + 1
    raise ValueError(
        f"{quoted(text)} is no weekday{did_you_mean(text, WEEKDAY_WORDS)}; write monday to sunday"
    )


def parse_weekday_or_none(text: str) -> int | None:
    """As :func:`parse_weekday`, or ``none``."""
    return None if text.strip().lower() == "none" else parse_weekday(text)


def weekday_name(weekday: int) -> str:
    """The name of an ISO weekday as it is written in the configuration."""
    return WEEKDAY_WORDS[weekday - 1]


def parse_weekdays(text: str) -> tuple[int, ...]:
    """``mon-fri``, ``sat`` or ``mon,wed,fri`` as ISO weekdays; ``fri-mon`` goes over the weekend."""
    days: list[int] = []
    for part in text.split(","):
        first_text, dash, last_text = part.partition("-")
        try:
            first = parse_weekday(first_text)
            last = parse_weekday(last_text) if dash else first
        except ValueError:
            raise ValueError(
                "is neither a day nor outside; write mon to sun, a range mon-fri, or a list mon,wed,fri"
            ) from None
        days += [(first - 1 + ahead) % 7 + 1 for ahead in range((last - first) % 7 + 1)]
    return tuple(days)


def parse_duration(text: str, low: int, high: int) -> int:
    """``20s`` as seconds."""
    found = _DURATION.fullmatch(text)
    if found is None:
        raise ValueError(f"{quoted(text)} is no duration in seconds; write it like 20s")
    return _within(int(found[1]), low, high, "s")


def parse_hours(text: str, low: int, high: int) -> int:
    """``4h`` as seconds; ``low`` and ``high`` are hours."""
    found = _HOURS.fullmatch(text)
    if found is None:
        raise ValueError(f"{quoted(text)} is no duration in hours; write it like 4h")
    return _within(int(found[1]), low, high, "h") * 3600


def parse_whole(text: str, low: int, high: int) -> int:
    """A whole number written in digits."""
    if _WHOLE.fullmatch(text) is None:
        raise ValueError(f"{quoted(text)} is no whole number; write {_range(low, high, '')}")
    return _within(int(text), low, high, "")


def _within(number: int, low: int, high: int, unit: str) -> int:
    if not low <= number <= high:
        raise ValueError(f"{number}{unit} is out of range; write {_range(low, high, unit)}")
    return number


def _range(low: int, high: int, unit: str) -> str:
    return f"{low}{unit}" if low == high else f"{low}{unit} to {high}{unit}"
