"""The stage around a rehearsal: nothing on it gets in the way of the company's own names and numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from pbxctl.cli.inputs import read_moment
from pbxctl.cli.own_templates import read_templates
from pbxctl.config import load_config
from pbxctl.plan.build import build_plan
from pbxctl.plan.model import Plan
from pbxctl.rehearse.packages import AsteriskInstall, default_folder
from pbxctl.rehearse.rehearsal import Props, build_sounds, rehearse
from pbxctl.rehearse.scenarios import Service, plan_scenarios
from pbxctl.rehearse.stage import accepted_ways

BAKERY = Path(__file__).resolve().parents[2] / "examples" / "bakery" / "pbxctl.yaml"
WEDNESDAY = read_moment("2026-12-02 10:00", "Europe/Brussels")


def bakery(*, ordinary: str, outbound: str) -> Plan:
    """The bakery on a PBX whose contexts are named so."""
    text = BAKERY.read_text().replace("context: outbound", f"context: {outbound}")
    text = text.replace("from-provider-ordinary", ordinary)
    return build_plan(load_config(text.encode(), BAKERY.name), WEDNESDAY.date())


@pytest.mark.parametrize(
    ("ordinary", "outbound"),
    [
        pytest.param("from-trunk", "from-internal", id="the names of FreePBX"),
        pytest.param("default", "default", id="one context for all"),
    ],
)
async def test_whatever_the_contexts_are_called_the_rehearsal_is_right(
    ordinary: str, outbound: str, asterisk_install: AsteriskInstall, tmp_path: Path
) -> None:
    plan = bakery(ordinary=ordinary, outbound=outbound)
    build_sounds(plan, asterisk_install, tmp_path, default_folder() / "speech")
    scenarios = [
        each
        for each in plan_scenarios(plan, WEDNESDAY)
        if each.at == WEDNESDAY and each.service in (None, Service.ANSWERS)
    ]
    assert {each.mode for each in scenarios} == {"voicemail", "answering_service", "ordinary"}

    verdicts = await rehearse(
        plan, scenarios, Props(asterisk_install, read_templates(), tmp_path), lambda _: None
    )

    assert [check for verdict in verdicts for check in verdict.checks if not check.good] == []


@pytest.mark.parametrize(
    ("country", "number", "ways"),
    [
        ("BE", "+3225550102", {"025550102"}),
        ("BE", "+33140000000", {"0033140000000", "+33140000000"}),
        ("BE", "1733", {"1733"}),
        ("US", "+12125550123", {"2125550123", "12125550123"}),
        ("US", "+3225550102", {"0113225550102", "+3225550102"}),
        ("IT", "+390612345678", {"0612345678"}),
        ("ES", "+34912345678", {"912345678"}),
        ("BR", "+3225550102", {"+3225550102"}),
    ],
)
def test_the_way_out_takes_a_number_as_people_of_the_country_dial_it(
    country: str, number: str, ways: set[str]
) -> None:
    assert accepted_ways(number, country) == ways
