"""One file per warning, named after it: what a person is told, and that following it silences it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pbxctl.checks import WARNINGS, Advice, find_warnings
from pbxctl.config import load_config
from pbxctl.plan.build import build_plan
from pbxctl.timeline.calendars import Occurrence, ReadCalendar
from tests.golden import assert_golden

HERE = Path(__file__).parent
CASES = sorted(HERE.joinpath("warnings").glob("*.yaml"))
LINE = re.compile(r"[a-z-]+\.yaml:[1-9][0-9]*:[1-9][0-9]*: [a-z_0-9.]+: \S.*; .* \[[a-z-]+\]")
TODAY = date(2026, 11, 24)


def warned(text: str, file: str, today: date = TODAY) -> tuple[Advice, ...]:
    recorded = re.findall(r"^# recorded (\S+)(?: as (\S+))?$", text, re.MULTILINE)
    recordings = {name: digest or name for name, digest in recorded}
    loaded = replace(load_config(text.encode(), file), recordings=recordings)
    read = {"office": tuple(calendars(text))}
    events = {name: [each.occurrences for each in of_one] for name, of_one in read.items()}
    return find_warnings(loaded, build_plan(loaded, today, calendars=events), today, read)


def calendars(text: str) -> Iterator[ReadCalendar]:
    """What came of reading the schedule's calendar, by the ``# calendar`` and ``# event`` lines."""
    for shown, copied, why in re.findall(
        r"^# calendar (\S+): (?:there|missing, (?=.)|copy of (\S+), )(.*)$", text, re.MULTILINE
    ):
        events = re.findall(r"^# event: (\S+(?: \S+:\S+)?) to (\S+(?: \S+:\S+)?) (.*)$", text, re.MULTILINE)
        found = tuple(Occurrence(epoch(start), epoch(end), title) for start, end, title in events)
        yield ReadCalendar(found, shown, why, date.fromisoformat(copied) if copied else None)


def epoch(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Brussels")).timestamp())


def day_of(text: str) -> date:
    """The day at which a case is looked, from its ``# on`` line."""
    found = re.search(r"^# on (.*)$", text, re.MULTILINE)
    assert found is not None
    return date.fromisoformat(found[1])


def followed(text: str) -> str:
    """The configuration after somebody did as the warning says, by its ``# follow`` lines."""
    steps = re.findall(r"^# follow: (.*?) ==> (.*)$", text, re.MULTILINE)
    assert steps
    body = text[: text.index("# on ")]
    for before, after in steps:
        written = before.replace("\\n", "\n")
        assert written in body
        body = body.replace(written, after.replace("\\n", "\n"))
    return body


def test_nothing_is_odd_about_a_usual_configuration() -> None:
    assert warned(HERE.joinpath("quiet.yaml").read_text(), "quiet.yaml") == ()


@pytest.mark.parametrize("number", ["+32 475 00 11 22", "201"], ids=["a colleague's mobile", "a desk phone"])
def test_whoever_meets_no_closed_door_may_be_forwarded_to(number: str) -> None:
    text = HERE.joinpath("quiet.yaml").read_text().replace("+32 2 555 09 08", number)
    text = text.replace(f', "{number}"]', "]") + 'staff:\n  owner: {mobile: "+32 475 00 11 22"}\n'
    assert text.count(number) == (2 if number.startswith("+") else 1)
    # A mobile has a voicemail, which must not take the call.
    text = text.replace(f'dial: "{number}"', f'confirm: 1, dial: "{number}"')

    assert warned(text, "quiet.yaml") == ()


def test_every_warning_is_shown() -> None:
    shown = {
        each.id for path in CASES for each in warned(path.read_text(), path.name, day_of(path.read_text()))
    }
    assert shown == set(WARNINGS)
    assert len(shown) >= 20


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_warning_says_what_is_odd_and_the_way_out(path: Path) -> None:
    text = path.read_text()
    told = [str(each) for each in warned(text, path.name, day_of(text))]

    assert told
    assert all(LINE.fullmatch(line) for line in told)
    assert_golden(path.with_suffix(".txt"), "\n".join(told) + "\n")


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_following_a_warning_silences_it_and_raises_no_other(path: Path) -> None:
    text = path.read_text()
    today = day_of(text)
    before = {each.id for each in warned(text, path.name, today)}
    after = {each.id for each in warned(followed(text), path.name, today)}

    assert after == set()
    assert before


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_harmless_line_above_moves_the_warning_by_one_line(path: Path) -> None:
    text = path.read_text()
    before = warned(text, path.name, day_of(text))
    after = warned("# harmless\n" + text, path.name, day_of(text))

    assert [(each.id, each.origin.line + 1, each.origin.column) for each in before] == [
        (each.id, each.origin.line, each.origin.column) for each in after
    ]


def test_the_document_lists_each_warning() -> None:
    document = HERE.parents[1].joinpath("docs", "warnings.md").read_text()

    assert re.findall(r"^\| `([a-z-]+)` \|", document, re.MULTILINE) == list(WARNINGS)


def test_earlier_changes_of_a_closed_day_are_history_and_not_odd() -> None:
    """Only the days of the change in force are looked at, at its own line."""
    text = HERE.joinpath("quiet.yaml").read_text()
    line = "    closed_day: {weekday: wednesday, since: 2026-12-02, mode: answering_service}\n"
    changes = """    closed_day:
      - {weekday: friday, since: 2014-01-03, mode: answering_service}
      - {weekday: none, since: 2020-03-01}
      - {weekday: wednesday, since: 2026-12-02, mode: answering_service}
      - {weekday: monday, since: 2029-01-01, mode: answering_service}
"""
    assert line in text
    assert warned(text.replace(line, changes), "changed.yaml") == ()
    restless = re.sub(r".*2027-05-05.*\n", "", text.replace(line, changes))
    assert [(each.id, each.origin.key) for each in warned(restless, "changed.yaml")] == [
        ("closed-days-in-a-row", "schedules.office.closed_day.2")
    ]
