"""The real synthesiser, and room for one that misbehaves."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from pbxctl.errors import OutOfReach
from pbxctl.rehearse.packages import default_folder, find_install
from pbxctl.speech.espeak import Espeak

Command = tuple[tuple[str, ...], Mapping[str, str]]


@pytest.fixture(scope="session")
def espeak_command() -> Command:
    """How espeak-ng is started, and what its environment needs: the rehearsal's own, else the system's."""
    tried = []
    for command, env in _candidates():
        run = subprocess.run(
            [*command, "--version"], env=dict(env), capture_output=True, text=True, timeout=30
        )
        if run.returncode == 0:
            return command, env
        tried.append(f"{command[-1]}: {run.stderr.strip()}")
    pytest.fail(
        f"no espeak-ng to test with ({'; '.join(tried) or 'none found'}): install the package espeak-ng"
    )


def _candidates() -> Iterator[Command]:
    with contextlib.suppress(OutOfReach):
        install = find_install(default_folder())
        yield install.espeak, install.espeak_env
    program = shutil.which("espeak-ng")
    if program is not None:
        yield (program,), {}


@pytest.fixture(scope="session")
def espeak(espeak_command: Command) -> Espeak:
    """espeak-ng as callers will hear it."""
    command, env = espeak_command
    return Espeak(command, env)


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """Where a test puts a program that misbehaves as the real one will not on demand."""
    path = tmp_path / "misbehaving"
    path.touch(0o755)
    return path
