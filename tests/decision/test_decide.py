"""The ladder: each rung against each below it, and who is asked about whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pbxctl.config import load_config
from pbxctl.decision.decide import CALLER_RUNGS, LADDER, Call, decide, route_state
from pbxctl.decision.facts import NO_FACTS, Facts, Override, PsapWindow
from pbxctl.numbers import spellings
from pbxctl.plan.build import build_plan
from pbxctl.plan.model import CallerRule, Plan
from pbxctl.timeline.calendars import Occurrence
from tests.plan.bakery import FIRST_DAY, HORIZON_DAYS, bakery_plan, bakery_text

ZONE = ZoneInfo("Europe/Brussels")
MAIN, ORDERS = "+3292334455", "092334466"
BLOCKED, PASSES, NOBODY = "+32470000001", "+32470000002", "+32470000003"
MOMENT = datetime(2027, 1, 6, 20, 0, tzinfo=ZONE)
LATER = int(MOMENT.timestamp()) + 60


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


# What makes each rung below the callers' speak on the evening of Wednesday, 6 January 2027.
SPEAKS = {
    "date": "dates: [{on: 2027-01-06, mode: voicemail}]",
    # Epiphany: a holiday in Bavaria, not in Belgium.
    "calendar": "calendars: [{ics: closed.ics, mode: voicemail}]",
    "holiday": "holidays: {regions: [DE-BY], mode: voicemail}",
    "closed_day": "closed_day: {weekday: wednesday, since: 2026-12-02, mode: voicemail}",
    "hours": "hours: {mon-fri: 08:30-17:30, outside: voicemail}",
}


def plan_with(*rungs: str) -> Plan:
    schedule = "\n".join(f"    {SPEAKS[rung]}" for rung in rungs if rung in SPEAKS)
    # Numbers and routes as in the example, and a schedule of these rungs alone.
    head, rest = bakery_text().split("schedules:")
    routes = rest[rest.index("\nroutes:") :]
    routes = routes.replace("schedule: orders", "schedule: office")
    body = f"  office:\n{schedule}\n" if schedule else "  office: {}\n"
    loaded = load_config(f"{head}schedules:\n{body}{routes}".encode(), "pbxctl.yaml")
    events = {"office": [[Occurrence(LATER - 60, LATER, "Stocktaking")]]}
    plan = build_plan(loaded, MOMENT.date() - timedelta(days=2), 10, events)
    blocked = listed(BLOCKED, "callers.blocked.0")
    # On both lists, which no configuration may have it: here the order of the rungs is looked at.
    return replace(
        plan,
        blocked=(blocked,),
        always_pass=(listed(PASSES, "callers.always_pass.0"), replace(blocked, rule="callers.always_pass.1")),
    )


def listed(number: str, rule: str) -> CallerRule:
    return CallerRule(number, spellings(number, "BE"), rule)


def met(*rungs: str) -> tuple[str, str, str, tuple[str, ...]]:
    """What is decided when exactly these rungs would speak."""
    plan = plan_with(*rungs)
    facts = Facts(
        overrides={"main": Override(1, "voicemail", LATER, "", "")} if "override" in rungs else {},
        psap=PsapWindow(LATER, "201") if "psap" in rungs else None,
    )
    caller = BLOCKED if "blocked" in rungs else PASSES if "always_pass" in rungs else NOBODY
    decision = decide(plan, Call(MAIN, caller), MOMENT, facts)
    assert decision is not None
    return decision.mode, decision.rung, decision.rule, decision.passed


RUNGS = LADDER[:-1]
SAYS = {
    "psap": ("ordinary", "psap"),
    "blocked": ("refused", "callers.blocked.0"),
    "always_pass": ("ordinary", "callers.always_pass.0"),
    "override": ("voicemail", "override"),
    "date": ("voicemail", "schedules.office.dates.0"),
    "calendar": ("voicemail", "schedules.office.calendars.0"),
    "holiday": ("voicemail", "schedules.office.holidays"),
    "closed_day": ("voicemail", "schedules.office.closed_day"),
    "hours": ("voicemail", "schedules.office.hours"),
}


@pytest.mark.parametrize("rung", RUNGS)
def test_a_rung_alone_says_its_own(rung: str) -> None:
    mode, spoke, rule, _ = met(rung)
    assert spoke == rung
    assert (mode, rule) == SAYS[rung]


@pytest.mark.parametrize(("upper", "lower"), list(combinations(RUNGS, 2)))
def test_the_upper_of_two_speaks_and_those_above_had_nothing_to_say(upper: str, lower: str) -> None:
    mode, spoke, rule, passed = met(upper, lower)
    assert (mode, spoke, rule) == (SAYS[upper][0], upper, SAYS[upper][1])
    assert passed == LADDER[: LADDER.index(upper)]


def test_the_last_rung_is_ordinary() -> None:
    assert met() == ("ordinary", "ordinary", "ordinary", RUNGS)


def test_a_blocked_caller_who_also_always_passes_is_blocked_but_not_in_an_emergency() -> None:
    plan = plan_with()
    call = Call(MAIN, BLOCKED)
    decided = [
        decide(plan, call, MOMENT, facts) for facts in (NO_FACTS, Facts(psap=PsapWindow(LATER, "201")))
    ]
    assert [decision and decision.rung for decision in decided] == ["blocked", "psap"]


@pytest.mark.parametrize(
    ("seconds", "open_"), [(-1, False), (0, False), (1, True)], ids=["past", "just over", "open"]
)
def test_a_psap_window_ends_exactly_at_its_end(seconds: int, open_: bool) -> None:
    facts = Facts(psap=PsapWindow(int(MOMENT.timestamp()) + seconds, "201"))
    decision = decide(plan_with("hours"), Call(MAIN, NOBODY), MOMENT, facts)
    assert decision is not None
    assert (decision.rung == "psap") is open_


SPELLINGS = ("+32470000002", "0032470000002", "32470000002", "0470000002", "+32 470/00.00-02")


@pytest.mark.parametrize("caller", SPELLINGS)
def test_a_caller_who_always_passes_does_so_in_every_spelling(caller: str) -> None:
    decision = decide(plan_with("hours"), Call(MAIN, caller), MOMENT, NO_FACTS)
    assert decision is not None
    assert decision.rung == "always_pass"


@pytest.mark.parametrize(
    "caller",
    ["", "anonymous", "470000002", "+32470000002" + "0" * 21, "+3247000000", "1" * 32 + "+32470000002"],
    ids=["withheld", "a name", "no prefix", "too long", "too short", "hidden behind 32 others"],
)
def test_a_number_that_is_only_like_it_does_not(caller: str) -> None:
    decision = decide(plan_with("hours"), Call(MAIN, caller), MOMENT, NO_FACTS)
    assert decision is not None
    assert decision.rung == "hours"


def test_a_number_on_no_route_is_not_decided() -> None:
    assert decide(bakery_plan(), Call("+3292334499", NOBODY), MOMENT, NO_FACTS) is None


def test_another_routes_override_says_nothing_here() -> None:
    facts = Facts(overrides={"orders": Override(1, "ordinary", LATER, "", "")})
    plan = bakery_plan()
    found = [decide(plan, Call(did, NOBODY), MOMENT, facts) for did in (MAIN, ORDERS)]
    assert [decision and decision.rung for decision in found] == ["hours", "override"]


@settings(deadline=None)
@given(
    st.integers(-86_400 * 10, 86_400 * (HORIZON_DAYS + 400)),
    st.sampled_from(["main", "orders"]),
    st.sampled_from([None, "ordinary", "voicemail", "none", "answering_service", "unheard_of"]),
    st.booleans(),
)
def test_decide_and_route_state_agree_about_callers_nobody_knows(
    ahead: int, route: str, mode: str | None, dates_present: bool
) -> None:
    moment = datetime.combine(FIRST_DAY, datetime.min.time(), ZONE) + timedelta(seconds=ahead)
    until = int(moment.timestamp()) + ahead % 3
    overrides = {} if mode is None else {route: Override(1, mode, until, "", "")}
    facts = Facts(overrides, None, dates_present)
    did = MAIN if route == "main" else ORDERS
    plan = bakery_plan()
    decision, state = decide(plan, Call(did, NOBODY), moment, facts), route_state(plan, route, moment, facts)
    assert decision is not None
    assert decision.rung not in CALLER_RUNGS
    assert (decision.mode, decision.rung, decision.rule, decision.answers) == (
        state.mode,
        state.rung,
        state.rule,
        state.answers,
    )
