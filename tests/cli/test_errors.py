"""What a person gets who makes a mistake: a clear line on standard error, and the design's exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Pbxctl

MISTAKES = [
    pytest.param(["chek"], "there is no command 'chek'; did you mean 'check'?", id="a command misspelt"),
    pytest.param(["frobnicate"], "there is init, schema, check, ", id="no command at all like it"),
    pytest.param(
        ["timeline", "--route", "mian"], "no route 'mian'; did you mean 'main'?", id="a route misspelt"
    ),
    pytest.param(
        ["timeline", "--from", "2-12-2026"], "write it like 2026-12-02", id="a date the wrong way round"
    ),
    pytest.param(["timeline", "--from", "9999-12-30"], "write a year from 2000 to 2199", id="a year too far"),
    pytest.param(
        ["timeline", "--from", "0001-01-01"], "write a year from 2000 to 2199", id="a year long gone"
    ),
    pytest.param(["why", "--at", "9999-12-31", "--to", "092334455"], "2000 to 2199", id="a moment too far"),
    pytest.param(["timeline", "--days", "0"], "0 is not in the range", id="no days"),
    pytest.param(
        ["why", "--at", "wednesday", "--to", "092334455"], "'2026-12-02 10:00'", id="a moment in words"
    ),
    pytest.param(
        ["why", "--at", "2027-03-28 02:30", "--to", "092334455"],
        "there is no '2027-03-28 02:30' in Europe/Brussels: the clocks go from 02:00 to 03:00 then; "
        "write '2027-03-28 01:59' or '2027-03-28 03:00'",
        id="a time that the clocks skip",
    ),
    pytest.param(["why", "--to", ""], "--to: '' is not a telephone number", id="an empty number"),
    pytest.param(
        ["why", "--to", "092334455", "--from", "anonymous"],
        "leave --from out for a withheld one",
        id="a withheld caller",
    ),
    pytest.param(
        ["diff", "pbxctl.yaml", "nowhere.yaml"],
        "nowhere.yaml: there is no such file; write diff OLD.yaml NEW.yaml",
        id="a comparison with nothing",
    ),
    pytest.param(["why", "--to", "bakery"], "--to: 'bakery'", id="a number in letters"),
    pytest.param(
        ["check", "--accept", "date-ovre"],
        "no warning 'date-ovre'; did you mean 'date-over'?",
        id="a warning misspelt",
    ),
    pytest.param(
        ["rehearse", "--at", "2150-06-01 10:00"], "in the years 2000 to 2099", id="a rehearsal too far ahead"
    ),
    pytest.param(
        ["rehearse", "--at", "1999-12-31 10:00"], "a year from 2000 to", id="a rehearsal too long ago"
    ),
    pytest.param(
        ["rehearse", "--recordings", "pbxctl.yaml"],
        "pbxctl.yaml: no recordings can be kept there: File exists",
        id="a file as folder of recordings",
    ),
    pytest.param(
        ["rehearse", "--junit", "nowhere/rehearsal.xml"],
        "nowhere/rehearsal.xml: cannot be written: No such file or directory",
        id="a report in no folder",
    ),
    pytest.param(["why"], "Missing option '--to'", id="no number"),
    pytest.param(["render", "--out", "pbxctl.yaml"], "is not a folder", id="a file as folder"),
    pytest.param(
        ["render", "--out", "."], "holds files that render did not write", id="somebody else's folder"
    ),
]


@pytest.mark.parametrize(("arguments", "message"), MISTAKES)
def test_a_mistake_is_exit_code_2_and_a_sentence(pbxctl: Pbxctl, arguments: list[str], message: str) -> None:
    outcome = pbxctl(*arguments)

    assert outcome.code == 2
    assert message in outcome.err
    assert "Traceback" not in outcome.err
    assert outcome.out == ""


@pytest.mark.parametrize(
    ("config", "message"),
    [
        pytest.param("nowhere.yaml", "nowhere.yaml: there is no such file", id="missing"),
        pytest.param(".", "cannot be read", id="a folder"),
    ],
)
def test_a_configuration_that_cannot_be_read_is_named(pbxctl: Pbxctl, config: str, message: str) -> None:
    outcome = pbxctl("check", config=config)

    assert outcome.code == 2
    assert message in outcome.err


def test_every_mistake_in_the_configuration_is_a_line_with_its_place(pbxctl: Pbxctl, tmp_path: Path) -> None:
    file = tmp_path / "pbxctl.yaml"
    text = file.read_text()
    file.write_text(
        text.replace("weekday: wednesday", "wekday: wednesday").replace("country: BE", "country: XX")
    )

    outcome = pbxctl("check")

    lines = outcome.err.splitlines()
    assert outcome.code == 2
    assert all(line.startswith("pbxctl.yaml:") for line in lines)
    assert [int(line.split(":")[1]) for line in lines] == sorted(int(line.split(":")[1]) for line in lines)
    assert any("did you mean" in line for line in lines)


def test_a_reader_that_leaves_early_is_no_error_of_ours(tmp_path: Path, pbxctl: Pbxctl) -> None:
    process = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m pbxctl --config pbxctl.yaml timeline --days 4000 | head -1"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert process.stdout.startswith("route main")
    assert process.stderr == ""


def test_a_full_disk_leaves_the_old_folder_whole(
    pbxctl: Pbxctl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert pbxctl("render", "--out", "rendered", "--from", "2026-11-30").code == 0
    before = {path.name: path.read_bytes() for path in (tmp_path / "rendered").iterdir()}

    def no_room(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_room)
    outcome = pbxctl("render", "--out", "rendered", "--from", "2027-11-30")

    assert outcome.code == 1
    assert "No space left on device" in outcome.err
    assert {path.name: path.read_bytes() for path in (tmp_path / "rendered").iterdir()} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pbxctl.yaml", "rendered"]
