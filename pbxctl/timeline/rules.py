"""The rules of a schedule, as the timeline understands them: free of configuration and of clocks.

All days and times here are wall-clock values in the schedule's own zone; ``rule`` is the
key of the configuration that says so, and comes back in every window it is the reason of.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from pbxctl.names import ORDINARY

MINUTES_OF_DAY = 24 * 60
Span = tuple[int, int]
"""Minutes of the day, half-open: ``(510, 1050)`` is 08:30 up to but not including 17:30."""


class Rung(StrEnum):
    """The rungs of the ladder that speak about a route by the calendar, first that speaks wins."""

    DATE = "date"
    CALENDAR = "calendar"
    HOLIDAY = "holiday"
    CLOSED_DAY = "closed_day"
    HOURS = "hours"
    ORDINARY = "ordinary"


WHOLE_DAYS = (Rung.DATE, Rung.CALENDAR, Rung.HOLIDAY, Rung.CLOSED_DAY)
"""The rungs that close days or stretches of them; outside of the hours a PBX is closed without us, too."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rung says: a mode, and because of which rule."""

    mode: str
    rung: Rung
    rule: str

    @property
    def answered(self) -> bool:
        """Whether people answer.

        Outside of hours nobody does, even where the call stays ordinary since somebody else owns the night.
        """
        return self.mode == ORDINARY and self.rung is not Rung.HOURS


NOTHING_SAID = Verdict(ORDINARY, Rung.ORDINARY, ORDINARY)
"""The last rung: where no rule speaks, the PBX's own dialplan does as always."""


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """The fixed weekday (ISO, 1 Monday … 7 Sunday) behind closed doors, from ``since`` on.

    ``weekday`` None means that from ``since`` on there is none.
    """

    weekday: int | None
    since: date
    mode: str
    rule: str


@dataclass(frozen=True, slots=True)
class Hours:
    """When people answer, per ISO weekday (index 0 is Monday); the mode of all other times.

    ``outside`` ordinary means hours that are spoken, and do not switch.
    """

    spans: tuple[tuple[Span, ...], ...]
    outside: str
    rule: str


@dataclass(frozen=True, slots=True)
class Holiday:
    """A public holiday: one whole local day."""

    day: date
    name: str
    mode: str
    rule: str


@dataclass(frozen=True, slots=True)
class OwnDate:
    """A range of the company's own, local ``[start, end)``.

    ``mode`` None means *an ordinary day*: closed day, calendars and holidays do not count, hours still do.
    With ``hours`` these are the hours of each of its days, and ``mode`` is that of all other times.
    """

    start: datetime
    end: datetime
    mode: str | None
    rule: str
    hours: tuple[Span, ...] | None = None

    def __post_init__(self) -> None:
        if self.hours is not None and self.mode is None:
            raise ValueError("an own date with hours needs a mode for the time outside of them")


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """An event of a calendar that closes, ``[start, end)`` in epoch seconds."""

    start: int
    end: int
    mode: str
    rule: str


@dataclass(frozen=True, slots=True)
class Rules:
    """One schedule. Among own dates, the one written first wins where two meet; among events likewise.

    ``closed_days`` are the changes of the closed day in the order of their ``since``: on a day, the
    last one whose ``since`` has come is in force, and what was before stays what it was.
    """

    zone: str
    closed_days: tuple[ClosedDay, ...] = ()
    hours: Hours | None = None
    holidays: tuple[Holiday, ...] = ()
    dates: tuple[OwnDate, ...] = ()
    events: tuple[CalendarEvent, ...] = ()
