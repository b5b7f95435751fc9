"""What ``why`` tells of each rung: the one that spoke, those it silenced, and what an ordinary day lifted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from pbxctl.config import load_config
from pbxctl.decision.decide import LADDER, Call
from pbxctl.decision.facts import NO_FACTS, Facts, Override, PsapWindow
from pbxctl.plan.build import build_plan, build_rules
from pbxctl.simulate.explain import Trace, explain
from pbxctl.timeline.calendars import Occurrence
from tests.plan.bakery import FILE, bakery_text

ZONE = ZoneInfo("Europe/Brussels")
FIRST = date(2026, 11, 23)
LATER = int(datetime(2030, 1, 1, tzinfo=ZONE).timestamp())
OWNER, STRANGER, PEST = "+32475123456", "+32470000003", "+32470000001"

# In the bakery's file: the closed Wednesday, holidays, hours, Christmas (from the 24th, 12:00), the
# trade fair (6 January); here besides an opening on a holiday that is a Wednesday, and one within Christmas.
TEXT = (
    bakery_text()
    .replace(
        "    dates:\n",
        "    calendars: [{ics: trips.ics, mode: voicemail}]\n    dates:\n"
        "      - {on: 2026-12-30, ordinary_day: true}\n",
        1,
    )
    .replace(
        "reason: trade fair}\n",
        "reason: trade fair}\n      - {on: 2027-07-21, ordinary_day: true, reason: street feast}\n",
        1,
    )
    .replace("blocked: []", 'blocked: ["+32 470 00 00 01"]')
)


def trip(start: str, end: str) -> Occurrence:
    begins, ends = (int(datetime.fromisoformat(at).replace(tzinfo=ZONE).timestamp()) for at in (start, end))
    return Occurrence(begins, ends, "team trip")


EVENTS = {"office": [[trip("2027-01-06 12:00", "2027-01-06 18:00")]]}


def asked(at: str, caller: str = STRANGER, facts: Facts = NO_FACTS, *, rules: bool = True) -> Trace:
    loaded = load_config(TEXT.encode(), FILE)
    plan = build_plan(loaded, FIRST, 300, EVENTS)
    moment = datetime.fromisoformat(at).replace(tzinfo=ZONE)
    known = build_rules(loaded, FIRST, 300, EVENTS) if rules else {}
    return explain(plan, Call("+3292334455", caller), moment, facts, rules=known)


def told(trace: Trace) -> list[str]:
    """Each rung that has something to tell, as ``PART RUNG (MODE): KEY``."""
    return [
        f"{reason.part} {reason.rung} ({reason.mode}): {str(reason.rule).removeprefix('schedules.office.')}"
        for reason in trace.reasons
        if reason.part != "silent"
    ]


@dataclass(frozen=True)
class Moment:
    """A call, and what is told of the rungs."""

    at: str
    told: list[str]
    caller: str = STRANGER
    facts: Facts = NO_FACTS


CLOSED = "closed_day (voicemail): closed_day"
HOURS = "hours (voicemail): hours"
OVERRIDE = Facts(overrides={"main": Override(1, "ordinary", LATER, "owner", "x")})
MOMENTS = {
    "an ordinary Thursday": Moment("2026-12-03 10:00", ["spoke ordinary (ordinary): ordinary"]),
    "the closed day, while there are hours": Moment("2026-12-02 10:00", [f"spoke {CLOSED}"]),
    "its evening": Moment("2026-12-02 20:00", [f"spoke {CLOSED}", f"would_have {HOURS}"]),
    "a holiday that is a Sunday": Moment(
        "2027-05-16 10:00", ["spoke holiday (voicemail): holidays", f"would_have {HOURS}"]
    ),
    "an own date over a holiday": Moment(
        "2026-12-25 10:00",
        ["spoke date (voicemail): dates.1", "would_have holiday (voicemail): holidays"],
    ),
    "an opened Wednesday": Moment("2027-01-06 10:00", ["spoke date (ordinary): dates.2", f"lifted {CLOSED}"]),
    "its evening, by the hours": Moment(
        "2027-01-06 20:00", ["opened date (ordinary): dates.2", f"lifted {CLOSED}", f"spoke {HOURS}"]
    ),
    "its afternoon, on which a calendar has an event": Moment(
        "2027-01-06 13:00",
        ["spoke date (ordinary): dates.2", "lifted calendar (voicemail): calendars.0", f"lifted {CLOSED}"],
    ),
    "an opened holiday that is a Wednesday": Moment(
        "2027-07-21 10:00",
        [
            "spoke date (ordinary): dates.3",
            "lifted holiday (voicemail): holidays",
            f"lifted {CLOSED}",
        ],
    ),
    "an opening within a longer own date": Moment(
        "2026-12-30 10:00",
        ["spoke date (ordinary): dates.0", "lifted date (voicemail): dates.1", f"lifted {CLOSED}"],
    ),
    "a caller who always passes": Moment(
        "2026-12-02 20:00",
        [
            "spoke always_pass (ordinary): callers.always_pass.1",
            f"would_have {CLOSED}",
            f"would_have {HOURS}",
        ],
        caller=OWNER,
    ),
    "the same on an opened day": Moment(
        "2027-01-06 10:00",
        [
            "spoke always_pass (ordinary): callers.always_pass.1",
            "would_have date (ordinary): dates.2",
            f"lifted {CLOSED}",
        ],
        caller=OWNER,
    ),
    "the same in the evening, when the hours count as on any day": Moment(
        "2027-01-06 20:00",
        [
            "spoke always_pass (ordinary): callers.always_pass.1",
            "would_have date (ordinary): dates.2",
            f"lifted {CLOSED}",
            f"would_have {HOURS}",
        ],
        caller=OWNER,
    ),
    "a blocked caller": Moment(
        "2026-12-02 10:00",
        ["spoke blocked (refused): callers.blocked.0", f"would_have {CLOSED}"],
        caller=PEST,
    ),
    "an exception that somebody set": Moment(
        "2026-12-02 10:00", ["spoke override (ordinary): override", f"would_have {CLOSED}"], facts=OVERRIDE
    ),
    "after an emergency number was dialled": Moment(
        "2026-12-02 10:00",
        [
            "spoke psap (ordinary): psap",
            "would_have blocked (refused): callers.blocked.0",
            "would_have override (ordinary): override",
            f"would_have {CLOSED}",
        ],
        caller=PEST,
        facts=replace(OVERRIDE, psap=PsapWindow(LATER, "201")),
    ),
    "beyond what was worked out, only what decides there is told": Moment(
        "2031-05-07 20:00", [f"spoke {CLOSED}"]
    ),
    "the same with the dates lost": Moment(
        "2027-07-21 10:00", [f"spoke {CLOSED}"], facts=Facts(dates_present=False)
    ),
}


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_each_rung_tells_its_part(moment: Moment) -> None:
    assert told(asked(moment.at, moment.caller, moment.facts)) == moment.told


def test_an_opened_day_names_what_it_lifts_and_each_of_them_its_line() -> None:
    reasons = {reason.rung: reason for reason in asked("2027-07-21 10:00").reasons}

    assert reasons["date"].sentence == (
        "street feast: an ordinary day (lifts: public holiday: National Day; "
        "behind closed doors on Wednesday, since 2026-12-02)"
    )
    assert reasons["date"].lifts == ("schedules.office.holidays", "schedules.office.closed_day")
    assert reasons["holiday"].sentence == "lifted, else voicemail (public holiday: National Day)"
    lines = TEXT.splitlines()
    for rung, written in [("date", "street feast"), ("holiday", "holidays:"), ("closed_day", "closed_day:")]:
        origin = reasons[rung].origin
        assert origin is not None
        assert written in lines[origin.line - 1]


def test_an_opening_without_a_reason_that_lifts_nothing_says_so() -> None:
    loaded = load_config(TEXT.replace("on: 2026-12-30", "on: 2026-12-03").encode(), FILE)
    plan, rules = build_plan(loaded, FIRST, 50), build_rules(loaded, FIRST, 50)
    at = datetime(2026, 12, 3, 10, tzinfo=ZONE)

    trace = explain(plan, Call("+3292334455", STRANGER), at, NO_FACTS, rules=rules)

    [spoke] = [reason for reason in trace.reasons if reason.spoke]
    assert spoke.sentence == "an ordinary day (lifts: nothing)"


def test_without_the_rules_the_first_that_would_have_spoken_is_told_all_the_same() -> None:
    trace = asked("2026-12-02 20:00", OWNER, rules=False)

    assert told(trace) == ["spoke always_pass (ordinary): callers.always_pass.1", f"would_have {CLOSED}"]


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_the_rungs_stand_in_the_order_of_the_ladder_and_one_of_them_speaks(moment: Moment) -> None:
    trace = asked(moment.at, moment.caller, moment.facts)

    places = [LADDER.index(reason.rung) for reason in trace.reasons]
    assert places == sorted(places)
    assert [reason.spoke for reason in trace.reasons].count(True) == 1
