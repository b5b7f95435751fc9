"""Rules and calendars worked out to gap-free windows of time."""

from pbxctl.names import ORDINARY
from pbxctl.timeline.rules import (
    NOTHING_SAID,
    WHOLE_DAYS,
    CalendarEvent,
    ClosedDay,
    Holiday,
    Hours,
    OwnDate,
    Rules,
    Rung,
    Verdict,
)
from pbxctl.timeline.windows import Calendar, Said, Stretch, Window, weekly_day

__all__ = [
    "NOTHING_SAID",
    "ORDINARY",
    "WHOLE_DAYS",
    "Calendar",
    "CalendarEvent",
    "ClosedDay",
    "Holiday",
    "Hours",
    "OwnDate",
    "Rules",
    "Rung",
    "Said",
    "Stretch",
    "Verdict",
    "Window",
    "weekly_day",
]
