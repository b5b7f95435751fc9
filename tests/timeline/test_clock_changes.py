"""Clocks that are put forward and back: 02:30 comes twice in October, and not at all in March."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from pbxctl.timeline import Calendar, Hours, OwnDate, Rules
from pbxctl.timeline.instants import day_start, instant

INSTANTS = {
    "an ordinary noon": ("Europe/Brussels", "2026-12-02 12:00", "2026-12-02 11:00:00"),
    "02:30 twice: the first": ("Europe/Brussels", "2026-10-25 02:30", "2026-10-25 00:30:00"),
    "03:00 after it came": ("Europe/Brussels", "2026-10-25 03:00", "2026-10-25 02:00:00"),
    "02:30 skipped: the skip": ("Europe/Brussels", "2027-03-28 02:30", "2027-03-28 01:00:00"),
    "02:00 skipped: the skip": ("Europe/Brussels", "2027-03-28 02:00", "2027-03-28 01:00:00"),
    "03:00 is the skip too": ("Europe/Brussels", "2027-03-28 03:00", "2027-03-28 01:00:00"),
    "01:59 before the skip": ("Europe/Brussels", "2027-03-28 01:59", "2027-03-28 00:59:00"),
    "a skipped midnight": ("America/Santiago", "2026-09-06 00:00", "2026-09-06 04:00:00"),
    "half past a skipped midnight": ("America/Santiago", "2026-09-06 00:30", "2026-09-06 04:00:00"),
    "23:30 twice: the first": ("America/Santiago", "2027-04-03 23:30", "2027-04-04 02:30:00"),
    "midnight behind it": ("America/Santiago", "2027-04-04 00:00", "2027-04-04 04:00:00"),
    "midnight twice: the first": ("America/Havana", "2026-11-01 00:00", "2026-11-01 04:00:00"),
    "a skipped Friday midnight": ("Africa/Cairo", "2027-04-30 00:00", "2027-04-29 22:00:00"),
    "half an hour skipped": ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03 15:30:00"),
    "half an hour twice": ("Australia/Lord_Howe", "2027-04-04 01:45", "2027-04-03 14:45:00"),
    "a day that never was": ("Pacific/Apia", "2011-12-30 12:00", "2011-12-30 10:00:00"),
}


@pytest.mark.parametrize(("zone", "wall", "utc"), INSTANTS.values(), ids=INSTANTS)
def test_a_time_on_the_wall_is_one_instant(zone: str, wall: str, utc: str) -> None:
    found = datetime.fromtimestamp(instant(datetime.fromisoformat(wall), ZoneInfo(zone)), UTC)
    assert found.strftime("%Y-%m-%d %H:%M:%S") == utc


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Brussels", "2026-12-02", 24.0),
        ("Europe/Brussels", "2027-03-28", 23.0),
        ("Europe/Brussels", "2026-10-25", 25.0),
        ("America/Santiago", "2026-09-06", 23.0),
        ("America/Santiago", "2027-04-03", 25.0),
        ("America/Havana", "2026-11-01", 25.0),
        ("Africa/Cairo", "2027-04-30", 23.0),
        ("Africa/Cairo", "2026-10-29", 25.0),
        ("Australia/Lord_Howe", "2026-10-04", 23.5),
        ("Australia/Lord_Howe", "2027-04-04", 24.5),
        ("Pacific/Apia", "2011-12-30", 0.0),
    ],
)
def test_a_day_is_as_long_as_the_clock_makes_it(zone: str, day: str, hours: float) -> None:
    first = date.fromisoformat(day)
    after = date.fromordinal(first.toordinal() + 1)
    assert (day_start(after, ZoneInfo(zone)) - day_start(first, ZoneInfo(zone))) / 3600 == hours


def night(opens: int, closes: int) -> Hours:
    return Hours((((opens, closes),),) * 7, "voicemail", "hours")


def utc_edges(rules: Rules, day: str) -> list[str]:
    windows = Calendar(rules).windows(date.fromisoformat(day), 1)
    return [f"{datetime.fromtimestamp(window.start, UTC):%H:%M} {window.verdict.mode}" for window in windows]


NIGHTS = {
    "open 02:15 to 02:45, twice on the wall: open once, and until the first 02:45": (
        night(135, 165),
        "2026-10-25",
        ["22:00 voicemail", "00:15 ordinary", "00:45 voicemail"],
    ),
    "open 02:30 to 03:00: open until 03:00 is there at last": (
        night(150, 180),
        "2026-10-25",
        ["22:00 voicemail", "00:30 ordinary", "02:00 voicemail"],
    ),
    "open 02:15 to 02:45, skipped: not open at all": (night(135, 165), "2027-03-28", ["23:00 voicemail"]),
    "open 02:30 to 04:00: open from the skip on": (
        night(150, 240),
        "2027-03-28",
        ["23:00 voicemail", "01:00 ordinary", "02:00 voicemail"],
    ),
    "open 01:30 to 02:30: until the skip": (
        night(90, 150),
        "2027-03-28",
        ["23:00 voicemail", "00:30 ordinary", "01:00 voicemail"],
    ),
}


@pytest.mark.parametrize(("hours", "day", "edges"), NIGHTS.values(), ids=NIGHTS)
def test_hours_in_the_night_of_the_change(hours: Hours, day: str, edges: list[str]) -> None:
    assert utc_edges(Rules("Europe/Brussels", hours=hours), day) == edges


@pytest.mark.parametrize(("hours", "day", "edges"), NIGHTS.values(), ids=NIGHTS)
def test_own_dates_in_that_night_are_taken_the_same_way(hours: Hours, day: str, edges: list[str]) -> None:
    midnight = datetime.fromisoformat(day)
    ((opens, closes),) = hours.spans[0]
    opened = OwnDate(
        midnight.replace(hour=opens // 60, minute=opens % 60),
        midnight.replace(hour=closes // 60, minute=closes % 60),
        "ordinary",
        "dates.0",
    )
    closed = OwnDate(midnight, datetime.fromordinal(midnight.toordinal() + 1), "voicemail", "dates.1")
    assert utc_edges(Rules("Europe/Brussels", dates=(opened, closed)), day) == edges


def test_what_lay_on_both_sides_of_a_skipped_stretch_is_one_stretch_again() -> None:
    calendar = Calendar(Rules("Europe/Brussels", hours=night(135, 165)))
    ((_, start, _, stretches),) = calendar.days(date(2027, 3, 28), 1)
    assert [(stretch.start, stretch.verdict.mode) for stretch in stretches] == [(start, "voicemail")]


def test_a_day_that_never_was_has_no_window() -> None:
    lost = OwnDate(datetime.fromisoformat("2011-12-30"), datetime.fromisoformat("2011-12-31"), "x", "r")
    rules = Rules("Pacific/Apia", dates=(lost,))
    assert [window.verdict.mode for window in Calendar(rules).windows(date(2011, 12, 29), 3)] == ["ordinary"]
