"""``diff`` as a person and a program read it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Pbxctl


def changed(folder: Path, before: str, after: str) -> None:
    text = (folder / "pbxctl.yaml").read_text()
    assert before in text
    (folder / "new.yaml").write_text(text.replace(before, after))


PERIOD = ("--from", "2026-12-07", "--days", "7")


def test_the_same_configuration_alters_nothing(pbxctl: Pbxctl) -> None:
    outcome = pbxctl("diff", "pbxctl.yaml", "pbxctl.yaml", *PERIOD)

    assert outcome.code == 0
    assert outcome.out == "Callers meet the same (7 days from 2026-12-07 on).\n"


def test_an_altered_hour_is_told_with_both_modes_and_lines(pbxctl: Pbxctl, tmp_path: Path) -> None:
    changed(tmp_path, "sat: 09:00-12:00", "sat: 09:00-13:00")

    outcome = pbxctl("diff", "pbxctl.yaml", "new.yaml", *PERIOD)

    assert outcome.code == 0
    (row,) = [line for line in outcome.out.splitlines() if line.startswith("  Sat")][:1]
    assert row.split("  ")[1:] != []
    assert "Sat 2026-12-12 12:00" in row
    assert "Sat 2026-12-12 13:00" in row
    assert row.index("voicemail (outside office hours)") < row.index("ordinary (no rule closes it)")
    assert row.endswith("pbxctl.yaml:33 -> -")


def test_programs_get_the_same_in_json(pbxctl: Pbxctl, tmp_path: Path) -> None:
    changed(tmp_path, "blocked: []", 'blocked: ["0470 11 22 33"]')

    found = json.loads(pbxctl("diff", "pbxctl.yaml", "new.yaml", *PERIOD, "--json").out)

    assert found == {
        "windows": [],
        "others": [{"what": "blocked", "name": "+32470112233", "before": None, "after": "listed"}],
    }


def test_a_mistake_in_either_file_is_told_by_its_name(pbxctl: Pbxctl, tmp_path: Path) -> None:
    changed(tmp_path, "country: BE", "country: XX")

    outcome = pbxctl("diff", "pbxctl.yaml", "new.yaml")

    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith("new.yaml:")
