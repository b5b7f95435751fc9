"""The rules of a schedule, as the timeline understands them: free of configuration and of clocks.

All days and times here are wall-clock values in the schedule's own zone; ``rule`` is the
key of the configuration that says so, and comes back in every window it is the reason of.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

ORDINARY = "ordinary"

MINUTES_OF_DAY = 24 * 60
Span = tuple[int, int]
"""Minutes of the day, half-open: ``(510, 1050)`` is 08:30 up to but not including 17:30."""


class Rung(StrEnum):
    """The rungs of the ladder that speak about a route by the calendar, first that speaks wins."""

    DATE = "date"
    HOLIDAY = "holiday"
    CLOSED_DAY = "closed_day"
    HOURS = "hours"
    ORDINARY = "ordinary"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rung says: a mode, and because of which rule."""

    mode: str
    rung: Rung
    rule: str


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
    """When people answer, per ISO weekday (index 0 is Monday); the mode of all other times."""

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

    ``mode`` None means *an ordinary day*: closed day and holiday do not count, hours still do.
    """

    start: datetime
    end: datetime
    mode: str | None
    rule: str


@dataclass(frozen=True, slots=True)
class Rules:
    """One schedule. Among own dates, the one written first wins where two meet.

    ``closed_days`` are the changes of the closed day in the order of their ``since``: on a day, the
    last one whose ``since`` has come is in force, and what was before stays what it was.
    """

    zone: str
    closed_days: tuple[ClosedDay, ...] = ()
    hours: Hours | None = None
    holidays: tuple[Holiday, ...] = ()
    dates: tuple[OwnDate, ...] = ()
