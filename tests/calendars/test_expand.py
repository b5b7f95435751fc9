"""What the events of a calendar mean: several ways to write them, and what is odd is told and left out."""

from __future__ import annotations

import pytest

from pbxctl.timeline.ics import expand_calendar
from tests.calendars.written import BRUSSELS, DAYS, FIRST, calendar, shown

OUTLOOK_ZONE = """\
BEGIN:VTIMEZONE
TZID:Customized Time Zone
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""
MORNING = ["12-02 09:00 to 12-02 10:00"]

SPELLINGS = {
    "in UTC": (calendar("DTSTART:20261202T080000Z\nDTEND:20261202T090000Z"), MORNING),
    "floating: in the schedule's zone": (calendar("DTSTART:20261202T090000\nDTEND:20261202T100000"), MORNING),
    "in a zone": (
        calendar(
            "DTSTART;TZID=America/New_York:20261202T030000\nDTEND;TZID=America/New_York:20261202T040000"
        ),
        MORNING,
    ),
    "by a duration": (calendar("DTSTART;TZID=Europe/Brussels:20261202T090000\nDURATION:PT1H"), MORNING),
    "in Outlook's name of a zone": (
        calendar("DTSTART;TZID=W. Europe Standard Time:20261202T090000\nDURATION:PT1H"),
        MORNING,
    ),
    "in a zone of Outlook's own": (
        calendar("DTSTART;TZID=Customized Time Zone:20261202T090000\nDURATION:PT1H", zones=OUTLOOK_ZONE),
        MORNING,
    ),
    "all day": (calendar("DTSTART;VALUE=DATE:20261202"), ["12-02 00:00 to 12-03 00:00"]),
    "all day, several": (
        calendar("DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20270104"),
        ["12-24 00:00 to 01-04 00:00"],
    ),
    "weekly, one left out, one moved": (
        calendar(
            "UID:a\nDTSTART;TZID=Europe/Brussels:20261202T090000\nDURATION:PT1H\n"
            "RRULE:FREQ=WEEKLY;COUNT=4\nEXDATE;TZID=Europe/Brussels:20261209T090000",
            "UID:a\nRECURRENCE-ID;TZID=Europe/Brussels:20261216T090000\n"
            "DTSTART;TZID=Europe/Brussels:20261217T140000\nDURATION:PT2H",
        ),
        [*MORNING, "12-17 14:00 to 12-17 16:00", "12-23 09:00 to 12-23 10:00"],
    ),
    "one of a series cancelled": (
        calendar(
            "UID:a\nDTSTART:20261202T080000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=2",
            "UID:a\nRECURRENCE-ID:20261203T080000Z\nDTSTART:20261203T080000Z\nDURATION:PT1H\nSTATUS:CANCELLED",
        ),
        MORNING,
    ),
    "overlapping": (
        calendar("DTSTART:20261202T080000Z\nDURATION:PT1H", "DTSTART:20261202T083000Z\nDURATION:PT1H"),
        [*MORNING, "12-02 09:30 to 12-02 10:30"],
    ),
    "by dates of its own": (
        calendar("DTSTART:20261202T080000Z\nDURATION:PT1H\nRDATE:20261204T080000Z"),
        [*MORNING, "12-04 09:00 to 12-04 10:00"],
    ),
    "monthly, in small letters": (
        calendar("DTSTART:20261102T080000Z\nDURATION:PT1H\nrrule:freq=monthly;count=3"),
        ["12-02 09:00 to 12-02 10:00", "01-02 09:00 to 01-02 10:00"],
    ),
    "yearly, since 1970": (
        calendar("DTSTART:19701202T080000Z\nDURATION:PT1H\nRRULE:FREQ=YEARLY"),
        MORNING,
    ),
    "each hour of a day": (
        calendar(
            "DTSTART:20261202T000000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=24;BYHOUR="
            + ",".join(map(str, range(24)))
        ),
        [f"12-02 {hour:02}:00 to 12-02 {hour + 1:02}:00" for hour in range(1, 23)]
        + ["12-02 23:00 to 12-03 00:00", "12-03 00:00 to 12-03 01:00"],
    ),
    "daily in a far zone, whose last day is another one": (
        calendar(
            "DTSTART;TZID=Pacific/Kiritimati:20270120T080000\nDURATION:PT1H\nRRULE:FREQ=DAILY;UNTIL=20270301T000000Z"
        ),
        ["01-19 19:00 to 01-19 20:00", "01-20 19:00 to 01-20 20:00", "01-21 19:00 to 01-21 20:00"],
    ),
    "since long ago and for ever: cut to the period": (
        calendar("DTSTART;VALUE=DATE:19000101\nDTEND;VALUE=DATE:99991231"),
        ["11-23 00:00 to 01-22 00:00"],
    ),
    "without an end: no time at all": (calendar("DTSTART:20261202T080000Z"), []),
    "before and after the period": (
        calendar("DTSTART;VALUE=DATE:20261122", "DTSTART;VALUE=DATE:20270122"),
        [],
    ),
    "no event": (calendar(), []),
}


@pytest.mark.parametrize(("content", "times"), SPELLINGS.values(), ids=SPELLINGS)
def test_events_take_place_when_they_say(content: bytes, times: list[str]) -> None:
    found = expand_calendar(content, BRUSSELS, FIRST, DAYS)
    assert (shown(found), found.problems) == (times, ())


def test_a_time_over_the_change_of_the_clocks_stays_on_the_wall() -> None:
    weekly = "DTSTART;TZID=Europe/Brussels:20261018T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=3"
    found = expand_calendar(calendar(weekly), BRUSSELS, FIRST.replace(month=10, day=1), 60)
    assert [line[:11] for line in shown(found)] == ["10-18 09:00", "10-25 09:00", "11-01 09:00"]


GOOD = "DTSTART:20261202T080000Z\nDURATION:PT1H\nSUMMARY:Good"
BAD = {
    "a broken date": ("DTSTART:2026-12-02", "DTSTART cannot be read"),
    "no date": ("SUMMARY:x", "it does not say when"),
    "a broken rule": ("DTSTART:20261202T080000Z\nRRULE:FREQ=SOMETIMES", "RRULE cannot be read"),
    "every second": (
        "DTSTART:19700101T000000Z\nDURATION:PT1S\nRRULE:FREQ=SECONDLY",
        "it repeats secondly, more often than daily",
    ),
    "every minute": ("DTSTART:20261202T080000Z\nRRULE:FREQ=MINUTELY", "more often than daily"),
    "every hour": ("DTSTART:20261202T080000Z\nRRULE:FREQ=HOURLY", "more often than daily"),
    "all minutes of a day": (
        "DTSTART:20261202T080000Z\nRRULE:FREQ=DAILY;BYMINUTE=0,30;BYHOUR=" + ",".join(map(str, range(24))),
        "it repeats 48 times a day",
    ),
    "all seconds of an hour": (
        "DTSTART:20261202T080000Z\nRRULE:FREQ=DAILY;BYSECOND=" + ",".join(map(str, range(60))),
        "it repeats 60 times a day",
    ),
    "by a second rule, every second": (
        "DTSTART:20261202T080000Z\nDURATION:PT1S\nRRULE:FREQ=DAILY;COUNT=2\nRRULE:FREQ=SECONDLY",
        "more often than daily",
    ),
    "no step": ("DTSTART:20261202T080000Z\nRRULE:FREQ=DAILY;INTERVAL=0", "it repeats at once"),
    "since the year 1": ("DTSTART:00010101T080000Z\nRRULE:FREQ=DAILY", "since before 1970"),
    "backwards": ("DTSTART:20261202T080000Z\nDTEND:20261202T070000Z", "it ends before it has begun"),
    "a date and a time": ("DTSTART;VALUE=DATE:20261202\nDTEND:20261202T070000Z", "left out"),
}


@pytest.mark.parametrize(("event", "why"), BAD.values(), ids=BAD)
def test_a_bad_event_is_named_and_the_others_count(event: str, why: str) -> None:
    found = expand_calendar(calendar(GOOD, event), BRUSSELS, FIRST, DAYS)
    assert shown(found) == MORNING
    assert len(found.problems) == 1
    assert why in found.problems[0]
    assert "\n" not in found.problems[0]


def test_a_zone_nobody_knows_is_told_and_read_as_the_schedules() -> None:
    found = expand_calendar(
        calendar("DTSTART;TZID=Nowhere:20261202T090000\nDURATION:PT1H\nSUMMARY:x"), BRUSSELS, FIRST, DAYS
    )
    assert shown(found) == MORNING
    assert found.problems == (
        'line 4, event "x": the zone "Nowhere" is not known; it is read in Europe/Brussels',
    )


@pytest.mark.parametrize(
    "content", [b"", b"<html></html>", b"BEGIN:VCALENDAR", b"\xff\xfe\x00", b"\x00" * 99]
)
def test_what_is_no_calendar_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        expand_calendar(content, BRUSSELS, FIRST, DAYS)


def test_more_dates_than_any_company_has_are_refused() -> None:
    daily = "DTSTART:20261101T{:02}{:02}00Z\nDURATION:PT1H\nRRULE:FREQ=DAILY"
    many = calendar(*(daily.format(index % 24, index // 24) for index in range(100)))
    with pytest.raises(ValueError, match="more than 5000 times"):
        expand_calendar(many, BRUSSELS, FIRST, DAYS)


def test_titles_are_one_short_printable_line() -> None:
    summary = "SUMMARY:" + "a\\nb\u202e" + "x" * 300
    (found,) = expand_calendar(
        calendar(f"DTSTART;VALUE=DATE:20261202\n{summary}"), BRUSSELS, FIRST, DAYS
    ).occurrences
    assert found.title.startswith("a b x")
    assert len(found.title) == 80


def test_for_ever_is_for_ever_also_where_the_year_9999_ends_in_the_year_10000() -> None:
    found = expand_calendar(
        calendar("DTSTART:20261202T030000\nDTEND:99991231T235959"), "America/New_York", FIRST, DAYS
    )
    assert shown(found, "America/New_York") == ["12-02 03:00 to 01-22 00:00"]
    assert found.problems == ()


@pytest.mark.parametrize("bound", ["MAX_EVENTS", "MAX_OCCURRENCES"])
def test_a_bound_itself_is_allowed(bound: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"pbxctl.timeline.ics.{bound}", 3)
    events = [f"DTSTART;VALUE=DATE:202612{day:02}" for day in range(1, 5)]
    assert len(expand_calendar(calendar(*events[:3]), BRUSSELS, FIRST, DAYS).occurrences) == 3
    with pytest.raises(ValueError, match="3"):
        expand_calendar(calendar(*events), BRUSSELS, FIRST, DAYS)


def test_an_event_without_a_title_says_so() -> None:
    (found,) = expand_calendar(calendar("DTSTART;VALUE=DATE:20261202"), BRUSSELS, FIRST, DAYS).occurrences
    assert found.title == "without a title"


def test_events_without_a_uid_do_not_belong_together() -> None:
    daily = "UID:x\nDTSTART:20261202T080000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=2"
    moved = "UID:x\nRECURRENCE-ID:20261203T080000Z\nDTSTART:20261210T080000Z\nDURATION:PT1H"
    content = calendar(daily, moved)
    assert len(expand_calendar(content, BRUSSELS, FIRST, DAYS).occurrences) == 2
    apart = expand_calendar(content.replace(b"UID:x\r\n", b""), BRUSSELS, FIRST, DAYS)
    assert shown(apart) == [*MORNING, "12-03 09:00 to 12-03 10:00", "12-10 09:00 to 12-10 10:00"]


def test_a_series_that_cannot_be_worked_out_takes_only_itself_along(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the library that repeats events stumbles over: the fault is ours to make."""

    def stumble(*_: object) -> None:
        raise RuntimeError("of its own\nkind")

    monkeypatch.setattr("recurring_ical_events.of", stumble)
    found = expand_calendar(
        calendar(GOOD, "DTSTART:20261202T080000Z\nRRULE:FREQ=DAILY\nSUMMARY:Bad"), BRUSSELS, FIRST, DAYS
    )
    assert shown(found) == MORNING
    assert found.problems == (
        'event "Bad": it cannot be read (RuntimeError: of its own kind); the event is left out',
    )
