"""The document lists each finding, as bad as it is, and each is made for real by a test."""

from __future__ import annotations

import re
from pathlib import Path

from pbxctl.doctor.finding import FINDINGS

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs" / "doctor.md").read_text(encoding="utf-8")


def test_the_document_lists_each_finding_as_bad_as_it_is() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| (\w+) \| .+ \|$", DOCUMENT, re.MULTILINE)

    assert len(rows) == len(dict(rows))
    assert dict(rows) == {id_: severity.value for id_, severity in FINDINGS.items()}


def test_each_finding_is_made_by_a_test() -> None:
    tests = "".join(path.read_text() for path in (ROOT / "tests" / "doctor").glob("test_*.py"))

    assert [id_ for id_ in FINDINGS if f'"{id_}"' not in tests] == []
