"""Folders in memory: hundreds of small runs, each of which has its records put on disk for good."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pbxctl.reconcile import apply
from pbxctl.reconcile.host import Host
from tests.reconcile.world import Killed


@pytest.fixture(autouse=True)
def _the_dead_undo_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is killed does not get to undo what was begun, as an exception would let him."""
    give_up = apply._give_up  # noqa: SLF001

    async def unless_killed(host: Host, error: BaseException) -> None:
        if not isinstance(error, Killed):
            await give_up(host, error)

    monkeypatch.setattr(apply, "_give_up", unless_killed)


@pytest.fixture
def tmp_path(tmp_path: Path) -> Iterator[Path]:
    memory = "/dev/shm"  # noqa: S108 - a folder of its own is made in it
    if not os.access(memory, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=memory, prefix="pbxctl-test-") as folder:
        yield Path(folder)
