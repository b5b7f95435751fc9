"""The document lists what is refused, and shows the very rights and commands that the tests run with."""

from __future__ import annotations

import re
from pathlib import Path

from pbxctl.cli.apply import command as apply
from pbxctl.cli.uninstall import command as uninstall
from pbxctl.reconcile import safety
from tests.reconcile.desk import MANAGER

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs" / "apply.md").read_text(encoding="utf-8")


def test_each_objection_is_listed_and_tested() -> None:
    listed = re.findall(r"^\| `([a-z-]+)` \|", DOCUMENT, re.MULTILINE)
    source = Path(safety.__file__).read_text(encoding="utf-8")
    assert sorted(listed) == sorted(set(re.findall(r'Objection\(\s*"([a-z-]+)"', source)))
    tests = (ROOT / "tests" / "reconcile" / "test_safety.py").read_text(encoding="utf-8")
    assert [id_ for id_ in listed if f'"{id_}"' not in tests] == []


def test_the_rights_are_those_that_the_tests_apply_with() -> None:
    rights = {
        line.replace(" ", "") for line in re.findall(r"^ *((?:read|write) *=.*)$", DOCUMENT, re.MULTILINE)
    }
    assert rights == {line for line in MANAGER.splitlines() if line.startswith(("read", "write"))}


def test_each_option_that_is_shown_is_there() -> None:
    known = {option for each in (apply, uninstall) for param in each.params for option in param.opts}
    shown = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", DOCUMENT))
    assert shown <= known, shown - known
