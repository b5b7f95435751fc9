"""The comparison can fail where a forward is taken by a key: a break lets somebody in, or keeps him out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace

import pytest

from pbxctl.plan.flow import Confirm, Dial
from pbxctl.plan.modes import answering_service_flow, service_exits
from pbxctl.rehearse.packages import AsteriskInstall

from .cases import Case, case_of
from .configurations import Configuration, lasting
from .database import LATER, Pointed, database_of, good_pointer
from .edges import STRANGER, all_there, differences, edge_configuration
from .pbx import DifferentialPbx
from .places import PLACES

DIAL, CODE = "steps/dial.conf.j2", "generation.conf.j2"

BREAKS = {
    "nothing is broken": (CODE, "", ""),
    "whoever picks up has the caller": (DIAL, "-confirm^{{ step", "-confirmed^{{ step"),
    "another key takes the call": (CODE, '"x${PBXCTL_KEY}" = "x${ARG1}"', '"x${PBXCTL_KEY}" != "x${ARG1}"'),
    "no key takes the call": (CODE, "taken),Set(GOSUB_RESULT=", "taken),Set(RESULT="),
    "what nobody took counts as taken": (DIAL, '"ANSWER "]', '"ANSWER"]'),
}
"""By what an administrator would see: a template, a text in it, and what he made of it."""

FAR_ENDS = ("answers", "presses-1-answers", "presses-5-answers", "busy")


def _configuration(index: int) -> Configuration:
    base = edge_configuration(PLACES[0], 3 * index)
    plan = base.default
    route = plan.routes["main"]
    dial = route.flows["answering_service"].steps[0]
    assert isinstance(dial, Dial)
    by_key = replace(dial, confirm=Confirm("1", "nl", 1, 2), exits=service_exits(confirmed=True))
    flow = answering_service_flow(by_key, f"100@{plan.instance}")
    plan = replace(plan, routes={"main": replace(route, flows={**route.flows, flow.mode: flow})})
    surroundings = replace(all_there(plan), patient=True)
    plan = lasting(plan, surroundings)
    return replace(base, default=plan, current=plan, surroundings=surroundings)


@pytest.fixture(scope="module")
async def broken(
    asterisk_install: AsteriskInstall,
    templates: Mapping[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[tuple[DifferentialPbx, Mapping[str, Configuration]]]:
    """One PBX with an instance for each break."""
    configurations = {name: _configuration(index) for index, name in enumerate(BREAKS)}
    names = {each.instance: name for name, each in configurations.items()}

    def templates_of(configuration: Configuration) -> Mapping[str, str]:
        template, right, wrong = BREAKS[names[configuration.instance]]
        text = templates[template]
        assert right in text
        return {**templates, template: text.replace(right, wrong)}

    folder = tmp_path_factory.mktemp("broken")
    async with DifferentialPbx.running(
        asterisk_install, list(configurations.values()), templates_of, folder
    ) as pbx:
        yield pbx, configurations


@pytest.mark.parametrize("name", BREAKS)
async def test_a_broken_template_is_a_difference(
    broken: tuple[DifferentialPbx, Mapping[str, Configuration]], name: str
) -> None:
    pbx, configurations = broken
    configuration = configurations[name]
    pointed = pbx.instances[configuration.instance].pointed
    found = await differences(pbx, _cases(configuration, pointed))
    assert bool(found) is (name != "nothing is broken"), found


def _cases(configuration: Configuration, pointed: Pointed) -> list[Case]:
    """Calls that are forwarded, one to each kind of far end."""
    override = {"override/main": f"1|1|answering_service|{LATER}|me|x"}
    database = database_of(override, good_pointer(pointed))
    did = configuration.default.routes["main"].dids[0].number
    at = 1_796_000_000
    return [
        case_of(configuration, did, "main", STRANGER, at, database, service=service) for service in FAR_ENDS
    ]
