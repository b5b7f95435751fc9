"""A calendar is read from a file or an address; the last good copy counts where it cannot be had."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pbxctl.calendars.bounds import MAX_BYTES, CalendarUnreadable
from pbxctl.calendars.read import read_calendars
from pbxctl.calendars.source import read_source
from pbxctl.config import load_config
from pbxctl.decision.decide import Call, decide
from pbxctl.decision.facts import NO_FACTS
from pbxctl.plan.build import build_plan
from pbxctl.simulate.explain import explain
from pbxctl.timeline.calendars import CalendarsRead, ReadCalendar
from tests.calendars.servers import Server
from tests.calendars.written import BRUSSELS, DAYS, FIRST, calendar

GOOD = (Path(__file__).parents[1] / "config" / "good.yaml").read_text()
STOCKTAKING = calendar("DTSTART;VALUE=DATE:20261203\nSUMMARY:Stocktaking")


def with_calendar(ics: str) -> bytes:
    line = f'calendars: [{{ics: "{ics}", mode: voicemail}}]'
    return GOOD.replace("hours: {mon", f"{line}\n    hours: {{mon").encode()


def read(ics: str, folder: Path) -> CalendarsRead:
    loaded = load_config(with_calendar(ics), "pbxctl.yaml")
    return read_calendars(loaded, folder, folder / "kept", FIRST, DAYS)


def test_the_days_calls_are_right(tmp_path: Path) -> None:
    (tmp_path / "closed.ics").write_bytes(STOCKTAKING)
    text = GOOD.replace("hours: {mon", "calendars: [{ics: closed.ics, mode: voicemail}]\n    hours: {mon")
    loaded = load_config(text.encode(), "pbxctl.yaml")
    found = read_calendars(loaded, tmp_path, tmp_path / "kept", FIRST, DAYS)
    assert found.problems == ()
    plan = build_plan(loaded, FIRST, DAYS, found.events)
    call = Call("+3292334455", "+32470000003")
    moments = {"2026-12-03 10:00": "calendar", "2026-12-04 10:00": "ordinary", "2026-12-04 00:00": "hours"}
    for moment, rung in moments.items():
        at = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(BRUSSELS))
        decision = decide(plan, call, at, NO_FACTS)
        assert decision is not None
        assert decision.rung == rung
    at = datetime(2026, 12, 3, 10, tzinfo=ZoneInfo(BRUSSELS))
    *_, speaks = explain(plan, call, at, NO_FACTS).reasons
    assert speaks.sentence == "event of a calendar: Stocktaking"


def test_a_calendar_that_goes_bad_counts_by_its_last_good_copy(server: Server, tmp_path: Path) -> None:
    server.content = STOCKTAKING
    fresh = read(server.address, tmp_path)
    assert fresh.problems == ()
    bad: list[tuple[int, bytes]] = [(200, b"<html>Log in</html>"), (200, b""), (500, STOCKTAKING)]
    for server.status, server.content in bad:
        again = read(server.address, tmp_path)
        assert again.events == fresh.events
        (calendar,) = again.calendars["office"]
        assert calendar.unread
        assert calendar.copied is not None
        assert (calendar.shown, again.problems) == ("http://127.0.0.1/…", ())
        assert "4711" not in calendar.unread


def test_a_calendar_that_never_was_closes_nothing(tmp_path: Path) -> None:
    found = read("missing.ics", tmp_path)
    assert found.events == {"office": [()]}
    assert found.calendars == {
        "office": [ReadCalendar((), "missing.ics", "it cannot be read: No such file or directory")]
    }


def test_a_copy_that_cannot_be_kept_is_told_and_the_calendar_counts(tmp_path: Path) -> None:
    (tmp_path / "closed.ics").write_bytes(STOCKTAKING)
    (tmp_path / "kept").write_bytes(b"in the way")
    found = read("closed.ics", tmp_path)
    assert len(found.events["office"][0]) == 1
    assert "its copy cannot be kept" in found.problems[0]


def titles(read: CalendarsRead) -> list[str]:
    return [each.title for calendar in read.calendars["office"] for each in calendar.occurrences]


def test_a_copy_belongs_to_one_calendar_and_nobody_else_reads_it(tmp_path: Path) -> None:
    for folder, name in (("north", "a.ics"), ("north", "b.ics"), ("south", "a.ics")):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / name).write_bytes(
            calendar(f"DTSTART;VALUE=DATE:20261203\nSUMMARY:{folder} {name}")
        )
    kept = tmp_path / "kept"
    loaded = {name: load_config(with_calendar(name), "pbxctl.yaml") for name in ("a.ics", "b.ics")}
    places = [("north", "a.ics"), ("north", "b.ics"), ("south", "a.ics")]
    for folder, name in places:
        read_calendars(loaded[name], tmp_path / folder, kept, FIRST, DAYS)
        (tmp_path / folder / name).unlink()
    for folder, name in places:
        copied = read_calendars(loaded[name], tmp_path / folder, kept, FIRST, DAYS)
        assert titles(copied) == [f"{folder} {name}"]
    assert kept.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in kept.iterdir()} == {0o600}


def test_what_is_odd_in_a_copy_is_told_as_it_was(tmp_path: Path) -> None:
    bad = "DTSTART:20261202T080000Z\nRRULE:FREQ=HOURLY\nSUMMARY:Bad"
    (tmp_path / "a.ics").write_bytes(calendar(bad, "DTSTART;VALUE=DATE:20261203\nSUMMARY:Good"))
    fresh = read("a.ics", tmp_path)
    (tmp_path / "a.ics").unlink()
    copied = read("a.ics", tmp_path)
    assert titles(copied) == titles(fresh) == ["Good"]
    assert copied.problems == fresh.problems
    assert len(copied.problems) == 1


def test_a_copy_that_cannot_be_put_in_its_place_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "a.ics").write_bytes(STOCKTAKING)
    read("a.ics", tmp_path)
    (copy,) = (tmp_path / "kept").iterdir()
    copy.unlink()
    (copy / "in the way").mkdir(parents=True)
    assert "its copy cannot be kept" in read("a.ics", tmp_path).problems[0]
    assert list((tmp_path / "kept").iterdir()) == [copy]


def test_a_file_of_any_size_is_not_read_whole(tmp_path: Path) -> None:
    with (tmp_path / "endless.ics").open("wb") as stream:
        stream.truncate(1 << 40)
    assert refused("endless.ics", tmp_path) == "it is larger than 2 MiB"


def refused(path: str, folder: Path) -> str:
    with pytest.raises(CalendarUnreadable) as caught:
        read_source(path, folder)
    return str(caught.value)


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    (tmp_path / "large.ics").write_bytes(b"x" * MAX_BYTES)
    assert len(read_source("large.ics", tmp_path)) == MAX_BYTES
    (tmp_path / "large.ics").write_bytes(b"x" * (MAX_BYTES + 1))
    assert refused("large.ics", tmp_path) == "it is larger than 2 MiB"


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.ics")
    assert refused("pipe.ics", tmp_path) == "it is no file"
    assert refused(str(tmp_path), tmp_path) in ("it is no file", "it cannot be read: Is a directory")
