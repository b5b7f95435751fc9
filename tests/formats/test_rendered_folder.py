"""The files of a rendered folder: version 1 stays readable, and is still written the same way.

The samples in ``v1/rendered/`` are never changed: a format that must change gets a new version, and a folder.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from pbxctl.errors import InputWrong
from pbxctl.render.entries import DAY, HORIZON, POINTER, STANDING
from pbxctl.render.folder import (
    DATABASE,
    MANIFEST,
    PROMPTS,
    Manifest,
    entries_to_json,
    manifest_from_json,
    manifest_to_json,
    prompts_to_json,
)
from pbxctl.render.rendering import Entry

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = Path(__file__).parent / "v1" / "rendered"
SAMPLE = {name: (SAMPLES / name).read_text(encoding="utf-8") for name in (MANIFEST, DATABASE, PROMPTS)}
ENTRIES = [Entry(*each) for each in json.loads(SAMPLE[DATABASE])["entries"]]


def test_the_manifest_is_read_and_still_written_the_same_way() -> None:
    manifest = manifest_from_json(SAMPLE[MANIFEST])

    assert manifest == Manifest("bf21f1a090bb", "a18b77ba", date(2026, 12, 20))
    assert manifest_to_json(manifest) == SAMPLE[MANIFEST]


def test_a_manifest_of_version_2_is_refused_in_one_line() -> None:
    with pytest.raises(InputWrong, match=r"^has version 2, and this pbxctl reads version 1: update pbxctl$"):
        manifest_from_json(SAMPLE[MANIFEST].replace('"version": 1', '"version": 2'))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("hunter2", id="a secret"),
        pytest.param('{"version": "hunter2"}', id="a secret as version"),
        pytest.param("[1]", id="a list"),
        pytest.param('{"version": 1}', id="no revision"),
        pytest.param('{"version": 1, "revision": "a", "generation": "b", "first_day": 7}', id="no day"),
        pytest.param("[" * 100_000, id="a deep nest"),
    ],
)
def test_what_is_no_manifest_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(InputWrong, match="is no manifest of pbxctl") as caught:
        manifest_from_json(text)
    assert "hunter2" not in str(caught.value)


def test_the_entries_are_still_written_the_same_way_the_pointer_last() -> None:
    assert entries_to_json(ENTRIES) == SAMPLE[DATABASE]
    assert ENTRIES[-1] == Entry("pbxctl", "current", "1|a18b77ba|bf21f1a090bb")


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.key)
def test_the_dialplan_still_believes_each_entry(entry: Entry) -> None:
    kinds = {"day": DAY, "window": STANDING, "horizon": HORIZON, "current": POINTER}
    [expression] = [text for kind, text in kinds.items() if kind in entry.key.split("/")]
    assert re.fullmatch(expression, entry.value)


def test_the_prompts_are_still_written_the_same_way() -> None:
    assert prompts_to_json(json.loads(SAMPLE[PROMPTS])["prompts"]) == SAMPLE[PROMPTS]


def by_hand(folder: Path, database: str) -> subprocess.CompletedProcess[str]:
    """What ``docs/by-hand.md`` makes of the entries."""
    document = (ROOT / "docs" / "by-hand.md").read_text(encoding="utf-8")
    [script] = re.findall(r"   python3 - <<'END'[^\n]*\n(.*?)   END\n", document, re.DOTALL)
    (folder / "rendered").mkdir()
    (folder / "rendered" / DATABASE).write_text(database, encoding="utf-8")
    lines = "\n".join(line.removeprefix("   ") for line in script.splitlines())
    return subprocess.run(
        [sys.executable, "-c", lines], cwd=folder, capture_output=True, text=True, check=False
    )


def test_by_hand_each_entry_is_a_line(tmp_path: Path) -> None:
    lines = by_hand(tmp_path, SAMPLE[DATABASE]).stdout.splitlines()

    assert [line.split("\t") for line in lines] == [[e.family, e.key, e.value] for e in ENTRIES]


def test_by_hand_entries_of_version_2_are_refused_in_one_line(tmp_path: Path) -> None:
    done = by_hand(tmp_path, SAMPLE[DATABASE].replace('"version": 1', '"version": 2'))

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "rendered/database.json is of another version than this document tells of\n"
