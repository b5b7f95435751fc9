"""What a rehearsal leaves behind in files."""

from __future__ import annotations

from pathlib import Path

import pytest

from pbxctl.cli.rehearse import Outputs, write_outputs
from pbxctl.errors import PbxctlError


def test_recordings_that_cannot_be_kept_do_not_cost_the_report(tmp_path: Path) -> None:
    (tmp_path / "heard").write_text("a file by now")
    outputs = Outputs(tmp_path / "heard", tmp_path / "rehearsal.xml")

    with pytest.raises(PbxctlError, match="heard: the recordings cannot be written"):
        write_outputs([], 1.0, outputs)

    assert "<testsuite" in (tmp_path / "rehearsal.xml").read_text()
