"""Whatever the README shows is run, and says what it shows."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from pbxctl.cli.main import COMMANDS as ALL
from pbxctl.cli.main import run

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")

COMMANDS = [line.removeprefix("$ ") for line in README.splitlines() if line.startswith("$ pbxctl ")]
# These need the company's own PBX: tests/doctor and tests/reconcile run them beside a real one.
BESIDE_A_PBX = {"rehearse", "doctor", "apply", "uninstall"}
QUICK = [command for command in COMMANDS if not BESIDE_A_PBX & set(command.split())]


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    bakery = (ROOT / "examples" / "bakery" / "pbxctl.yaml").read_text(encoding="utf-8")
    (tmp_path / "new.yaml").write_text(bakery.replace("weekday: wednesday", "weekday: friday"))
    monkeypatch.chdir(tmp_path)


def test_the_readme_shows_every_command_of_this_version() -> None:
    shown = {next(word for word in shlex.split(line) if word in ALL) for line in COMMANDS}

    assert shown == set(ALL)


@pytest.mark.parametrize("command", QUICK)
def test_each_command_of_the_readme_succeeds(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(shlex.split(command)[1:]) == 0
    assert capsys.readouterr().out


def test_why_prints_what_the_readme_shows(capsys: pytest.CaptureFixture[str]) -> None:
    shown = re.search(r"```text\n(Wed .*?)```", README, re.DOTALL)
    command = next(command for command in COMMANDS if " why " in command)

    run(shlex.split(command)[1:])

    assert shown is not None
    assert capsys.readouterr().out.startswith(shown[1])


def test_why_names_what_an_ordinary_day_lifts_as_the_readme_shows(capsys: pytest.CaptureFixture[str]) -> None:
    shown = re.search(r"```text\n(  > date: .*?)```", README, re.DOTALL)
    command = [command for command in COMMANDS if " why " in command][1]

    run(shlex.split(command)[1:])

    assert shown is not None
    assert shown[1] in capsys.readouterr().out


def test_replay_prints_what_the_readme_shows(capsys: pytest.CaptureFixture[str]) -> None:
    shown = re.search(r"```text\n(\d+ calls would .*?)```", README, re.DOTALL)
    command = next(command for command in COMMANDS if " replay " in command)

    run(shlex.split(command)[1:])

    assert shown is not None
    assert shown[1] in capsys.readouterr().out


def test_the_rehearsal_of_the_readme_keeps_its_recordings_and_its_report(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    command = next(command for command in COMMANDS if " rehearse " in command)

    assert run(shlex.split(command)[1:]) == 0

    assert "of 5 calls as expected" in capsys.readouterr().out
    assert len(list((tmp_path / "heard").glob("*.wav"))) == 5
    assert 'failures="0"' in (tmp_path / "rehearsal.xml").read_text()


def test_every_link_of_the_readme_leads_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_diff_prints_what_the_readme_shows(capsys: pytest.CaptureFixture[str]) -> None:
    shown = re.search(r"```text\n(route main .*?)```", README, re.DOTALL)
    command = next(command for command in COMMANDS if " diff " in command)

    run(shlex.split(command)[1:])

    assert shown is not None
    assert capsys.readouterr().out.startswith(shown[1])
