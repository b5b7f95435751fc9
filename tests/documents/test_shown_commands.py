"""Each ``pbxctl`` command that stands in a block of a document is run as it stands there."""

from __future__ import annotations

import io
import os
import re
import shlex
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from pbxctl.cli.main import run

ROOT = Path(__file__).resolve().parents[2]
BAKERY = ROOT / "examples" / "bakery"

# The files of a real PBX that documents name, and what stands for them here.
STAND_INS = {
    "/var/log/asterisk/cdr-csv/Master.csv": BAKERY / "history.csv",
    "/var/log/asterisk/cel-custom/pbxctl.csv": ROOT / "tests" / "formats" / "v1" / "journal" / "cel.csv",
}


ELSEWHERE = ("apply.md", "doctor.md", "templates.md")


def shown() -> list[tuple[str, str]]:
    """Every command in an indented or fenced block, with its document.

    README.md and those that need a template of one's own or a real PBX have tests of their own.
    """
    found = []
    for path in sorted((ROOT / "docs").glob("*.md")):
        fenced = False
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip().startswith("```"):
                fenced = not fenced
            command = re.match(r"(?:.*\| )?(pbxctl [a-z][^#]*)", line.strip())
            if command and path.name not in ELSEWHERE and (fenced or line.startswith("    ")):
                found.append((path.name, command[1].strip()))
    return found


SHOWN = shown()


@pytest.fixture(autouse=True)
def _at_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with a configuration, a recording to import, and a player of sounds."""
    text = (BAKERY / "pbxctl.yaml").read_text(encoding="utf-8").replace("[nl, fr, en]", "[nl]")
    (tmp_path / "pbxctl.yaml").write_text(f"{text}\nprompts: {{folder: recordings}}\n", encoding="utf-8")
    (tmp_path / "recordings").mkdir()
    soundfile.write(tmp_path / "voice.mp3", 0.5 * np.sin(np.arange(88_200) / 16), 44_100)
    player = tmp_path / "bin" / "aplay"
    player.parent.mkdir()
    player.write_text("#!/bin/sh\nexit 0\n")
    player.chmod(0o755)
    monkeypatch.setenv("PATH", f"{player.parent}{os.pathsep}/usr/bin{os.pathsep}/bin")
    monkeypatch.setenv("PBXCTL_CONFIG", "pbxctl.yaml")
    monkeypatch.chdir(tmp_path)


def test_the_documents_show_some() -> None:
    assert len(SHOWN) >= 9
    assert {name for name, _ in SHOWN} >= {"prompts.md", "replay.md", "warnings.md"}


@pytest.mark.parametrize(("document", "command"), SHOWN, ids=lambda text: text)
def test_a_command_does_what_it_is_shown_for(
    document: str, command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    history = io.TextIOWrapper(io.BytesIO((BAKERY / "history.csv").read_bytes()))
    monkeypatch.setattr(sys, "stdin", history)
    words = [str(STAND_INS.get(word, word)) for word in shlex.split(command)[1:]]

    code = run(words)

    printed = capsys.readouterr()
    assert code == 0 or ("--strict" in words and code == 1), printed.err
    assert printed.out or "play" in words
