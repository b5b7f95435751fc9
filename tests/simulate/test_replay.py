"""Past calls through the decision: what is counted, and what it is counted as."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pbxctl.config import load_config
from pbxctl.decision.decide import Call, decide
from pbxctl.decision.facts import NO_FACTS
from pbxctl.journal.history import Direction, Ending, PastCall
from pbxctl.plan.as_if import closed_since
from pbxctl.plan.build import build_plan
from pbxctl.plan.model import Plan
from pbxctl.simulate import replay as replay_module
from pbxctl.simulate.replay import Replay, Tally
from tests.plan.bakery import FILE, bakery_text

ZONE = ZoneInfo("Europe/Brussels")
MAIN, ORDERS, TERMINAL = "+3292334455", "+3292334466", "+3292334499"


@cache
def plan_of(first: date, since: date | None = None) -> Plan:
    loaded = load_config(bakery_text().encode(), FILE)
    return build_plan(loaded if since is None else closed_since(loaded, since), first, 400)


def call(at: str, **fields: Any) -> PastCall:
    told: dict[str, Any] = {
        "did": MAIN,
        "caller": "0470000103",
        "direction": Direction.INBOUND,
        "ending": Ending.PERSON,
        "talked_s": 60,
        "linkedid": "1.1",
        "legs": 1,
    }
    moment = datetime.fromisoformat(at)
    return PastCall(moment if moment.tzinfo else moment.replace(tzinfo=ZONE), **{**told, **fields})


def replayed(*calls: PastCall, since: date | None = None, **options: Any) -> Tally:
    replay = Replay(lambda first: plan_of(first, since), ZONE, **options)
    for each in calls:
        replay.add(each)
    return replay.tally


AS_IF = date(2026, 1, 1)
MET = [
    pytest.param("2026-11-04 10:00", {}, None, ("main", "ordinary", "ordinary"), id="before it began"),
    pytest.param("2026-11-04 10:00", {}, AS_IF, ("main", "voicemail", "closed_day"), id="as if it had begun"),
    pytest.param("2026-12-02 10:00", {}, None, ("main", "voicemail", "closed_day"), id="after it began"),
    pytest.param(
        "2026-12-02 10:00", {"did": ORDERS}, None, ("orders", "answering_service", "closed_day"), id="orders"
    ),
    pytest.param(
        "2026-12-02 10:00",
        {"caller": "0475123456"},
        None,
        ("main", "ordinary", "always_pass"),
        id="the owner",
    ),
    pytest.param("2026-11-11 10:00", {}, None, ("main", "voicemail", "holiday"), id="a holiday"),
    pytest.param("2019-05-01 10:00", {}, None, ("main", "voicemail", "holiday"), id="a holiday of years ago"),
    pytest.param("2026-11-05 20:00", {}, None, ("main", "voicemail", "hours"), id="an evening"),
    pytest.param(
        "2027-01-01 00:00", {}, None, ("main", "voicemail", "date"), id="the new year's first minute"
    ),
]


@pytest.mark.parametrize(("at", "fields", "since", "met"), MET)
def test_a_past_call_meets_what_why_says(
    at: str, fields: dict[str, Any], since: date | None, met: tuple[str, str, str]
) -> None:
    tally = replayed(call(at, **fields), since=since)

    assert tally.by("route", "mode", "rung") == {met: 1}


def test_every_hour_of_two_years_is_decided_as_by_one_plan_over_both() -> None:
    replay = Replay(plan_of, ZONE)
    whole = build_plan(load_config(bakery_text().encode(), FILE), date(2026, 11, 1), 400)
    first = int(datetime(2026, 11, 2, tzinfo=UTC).timestamp())

    for hour in range(0, 380 * 24, 7):
        past = call(datetime.fromtimestamp(first + hour * 3600, UTC).isoformat())
        found = replay.add(past)
        wanted = decide(whole, Call(past.did, past.caller), past.at, NO_FACTS)
        assert found is not None
        assert found.decision is not None
        assert wanted is not None
        assert (found.mode, found.decision.rule) == (wanted.mode, wanted.rule), past.at


def test_what_would_change_is_what_a_person_answered_then() -> None:
    tally = replayed(
        call("2026-12-02 10:00"),
        call("2026-12-02 10:05", ending=Ending.MACHINE, talked_s=0),
        call("2026-12-02 10:06", ending=Ending.NOBODY, talked_s=0),
        call("2026-12-03 10:00"),
    )

    assert tally.closed_now() == tally.closed_now(route="main", weekday=3) == 1
    assert tally.count() == 4
    assert tally.count(ending=Ending.NOBODY, rung="closed_day") == 1
    assert tally.silenced_s == 60
    assert tally.closed_days == {date(2026, 12, 2)}


def test_a_caller_who_meets_the_closed_door_twice_on_a_day_is_one_however_spelled() -> None:
    tally = replayed(
        call("2026-12-02 10:00", caller="0470000103"),
        call("2026-12-02 11:00", caller="+32470000103", did=ORDERS),
        call("2026-12-02 12:00", caller="0032470000103"),
        call("2026-12-09 10:00", caller="0470000103"),
        call("2026-12-02 10:00", caller=""),
        call("2026-12-02 10:00", caller=""),
        call("2026-12-03 20:00", caller="0470000109"),
        call("2026-12-03 21:00", caller="0470000109"),
    )

    assert tally.twice() == {3: 1}, "the withheld are nobody, and the night is not the closed door"


def test_numbers_of_no_route_are_counted_and_not_decided() -> None:
    tally = replayed(
        call("2026-12-02 10:00", did=TERMINAL),
        call("2026-12-02 10:00", did="+3225550000"),
        call("2026-12-02 10:00", did=""),
    )

    assert tally.no_route == {TERMINAL: 1, "+3225550000": 1, "": 1}
    assert tally.cells == {}


def test_calls_that_are_not_from_outside_are_told_apart() -> None:
    tally = replayed(
        call("2026-12-02 10:00", direction=Direction.OUTGOING),
        call("2026-12-02 10:00", direction=Direction.INTERNAL),
    )

    assert tally.directions == {Direction.OUTGOING: 1, Direction.INTERNAL: 1}
    assert tally.first is None


def test_a_period_takes_in_its_first_and_its_last_local_day() -> None:
    period = (date(2026, 12, 2), date(2026, 12, 3))
    tally = replayed(
        call("2026-12-01 23:59:59"),
        call("2026-12-01T23:00:00+00:00"),
        call("2026-12-03 23:59:59"),
        call("2026-12-03T23:00:00+00:00"),
        period=period,
    )

    assert (tally.count(), tally.outside_period) == (2, 2)


def test_weeks_later_is_the_same_time_on_the_clock() -> None:
    replay = Replay(plan_of, ZONE, shift_weeks=8)

    found = replay.add(call("2026-10-07 10:00"))

    assert found is not None
    assert found.at == datetime(2026, 12, 2, 10, tzinfo=ZONE)
    assert found.closed_now


def test_weeks_later_on_the_morning_that_has_no_half_past_two() -> None:
    found = Replay(plan_of, ZONE, shift_weeks=1).add(call("2026-03-22 02:30"))

    assert found is not None
    assert found.at.isoformat() == "2026-03-29T03:30:00+02:00"


def test_the_earlier_of_two_half_past_twos_is_the_first_call() -> None:
    twice = [call(f"2026-10-25T0{utc}:30:00+00:00") for utc in (1, 0)]

    tally = replayed(*twice)

    assert tally.first is not None
    assert tally.last is not None
    assert (tally.first.timestamp(), tally.last.timestamp()) == (
        twice[1].at.timestamp(),
        twice[0].at.timestamp(),
    )


def test_what_callers_make_up_does_not_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay_module, "MAX_NUMBERS", 3)
    monkeypatch.setattr(replay_module, "MAX_CALLERS", 3)
    calls = [call("2026-12-02 10:00", caller=f"04700001{n:02}") for n in range(10)]
    strangers = [call("2026-12-02 10:00", did=f"+32255500{n:02}") for n in range(10)]

    tally = replayed(*calls, *strangers)

    assert (len(tally.often), tally.often_left_out) == (3, 7)
    assert (len(tally.no_route), tally.no_route_beyond) == (3, 7)
    assert tally.count() == 10
