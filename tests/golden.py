"""Golden files: what was reviewed once and must not change by accident."""

from __future__ import annotations

import os
from pathlib import Path

UPDATE = "PBXCTL_UPDATE_GOLDEN"


def assert_golden(file: Path, text: str) -> None:
    """Compare with the file; with ``PBXCTL_UPDATE_GOLDEN=1`` write it anew, for ``git diff`` to show."""
    if os.environ.get(UPDATE):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    wanted = file.read_text(encoding="utf-8")
    if text != wanted:
        lines = zip(text.splitlines(), wanted.splitlines(), strict=False)
        number, (found, golden) = next(
            ((n, pair) for n, pair in enumerate(lines, 1) if pair[0] != pair[1]), (0, ("an end", "another"))
        )
        raise AssertionError(
            f"{file.name}, line {number}: {found!r}, not {golden!r}; where that is meant, run with {UPDATE}=1"
        )
