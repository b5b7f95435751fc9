"""However a file with a secret is given by mistake, nothing of it is shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Outcome, Pbxctl
from tests.foreign import FOREIGN, WORD

ICS = {
    **FOREIGN,
    "a calendar with a line that is none": "BEGIN:VCALENDAR\nhunter2\nEND:VCALENDAR\n",
    "a calendar that does not end": "BEGIN:VCALENDAR\nVERSION:hunter2\n",
}


def given(folder: Path, text: str) -> str:
    (folder / "ami.key").write_bytes(text.encode("latin-1"))
    return "ami.key"


def silent(outcome: Outcome) -> bool:
    return WORD not in outcome.out + outcome.err


@pytest.mark.parametrize("as_json", [(), ("--json",)], ids=["text", "json"])
@pytest.mark.parametrize("text", FOREIGN.values(), ids=FOREIGN)
def test_as_the_configuration(pbxctl: Pbxctl, tmp_path: Path, text: str, as_json: tuple[str, ...]) -> None:
    outcome = pbxctl("check", *as_json, config=given(tmp_path, text))

    assert outcome.code == 2
    assert silent(outcome)


@pytest.mark.parametrize("text", FOREIGN.values(), ids=FOREIGN)
def test_as_one_of_two_configurations(pbxctl: Pbxctl, tmp_path: Path, text: str) -> None:
    file = given(tmp_path, text)

    for outcome in (pbxctl("diff", "pbxctl.yaml", file), pbxctl("diff", file, "pbxctl.yaml")):
        assert outcome.code == 2
        assert silent(outcome)


@pytest.mark.parametrize("as_json", [(), ("--json",)], ids=["text", "json"])
@pytest.mark.parametrize("text", FOREIGN.values(), ids=FOREIGN)
def test_as_a_history(pbxctl: Pbxctl, tmp_path: Path, text: str, as_json: tuple[str, ...]) -> None:
    outcome = pbxctl("replay", given(tmp_path, text), *as_json)

    assert outcome.code == 2
    assert silent(outcome)


@pytest.mark.parametrize("text", ICS.values(), ids=ICS)
def test_as_a_calendar(pbxctl: Pbxctl, tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PBXCTL_CALENDARS", str(tmp_path / "kept"))
    file = tmp_path / "pbxctl.yaml"
    calendar = f"    calendars: [{{ics: {given(tmp_path, text)}, mode: voicemail}}]\n    dates:\n"
    file.write_text(file.read_text().replace("    dates:\n", calendar, 1))

    outcome = pbxctl("timeline", "--days", "1")

    assert outcome.code == 0
    assert "ami.key: " in outcome.err
    assert silent(outcome)


@pytest.mark.parametrize("text", FOREIGN.values(), ids=FOREIGN)
def test_as_a_recording(pbxctl: Pbxctl, tmp_path: Path, text: str) -> None:
    file = tmp_path / "pbxctl.yaml"
    file.write_text(f"{file.read_text()}\nprompts: {{folder: recordings}}\n")

    outcome = pbxctl("prompts", "import", given(tmp_path, text), "--as", "nl/closed_door")

    assert outcome.code == 2
    assert silent(outcome)
