"""What others write holds nobody up: bounded time and memory, and the day's calls are right all the same."""

from __future__ import annotations

import json
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pbxctl.calendars import limited
from pbxctl.calendars.bounds import CalendarUnreadable
from pbxctl.calendars.limited import expand_limited
from tests.calendars.written import BRUSSELS, DAYS, FIRST, calendar, shown

IMPOSSIBLE = "DTSTART:20260101T000000Z\nDURATION:PT1H\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"
BOMBS = {
    "many rules that never come true": calendar(*[IMPOSSIBLE] * 4_000),
    "fifty years of days, many times": calendar(
        *["DTSTART:19700101T000000Z\nDURATION:PT1S\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"] * 3_000
    ),
    "more events than any company has": calendar(*["DTSTART;VALUE=DATE:20261202"] * 6_000),
    "nested without an end": b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 60_000,
    "one line of two million letters": b"BEGIN:VCALENDAR\r\nX:" + b"a" * 2_000_000,
}


@pytest.mark.parametrize("content", BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_refused_in_bounded_time_and_memory(content: bytes) -> None:
    began = time.monotonic()
    with pytest.raises(CalendarUnreadable, match=r"\w"):
        expand_limited(content, BRUSSELS, FIRST, DAYS)
    assert time.monotonic() - began < limited.WALL_S + 5
    # The most that any child of ours has held, in KiB.
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 700 * 1024


def test_a_child_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limited, "WALL_S", 0.01)
    with pytest.raises(CalendarUnreadable, match="could not be worked out"):
        expand_limited(calendar(), BRUSSELS, FIRST, DAYS)


def test_a_bomb_among_good_events_takes_only_itself_along() -> None:
    secondly = "DTSTART:19700101T000000Z\nRRULE:FREQ=SECONDLY"
    found = expand_limited(
        calendar("DTSTART;VALUE=DATE:20261202", secondly, IMPOSSIBLE), BRUSSELS, FIRST, DAYS
    )
    assert shown(found) == ["12-02 00:00 to 12-03 00:00"]
    assert len(found.problems) == 1


def run_child(fault: str) -> subprocess.CompletedProcess[str]:
    """The process that reads calendars, with a fault in place of the reading."""
    program = (
        "import resource, sys\nimport pbxctl.timeline.ics as ics\nfrom pbxctl.calendars import child\n"
        f"def fault(*_):\n    {fault}\n    raise ValueError('x' * 999)\n"
        "ics.expand_calendar = fault\nsys.exit(child.main())\n"
    )
    asked = '{"zone": "UTC", "first_day": "2026-11-23", "days": 1}\n'
    return subprocess.run(
        [sys.executable, "-c", program], input=asked, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize("fault", ["bytearray(600 * 1024 * 1024)", "fault()"], ids=["memory", "recursion"])
def test_too_much_memory_is_an_answer(fault: str) -> None:
    ran = run_child(fault)
    assert (ran.returncode, json.loads(ran.stdout)) == (0, {"error": "it needs too much memory"})


def test_too_much_computing_ends_it() -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    ran = run_child("while True: pass")
    assert ran.returncode in (-signal.SIGKILL, -signal.SIGXCPU)
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before < 8


def test_it_writes_no_file_and_leaves_no_core(tmp_path: Path) -> None:
    run_child(f"open({str(tmp_path / 'x')!r}, 'w').write('x')")
    assert (tmp_path / "x").read_bytes() == b""
    limits = run_child("sys.exit(str(resource.getrlimit(resource.RLIMIT_CORE)))")
    assert limits.stderr == "(0, 0)\n"


def test_what_is_wrong_is_told_in_few_words() -> None:
    assert json.loads(run_child("pass").stdout) == {"error": "x" * 120}
