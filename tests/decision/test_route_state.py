"""What a route does at a moment, until when, and when people answer again."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pbxctl.decision.decide import Call, RouteState, decide, route_state
from pbxctl.decision.facts import NO_FACTS, Facts, Override, read_facts
from pbxctl.plan.answers import Relation
from pbxctl.plan.model import Standing
from pbxctl.prompts.needed import catalogue_of, neutral_prompt, prompt_of
from tests.decision.test_facts import GARBAGE
from tests.plan.bakery import FIRST_DAY, HORIZON_DAYS, bakery_plan, bakery_text, plan_of

ZONE = ZoneInfo("Europe/Brussels")
DATES_LOST = Facts(dates_present=False)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def told(state: RouteState) -> tuple[str, str, str, str]:
    return (
        state.mode,
        state.rung,
        "-" if state.until is None else f"{state.until:%Y-%m-%d %H:%M}",
        "-" if state.answers_from is None else f"{state.answers_from:%Y-%m-%d %H:%M}",
    )


# Moment: mode, rung, until, answers_from. 2026-12-02 is the first closed Wednesday; Christmas is closed from
# 24 December 12:00 to 4 January 08:30; 6 January is an ordinary Wednesday; day 50 is 11 January.
STATES = {
    "2026-11-25 10:00": ("ordinary", "ordinary", "2026-11-25 17:30", "-"),
    "2026-12-01 17:29": ("ordinary", "ordinary", "2026-12-01 17:30", "-"),
    "2026-12-01 17:30": ("voicemail", "hours", "2026-12-02 00:00", "2026-12-03 08:30"),
    "2026-12-02 00:00": ("voicemail", "closed_day", "2026-12-03 00:00", "2026-12-03 08:30"),
    "2026-12-02 23:59": ("voicemail", "closed_day", "2026-12-03 00:00", "2026-12-03 08:30"),
    "2026-12-03 08:29": ("voicemail", "hours", "2026-12-03 08:30", "2026-12-03 08:30"),
    "2026-12-05 13:00": ("voicemail", "hours", "2026-12-07 08:30", "2026-12-07 08:30"),
    "2026-12-24 11:59": ("ordinary", "ordinary", "2026-12-24 12:00", "-"),
    "2026-12-24 12:00": ("voicemail", "date", "2027-01-04 08:30", "2027-01-04 08:30"),
    "2027-01-04 08:29": ("voicemail", "date", "2027-01-04 08:30", "2027-01-04 08:30"),
    "2027-01-05 18:00": ("voicemail", "hours", "2027-01-06 08:30", "2027-01-06 08:30"),
    "2027-01-06 10:00": ("ordinary", "date", "2027-01-06 17:30", "-"),
    "2027-01-06 18:00": ("voicemail", "hours", "2027-01-07 08:30", "2027-01-07 08:30"),
    # Beyond the horizon the weekly rule holds, and holidays are not known: no day is promised.
    "2027-01-13 10:00": ("voicemail", "closed_day", "2027-01-14 00:00", "-"),
    "2027-07-21 10:00": ("voicemail", "closed_day", "2027-07-22 00:00", "-"),
    "2030-12-25 10:00": ("voicemail", "closed_day", "2030-12-26 00:00", "-"),
    "2030-12-26 10:00": ("ordinary", "ordinary", "2030-12-26 17:30", "-"),
    # Before the first day, too: the week as it was before the closed day.
    "2020-12-02 10:00": ("ordinary", "ordinary", "2020-12-02 17:30", "-"),
}


@pytest.mark.parametrize(("moment", "state"), STATES.items(), ids=STATES)
def test_a_route_says_until_when_and_when_people_answer(
    moment: str, state: tuple[str, str, str, str]
) -> None:
    assert told(route_state(bakery_plan(), "main", at(moment), NO_FACTS)) == state


WITHOUT_DATES = {
    "the closed Wednesday still happens": ("2026-12-02 10:00", ("voicemail", "closed_day")),
    "the Wednesday before it does not": ("2026-11-25 10:00", ("ordinary", "ordinary")),
    "hours still apply": ("2026-12-03 20:00", ("voicemail", "hours")),
    "holidays are lost": ("2026-12-25 10:00", ("ordinary", "ordinary")),
    "own dates are lost": ("2026-12-29 10:00", ("ordinary", "ordinary")),
    "so is the Wednesday that answers": ("2027-01-06 10:00", ("voicemail", "closed_day")),
}


@pytest.mark.parametrize(("moment", "wanted"), WITHOUT_DATES.values(), ids=WITHOUT_DATES)
def test_with_the_dates_lost_the_week_decides(moment: str, wanted: tuple[str, str]) -> None:
    assert told(route_state(bakery_plan(), "main", at(moment), DATES_LOST))[:2] == wanted


UNSURE = {
    "the dates are lost": ("2026-12-02 10:00", DATES_LOST),
    "before the first day, at night": ("2020-12-02 20:00", NO_FACTS),
    "the second before the first day": (f"{FIRST_DAY - timedelta(days=1)} 23:59:59", NO_FACTS),
    "the second after the horizon": (f"{FIRST_DAY + timedelta(days=HORIZON_DAYS)} 00:00", NO_FACTS),
    "beyond the horizon": ("2027-01-13 10:00", NO_FACTS),
    "on a holiday that nobody has worked out": ("2030-12-25 10:00", NO_FACTS),
}


@pytest.mark.parametrize(("moment", "facts"), UNSURE.values(), ids=UNSURE)
def test_no_day_is_promised_where_the_dates_are_not_known(moment: str, facts: Facts) -> None:
    plan = bakery_plan()
    state = route_state(plan, "main", at(moment), facts)
    decision = decide(plan, Call("+3292334455", ""), at(moment), facts)
    assert decision is not None
    assert (state.mode, state.answers, state.answers_from) == ("voicemail", None, None)
    assert decision.answers is None
    prompt = prompt_of(catalogue_of(plan), Standing(state.mode, state.rung, state.rule, state.answers))
    assert prompt == neutral_prompt(catalogue_of(plan))


KNOWN = {
    "the first second of the first day": f"{FIRST_DAY} 00:00",
    "the last second of the horizon": f"{FIRST_DAY + timedelta(days=HORIZON_DAYS - 1)} 23:59:59",
}


@pytest.mark.parametrize("moment", KNOWN.values(), ids=KNOWN)
def test_a_day_is_promised_up_to_the_edges_of_the_horizon(moment: str) -> None:
    state = route_state(bakery_plan(), "main", at(moment), NO_FACTS)
    assert (state.mode, state.rung) == ("voicemail", "hours")
    assert state.answers is not None


@settings(deadline=None, max_examples=200)
@given(st.integers(0, 86_400 * HORIZON_DAYS - 1), st.sampled_from(["main", "orders"]), st.booleans())
def test_the_promise_comes_true(ahead: int, route: str, dates_present: bool) -> None:
    """At ``until`` something else is said, not a second earlier; at ``answers_from`` people answer."""
    plan, facts = bakery_plan(), Facts(dates_present=dates_present)
    moment = datetime.combine(FIRST_DAY, datetime.min.time(), ZONE) + timedelta(seconds=ahead)
    state = route_state(plan, route, moment, facts)
    here = (state.mode, state.rung, state.rule)
    assert state.until is not None
    for seconds, same in ((-1, True), (0, False)):
        then = datetime.fromtimestamp(state.until.timestamp() + seconds, ZONE)
        later = route_state(plan, route, then, facts)
        assert ((later.mode, later.rung, later.rule) == here) is same
    if state.mode == "ordinary":
        assert (state.answers, state.answers_from) == (None, None)
        return
    if not dates_present:
        # That day may be a holiday: nobody can say.
        assert (state.answers, state.answers_from) == (None, None)
        return
    assert state.answers is not None
    assert state.answers_from is not None
    assert route_state(plan, route, state.answers_from, facts).mode == "ordinary"
    before = datetime.fromtimestamp(state.answers_from.timestamp() - 1, ZONE)
    assert route_state(plan, route, before, facts).mode != "ordinary"
    tables = [table.since for table in plan.timelines[plan.routes[route].schedule].weekly if table.since]
    if not dates_present and any(moment.date() < since <= state.answers_from.date() for since in tables):
        return  # With the dates lost, the week before a change of the closed day knows nothing of it.
    # What the prompt says and what is known agree.
    assert state.answers.weekday == state.answers_from.isoweekday()
    assert (state.answers.relation is Relation.TODAY) == (state.answers_from.date() == moment.date())


def overridden(mode: str, until: int, moment: datetime) -> RouteState:
    facts = Facts(overrides={"main": Override(3, mode, until, "201", "x")})
    return route_state(bakery_plan(), "main", moment, facts)


OPEN = at("2026-12-03 10:00")
NOW = int(OPEN.timestamp())


@pytest.mark.parametrize(
    ("mode", "seconds", "rung"),
    [
        pytest.param("voicemail", 1, "override", id="a second left"),
        pytest.param("voicemail", 0, "ordinary", id="over exactly at its end"),
        pytest.param("voicemail", -1, "ordinary", id="over"),
        pytest.param("ordinary", 1, "override", id="a person opens"),
        pytest.param("none", 3600, "ordinary", id="a tombstone"),
        pytest.param("answering_service", 3600, "ordinary", id="a mode that this route has not"),
        pytest.param("refused", 3600, "ordinary", id="refused is no mode of a route"),
        pytest.param("unheard_of", 3600, "ordinary", id="a mode nobody knows"),
        pytest.param("", 3600, "ordinary", id="no mode"),
    ],
)
def test_an_override_speaks_while_it_lasts_and_the_route_has_its_mode(
    mode: str, seconds: int, rung: str
) -> None:
    assert overridden(mode, NOW + seconds, OPEN).rung == rung


def test_an_override_promises_nothing_but_its_own_end() -> None:
    state = overridden("voicemail", NOW + 90, OPEN)
    assert (state.mode, state.rule, state.answers, state.answers_from) == (
        "voicemail",
        "override",
        None,
        None,
    )
    assert state.until == OPEN + timedelta(seconds=90)


@pytest.mark.parametrize("until", [10**10, 10**12, 10**18, 10**200, 253402300799, 253402297200])
def test_an_end_that_no_calendar_has_is_no_end(until: int) -> None:
    state = overridden("voicemail", until, OPEN)
    assert state.rung == "override"
    assert state.until is None or int(state.until.timestamp()) == until


@pytest.mark.parametrize("text", GARBAGE.values(), ids=GARBAGE)
def test_garbage_in_the_database_is_as_if_it_were_not_there(text: str) -> None:
    facts = read_facts({"override/main": text, "psap": text})
    assert route_state(bakery_plan(), "main", OPEN, facts) == route_state(
        bakery_plan(), "main", OPEN, NO_FACTS
    )


NIGHT = "hours: {sun: 02:00-03:00, outside: voicemail}"


def test_beyond_the_horizon_hours_within_a_skipped_hour_promise_nothing() -> None:
    head, rest = bakery_text().split("schedules:")
    routes = rest[rest.index("\nroutes:") :].replace("schedule: orders", "schedule: office")
    plan = plan_of(f"{head}schedules:\n  office:\n    {NIGHT}\n{routes}")
    state = route_state(plan, "main", at("2027-03-27 12:00"), NO_FACTS)
    assert told(state) == ("voicemail", "hours", "2027-04-04 02:00", "-")
