"""What the commands say of the bakery's configuration."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest

from tests.cli.conftest import Pbxctl


def test_check_says_in_a_few_lines_what_the_configuration_means(pbxctl: Pbxctl) -> None:
    outcome = pbxctl("check")

    assert outcome.code == 0
    assert outcome.out.splitlines()[0] == "pbxctl.yaml: good"
    assert "route main: +3292334455; Wednesday voicemail since 2026-12-02" in outcome.out


def test_check_answers_programs_in_json(pbxctl: Pbxctl) -> None:
    found = json.loads(pbxctl("check", "--json").out)

    assert found["good"] is True
    assert found["routes"] == ["main", "orders"]


def test_the_timeline_has_no_gap_and_names_the_line_behind_each_window(pbxctl: Pbxctl) -> None:
    windows = json.loads(pbxctl("timeline", "--from", "2026-12-01", "--days", "40", "--json").out)["main"]

    assert all(a["end"] == b["start"] for a, b in pairwise(windows))
    closed = next(window for window in windows if window["rung"] == "closed_day")
    assert closed == {
        "start": "2026-12-02T00:00:00+01:00",
        "end": "2026-12-03T00:00:00+01:00",
        "mode": "voicemail",
        "rung": "closed_day",
        "rule": "schedules.office.closed_day",
        "because": "behind closed doors on Wednesday, since 2026-12-02",
        "line": 30,
    }


def test_a_window_at_the_edge_of_the_period_is_shown_whole(pbxctl: Pbxctl) -> None:
    windows = json.loads(pbxctl("timeline", "--from", "2026-12-10", "--days", "1", "--json").out)["main"]

    assert windows[0]["start"] == "2026-12-10T00:00:00+01:00", "the closed day before it ends at midnight"
    assert windows[-1]["start"] == "2026-12-10T17:30:00+01:00"
    assert windows[-1]["end"] == "2026-12-11T08:30:00+01:00"


def test_the_timeline_names_a_holiday_by_its_name(pbxctl: Pbxctl) -> None:
    out = pbxctl("timeline", "--from", "2027-05-05", "--days", "3", "--route", "main").out

    assert "public holiday: " in out


WHY = [
    pytest.param("2026-12-02 10:00", "", "092334455", "voicemail", "closed_day", id="closed Wednesday"),
    pytest.param(
        "2026-12-03 10:00", "", "+32 9 233 44 55", "ordinary", "ordinary", id="the Thursday after it"
    ),
    pytest.param(
        "2026-11-25 10:00", "", "092334455", "ordinary", "ordinary", id="a Wednesday before it began"
    ),
    pytest.param("2026-12-02 10:00", "", "092334466", "answering_service", "closed_day", id="orders"),
    pytest.param("2026-12-02 10:00", "0475123456", "092334455", "ordinary", "always_pass", id="the owner"),
    pytest.param("2027-01-06 10:00", "", "092334455", "ordinary", "date", id="an ordinary Wednesday"),
    pytest.param("2027-01-06 20:00", "", "092334455", "voicemail", "hours", id="its evening"),
    pytest.param("2031-05-07 10:00", "", "092334455", "voicemail", "closed_day", id="in years to come"),
    pytest.param("2020-01-01 10:00", "", "092334455", "voicemail", "holiday", id="in years gone by"),
    pytest.param("2026-10-25T02:30+01:00", "", "092334455", "voicemail", "hours", id="02:30 the second time"),
]


@pytest.mark.parametrize(("at", "caller", "did", "mode", "rung"), WHY)
def test_why_says_what_a_call_meets(
    pbxctl: Pbxctl, at: str, caller: str, did: str, mode: str, rung: str
) -> None:
    outcome = pbxctl("why", "--at", at, "--from", caller, "--to", did, "--json")

    found = json.loads(outcome.out)
    assert (found["mode"], found["rung"]) == (mode, rung)
    assert [reason["spoke"] for reason in found["reasons"]].count(True) == 1
    assert datetime.fromisoformat(found["at"]) == datetime.fromisoformat(at).replace(
        tzinfo=datetime.fromisoformat(found["at"]).tzinfo
    )


def test_of_a_time_that_comes_twice_the_first_is_taken_and_that_is_said(pbxctl: Pbxctl) -> None:
    outcome = pbxctl("why", "--at", "2026-10-25 02:30", "--to", "092334455", "--json")

    assert json.loads(outcome.out)["at"] == "2026-10-25T02:30:00+02:00"
    assert outcome.err == (
        "'2026-10-25 02:30' comes twice in Europe/Brussels: the first is taken; "
        "write 2026-10-25T02:30+01:00 for the second\n"
    )
    assert pbxctl("why", "--at", "2026-10-25T02:30+01:00", "--to", "092334455").err == ""


def test_why_says_that_a_call_from_where_it_would_go_is_not_forwarded(pbxctl: Pbxctl) -> None:
    asked = ("why", "--at", " 2026-12-02 10:00", "--to", "092334466")

    assert "  service: is forwarded to 025550102, which rings for 20 s at most" in pbxctl(*asked).out
    assert (
        "  service: comes from where the call would go, and is not forwarded to 025550102"
        in pbxctl(*asked, "--from", "092334466").out
    )


def test_why_names_what_an_ordinary_day_lifts_with_its_line(pbxctl: Pbxctl) -> None:
    asked = ("why", "--at", "2027-01-06 10:00", "--to", "092334455")

    lines = pbxctl(*asked).out.splitlines()
    reasons = {reason["rung"]: reason for reason in json.loads(pbxctl(*asked, "--json").out)["reasons"]}

    closed = "behind closed doors on Wednesday, since 2026-12-02"
    assert f"  > date: trade fair: an ordinary day (lifts: {closed})   [pbxctl.yaml:40]" in lines
    assert f"  - closed_day: lifted, else voicemail ({closed})   [pbxctl.yaml:30]" in lines
    assert reasons["date"]["lifts"] == ["schedules.office.closed_day"]
    assert reasons["closed_day"] == {
        "rung": "closed_day",
        "spoke": False,
        "part": "lifted",
        "mode": "voicemail",
        "rule": "schedules.office.closed_day",
        "because": f"lifted, else voicemail ({closed})",
        "lifts": [],
        "file": "pbxctl.yaml",
        "line": 30,
    }


def test_why_says_that_a_number_on_no_route_is_none_of_our_business(pbxctl: Pbxctl) -> None:
    outcome = pbxctl("why", "--to", "02 555 99 99")

    assert outcome.code == 0
    assert "is on no route" in outcome.out


def test_render_gives_the_same_bytes_twice_and_replaces_its_own_folder(
    pbxctl: Pbxctl, tmp_path: Path
) -> None:
    pbxctl("render", "--out", "one", "--from", "2026-11-30")
    pbxctl("render", "--out", "two/below", "--from", "2026-11-30")
    one = {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()}
    two = {path.name: path.read_bytes() for path in (tmp_path / "two" / "below").iterdir()}
    assert one == two

    assert pbxctl("render", "--out", "one", "--from", "2027-11-30").code == 0
    later = {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()}
    assert later.keys() == one.keys(), "other dates are the same generation of code"
    assert later["database.json"] != one["database.json"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "pbxctl.yaml", "two"]


def test_a_folder_of_a_newer_pbxctl_is_left_alone(pbxctl: Pbxctl, tmp_path: Path) -> None:
    assert pbxctl("render", "--out", "rendered").code == 0
    manifest = tmp_path / "rendered" / "revision.json"
    manifest.write_text(manifest.read_text().replace('"version": 1', '"version": 2'))
    before = {path.name: path.read_bytes() for path in (tmp_path / "rendered").iterdir()}

    outcome = pbxctl("render", "--out", "rendered")

    assert outcome.code == 2
    assert outcome.err == (
        "rendered/revision.json: has version 2, and this pbxctl reads version 1: update pbxctl, "
        "or name another folder\n"
    )
    assert {path.name: path.read_bytes() for path in (tmp_path / "rendered").iterdir()} == before


def test_the_command_line_loads_only_what_it_needs() -> None:
    loaded = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from pbxctl.cli.main import run; run(['--help']); print(*sys.modules)",
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()

    assert not {"numpy", "pydantic", "holidays", "phonenumbers", "yaml"} & set(loaded)


def test_check_warns_with_a_way_out_and_still_says_that_all_is_good(pbxctl: Pbxctl) -> None:
    outcome = pbxctl("check", "--on", "2026-11-24")

    warnings = [line for line in outcome.out.splitlines() if line.startswith("warning: ")]
    assert outcome.code == 0
    assert warnings[0].startswith("warning: pbxctl.yaml:30:5: schedules.office.closed_day: ")
    assert warnings[0].endswith("add to dates: {on: 2027-05-05, ordinary_day: true} [closed-days-in-a-row]")


def test_strict_fails_for_a_warning_that_nobody_accepted(pbxctl: Pbxctl) -> None:
    strict = ("check", "--strict", "--on", "2026-11-24")

    assert pbxctl(*strict).code == 1
    assert pbxctl(*strict, "--accept", "closed-days-in-a-row").code == 0


def test_programs_get_each_warning_with_its_id_and_place(pbxctl: Pbxctl) -> None:
    outcome = pbxctl("check", "--json", "--on", "2026-11-24")

    first = json.loads(outcome.out)["warnings"][0]
    assert (first["id"], first["line"], first["column"], first["key"]) == (
        "closed-days-in-a-row",
        30,
        5,
        "schedules.office.closed_day",
    )


def test_the_schema_needs_no_configuration(pbxctl: Pbxctl) -> None:
    outcome = pbxctl("schema", config="nowhere.yaml")

    assert outcome.code == 0
    assert "routes" in json.loads(outcome.out)["properties"]


FOR_EVER = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//tests//
BEGIN:VEVENT
UID:1
DTSTAMP:20260101T000000Z
DTSTART;VALUE=DATE:20260601
RRULE:FREQ=DAILY{rule}
SUMMARY:Closed
END:VEVENT
END:VCALENDAR
"""


@pytest.mark.parametrize(
    ("rule", "way_out"),
    [
        ("", "so; write in dates {from: 2026-"),
        (
            ";UNTIL=20260620",
            "so; write max_days: 20 here, or write in dates {from: 2026-06-",
        ),
    ],
)
def test_what_a_calendar_may_not_close_by_itself_is_named_and_people_answer(
    pbxctl: Pbxctl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rule: str, way_out: str
) -> None:
    """The same on each day of it, however short the period that is looked at."""
    monkeypatch.setenv("PBXCTL_CALENDARS", str(tmp_path / "kept"))
    file = tmp_path / "pbxctl.yaml"
    text = file.read_text().replace(
        "  office:\n", "  office:\n    calendars: [{ics: a.ics, mode: voicemail}]\n", 1
    )
    file.write_text(text)
    (tmp_path / "a.ics").write_text(FOR_EVER.format(rule=rule))
    for day in ("2026-06-01", "2026-06-20"):
        told = pbxctl("check", "--on", day)
        assert told.code == 0
        assert "[calendar-held]" in told.out
        assert f"none of that closes until you say {way_out}" in told.out
        assert told.err == ""
        shown = pbxctl("timeline", "--from", day, "--days", "1", "--route", "main", "--json")
        assert "calendar" not in shown.out
        assert f"none of that closes until you say {way_out}" in shown.err
