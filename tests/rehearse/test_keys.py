"""A rehearsal presses the keys that callers are offered, and calls as the trunk does."""

from __future__ import annotations

from pathlib import Path

import pytest

from pbxctl.cli.inputs import read_moment
from pbxctl.cli.own_templates import read_templates
from pbxctl.config import load_config
from pbxctl.plan.build import build_plan
from pbxctl.plan.flow import Collect, Dial, Flow, Hangup, Play, Sound
from pbxctl.plan.model import Plan
from pbxctl.rehearse.dialled import Dialled, dialled
from pbxctl.rehearse.keys import Pressed, ways_by_keys
from pbxctl.rehearse.packages import AsteriskInstall, default_folder
from pbxctl.rehearse.rehearsal import Props, build_sounds, rehearse
from pbxctl.rehearse.scenarios import Scenario, Service, scenarios_at
from pbxctl.simulate.simulate import StepTaken

CONFIGURATION = """
version: 1
company:
  name: Bakkerij Peeters
  mail: bestel@bakkerij-peeters.example
  timezone: Europe/Brussels
  country: BE
  languages: [nl]
pbx:
  kind: asterisk
  dial_out: {context: outbound}
  did_in: {header: To, extension: account, ordinary: from-provider-ordinary}
modes:
  reception:
    - {play: prompt, keys: {8: service, 9: message}}
    - ask: {1: service, 2: message, 3: more}
    - {name: message, voicemail: route}
    - {name: service, dial: "+32 2 555 09 08", ring: 5s, busy: message}
    - {name: more, ask: {1: desk}, wait: 2s}
    - {name: after, play: neutral, keys: {5: hangup}}
    - {name: desk, ordinary: route}
schedules:
  office:
    closed_day: {weekday: wednesday, since: 2026-12-02, mode: reception}
routes:
  main:
    dids: ["+32 9 233 44 55"]
    schedule: office
    ordinary: from-provider-ordinary
    mailbox: 100@default
"""
WEDNESDAY = read_moment("2026-12-02 10:00", "Europe/Brussels")
THURSDAY = read_moment("2026-12-03 10:00", "Europe/Brussels")


def configured(header: str = "To") -> Plan:
    text = CONFIGURATION.replace("header: To", f"header: {header}")
    return build_plan(load_config(text.encode(), "pbxctl.yaml"), WEDNESDAY.date())


def pressing(*keys: str) -> Scenario:
    """The call in which these keys are pressed, one after another, and the service takes it."""
    return next(
        each
        for each in scenarios_at(configured(), WEDNESDAY)
        if tuple(each.pressed.values()) == keys and each.service in (None, Service.ANSWERS)
    )


def test_each_key_is_pressed_in_a_call_of_its_own() -> None:
    scenarios = scenarios_at(configured(), WEDNESDAY)

    assert {tuple(each.pressed.items()): each.trace.story.taken[-1].step.name for each in scenarios} == {
        (): "message",
        (("play_1", "8"),): "desk",  # past the service, where it cannot be reached
        (("play_1", "9"),): "message",
        (("ask_2", "1"),): "service",  # which takes the call: its other ends were tried
        (("ask_2", "2"),): "message",
        (("ask_2", "3"),): "desk",
        (("ask_2", "3"), ("more", "1")): "desk",
        (("ask_2", "3"), ("after", "5")): "net_end",
    }
    services = [each.service for each in scenarios if each.service is not None]
    assert services == [*Service, Service.ANSWERS]
    assert len({each.title for each in scenarios}) == len(scenarios)


def test_a_mode_without_keys_is_called_as_before() -> None:
    assert [each.pressed for each in scenarios_at(configured(), THURSDAY)] == [{}]


def test_keys_behind_a_forward_are_left_out() -> None:
    flow = Flow(
        "menu",
        (
            Play("first", Sound.PROMPT, {"done": "forward", "failed": "forward", "1": "end"}),
            Dial("forward", "outbound", ("1",), None, (), 5, 1, dict.fromkeys(_ENDS, "ask")),
            Collect("ask", 5, {"none": "end", "2": "end"}),
            Hangup("end"),
        ),
    )

    def walk(pressed: Pressed) -> list[StepTaken]:
        taken, step = [], flow.steps[0]
        while step.exits:
            exit_ = pressed.get(step.name, next(iter(step.exits)))
            taken.append(StepTaken(step, exit_, "nl"))
            step = flow.step(step.exits[exit_])
        return taken

    assert list(ways_by_keys(walk)) == [{"first": "1"}]


_ENDS = ("answered", "busy", "silent", "unreachable", "capped", "looped")


def test_the_trunk_names_the_number_where_the_configuration_says() -> None:
    address = "<sip:092334455@provider.example>"
    assert dialled("092334455", None) == Dialled("092334455")
    assert dialled("092334455", configured("To").did_in) == Dialled("account", to=address)
    for header in ("P-Called-Party-ID", "Diversion"):
        assert dialled("092334455", configured(header).did_in) == Dialled(
            "account", headers={header: address}
        )


@pytest.fixture(scope="module")
def sounds(asterisk_install: AsteriskInstall, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sounds")
    build_sounds(configured(), asterisk_install, folder, default_folder() / "speech")
    return folder


@pytest.mark.parametrize("header", ["To", "P-Called-Party-ID", "Diversion"])
async def test_the_private_pbx_finds_the_route_by_that_header(
    header: str, asterisk_install: AsteriskInstall, sounds: Path
) -> None:
    plan = configured(header)
    [call] = scenarios_at(plan, THURSDAY)
    assert call.mode == "ordinary", "short, and the journal names route and number as well"

    verdicts = await rehearse(plan, [call], Props(asterisk_install, read_templates(), sounds), lambda _: None)

    assert [check for verdict in verdicts for check in verdict.checks if not check.good] == []


async def test_keys_are_pressed_in_a_prompt_and_in_menus(
    asterisk_install: AsteriskInstall, sounds: Path
) -> None:
    calls = [pressing("9"), pressing("1"), pressing("3", "1"), pressing("3", "5")]

    verdicts = await rehearse(
        configured(), calls, Props(asterisk_install, read_templates(), sounds), lambda _: None
    )

    assert [check for verdict in verdicts for check in verdict.checks if not check.good] == []
    assert "the prompt, ended by the key" in {check.expected for check in verdicts[0].checks}


async def test_a_key_that_nobody_listens_to_is_found_out(
    asterisk_install: AsteriskInstall, sounds: Path
) -> None:
    templates = dict(read_templates())
    templates["sound.conf.j2"] = templates["sound.conf.j2"].replace("step.keys", "[]")
    assert templates != read_templates()

    [verdict] = await rehearse(
        configured(), [pressing("9")], Props(asterisk_install, templates, sounds), lambda _: None
    )

    wrong = {check.expected.split(":")[0] for check in verdict.checks if not check.good}
    assert wrong == {"the prompt, ended by the key", "event 4 of the journal"}
