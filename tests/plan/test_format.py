"""The plan as JSON: the same bytes each time, read back whole, refused where it is not ours."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pbxctl.errors import InputWrong
from pbxctl.plan.flow import Collect, Flow, Hangup
from pbxctl.plan.format import plan_from_json, plan_to_json
from pbxctl.plan.model import PLAN_VERSION, CallerRule, Company, Did, Plan, RoutePlan
from pbxctl.plan.modes import ordinary_flow, refused_flow, voicemail_flow
from pbxctl.plan.timelines import build_timeline
from pbxctl.timeline import Rules
from tests.plan.bakery import bakery_plan, bakery_text, plan_of
from tests.timeline.oracle import DAYS, schedules

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    rules, first = draw(schedules())
    menu = Flow("menu", (Collect("key", 5, {"none": "end", "1": "end"}), Hangup("end")))
    flows = (ordinary_flow(draw(TEXT), None), voicemail_flow(draw(TEXT)), menu)
    names = draw(st.lists(TEXT, min_size=1, max_size=3, unique=True))
    route = RoutePlan("", "", (Did("1733", ("1733",)),), "office", "x", "nl", {f.mode: f for f in flows})
    return Plan(
        version=PLAN_VERSION,
        instance=draw(TEXT),
        first_day=first,
        horizon_days=DAYS,
        company=Company(draw(TEXT), draw(TEXT), "BE", ("nl", "fr")),
        routes=dict.fromkeys(names, route),
        timelines={
            "office": build_timeline("office", rules, first, DAYS),
            "none": build_timeline("none", Rules("UTC"), first, DAYS),
        },
        always_pass=(CallerRule("+3225550102", ("+3225550102", "025550102"), draw(TEXT)),),
        blocked=(),
        never_close=(),
        refused=refused_flow(),
        rules={},
        languages_abroad={"+33": "fr"},
    )


@settings(deadline=None, max_examples=60)
@given(plans())
def test_a_plan_is_read_back_as_it_was(plan: Plan) -> None:
    text = plan_to_json(plan)
    assert plan_from_json(text) == plan
    assert plan_to_json(plan_from_json(text)) == text


def test_the_version_stands_first_and_the_text_ends_with_a_line() -> None:
    text = plan_to_json(bakery_plan())
    assert text.startswith('{\n "version": 2,\n')
    assert text.endswith("}\n")


def test_letters_of_all_languages_stay_readable() -> None:
    plan = plan_of(bakery_text().replace("Bakkerij Peeters", "Bäckerei Петерс"))
    assert '"name": "Bäckerei Петерс"' in plan_to_json(plan)


def changed(change: Callable[[dict[str, Any]], object]) -> str:
    document = json.loads(plan_to_json(bakery_plan(date(2026, 12, 1), 3)))
    change(document)
    return json.dumps(document)


REFUSED = {
    "nothing": ("", "no JSON"),
    "no JSON": ("version: 1", "no JSON"),
    "brackets without end": ("[" * 100_000, "no JSON"),
    "a list": ("[]", "holds no keys"),
    "an empty mapping": ("{}", "version is None"),
    "a newer version": (changed(lambda d: d.update(version=3)), "has version 3.*update pbxctl"),
    "a newer version of another shape": ('{"version": 7, "all": "new"}', "has version 7.*update pbxctl"),
    "an older version": (changed(lambda d: d.update(version=0)), "version is 0"),
    "a version in quotes": (changed(lambda d: d.update(version="1")), "version is '1'"),
    "a key missing": (changed(lambda d: d.pop("refused")), "refused: Field required"),
    "a key too many": (changed(lambda d: d.update(extra=1)), "did not write"),
    "a key too many within": (changed(lambda d: d["company"].update(extra=1)), "did not write"),
    "a number in quotes": (changed(lambda d: d.update(horizon_days="3")), "horizon_days"),
    "an unknown kind of step": (
        changed(lambda d: d["refused"]["steps"][0].update(kind="explode")),
        "refused.steps.0",
    ),
    "a flow that goes in circles": (
        changed(
            lambda d: d["routes"]["main"]["flows"]["voicemail"]["steps"][0]["exits"].update(done="prompt")
        ),
        "round for ever",
    ),
    "a day that is none": (changed(lambda d: d.update(first_day="2026-02-30")), "first_day"),
}


@pytest.mark.parametrize(("text", "told"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_plan_of_ours_is_refused_in_one_line(text: str, told: str) -> None:
    with pytest.raises(InputWrong, match=told) as raised:
        plan_from_json(text)
    assert "\n" not in str(raised.value)
    assert len(str(raised.value)) < 300
