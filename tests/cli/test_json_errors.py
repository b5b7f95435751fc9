"""Whoever asks for JSON gets JSON on standard output: the answer, or what is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Outcome, Pbxctl

COMMANDS = {
    "check": ["check"],
    "timeline": ["timeline"],
    "why": ["why", "--to", "092334455"],
    "diff": ["diff", "pbxctl.yaml", "pbxctl.yaml"],
    "replay": ["replay", "history.csv"],
    "prompts list": ["prompts", "list"],
    "rehearse": ["rehearse"],
}


def errors_of(outcome: Outcome) -> list[dict[str, Any]]:
    document = json.loads(outcome.out)
    assert list(document) == ["errors"]
    assert outcome.err == ""
    assert all(list(each) == ["message", "file", "line", "column", "key"] for each in document["errors"])
    return list(document["errors"])


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_each_mistake_of_the_configuration_is_an_entry_with_its_place(
    pbxctl: Pbxctl, tmp_path: Path, command: list[str]
) -> None:
    file = tmp_path / "pbxctl.yaml"
    text = file.read_text()
    file.write_text(text.replace("weekday: wednesday", "wekday: wednesday", 1).replace("BE\n", "XX\n", 1))

    told = pbxctl(*command)
    outcome = pbxctl(*command, "--json")

    errors = errors_of(outcome)
    lines = [f"{e['file']}:{e['line']}:{e['column']}: {e['key']}: {e['message']}" for e in errors]
    assert (told.code, outcome.code) == (2, 2)
    assert lines == told.err.splitlines()
    assert len(lines) >= 2


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_configuration_that_is_not_there_is_an_entry_with_its_file(
    pbxctl: Pbxctl, tmp_path: Path, command: list[str]
) -> None:
    (tmp_path / "pbxctl.yaml").unlink()

    outcome = pbxctl(*command, "--json")

    [error] = errors_of(outcome)
    out = "write diff OLD.yaml NEW.yaml" if "diff" in command else "name yours with --config or PBXCTL_CONFIG"
    assert outcome.code == 2
    assert error == {
        "message": f"there is no such file; {out}",
        "file": "pbxctl.yaml",
        "line": None,
        "column": None,
        "key": None,
    }


@pytest.mark.parametrize(
    ("command", "message"),
    [
        pytest.param(["timeline", "--route", "mian"], "did you mean 'main'?", id="a route misspelt"),
        pytest.param(["timeline", "--days", "0"], "0 is not in the range", id="no days"),
        pytest.param(["why"], "Missing option '--to'", id="an option that is missing"),
        pytest.param(["chek"], "did you mean 'check'?", id="a command misspelt"),
        pytest.param(["replay", "pbxctl.yaml"], "holds no call record", id="a history that is none"),
        pytest.param(
            ["rehearse", "--junit", "no/x.xml"], "no/x.xml: cannot be written", id="a report in no folder"
        ),
    ],
)
def test_a_mistake_on_the_command_line_is_an_entry_without_a_place(
    pbxctl: Pbxctl, command: list[str], message: str
) -> None:
    outcome = pbxctl(*command, "--json")

    [error] = errors_of(outcome)
    assert outcome.code == 2
    assert message in error["message"]


def test_without_json_nothing_of_it_is_on_standard_output(pbxctl: Pbxctl) -> None:
    outcome = pbxctl("timeline", "--route", "mian")

    assert outcome.out == ""
    assert outcome.err.startswith("--route: ")
