"""What a shell completes, asked of a real bash by the line that the README shows."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pbxctl.cli.main import COMMANDS
from tests.cli.conftest import Pbxctl

ROOT = Path(__file__).resolve().parents[2]


def test_no_line_of_help_is_cut(pbxctl: Pbxctl) -> None:
    for arguments in (["--help"], ["prompts", "--help"]):
        _, _, commands = pbxctl(*arguments).out.partition("Commands:")
        assert commands
        assert "..." not in commands


def completed(folder: Path, *words: str) -> list[str]:
    """What bash offers for the last of the words."""
    shown = re.search(r"```bash\n(eval .*)\n```", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert shown is not None
    program = folder / "bin" / "pbxctl"
    program.parent.mkdir(exist_ok=True)
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m pbxctl "$@"\n')
    program.chmod(0o755)
    script = f"""{shown[1]}
compopt() {{ :; }}
COMP_WORDS=({" ".join(f"'{word}'" for word in words)})
COMP_CWORD={len(words) - 1}
"$(complete -p pbxctl | sed 's/.*-F \\([^ ]*\\).*/\\1/')" pbxctl
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    done = subprocess.run(
        ["bash", "--norc", "-c", script],
        cwd=folder,
        env={**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("pbxctl", ""), list(COMMANDS)),
        (("pbxctl", "ti"), ["timeline"]),
        (("pbxctl", "check", "--str"), ["--strict"]),
        (("pbxctl", "why", "--t"), ["--to"]),
        (("pbxctl", "timeline", "--frobnicate"), []),
    ],
)
def test_bash_completes(tmp_path: Path, words: tuple[str, ...], offered: list[str]) -> None:
    assert sorted(completed(tmp_path, *words)) == sorted(offered)
