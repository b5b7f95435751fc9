"""A configuration as if its closed day had begun on another date."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from pbxctl.config import load_config
from pbxctl.decision.decide import timeline_standing
from pbxctl.plan.as_if import closed_since
from pbxctl.plan.build import build_plan
from pbxctl.plan.model import Plan
from tests.plan.bakery import FILE, bakery_text

WEDNESDAY = "closed_day: {weekday: wednesday, since: 2026-12-02, mode: voicemail}"
CHANGES = """closed_day:
      - {weekday: tuesday, since: 2026-06-02, mode: voicemail}
      - {weekday: friday, since: 2026-11-06, mode: voicemail}
      - {weekday: none, since: 2027-03-01}"""


def closed_days(plan: Plan, days: range, month: tuple[int, int]) -> list[int]:
    """The days of a month on which the office is behind closed doors at ten."""
    moments = [datetime(*month, day, 10, tzinfo=ZoneInfo("Europe/Brussels")) for day in days]
    timeline = plan.timelines["office"]
    return [at.day for at in moments if timeline_standing(timeline, at).rung == "closed_day"]


def plan_as_if(since: str, closed_day: str = WEDNESDAY) -> Plan:
    assert WEDNESDAY in bakery_text()
    loaded = load_config(bakery_text().replace(WEDNESDAY, closed_day, 1).encode(), FILE)
    return build_plan(closed_since(loaded, date.fromisoformat(since)), date(2026, 5, 1), 400)


CASES = [
    pytest.param(WEDNESDAY, "2026-10-08", (2026, 10), [14, 21, 28], id="from the date on, and not before"),
    pytest.param(WEDNESDAY, "2027-02-15", (2027, 2), [17, 24], id="it may also begin later"),
    pytest.param(CHANGES, "2026-10-08", (2026, 10), [6, 9, 16, 23, 30], id="the last change, from then on"),
    pytest.param(CHANGES, "2026-05-15", (2026, 6), [5, 12, 19, 26], id="before the first change was made"),
    pytest.param(CHANGES, "2026-10-08", (2027, 3), [], id="what ends it still does"),
]


@pytest.mark.parametrize(("closed_day", "since", "month", "days"), CASES)
def test_the_closed_day_counts_from_the_date_on(
    closed_day: str, since: str, month: tuple[int, int], days: list[int]
) -> None:
    assert closed_days(plan_as_if(since, closed_day), range(1, 29 if month[1] == 2 else 31), month) == days


def test_every_rule_keeps_its_line() -> None:
    plan = plan_as_if("2026-10-08", CHANGES)

    assert plan.rules["schedules.office.closed_day.1"].origin.line == 32
    assert "since 2026-10-08" in plan.rules["schedules.office.closed_day.1"].label


def test_a_schedule_without_a_closed_day_has_none_then_either() -> None:
    plan = plan_as_if("2026-10-08", "# no closed day")

    assert closed_days(plan, range(1, 31), (2026, 12)) == []
