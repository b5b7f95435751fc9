"""The keys that ``docs/json.md`` lists are those that the commands print."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from pbxctl.cli.main import run

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| `([a-z ]+)` \| (.*) \|$", DOCUMENT, re.MULTILINE))
BAKERY = ROOT / "examples" / "bakery"

# What is asked of the example, and where in the answer an entry lies.
ASKED: dict[str, tuple[list[str], tuple[str, ...]]] = {
    "check": (["--on", "2026-11-24"], ("warnings",)),
    "timeline": (["--route", "main", "--from", "2026-12-01"], ("main",)),
    "why": (["--at", "2026-12-02 10:00", "--to", "092334455"], ("reasons",)),
    "diff": ([str(BAKERY / "pbxctl.yaml"), "new.yaml", "--from", "2026-12-07"], ("windows",)),
    "replay": ([str(BAKERY / "history.csv"), "--as-if-since", "2026-10-26"], ("cells",)),
    "prompts list": (["--from", "2026-11-30"], ("prompts",)),
}


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    capsys.readouterr()
    run(["--config", str(BAKERY / "pbxctl.yaml"), *arguments, "--json"])
    return json.loads(capsys.readouterr().out)


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bakery = (BAKERY / "pbxctl.yaml").read_text(encoding="utf-8")
    (tmp_path / "new.yaml").write_text(bakery.replace("weekday: wednesday", "weekday: friday"))
    (tmp_path / "wrong.yaml").write_text(bakery.replace("country: BE", "country: XX"))
    monkeypatch.chdir(tmp_path)


def test_every_row_is_asked_for() -> None:
    assert set(ROWS) == {*ASKED, "apply", "doctor", "rehearse"}


@pytest.mark.parametrize("command", ASKED)
def test_an_answer_holds_the_keys_of_its_row(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    options, entry = ASKED[command]
    holds, each = ROWS[command].split(" | ")

    found = answer(capsys, *command.split(), *options)

    named = re.findall(r"`([a-z_]+)`", holds)
    assert named == ([] if command == "timeline" else list(found))
    for key in entry:
        found = found[key]
    assert re.findall(r"`([a-z_]+)`", each) == list(found[0])


def test_an_error_looks_as_shown(capsys: pytest.CaptureFixture[str]) -> None:
    shown = re.search(r"```json\n(.*?)```", DOCUMENT, re.DOTALL)
    assert shown is not None

    run(["--config", "wrong.yaml", "check", "--json"])

    found = json.loads(capsys.readouterr().out)
    expected = json.loads(shown[1])
    expected["errors"][0]["file"] = "wrong.yaml"
    assert found == expected
