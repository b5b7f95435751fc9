"""The picture of the house is drawn from the code."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from pbxctl.pbx.asterisk.course import STEPS, Happening

ROOT = Path(__file__).resolve().parents[2]


def test_the_picture_in_the_document_is_the_one_the_code_gives() -> None:
    drawn = subprocess.run(
        [sys.executable, ROOT / "scripts" / "draw-rooms"], capture_output=True, text=True, check=True
    ).stdout

    assert drawn in (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def test_each_room_of_the_package_has_its_row_in_the_document() -> None:
    document = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rooms = {path.parent.name for path in (ROOT / "pbxctl").glob("*/__init__.py")}

    assert {room for room in rooms if f"| `{room}` |" not in document} == set()


def test_the_states_of_a_connection_are_drawn_as_the_table_has_them() -> None:
    document = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    drawn = re.findall(r"^  (\w+) --> (\w+): (\w+)$", document, re.MULTILINE)

    assert sorted(drawn) == sorted(
        (before, after, happening)
        for (before, happening), after in STEPS.items()
        if happening is not Happening.CLOSED
    )
