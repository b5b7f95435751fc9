"""Configuration becomes plan: the example, and what a change of it changes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pbxctl.plan.flow import Confirm
from pbxctl.plan.format import plan_to_json
from tests.golden import assert_golden
from tests.plan.bakery import bakery_plan, bakery_text, plan_of

GOLDEN = Path(__file__).parent / "golden" / "bakery.json"


def test_the_plan_of_the_example_is_the_one_reviewed() -> None:
    assert_golden(GOLDEN, plan_to_json(bakery_plan()))


def test_every_rule_that_can_speak_is_noted_with_its_line() -> None:
    plan = bakery_plan()
    spoken = {
        part.standing.rule
        for timeline in plan.timelines.values()
        for parts in (*timeline.dates.values(), *(day for table in timeline.weekly for day in table.days))
        for part in parts
    }
    spoken |= {rule.rule for rule in (*plan.always_pass, *plan.blocked)}
    assert spoken - {"ordinary"} <= set(plan.rules)
    lines = bakery_text().splitlines()
    for key, note in plan.rules.items():
        name = key.split(".")[-1]
        assert name.isdigit() or f"{name}:" in lines[note.origin.line - 1], key


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        pytest.param("caller_id: own", "caller_id: own", "+3292334466", id="our own number"),
        pytest.param("caller_id: own", "caller_id: caller", None, id="the caller's"),
    ],
)
def test_a_forward_shows_the_number_that_was_asked_for(old: str, new: str, shown: str | None) -> None:
    plan = plan_of(bakery_text().replace(old, new))
    service = plan.routes["orders"].flows["answering_service"].step("service")
    assert service.kind == "dial"
    assert (service.shown, service.diverted) == (shown, "+3292334466")


@pytest.mark.parametrize(
    ("more", "language"),
    [("", "nl"), ("    language: fr\n", "fr")],
    ids=["company", "route"],
)
def test_whoever_picks_up_is_asked_in_the_language_of_the_route(more: str, language: str) -> None:
    text = bakery_text().replace("ring: 20s", "ring: 20s, confirm: 1")
    text = text.replace("    schedule: orders\n", f"    schedule: orders\n{more}")
    service = plan_of(text).routes["orders"].flows["answering_service"].step("service")
    assert service.kind == "dial"
    assert service.confirm == Confirm("1", language, 4, 2)
    assert service.exits["unconfirmed"] == service.exits["silent"]


def test_nobody_is_asked_where_no_key_is_written() -> None:
    service = bakery_plan().routes["orders"].flows["answering_service"].step("service")
    assert service.kind == "dial"
    assert service.confirm is None
    assert "unconfirmed" not in service.exits


def test_the_way_to_dial_begins_as_people_of_the_country_dial() -> None:
    service = bakery_plan().routes["orders"].flows["answering_service"].step("service")
    assert service.kind == "dial"
    assert service.numbers == ("025550102", "+3225550102")
    assert set(service.numbers) <= set(service.loop)
    assert {"092334466", "+3292334466"} <= set(service.loop)


@pytest.mark.parametrize("did", ["+3292334455", "003292334455", "3292334455", "092334455"])
def test_a_did_belongs_to_its_route_in_every_spelling(did: str) -> None:
    route = bakery_plan().route_of(did)
    assert route is not None
    assert route.name == "main"


@pytest.mark.parametrize("did", ["", "92334455", "+3292334499", "0032 9 233 44 55", "+32923344550"])
def test_any_other_number_belongs_to_none(did: str) -> None:
    assert bakery_plan().route_of(did) is None


def test_a_route_without_a_mailbox_has_the_ordinary_flow_alone() -> None:
    plan = plan_of(
        "version: 1\ncompany: {name: A, mail: a@b.example, timezone: Europe/Brussels, country: BE, "
        "languages: [nl]}\npbx: {kind: asterisk}\nschedules: {office: {}}\n"
        'routes: {main: {dids: ["+32 9 233 44 55"], schedule: office, ordinary: x}}\n'
    )
    assert list(plan.routes["main"].flows) == ["ordinary"]
    assert [step.name for step in plan.routes["main"].flows["ordinary"].steps] == [
        "ordinary",
        "neutral",
        "built_in",
        "recording",
        "end",
    ]


def test_holidays_beyond_the_first_year_are_there() -> None:
    plan = bakery_plan(date(2026, 11, 23), 400)
    assert plan.timelines["office"].holidays[date(2027, 7, 21)]
    assert plan.timelines["office"].dates[date(2027, 7, 21)][0].standing.rung == "holiday"
