"""What ``docs/templates.md`` shows is done, and heard on a real PBX."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from pbxctl.cli.inputs import read_config, read_moment, read_plan
from pbxctl.cli.own_templates import templates_of
from pbxctl.rehearse.packages import AsteriskInstall, default_folder
from pbxctl.rehearse.rehearsal import Props, build_sounds, rehearse
from pbxctl.rehearse.scenarios import scenarios_at
from pbxctl.rehearse.verdict import Verdict

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs" / "templates.md").read_text(encoding="utf-8")
WEDNESDAY = read_moment("2026-12-02 10:00", "Europe/Brussels")


def follow(folder: Path) -> None:
    """Do the steps of the document."""
    program = folder / "bin" / "pbxctl"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m pbxctl "$@"\n')
    program.chmod(0o755)
    commands = "".join(re.findall(r"```sh\n(.*?)```", DOCUMENT, re.DOTALL))
    subprocess.run(
        ["sh", "-euc", commands], cwd=folder, env={"PATH": f"{program.parent}:/usr/bin:/bin"}, check=True
    )
    [shown] = re.findall(r"```yaml\n(.*?)```", DOCUMENT, re.DOTALL)
    lines = [line.removeprefix("   ") for line in shown.splitlines()]
    usual = one_route()
    changed = usual.replace("\n".join(lines[:2]), "\n".join(lines))
    assert changed != usual
    (folder / "usual.yaml").write_text(usual, encoding="utf-8")
    (folder / "pbxctl.yaml").write_text(changed, encoding="utf-8")


def one_route() -> str:
    """The example without its second route: one call a rehearsal will do."""
    text = (ROOT / "examples" / "bakery" / "pbxctl.yaml").read_text(encoding="utf-8")
    return re.sub(r"(?s)  orders:\n    dids:.*?\n\n", "\n", text)


async def rehearsed(config_file: Path, install: AsteriskInstall, sounds: Path) -> Verdict:
    """The one call of the closed Wednesday, as ``rehearse`` places it."""
    loaded = read_config(str(config_file))
    plan = read_plan(loaded, str(config_file), WEDNESDAY.date())
    build_sounds(plan, install, sounds, default_folder() / "speech")
    props = Props(install, templates_of(loaded, str(config_file)).texts, sounds)
    [verdict] = await rehearse(plan, scenarios_at(plan, WEDNESDAY), props, lambda _: None)
    return verdict


def quiet_s(verdict: Verdict) -> float:
    """How long nothing came after the answer."""
    result = verdict.evidence.result
    assert result.first_packet_s is not None
    assert result.answered_s is not None
    return result.first_packet_s - result.answered_s


async def test_a_replaced_step_is_what_callers_meet_and_all_else_is_as_before(
    tmp_path: Path, asterisk_install: AsteriskInstall
) -> None:
    follow(tmp_path)

    usual = await rehearsed(tmp_path / "usual.yaml", asterisk_install, tmp_path / "sounds")
    changed = await rehearsed(tmp_path / "pbxctl.yaml", asterisk_install, tmp_path / "sounds")

    assert usual.good
    assert changed.good, "the prompt, the message and the journal are as the configuration says"
    assert quiet_s(usual) < 1.2
    assert 1.9 < quiet_s(changed) < 3.5
