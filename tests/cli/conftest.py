"""The command line, run as a person runs it: in a folder of one's own, with the example beside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from pbxctl.cli.main import run

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command left behind."""

    code: int
    out: str
    err: str


Pbxctl = Callable[..., Outcome]


@pytest.fixture
def pbxctl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Pbxctl:
    """Run ``pbxctl`` on ``pbxctl.yaml``, the bakery's, which the test may change."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PBXCTL_CONFIG", raising=False)
    (tmp_path / "pbxctl.yaml").write_bytes((EXAMPLES / "bakery" / "pbxctl.yaml").read_bytes())

    def call(*arguments: str, config: str = "pbxctl.yaml") -> Outcome:
        capsys.readouterr()
        code = run(["--config", config, *arguments])
        printed = capsys.readouterr()
        return Outcome(code, printed.out, printed.err)

    return call
