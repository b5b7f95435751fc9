"""Random calls to random configurations meet on a real Asterisk what the simulator says."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from pbxctl.rehearse.packages import AsteriskInstall

from .edges import explained
from .report import Report
from .runs import random_run

SEED = int(os.environ.get("PBXCTL_DIFFERENTIAL_SEED", "20261202"))


@pytest.mark.timeout(240)
async def test_five_hundred_random_calls_go_as_simulated(
    asterisk_install: AsteriskInstall,
    templates: Mapping[str, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    report = await random_run(
        asterisk_install, templates, tmp_path, seed=SEED, configurations=50, cases_each=10
    )
    _judge(report, capsys)


@pytest.mark.soak
@pytest.mark.timeout(3600)
async def test_ten_thousand_random_calls_go_as_simulated(
    asterisk_install: AsteriskInstall,
    templates: Mapping[str, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    report = await random_run(
        asterisk_install, templates, tmp_path, seed=SEED + 1, configurations=250, cases_each=40
    )
    _judge(report, capsys)


def _judge(report: Report, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(f"\n{report}")
    assert not report.differences, f"seed {report.seed}: {explained(report.differences)}"
    assert not report.missing, f"seed {report.seed}: no case met {sorted(report.missing)}"
