"""A rehearsal tells a right PBX from a wrong one, and leaves nothing behind."""

from __future__ import annotations

import contextlib
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from pbxctl.cli.inputs import read_config, read_moment
from pbxctl.cli.own_templates import read_templates
from pbxctl.config import load_config
from pbxctl.journal.events import Decided
from pbxctl.plan.build import build_plan
from pbxctl.plan.model import Plan
from pbxctl.rehearse.hearing import heard, read_sound
from pbxctl.rehearse.owned_folder import remove_orphans
from pbxctl.rehearse.packages import AsteriskInstall, default_folder
from pbxctl.rehearse.rehearsal import Props, build_sounds, private_stage, rehearse
from pbxctl.rehearse.report import junit, row
from pbxctl.rehearse.scenarios import Service, plan_scenarios, scenarios_at
from pbxctl.rehearse.sip.agent import SipAgent

ROOT = Path(__file__).resolve().parents[2]
BAKERY = ROOT / "examples" / "bakery" / "pbxctl.yaml"
WEDNESDAY = read_moment("2026-12-02 10:00", "Europe/Brussels")


@pytest.fixture(scope="module")
def plan() -> Plan:
    return build_plan(read_config(str(BAKERY)), WEDNESDAY.date())


@pytest.fixture(scope="module")
def sounds(plan: Plan, asterisk_install: AsteriskInstall, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sounds")
    build_sounds(plan, asterisk_install, folder, default_folder() / "speech")
    return folder


def props(install: AsteriskInstall, sounds: Path, templates: Mapping[str, str] | None = None) -> Props:
    return Props(install, templates or read_templates(), sounds)


def test_the_bakery_is_rehearsed_on_each_kind_of_day_and_for_each_failure_of_the_service(plan: Plan) -> None:
    scenarios = plan_scenarios(plan, WEDNESDAY)

    rungs = {s.trace.story.decision.rung for s in scenarios if s.trace.story.decision is not None}
    assert rungs == {"closed_day", "ordinary", "holiday", "date", "hours", "always_pass"}
    assert {s.service for s in scenarios} == {None, *Service} - {Service.UNCONFIRMED}
    assert len({s.title for s in scenarios}) == len(scenarios)
    assert len(scenarios) <= 18


def test_the_evening_before_a_closed_day_and_before_a_holiday_is_played() -> None:
    """When the hours have closed and tomorrow nobody answers, "tomorrow" would be wrong."""
    tuesday = read_moment("2026-11-24 10:00", "Europe/Brussels")
    plan = build_plan(read_config(str(BAKERY)), tuesday.date())
    heard_at = {
        f"{s.at:%F %H:%M}": s.trace.heard or "" for s in plan_scenarios(plan, tuesday) if s.route == "main"
    }

    assert "Op donderdag nemen wij weer op" in heard_at["2026-12-01 20:00"]
    assert "Op dinsdag nemen wij weer op" in heard_at["2027-03-27 20:00"]  # the Saturday before Easter


async def test_a_service_that_takes_calls_by_a_key_presses_it_or_is_hung_up(
    asterisk_install: AsteriskInstall, tmp_path: Path
) -> None:
    text = BAKERY.read_text().replace("ring: 20s", "ring: 20s, confirm: 1")
    plan = build_plan(load_config(text.encode(), "pbxctl.yaml"), WEDNESDAY.date())
    scenarios = [s for s in scenarios_at(plan, WEDNESDAY) if s.route == "orders"]
    assert {s.service for s in scenarios} == set(Service)
    asked = [s for s in scenarios if s.service in (Service.ANSWERS, Service.UNCONFIRMED)]
    assert [s.is_answered_by_service for s in asked] == [True, False]
    build_sounds(plan, asterisk_install, tmp_path, default_folder() / "speech")

    verdicts = await rehearse(plan, asked, props(asterisk_install, tmp_path), lambda _: None)

    assert [verdict.good for verdict in verdicts] == [True, True], [row(each) for each in verdicts]


@pytest.mark.parametrize("numbers", [1, 2, 3, 40])
def test_every_number_of_a_route_is_called(numbers: int) -> None:
    more = ", ".join(f'"+32 9 233 50 {2 * number:02}"' for number in range(numbers))
    text = BAKERY.read_text().replace('dids: ["+32 9 233 44 66"]', f"dids: [{more}]")
    plan = build_plan(load_config(text.encode(), "pbxctl.yaml"), WEDNESDAY.date())

    for scenarios in (plan_scenarios(plan, WEDNESDAY), scenarios_at(plan, WEDNESDAY)):
        called = [s.did for s in scenarios if s.route == "orders"]
        assert all(set(called) & set(did.spellings) for did in plan.routes["orders"].dids)
        assert len(called) <= max(numbers, 12)


def test_of_a_range_some_numbers_are_called_and_their_mailboxes_listened_to() -> None:
    text = BAKERY.read_text().replace(
        'dids: ["+32 9 233 44 55"]',
        'dids: ["+32 9 234 00 00 - 0999"]\n    mailboxes: {"+32 9 234 00 00 - 0999": "1{last:3}@default"}',
    )
    plan = build_plan(load_config(text.encode(), "pbxctl.yaml"), WEDNESDAY.date())
    scenarios = [s for s in scenarios_at(plan, WEDNESDAY) if s.route == "main"]

    assert [s.did[-4:] for s in scenarios] == ["0000", "0500", "0999"]
    boxes = [s.trace.story.mailbox for s in scenarios]
    assert boxes == ["1000@default", "1500@default", "1999@default"]


async def test_a_dialplan_that_plays_the_wrong_thing_is_found_out(
    plan: Plan, asterisk_install: AsteriskInstall, sounds: Path
) -> None:
    """The rung of the calendar replaced by one that always says ordinary."""
    templates = dict(read_templates())
    templates["rungs/timeline.conf.j2"] = (
        "exten => timeline,1,Set(PBXCTL_STANDING=1|ordinary|ordinary|ordinary|)\n"
        " same => n,Goto(standing,1)\n"
    )
    scenarios = [s for s in scenarios_at(plan, WEDNESDAY) if s.route == "main"]

    [verdict] = await rehearse(plan, scenarios, props(asterisk_install, sounds, templates), lambda _: None)

    assert not verdict.good
    wrong = {check.expected.split(": ")[0] for check in verdict.checks if not check.good}
    assert wrong == {
        "the prompt",
        "a message in 100@default",
        "the desk phones stay silent",
        "event 2 of the journal",
    }
    assert 'tests="1" failures="1"' in junit([verdict], 1.0)


async def test_a_call_that_breaks_off_is_wrong_and_the_others_are_judged(
    plan: Plan, asterisk_install: AsteriskInstall, tmp_path: Path, sounds: Path
) -> None:
    """The prompts of the Wednesday are gone; whom the colleagues answer does not need them."""
    shutil.copytree(sounds, tmp_path, dirs_exist_ok=True)
    scenarios = [s for s in plan_scenarios(plan, WEDNESDAY) if s.at == WEDNESDAY and s.route == "main"]
    for scenario in scenarios:
        for event in scenario.trace.story.events:
            if isinstance(event, Decided) and event.prompt:
                (tmp_path / "nl" / f"{event.prompt}.wav").unlink()

    verdicts = await rehearse(plan, scenarios, props(asterisk_install, tmp_path), lambda _: None)

    outcome = {verdict.scenario.mode: verdict for verdict in verdicts}
    assert not outcome["voicemail"].good
    assert "no call: InputWrong: " in row(outcome["voicemail"])[-1]
    assert outcome["ordinary"].good
    assert 'tests="2" failures="1"' in junit(verdicts, 1.0)


async def test_a_softphone_of_this_machine_hears_the_closed_wednesday(
    plan: Plan, asterisk_install: AsteriskInstall, sounds: Path
) -> None:
    async with (
        private_stage(plan, props(asterisk_install, sounds), WEDNESDAY) as stage,
        await SipAgent.open("127.0.0.1") as softphone,
    ):
        call = await softphone.call("092334455", stage.pbx.sip_address, from_user="me")
        await call.answered(5)
        await call.heard(6.0, 10)
        result = await call.hang_up()
    [scenario, *_] = scenarios_at(plan, WEDNESDAY)
    prompt = scenario.trace.heard
    assert prompt is not None
    [decided] = [e for e in scenario.trace.story.events if hasattr(e, "prompt")]
    sound = read_sound(sounds / "nl" / f"{decided.prompt}.wav")
    assert heard(result.recording, sound[: 5 * 8000]).share > 0.9


def running_with(path: Path) -> list[str]:
    """The programs on this machine that were started with this path among their arguments."""
    found = []
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):  # It has ended meanwhile.
            arguments = each.read_bytes().replace(b"\0", b" ").decode(errors="replace")
            found += [arguments] if str(path) in arguments else []
    return found


@pytest.mark.parametrize(
    ("ending", "in_background"),
    [(signal.SIGINT, False), (signal.SIGTERM, False), (signal.SIGTERM, True), (signal.SIGKILL, False)],
)
def test_a_rehearsal_that_is_stopped_leaves_no_asterisk_behind(
    ending: signal.Signals, in_background: bool, tmp_path: Path
) -> None:
    arguments = ["--config", str(BAKERY), "rehearse", "--at", "2026-12-03 10:00", "--keep"]
    # A shell has its jobs in the background ignore Ctrl-C; who runs these tests may be one.
    on_ctrl_c = signal.SIG_IGN if in_background else signal.SIG_DFL
    with subprocess.Popen(
        [sys.executable, "-m", "pbxctl", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PATH": "/usr/bin:/bin", "TMPDIR": str(tmp_path), "PBXCTL_PRIVATE": str(default_folder())},
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, on_ctrl_c),
    ) as process:
        try:
            assert process.stdout is not None
            assert any("Ctrl-C" in line for line in process.stdout)
            assert running_with(tmp_path) != []
            process.send_signal(ending)
            process.wait(30)
        finally:
            process.kill()

    assert running_with(tmp_path) == []
    if ending is signal.SIGKILL:
        assert list(tmp_path.iterdir()) != []
        remove_orphans(tmp_path)  # as the next start does
    assert list(tmp_path.iterdir()) == []
