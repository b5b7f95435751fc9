"""Whoever we rang a while ago passes, by the last eight digits of what was dialled."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbxctl.decision.decide import Call, decide
from pbxctl.decision.facts import NO_FACTS, Facts, parse_rang, read_facts
from pbxctl.numbers import last_eight, spellings
from pbxctl.simulate.explain import explain
from tests.decision.test_decide import MAIN, at
from tests.plan.bakery import bakery_plan, bakery_text, plan_of

PLAN = plan_of(bakery_text().replace("blocked: []", 'blocked: ["+32 470 00 00 09"]\n  we_rang: 4h'))
CLOSED = at("2026-12-02 10:00")
NOW = int(CLOSED.timestamp())
HOURS = 3600


def rang(digits: str, moment: int) -> Facts:
    return read_facts({f"rang/{digits[-4:]}": f"1|{moment}|{digits}"})


def rule_of(caller: str, facts: Facts) -> str:
    decision = decide(PLAN, Call(MAIN, caller), CLOSED, facts)
    assert decision is not None
    assert (decision.mode, decision.rung) == (
        ("ordinary", "always_pass") if decision.rule == "callers.we_rang" else (decision.mode, decision.rung)
    )
    return decision.rule


PASSES, CLOSED_DAY = "callers.we_rang", "schedules.office.closed_day"


@pytest.mark.parametrize(
    ("ago", "rule"),
    [
        (0, PASSES),
        (1, PASSES),
        (4 * HOURS - 1, PASSES),
        (4 * HOURS, CLOSED_DAY),
        (72 * HOURS, CLOSED_DAY),
        (-1, CLOSED_DAY),
        (-100 * HOURS, CLOSED_DAY),
    ],
)
def test_for_four_hours_and_not_a_second_longer(ago: int, rule: str) -> None:
    assert rule_of("+32470112233", rang("70112233", NOW - ago)) == rule


@pytest.mark.parametrize(
    ("caller", "rule"),
    [
        *((spelling, PASSES) for spelling in spellings("+32470112233", "BE")),
        ("70112233", PASSES),
        # Somebody else's number with these last digits: it costs nothing.
        ("+33170112233", PASSES),
        ("0112233", CLOSED_DAY),
        ("2233", CLOSED_DAY),
        ("", CLOSED_DAY),
        ("anonymous", CLOSED_DAY),
        ("+32470112234", CLOSED_DAY),
        ("+32470112233 ext 1", CLOSED_DAY),
    ],
)
def test_whoever_calls_back_in_another_spelling_is_known(caller: str, rule: str) -> None:
    assert rule_of(caller, rang("70112233", NOW - 60)) == rule


def test_a_blocked_caller_stays_blocked_whomever_we_rang() -> None:
    assert rule_of("+32470000009", rang("70000009", NOW - 60)) == "callers.blocked.0"


def test_it_is_off_unless_it_was_asked_for() -> None:
    decision = decide(bakery_plan(), Call(MAIN, "+32470112233"), CLOSED, rang("70112233", NOW - 60))
    assert decision is not None
    assert decision.rule == CLOSED_DAY


def test_why_says_so_at_its_line() -> None:
    reasons = explain(PLAN, Call(MAIN, "+32470112233"), CLOSED, rang("70112233", NOW - 60)).reasons
    (spoke,) = [reason for reason in reasons if reason.spoke]
    assert spoke.sentence == "we rang this caller within the last 4 h"
    assert spoke.origin is not None
    assert spoke.origin.key == "callers.we_rang"


@pytest.mark.parametrize(
    "value",
    ["", "1", "1||70112233", "2|1|70112233", "1|1|7011223", "1|1|701122334", "1|1|70112233|", "1|x|70112233"],
)
def test_garbage_is_nobody_whom_we_rang(value: str) -> None:
    assert parse_rang(value) is None
    assert read_facts({"rang/2233": value}) == NO_FACTS


def test_an_entry_under_another_key_is_none() -> None:
    assert read_facts({"rang/2234": "1|1|70112233", "rang/": "1|1|70112233"}).rang == {}


@given(st.from_regex(r"[0-9]{8}", fullmatch=True), st.sampled_from(["", "0", "00", "+32", "0032", "9", "+"]))
def test_what_stands_before_the_last_eight_digits_does_not_count(digits: str, before: str) -> None:
    assert last_eight(before + digits) == digits
