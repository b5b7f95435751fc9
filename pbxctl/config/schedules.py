"""Schedules: the rules that say when a route is in which mode."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Annotated, Any, Self, TypeVar

from pydantic import Field, ValidationInfo, model_validator

from pbxctl.config import scalars, words
from pbxctl.config.closed_days import ClosedDay, ClosedDays
from pbxctl.config.fields import (
    FileContext,
    HolidayRegion,
    IcsAddress,
    Mode,
    Part,
    TimeZone,
    parsed,
    read_mode,
    unknown_key,
    whole,
)
from pbxctl.config.problems import KeyPath, Mistake, Mistakes, quoted
from pbxctl.config.scalars import MINUTES_PER_DAY, Span
from pbxctl.names import ORDINARY, SHORT_WEEKDAYS

_Parsed = TypeVar("_Parsed")


class Holidays(Part):
    """The public holidays of countries (``BE``) or parts of them (``DE-BY``)."""

    regions: Annotated[tuple[HolidayRegion, ...], Field(min_length=1, examples=["[BE]"])]
    mode: Mode = Field(examples=["voicemail"])


class CalendarSource(Part):
    """A calendar in iCalendar form whose events close: a file, or an address on the web.

    It may close at most ``max_days`` of any twice as many days in a row; what would close more is held back.
    """

    ics: IcsAddress = Field(examples=["holidays.ics"])
    mode: Mode = Field(examples=["voicemail"])
    max_days: Annotated[int, Field(ge=1, le=100), whole(1, 100)] = 14


class Hours(Part):
    """The hours of a week, in local time, and the mode outside of them.

    ``spans`` has seven entries, Monday first: the spans of that day in order, each open from
    a minute of the day until, not including, another (0 to 1440). Spans may touch. ``outside`` is
    ``ordinary`` where the hours are spoken and do not switch (``switched: false``).
    """

    file_keys = (*SHORT_WEEKDAYS, "outside", "switched")

    spans: tuple[tuple[Span, ...], ...]
    outside: Mode
    switched: bool = True

    @model_validator(mode="before")
    @classmethod
    def _from_file(cls, value: Any, info: ValidationInfo[Any]) -> Any:
        if isinstance(info.context, FileContext) and isinstance(value, dict):
            return _read_hours(value, info.context)
        return value

    @model_validator(mode="after")
    def _is_a_week(self) -> Self:
        if len(self.spans) != 7:
            raise ValueError("hours need seven days")
        for spans in self.spans:
            if spans != scalars.ordered_spans(spans):
                raise ValueError("the spans of a day must be in order")
            if not all(0 <= start < end <= MINUTES_PER_DAY for start, end in spans):
                raise ValueError("a span must begin before it ends, within 0 to 1440")
        return self


class DateRule(Part):
    """A mode, or an ordinary day, from a local moment until, not including, another.

    Both moments are naive, in the schedule's zone. An ordinary day is decided as if it were neither
    a closed day nor a holiday; the hours still apply. ``hours`` are the spans in which each of its
    days is ordinary; ``mode`` is then that of all other times, the schedule's own if it is None.
    """

    file_keys = ("on", "from", "to", "mode", "ordinary_day", "hours", "reason")

    start: datetime
    end: datetime
    mode: Mode | None = None
    ordinary_day: bool = False
    hours: tuple[Span, ...] | None = None
    reason: str = ""

    @model_validator(mode="before")
    @classmethod
    def _from_file(cls, value: Any, info: ValidationInfo[Any]) -> Any:
        if isinstance(info.context, FileContext) and isinstance(value, dict):
            return _read_date_rule(value, info.context)
        return value

    @model_validator(mode="after")
    def _speaks_of_a_time(self) -> Self:
        if self.start.tzinfo is not None or self.end.tzinfo is not None or self.start >= self.end:
            raise ValueError("a date rule needs two naive moments, the first before the second")
        if self.hours is None and (self.mode is None) is not self.ordinary_day:
            raise ValueError("a date rule has either a mode or an ordinary day")
        if self.hours is not None and (self.ordinary_day or self.hours != scalars.ordered_spans(self.hours)):
            raise ValueError("a date rule has either hours, in order, or an ordinary day")
        return self


class Schedule(Part):
    """All rules of a schedule; which of them speaks first is the decision's business.

    ``timezone`` is the clock of all its rules, the company's where it is left out.
    """

    timezone: TimeZone | None = Field(None, examples=["Europe/Brussels"])
    closed_day: ClosedDays | None = Field(
        None, examples=["{weekday: wednesday, since: 2026-12-02, mode: voicemail}"]
    )
    holidays: Holidays | None = None
    hours: Hours | None = Field(None, examples=["{mon-fri: 08:30-17:30, outside: voicemail}"])
    calendars: tuple[CalendarSource, ...] = Field((), examples=["[{ics: holidays.ics, mode: voicemail}]"])
    dates: tuple[DateRule, ...] = Field((), examples=["[{on: 2026-12-24, mode: voicemail}]"])

    @property
    def closed_days(self) -> tuple[tuple[KeyPath, ClosedDay], ...]:
        """The changes of the closed day, each with its path within the schedule, in the order written."""
        if isinstance(self.closed_day, ClosedDay):
            return ((("closed_day",), self.closed_day),)
        return tuple((("closed_day", index), each) for index, each in enumerate(self.closed_day or ()))


def _read_hours(written: dict[str, Any], context: FileContext) -> dict[str, Any]:
    """``{mon-fri: 08:30-17:30, outside: voicemail}`` as what :class:`Hours` holds."""
    mistakes: list[Mistake] = []
    week: dict[int, tuple[Span, ...]] = {}
    named_by: dict[int, str] = {}
    for key, value in written.items():
        if key in ("outside", "switched"):
            continue
        try:
            days = scalars.parse_weekdays(key)
        except ValueError as error:
            mistakes.append(Mistake((key,), str(error), at_key=True))
            continue
        for day in days:
            if day in named_by:
                name = scalars.weekday_name(day)
                other = "the same key" if named_by[day] == key else quoted(named_by[day])
                message = f"names {name}, which {other} already does; name each day once"
                mistakes.append(Mistake((key,), message, at_key=True))
                break
            named_by[day] = key
        spans = _read_spans(mistakes, key, value)
        week.update(dict.fromkeys(days, spans))
    if not named_by and not mistakes:
        mistakes.append(Mistake((), "names no day; write for example mon-fri: 08:30-17:30"))
    outside, switched = _read_outside(mistakes, written, context)
    if mistakes:
        raise Mistakes(mistakes)
    return {
        "spans": tuple(week.get(day, ()) for day in range(1, 8)),
        "outside": outside,
        "switched": switched,
    }


def _read_outside(
    mistakes: list[Mistake], written: dict[str, Any], context: FileContext
) -> tuple[str | None, bool]:
    """The mode outside of the hours; ordinary where they are spoken without being switched."""
    switched = (
        parsed(mistakes, "switched", written["switched"], _read_truth) if "switched" in written else True
    )
    if switched is not False:
        outside = _required(
            mistakes, written, "outside", lambda text: read_mode(text, context), "outside: voicemail"
        )
        return outside, True
    if "outside" in written:
        mistakes.append(Mistake(("outside",), "stands beside switched: false; leave one of the two out"))
    return ORDINARY, False


def _read_spans(mistakes: list[Mistake], key: str, value: object) -> tuple[Span, ...]:
    """The spans of a day: one text, or a list of them."""
    if not isinstance(value, list):
        return parsed(mistakes, key, value, scalars.parse_spans) or ()
    if all(isinstance(part, str) for part in value):
        return parsed(mistakes, key, ",".join(value) or "closed", scalars.parse_spans) or ()
    mistakes.append(Mistake((key,), "holds a list within a list; write [08:30-12:00, 13:00-17:30]"))
    return ()


def _read_date_rule(written: dict[str, Any], context: FileContext) -> dict[str, Any]:
    """``{from: …, to: …, mode: …}`` or ``{on: …, ordinary_day: true}`` as what :class:`DateRule` holds."""
    mistakes = [
        Mistake((key,), unknown_key(key, DateRule.file_keys), at_key=True)
        for key in written
        if key not in DateRule.file_keys
    ]
    start, end = _read_bounds(mistakes, written)
    mode = None
    if "mode" in written:
        mode = parsed(mistakes, "mode", written["mode"], lambda text: read_mode(text, context))
    if "ordinary_day" in written:
        parsed(mistakes, "ordinary_day", written["ordinary_day"], _read_true)
    if "mode" in written and "ordinary_day" in written:
        mistakes.append(Mistake(("ordinary_day",), "stands beside a mode; keep one of the two"))
    if "hours" in written and "ordinary_day" in written:
        mistakes.append(Mistake(("ordinary_day",), "stands beside hours; keep one of the two"))
    if not {"mode", "ordinary_day", "hours"} & set(written):
        mistakes.append(Mistake((), "says not what happens; add mode: voicemail, or ordinary_day: true"))
    hours = _read_spans(mistakes, "hours", written["hours"]) if "hours" in written else None
    if (
        mode == ORDINARY
        and hours is None
        and start
        and end
        and (start.time(), end.time()) == (time(), time())
    ):
        message = (
            "would let the telephones ring all night; write ordinary_day: true, then the hours still count"
        )
        mistakes.append(Mistake(("mode",), message))
    reason = parsed(mistakes, "reason", written["reason"], words.free_text) if "reason" in written else ""
    if mistakes:
        raise Mistakes(mistakes)
    return {
        "start": start,
        "end": end,
        "mode": mode,
        "ordinary_day": "ordinary_day" in written,
        "hours": hours,
        "reason": reason,
    }


def _read_bounds(mistakes: list[Mistake], written: dict[str, Any]) -> tuple[datetime | None, datetime | None]:
    """From when until when: a whole day, or two moments."""
    ranged = [key for key in ("from", "to") if key in written]
    if "on" in written:
        mistakes.extend(Mistake((key,), "stands beside on; keep either on, or from and to") for key in ranged)
        day = parsed(mistakes, "on", written["on"], scalars.parse_day)
        midnight = datetime.combine(day, time()) if day else None
        return midnight, midnight + timedelta(days=1) if midnight else None
    if not ranged:
        mistakes.append(Mistake((), "says not when; add on: 2026-12-24, or from: and to:"))
        return None, None
    start = _required(mistakes, written, "from", scalars.parse_moment, "from: 2026-12-24 12:00")
    end = _required(mistakes, written, "to", _parse_end, "to: 2027-01-04 08:30")
    if start and end and start[0] >= end:
        message = f"lies not behind from, {written['from']}; write a later moment"
        mistakes.append(Mistake(("to",), message))
    return start[0] if start else None, end


def _parse_end(text: str) -> datetime:
    """The end of a range; a bare date includes that whole day."""
    moment, has_time = scalars.parse_moment(text)
    return moment if has_time else moment + timedelta(days=1)


def _read_true(text: str) -> bool:
    if text.lower() != "true":
        raise ValueError(f"{quoted(text)} means nothing here; write true, or leave the line out")
    return True


def _read_truth(text: str) -> bool:
    return words.one_of(text.lower(), ("true", "false")) == "true"


def _required(
    mistakes: list[Mistake],
    written: dict[str, Any],
    key: str,
    parse: Callable[[str], _Parsed],
    example: str,
) -> _Parsed | None:
    """Parse a key that must be there."""
    if key in written:
        return parsed(mistakes, key, written[key], parse)
    mistakes.append(Mistake((key,), f"is missing; write for example {example}"))
    return None
