"""Conditions on the clock, each as it was measured on FreeSWITCH 1.10.12."""

from __future__ import annotations

import pytest

from pbxctl.dialplan.freeswitch import NotMeasured
from tests.dialplan.freeswitch_call import call, done, epoch, holds

WED_10 = epoch("2026-12-02 10:00:00")

# attributes, moment in Brussels, whether the condition holds
MATCHES = [
    ('wday="4"', "2026-12-02 10:00:00", True),
    ('wday="4"', "2026-12-03 00:00:00", False),
    ('wday="wed"', "2026-12-02 23:59:59", True),
    ('wday="mon-fri"', "2026-12-05 10:00:00", False),
    ('wday="1,7"', "2026-12-05 10:00:00", True),
    ('wday="1"', "2026-12-06 10:00:00", True),
    ('hour="10"', "2026-12-02 10:59:59", True),
    ('hour="9-17"', "2026-12-02 17:59:59", True),
    ('hour="9-17"', "2026-12-02 18:00:00", False),
    ('minute="0"', "2026-12-02 10:00:59", True),
    ('minute-of-day="1"', "2026-12-02 00:00:30", True),
    ('minute-of-day="0"', "2026-12-02 00:00:30", False),
    ('minute-of-day="540-1080"', "2026-12-02 08:59:00", True),
    ('year="2026"', "2026-12-02 10:00:00", True),
    ('mon="12" mday="24-26"', "2026-12-25 10:00:00", True),
    ('mon="12" mday="24-26"', "2026-12-27 10:00:00", False),
    ('yday="1"', "2027-01-01 00:00:00", True),
    ('week="1"', "2027-01-07 23:59:59", True),
    ('week="2"', "2027-01-08 00:00:00", True),
    ('mweek="1"', "2026-12-05 10:00:00", True),
    ('mweek="2"', "2026-12-06 10:00:00", True),
    # The end of a time of day is in it, to the second.
    ('time-of-day="09:00-17:59:59"', "2026-12-02 09:00:00", True),
    ('time-of-day="09:00-17:59:59"', "2026-12-02 08:59:59", False),
    ('time-of-day="09:00-17:59:59"', "2026-12-02 17:59:59", True),
    ('time-of-day="09:00-17:59:59"', "2026-12-02 18:00:00", False),
    ('time-of-day="09:00-18:00"', "2026-12-02 18:00:00", True),
    ('time-of-day="09:00-18:00"', "2026-12-02 18:00:01", False),
    # A malformed one fails, and nothing says so.
    ('time-of-day="9-18"', "2026-12-02 10:00:00", False),
    ('time-of-day="nine to five"', "2026-12-02 10:00:00", False),
    ('dst="true"', "2026-07-01 10:00:00", True),
    ('dst="true"', "2026-12-02 10:00:00", False),
    # dst="false" never matches, in no season.
    ('dst="false"', "2026-07-01 10:00:00", False),
    ('dst="false"', "2026-12-02 10:00:00", False),
    # Half-open.
    ('date-time="2026-12-24 12:00~2027-01-04 08:30"', "2026-12-24 11:59:59", False),
    ('date-time="2026-12-24 12:00~2027-01-04 08:30"', "2026-12-24 12:00:00", True),
    ('date-time="2026-12-24 12:00~2027-01-04 08:30"', "2027-01-04 08:29:59", True),
    ('date-time="2026-12-24 12:00~2027-01-04 08:30"', "2027-01-04 08:30:00", False),
    # Variables in time attributes never match.
    ('wday="${four}"', "2026-12-02 10:00:00", False),
    ('time-of-day="${four}"', "2026-12-02 10:00:00", False),
]


@pytest.mark.parametrize(("attributes", "moment", "wanted"), MATCHES)
def test_a_time_attribute(attributes: str, moment: str, *, wanted: bool) -> None:
    assert holds(attributes, at=epoch(moment), variables={"four": "4"}) is wanted


def test_the_zone_of_an_earlier_extension_counts_for_hour_and_weekday_and_time_of_day() -> None:
    # 23:30 in Brussels on Wednesday is half past seven on Thursday morning in Tokyo.
    at = epoch("2026-12-02 23:30:00")
    for attributes in ('hour="7"', 'wday="5"', 'time-of-day="07:30-07:30"'):
        set_zone = (
            '<extension name="zone" continue="true"><condition>'
            '<action application="set" data="timezone=Asia/Tokyo" inline="true"/></condition></extension>'
        )
        asked = (
            f'<extension name="x"><condition {attributes}><action application="yes"/>'
            '<anti-action application="no"/></condition></extension>'
        )
        assert done(call(set_zone + asked, at=at)) == ["yes"]
        assert done(call(asked, at=at)) == ["no"]


def test_an_offset_beats_the_zone_and_holds_whole_hours() -> None:
    both = {"timezone": "Asia/Tokyo", "tod_tz_offset": "-5"}
    assert holds('hour="4"', at=WED_10, variables=both)
    with pytest.raises(NotMeasured, match="whole hours"):
        holds('hour="4"', at=WED_10, variables={"tod_tz_offset": "5.5"})


def test_in_a_zone_that_nobody_knows_nothing_matches() -> None:
    for attributes in ('hour="0-23"', 'wday="1-7"', 'time-of-day="00:00-23:59:59"', 'year="2000-2100"'):
        assert not holds(attributes, at=WED_10, variables={"timezone": "Europe/Atlantis"})


def test_a_date_and_time_is_read_in_the_servers_zone_whatever_timezone_says() -> None:
    there = 'date-time="2026-12-02 09:30~2026-12-02 10:30"'
    assert holds(there, at=WED_10, variables={"timezone": "Asia/Tokyo"})
    assert not holds(there, at=WED_10, zone="UTC", variables={"timezone": "Europe/Brussels"})


def test_on_a_server_in_utc_a_date_and_time_is_exact_at_the_change_and_elsewhere_nobody_knows() -> None:
    change = epoch("2027-03-28 01:00:00", "UTC")
    there = 'date-time="2027-03-28 01:00~2027-03-28 02:00"'
    assert [holds(there, at=change + s, zone="UTC") for s in (-1, 0, 3599, 3600)] == [
        False,
        True,
        True,
        False,
    ]
    with pytest.raises(NotMeasured, match="change of the server's clock"):
        holds('date-time="2027-03-28 03:00~2027-03-28 04:00"', at=change, zone="Europe/Brussels")


@pytest.mark.parametrize(
    "attributes",
    ['wday="fri-mon"', 'hour="9-11,14"', 'time-of-day="22:00-06:00"', 'tz-offset="1"', 'date-time="soon"'],
)
def test_what_was_not_measured_is_refused_and_not_guessed(attributes: str) -> None:
    with pytest.raises(NotMeasured):
        holds(attributes, at=WED_10)


def test_each_condition_reads_the_clock_anew() -> None:
    from pbxctl.dialplan.freeswitch import Channel, World, evaluate, parse_dialplan

    readings = iter(range(WED_10 - 1, WED_10 + 100))
    text = (
        '<context name="public"><extension name="x">'
        '<condition hour="9" break="never"><action application="first"/></condition>'
        '<condition hour="9"><action application="second"/></condition></extension></context>'
    )
    trace = evaluate(
        parse_dialplan(text), Channel("1", "public"), World(lambda: next(readings), zone="Europe/Brussels")
    )
    assert done(trace) == ["first"]
