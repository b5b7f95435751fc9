"""What ``why`` tells of a call: the keys that this caller hears of, and what follows where nobody answers."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from pbxctl.config import load_config
from pbxctl.decision.decide import Call
from pbxctl.decision.facts import NO_FACTS
from pbxctl.plan.build import build_plan
from pbxctl.plan.model import Plan
from pbxctl.simulate import World
from pbxctl.simulate.explain import Trace, explain

TEXT = """\
version: 1
company: {name: Peeters, mail: a@b.be, timezone: Europe/Brussels, country: BE, languages: [nl, fr, en]}
pbx: {kind: asterisk, dial_out: {context: outbound}}
schedules:
  office:
    closed_day: {weekday: wednesday, since: 2026-12-01, mode: answering_service}
    dates:
      - {on: 2026-12-03, mode: voicemail}
      - {on: 2026-12-04, mode: desk}
modes:
  desk: [{dial: "+32 2 555 01 03", busy: hangup}, {play: prompt, keys: {7: hangup}}]
prompts: {skip_key: 1, language_keys: {nl: 3, fr: 2}}
routes:
  main:
    dids: ["+32 9 233 44 55"]
    schedule: office
    ordinary: from-provider
    mailbox: 100@default
    answering_service: {number: "+32 2 555 01 02", ring: 20s}
"""
SERVICE = datetime(2026, 12, 2, 11, tzinfo=UTC)
VOICEMAIL = datetime(2026, 12, 3, 11, tzinfo=UTC)
DESK = datetime(2026, 12, 4, 11, tzinfo=UTC)
DUTCH, FRENCH, ENGLISH = "+32470000001", "+33612345678", "+447911123456"
LEFT = ("message", "can leave a message in 100@default")
SORRY = (
    "fell_back",
    "hears that the answering service cannot take the call, and may press 1 (on to message)",
)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return build_plan(load_config(TEXT.encode(), "pbxctl.yaml"), date(2026, 12, 1), 30)


def trace(plan: Plan, at: datetime, caller: str = DUTCH, **exits: str) -> Trace:
    return explain(plan, Call("+3292334455", caller), at, NO_FACTS, World(exits))


def told(happenings: object) -> list[tuple[str, str]]:
    assert isinstance(happenings, tuple)
    return [(each.step, each.sentence) for each in happenings if each.step != "end"]


HEARD = {
    DUTCH: [
        ("offer_fr", "hears in fr that 2 leads to it"),
        ("prompt", "hears the prompt, and may press 1 (on to message) or 2 (fr)"),
    ],
    FRENCH: [
        ("offer_nl", "hears in nl that 3 leads to it"),
        ("prompt", "hears the prompt, and may press 1 (on to message) or 3 (nl)"),
    ],
    ENGLISH: [
        ("offer_nl", "hears in nl that 3 leads to it"),
        ("offer_fr", "hears in fr that 2 leads to it"),
        ("prompt", "hears the prompt, and may press 1 (on to message) or 2 (fr) or 3 (nl)"),
    ],
}


@pytest.mark.parametrize("caller", HEARD)
def test_a_caller_is_told_of_the_languages_that_are_not_his(plan: Plan, caller: str) -> None:
    assert told(trace(plan, VOICEMAIL, caller).happenings) == [*HEARD[caller], LEFT]


def test_whoever_chose_a_language_is_told_no_more_of_others(plan: Plan) -> None:
    found = told(trace(plan, VOICEMAIL, DUTCH, offer_fr="2").happenings)
    assert found == [
        HEARD[DUTCH][0],
        ("speak_fr", "is spoken to in fr from here on"),
        ("again", "hears the prompt, and may press 1 (on to message)"),
        LEFT,
    ]


def test_what_follows_where_the_service_does_not_answer(plan: Plan) -> None:
    found = trace(plan, SERVICE)
    assert [step for step, _ in told(found.happenings)] == ["service"]
    assert told(found.fallback) == [SORRY, *HEARD[DUTCH], LEFT]


def test_what_follows_in_a_mode_of_one_s_own(plan: Plan) -> None:
    found = trace(plan, DESK)
    assert [step for step, _ in told(found.fallback)] == [
        "net_offer_fr_2",
        "play_2",
        "net_message",
        "net_end",
    ]


@pytest.mark.parametrize(("at", "exits"), [(VOICEMAIL, {}), (SERVICE, {"service": "busy"})])
def test_nothing_falls_back_where_nobody_is_rung_or_has_answered(
    plan: Plan, at: datetime, exits: dict[str, str]
) -> None:
    assert trace(plan, at, **exits).fallback == ()
