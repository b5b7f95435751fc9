"""What version 1 wrote stays readable for ever; what a newer version writes is refused, or as if not there.

The samples in ``v1/`` are never changed: a format that must change gets a new version, and a folder.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pbxctl.decision.facts import Override, PsapWindow, read_facts
from pbxctl.errors import InputWrong
from pbxctl.journal.cel import CelLine, call_events, parse_cel
from pbxctl.journal.events import (
    Decided,
    Entered,
    JournalEvent,
    Misrouted,
    StepReached,
    format_event,
    parse_event,
)
from pbxctl.journal.records import OddLine
from pbxctl.plan.answers import Answers, Relation
from pbxctl.plan.flow import Dial, Hangup, Voicemail
from pbxctl.plan.format import plan_from_json, plan_to_json
from pbxctl.plan.model import PLAN_VERSION, Standing
from pbxctl.render.entries import DAY, HORIZON, POINTER, STANDING, format_standing, horizon_entry

SAMPLES = Path(__file__).parent / "v1"
PLAN = (SAMPLES / "plan" / "bakery.json").read_text(encoding="utf-8")
CEL = (SAMPLES / "journal" / "cel.csv").read_text(encoding="utf-8")
EVENTS = (SAMPLES / "journal" / "events.txt").read_text(encoding="utf-8").splitlines()
VALUES = dict(
    line.split(" = ", 1)
    for line in (SAMPLES / "database" / "values.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
)


def test_the_plan_is_read_to_the_last_value() -> None:
    plan = plan_from_json(PLAN)
    # What version 1 held means the same in the words of version 2: one language a route, whoever calls.
    assert plan_from_json(plan_to_json(plan)) == plan
    assert {route.language for route in plan.routes.values()} == {"nl"}
    assert plan.languages_abroad == {}
    assert plan.we_rang_s is None
    assert plan.did_in is None
    assert (plan.version, plan.first_day, plan.horizon_days) == (PLAN_VERSION, date(2026, 12, 20), 14)
    service, *_, end = plan.routes["orders"].flows["answering_service"].steps
    assert isinstance(service, Dial)
    assert isinstance(end, Hangup)
    assert (service.shown, service.ring_s, service.max_calls) == ("+3292334466", 20, 4)
    assert service.diverted is None
    assert plan.routes["main"].flows["voicemail"].step("message") == Voicemail(
        "message", "100@default", {"done": "end", "failed": "recording"}
    )
    christmas = plan.timelines["office"].dates[date(2026, 12, 24)]
    noon = datetime(2026, 12, 24, 12, tzinfo=ZoneInfo("Europe/Brussels"))
    assert christmas[-1].start == int(noon.timestamp())
    assert christmas[-1].standing == Standing(
        "voicemail",
        "date",
        "schedules.office.dates.0",
        Answers(Relation.LATER, 1, day=date(2027, 1, 4)),
    )
    assert christmas[0].standing.answers == Answers(Relation.TODAY, 4, time=time(8, 30))
    assert plan.rules["schedules.office.closed_day"].origin.line == 30


def test_a_plan_of_a_newer_version_is_refused_in_one_line() -> None:
    with pytest.raises(InputWrong, match=r"^this plan has version 99, .*: update pbxctl$"):
        plan_from_json(PLAN.replace('"version": 1', '"version": 99', 1))


def test_a_plan_of_version_1_with_a_key_of_version_2_is_refused() -> None:
    with pytest.raises(InputWrong):
        plan_from_json(PLAN.replace('"language": "nl",', '"language": "nl", "more": 1,', 1))


def test_overrides_and_the_psap_window_are_read() -> None:
    facts = read_facts(VALUES)
    assert facts.overrides == {
        "main": Override(7, "voicemail", 1796205600, "PJSIP/201", "4f1c2a"),
        "orders": Override(8, "none", 1796209200, "web owner", "4f1c2b"),
    }
    assert facts.psap == PsapWindow(1796205600, "201")


def test_facts_of_version_2_are_as_if_not_there() -> None:
    facts = read_facts({key: value.replace("1|", "2|", 1) for key, value in VALUES.items()})
    assert (facts.overrides, facts.psap) == ({}, None)


EXPRESSIONS = {"day": DAY, "window": STANDING, "horizon": HORIZON, "current": POINTER}


def expression_for(key: str) -> str | None:
    return next((text for name, text in EXPRESSIONS.items() if name in key.split("/")), None)


DATES = [key for key in VALUES if expression_for(key)]


@pytest.mark.parametrize("key", DATES)
def test_the_dialplan_believes_dates_and_pointer_of_version_1_alone(key: str) -> None:
    expression, value = expression_for(key), VALUES[key]
    assert expression is not None
    assert re.fullmatch(expression, value)
    assert not re.fullmatch(expression, "2" + value[1:])
    assert not re.fullmatch(expression, value[1:])


@pytest.mark.parametrize("key", [key for key in DATES if "window" in key])
def test_windows_are_still_written_the_same_way(key: str) -> None:
    _, mode, rung, rule, stem = VALUES[key].split("|")
    assert format_standing(Standing(mode, rung, rule, None), stem) == VALUES[key]


def test_the_horizon_is_still_written_the_same_way() -> None:
    written = horizon_entry("pbxctl", "39d8d4ee5bd0", date(2026, 11, 24), 400)
    assert written.value == VALUES[written.key]


EXPECTED: list[JournalEvent] = [
    Entered("main", "+3292334455", "+32475123456"),
    Decided("voicemail", "closed_day", "schedules.office.closed_day", "ac1cd0ab98fc"),
    StepReached("voicemail", "prompt"),
    Misrouted("+3292334400"),
]


def test_events_are_read_and_still_written_the_same_way() -> None:
    assert [parse_event(text) for text in EVENTS] == EXPECTED
    assert [format_event(event) for event in EXPECTED] == EVENTS


@pytest.mark.parametrize("text", EVENTS)
def test_events_of_version_2_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="version '2'; this pbxctl reads version 1"):
        parse_event("2" + text[1:])


def test_the_journal_of_a_real_pbx_is_read() -> None:
    lines = list(parse_cel(CEL.encode().splitlines(keepends=True)))
    assert lines[1] == CelLine(
        type="PBXCTL",
        user_type="PBXCTL",
        time="1795523662.842065",
        uniqueid="1795523662.1",
        linkedid="1795523662.0",
        channel="Local/s@t-00000000;2",
        caller="+32475123456",
        exten="s",
        context="t",
        application="CELGenUserEvent",
        extra='{"extra":"1|step|voicemail|prompt"}',
        peer="",
    )
    assert call_events(lines) == {"1795523662.1": [StepReached("voicemail", "prompt")]}


def test_the_journal_of_a_day_of_real_calls_is_read() -> None:
    with (SAMPLES / "journal" / "calls.csv").open("rb") as file:
        stories = list(call_events(parse_cel(file)).values())
    decided = [event.rung for story in stories for event in story if isinstance(event, Decided)]
    assert decided == [
        *("closed_day", "always_pass", "blocked", "override", "override", "psap", "psap", "closed_day"),
    ]
    assert [Misrouted("+3292001199")] in stories


def test_a_journal_of_version_2_is_refused_line_by_line() -> None:
    lines = list(parse_cel(CEL.replace('"1"', '"2"').encode().splitlines(keepends=True)))
    assert {line.what for line in lines if isinstance(line, OddLine)} == {
        "is of version 2 of the journal; this pbxctl reads version 1: update pbxctl"
    }
    assert all(isinstance(line, OddLine) for line in lines)
