"""Which events of a schedule's calendars reach the plan, whatever others write into them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pbxctl.config import load_config
from pbxctl.plan.build import build_plan
from pbxctl.plan.model import TimelinePlan
from pbxctl.render.entries import MAX_PARTS
from pbxctl.timeline import Rung
from pbxctl.timeline.calendars import Occurrence

GOOD = (Path(__file__).parents[1] / "config" / "good.yaml").read_text()
FIRST, DAYS = date(2026, 11, 24), 60


def event(day: float, hours: float, title: str = "Closed") -> Occurrence:
    """So many hours from so many days after the first one on."""
    start = datetime.combine(FIRST, datetime.min.time(), ZoneInfo("Europe/Brussels")) + timedelta(days=day)
    return Occurrence(int(start.timestamp()), int(start.timestamp() + hours * 3600), title)


def timeline(*calendars: list[Occurrence], max_days: int = 14) -> TimelinePlan:
    line = f"{{ics: a.ics, mode: voicemail, max_days: {max_days}}}"
    text = GOOD.replace("hours: {mon-fri: 08:30-17:30", "hours: {mon-fri: [08:30-12:00, 13:00-17:30]")
    text = text.replace("    hours:", f"    calendars: [{', '.join([line] * len(calendars))}]\n    hours:")
    loaded = load_config(text.encode(), "pbxctl.yaml")
    return build_plan(loaded, FIRST, DAYS, {"office": calendars}).timelines["office"]


def closed_hours(plan: TimelinePlan) -> float:
    closed = (window for window in plan.windows if window.verdict.rung is Rung.CALENDAR)
    return sum(window.end - window.start for window in closed) / 3600


@pytest.mark.parametrize(("max_days", "hours"), [(14, 0), (19, 0), (20, 480)])
def test_what_is_held_back_closes_nothing_and_max_days_lets_it_through(max_days: int, hours: float) -> None:
    assert closed_hours(timeline([event(6, 480)], max_days=max_days)) == hours


def test_an_event_stays_held_while_it_lasts_and_as_the_horizon_reaches_it() -> None:
    assert closed_hours(timeline([event(-15, 480)])) == 0
    assert closed_hours(timeline([event(DAYS - 5, 480)])) == 0
    assert closed_hours(timeline([event(-9, 240)])) == 24


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_no_calendars_make_a_day_that_the_pbx_cannot_hold(count: int) -> None:
    """Each breaks the working day into as many pieces as it may, or tries more."""
    for pieces in range(1, 30):
        calendars = [
            [event(6 + (8.6 + (pieces * n + each) / 17) / 24, 1 / 40, f"{each}") for each in range(pieces)]
            for n in range(count)
        ]
        plan = timeline(*calendars)
        assert max(len(parts) for parts in plan.dates.values()) <= MAX_PARTS
        assert (closed_hours(plan) > 0) == (pieces <= max(1, 4 // count))
