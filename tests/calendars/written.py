"""Calendars, written briefly."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from pbxctl.timeline.ics import Expanded

BRUSSELS = "Europe/Brussels"
FIRST, DAYS = date(2026, 11, 23), 60


def calendar(*events: str, zones: str = "") -> bytes:
    """A whole calendar of events, each the lines between its BEGIN and END."""
    body = "".join(
        f"BEGIN:VEVENT\nUID:{index}\nDTSTAMP:20260101T000000Z\n{event}\nEND:VEVENT\n"
        if "UID:" not in event
        else f"BEGIN:VEVENT\nDTSTAMP:20260101T000000Z\n{event}\nEND:VEVENT\n"
        for index, event in enumerate(events)
    )
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//tests//\n{zones}{body}END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


def shown(found: Expanded, zone: str = BRUSSELS) -> list[str]:
    """The times as a person reads them."""

    def clock(at: int) -> str:
        return f"{datetime.fromtimestamp(at, ZoneInfo(zone)):%m-%d %H:%M}"

    return [f"{clock(each.start)} to {clock(each.end)}" for each in found.occurrences]
