"""Several spellings, one meaning."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from pbxctl.config import Config, ConfigError, load_config

GOOD = Path(__file__).with_name("good.yaml").read_text()
NIGHT = ((0, 360), (1320, 1440))
DAY = ((510, 1050),)


def read(old: str, new: str) -> Config:
    """The good configuration with one thing written differently."""
    assert GOOD.count(old) == 1
    return load_config(GOOD.replace(old, new).encode(), "pbxctl.yaml").config


@pytest.mark.parametrize(
    ("hours", "spans"),
    [
        ("mon-fri: 08:30-17:30", (*[DAY] * 5, (), ())),
        ("mon-fri: 8:30-17:30", (*[DAY] * 5, (), ())),
        ("mon-fri: 08:30 - 17:30", (*[DAY] * 5, (), ())),
        ("mon-fri: [08:30-17:30]", (*[DAY] * 5, (), ())),
        ("monday-friday: 08:30-17:30", (*[DAY] * 5, (), ())),
        ("Mon-Fri: '08:30-17:30'", (*[DAY] * 5, (), ())),
        ('"mon,tue,wed,thu,fri": 08:30-17:30', (*[DAY] * 5, (), ())),
        ('"mon-wed, thu-fri": 08:30-17:30', (*[DAY] * 5, (), ())),
        ("mon: 08:30-17:30, tue-fri: 08:30-17:30, sat-sun: closed", (*[DAY] * 5, (), ())),
        ("mon-fri: 08:30-17:30, sat: Closed, sun: []", (*[DAY] * 5, (), ())),
        ("sat-mon: 08:30-17:30", (DAY, (), (), (), (), DAY, DAY)),
        ("sun-sat: 08:30-17:30", (DAY,) * 7),
        ("mon: 00:00-24:00", (((0, 1440),), *[()] * 6)),
        ("mon: '09:00-12:00, 13:00-15:00'", (((540, 720), (780, 900)), *[()] * 6)),
        ("mon: [09:00-12:00, 13:00-15:00]", (((540, 720), (780, 900)), *[()] * 6)),
        ("mon: [13:00-15:00, 09:00-12:00]", (((540, 720), (780, 900)), *[()] * 6)),
        ("mon: [09:00-12:00, 12:00-15:00]", (((540, 720), (720, 900)), *[()] * 6)),
        ("mon-sun: [22:00-24:00, 00:00-06:00]", (NIGHT,) * 7),
    ],
)
def test_hours(hours: str, spans: object) -> None:
    schedule = read("mon-fri: 08:30-17:30", hours).schedules["office"]
    assert schedule.hours is not None
    assert schedule.hours.spans == spans


CLOSED_DAY = "closed_day: {weekday: wednesday, since: 2026-12-02, mode: voicemail}"


def test_changes_of_the_closed_day() -> None:
    config = read(
        CLOSED_DAY,
        "closed_day:\n"
        "      - {weekday: wednesday, since: 2026-12-02, mode: voicemail}\n"
        "      - {weekday: tue, since: 2027-03-01, mode: voicemail}\n"
        "      - {weekday: none, since: 2027-09-01}",
    )
    changes = config.schedules["office"].closed_days
    assert [(path, day.weekday, str(day.since)) for path, day in changes] == [
        (("closed_day", 0), 3, "2026-12-02"),
        (("closed_day", 1), 2, "2027-03-01"),
        (("closed_day", 2), None, "2027-09-01"),
    ]
    assert Config.model_validate(config.model_dump()) == config
    assert Config.model_validate_json(config.model_dump_json()) == config


def test_one_closed_day_is_a_list_of_one() -> None:
    listed = read(CLOSED_DAY, f"closed_day: [{CLOSED_DAY.removeprefix('closed_day: ')}]")
    ((_, one),) = listed.schedules["office"].closed_days
    assert one == read(CLOSED_DAY, CLOSED_DAY).schedules["office"].closed_day


@pytest.mark.parametrize("weekday", ["wednesday", "wed", "Wednesday", "WED", "'wed'"])
def test_a_weekday(weekday: str) -> None:
    ((_, closed_day),) = read("weekday: wednesday", f"weekday: {weekday}").schedules["office"].closed_days
    assert (closed_day.weekday, closed_day.since) == (3, date(2026, 12, 2))


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("on: 2027-01-06", "2027-01-06 00:00", "2027-01-07 00:00"),
        ("from: 2027-01-06, to: 2027-01-06", "2027-01-06 00:00", "2027-01-07 00:00"),
        ("from: 2027-01-06, to: 2027-01-08", "2027-01-06 00:00", "2027-01-09 00:00"),
        ("from: 2027-01-06 12:00, to: 2027-01-08", "2027-01-06 12:00", "2027-01-09 00:00"),
        ("from: 2027-01-06 12:00, to: 2027-01-06", "2027-01-06 12:00", "2027-01-07 00:00"),
        ("from: 2027-01-06, to: 2027-01-08 8:30", "2027-01-06 00:00", "2027-01-08 08:30"),
        ("from: 2027-01-06T12:00, to: 2027-01-06 24:00", "2027-01-06 12:00", "2027-01-07 00:00"),
        ("from: 2026-12-31, to: 2027-01-01 00:00", "2026-12-31 00:00", "2027-01-01 00:00"),
        ("on: 2028-02-29", "2028-02-29 00:00", "2028-03-01 00:00"),
        ("on: 2199-12-31", "2199-12-31 00:00", "2200-01-01 00:00"),
    ],
)
def test_a_date_rule(written: str, start: str, end: str) -> None:
    (rule,) = read("on: 2027-01-06", written).schedules["office"].dates
    assert (f"{rule.start:%Y-%m-%d %H:%M}", f"{rule.end:%Y-%m-%d %H:%M}") == (start, end)
    assert (rule.start.tzinfo, rule.mode, rule.ordinary_day) == (None, None, True)


def test_a_date_rule_with_a_mode_is_no_ordinary_day() -> None:
    (rule,) = read("ordinary_day: true, reason: trade fair", "mode: voicemail").schedules["office"].dates
    assert (rule.mode, rule.ordinary_day, rule.reason) == ("voicemail", False, "")


@pytest.mark.parametrize(
    "number", ["+32 9 233 44 55", "0032 9 233 44 55", "32 9 233 44 55", "09 233 44 55", "+32 (0)9/233.44.55"]
)
def test_a_number(number: str) -> None:
    assert read("+32 9 233 44 55", number).routes["main"].dids == ("+3292334455",)


@pytest.mark.parametrize(("written", "seconds"), [("5s", 5), ("20s", 20), ("20 s", 20), ("120s", 120)])
def test_a_ring_time(written: str, seconds: int) -> None:
    service = read("ring: 20s", f"ring: {written}").routes["main"].answering_service
    assert service is not None
    assert (service.ring, service.max_calls) == (seconds, 4)


@pytest.mark.parametrize("regions", [("BE",), ("DE-BY", "FR-57"), ("NL", "BE", "FR", "DE-HB")])
def test_regions_with_holidays(regions: tuple[str, ...]) -> None:
    holidays = read("regions: [BE]", f"regions: [{', '.join(regions)}]").schedules["office"].holidays
    assert holidays is not None
    assert holidays.regions == regions


@pytest.mark.parametrize("zone", ["Europe/Brussels", "UTC", "Etc/GMT+5", "America/Argentina/Buenos_Aires"])
def test_time_zones(zone: str) -> None:
    assert read("Europe/Brussels", zone).company.timezone == zone


@pytest.mark.parametrize(
    "mail",
    [
        "info@company.example",
        "first.last+tag@mail.company.co.example",
        "o'brien@a.be",
        "info@bäckerei.example",
    ],
)
def test_mail_addresses(mail: str) -> None:
    assert read("bestel@bakkerij-peeters.example", mail).company.mail == mail


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "pbx", "pbx.company.example", "fe80::1:2"])
def test_hosts(host: str) -> None:
    ami = read("host: 127.0.0.1", f"host: '{host}', port: 5039").pbx.ami
    assert ami is not None
    assert (ami.host, ami.port, ami.secret.file) == (host, 5039, "ami.secret")


@pytest.mark.parametrize("instance", ["''", "north", "n", "bakery22"])
def test_an_instance(instance: str) -> None:
    assert read("kind: asterisk", f"kind: asterisk\n  instance: {instance}").pbx.instance == instance.strip(
        "'"
    )


HOURS = "hours: {mon-fri: 08:30-17:30, outside: voicemail}"
DATES = "{on: 2027-01-06, ordinary_day: true, reason: trade fair}"


def test_hours_that_are_spoken_and_not_switched_are_ordinary_outside() -> None:
    spoken = read(HOURS, "hours: {mon-fri: 08:30-17:30, switched: false}").schedules["office"].hours
    assert spoken is not None
    assert (spoken.outside, spoken.switched) == ("ordinary", False)
    switched = read(HOURS, HOURS.replace("outside", "switched: true, outside")).schedules["office"].hours
    assert switched == read(HOURS, HOURS).schedules["office"].hours


@pytest.mark.parametrize(
    "written",
    [
        "{on: 2026-12-24, hours: 09:00-12:00}",
        "{on: 2026-12-24, hours: [09:00-10:00, 10:00-12:00], mode: voicemail}",
        "{from: 2026-12-24, to: 2026-12-24, hours: [09:00-12:00]}",
    ],
)
def test_half_a_day(written: str) -> None:
    (half,) = read(DATES, written).schedules["office"].dates
    assert half.hours is not None
    assert (half.hours[0][0], half.hours[-1][1], half.ordinary_day) == (540, 720, False)
    assert half.end - half.start == timedelta(days=1)


@pytest.mark.parametrize(
    "ics",
    ["holidays.ics", "/etc/pbxctl/holidays.ics", "https://calendar.example/a.ics", "http://127.0.0.1:8/a"],
)
def test_a_calendar(ics: str) -> None:
    schedule = read(HOURS, f'calendars: [{{ics: "{ics}", mode: voicemail}}]').schedules["office"]
    assert [(each.ics, each.mode) for each in schedule.calendars] == [(ics, "voicemail")]


def test_what_may_be_left_out() -> None:
    config = load_config(
        b"version: 1\n"
        b"company: {name: B, mail: a@b.be, timezone: UTC, country: BE, languages: [nl]}\n"
        b"pbx: {kind: asterisk}\n"
        b"schedules: {always: {}}\n"
        b'routes: {main: {dids: ["0092"], schedule: always, ordinary: default}}\n',
        "pbxctl.yaml",
    ).config
    assert (config.never_close, config.callers.always_pass, config.callers.blocked) == ((), (), ())
    assert (config.pbx.instance, config.pbx.ami, config.pbx.dial_out) == ("", None, None)
    assert config.schedules["always"].model_dump() == {
        "timezone": None,
        "closed_day": None,
        "holidays": None,
        "hours": None,
        "calendars": (),
        "dates": (),
    }
    route = config.routes["main"]
    assert (route.mailbox, route.answering_service, route.language) == (None, None, None)


@pytest.mark.parametrize(
    "hours", ["08:60-09:30", "08:00-24:01", "24:00-24:00", "-1:00-09:00", "08:00-", "08:00:00-09:00"]
)
def test_what_is_no_hour_is_refused(hours: str) -> None:
    with pytest.raises(ConfigError, match=r"hours\.mon-fri: .* (is no time of the day|has no length)"):
        read("mon-fri: 08:30-17:30", f'mon-fri: "{hours}"')


@pytest.mark.parametrize(
    "written",
    [
        "from: 2027-01-06 12:00, to: 2027-01-06 12:00",
        "from: 2027-01-06, to: 2027-01-06 00:00",
        "from: 2027-01-06 12:00, to: 2027-01-05",
    ],
)
def test_a_range_without_length_is_refused(written: str) -> None:
    with pytest.raises(ConfigError, match=r"dates\.0\.to: lies not behind from, "):
        read("on: 2027-01-06", written)


def test_a_text_may_be_two_hundred_characters_long() -> None:
    assert read("name: Bakkerij Peeters", f"name: {'é' * 200}").company.name == "é" * 200
    with pytest.raises(ConfigError, match="is 201 characters long; 200 are the most"):
        read("name: Bakkerij Peeters", f"name: {'é' * 201}")


def test_a_schedule_that_never_closes_needs_no_mailbox() -> None:
    """What rings at the company as ever needs nothing of ours."""
    content = (
        "version: 1\n"
        "company: {name: B, mail: a@b.be, timezone: UTC, country: BE, languages: [nl]}\n"
        "pbx: {kind: asterisk}\n"
        "schedules: {always: {holidays: {regions: [BE], mode: ordinary}}}\n"
        'routes: {main: {dids: ["0092"], schedule: always, ordinary: default}}\n'
    )
    assert load_config(content.encode(), "pbxctl.yaml").config.routes["main"].mailbox is None


@pytest.mark.parametrize(("did", "guarded"), [("712345", "+376 712 345"), ("+376 712 345", "712345")])
def test_two_numbers_that_a_trunk_may_spell_alike_are_the_same(did: str, guarded: str) -> None:
    """Andorra's numbers have six digits, as an internal number may."""
    content = (
        GOOD.replace("country: BE", "country: AD")
        .replace("+32 9 233 44 55", did)
        .replace("09 233 44 66", "712346")
        .replace("+32 9 233 44 99", guarded)
    )
    with pytest.raises(ConfigError, match=r"routes\.main\.dids\.0: .* stands at never_close\.0 as well"):
        load_config(content.encode(), "pbxctl.yaml")
