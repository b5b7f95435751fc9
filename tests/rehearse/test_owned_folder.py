"""A temporary folder goes with its owner, and the dead one's with the next to come."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pbxctl.rehearse.owned_folder import OwnedFolder, remove_orphans

OWNER = """
import sys
from pbxctl.rehearse.owned_folder import OwnedFolder
folder = OwnedFolder(sys.argv[1])
print(folder.path, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def dead(tmp_path: Path) -> Path:
    """The folder of a process that was killed."""
    with subprocess.Popen(
        [sys.executable, "-c", OWNER, tmp_path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as owner:
        assert owner.stdout is not None
        folder = Path(owner.stdout.readline().strip())
        remove_orphans(tmp_path)
        assert folder.exists(), "its owner lives"
        owner.kill()
    assert folder.exists()
    return folder


def test_the_next_start_removes_what_the_dead_have_left_and_nothing_of_the_living(
    dead: Path, tmp_path: Path
) -> None:
    (dead / "spool").mkdir()
    with OwnedFolder(str(tmp_path)) as living, OwnedFolder(str(tmp_path)) as another:
        assert not dead.exists()
        assert living.path.exists()
        assert another.path.exists()
    assert list(tmp_path.iterdir()) == []


def test_what_is_kept_or_nobodys_stays(dead: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    target = dead.rename(tmp_path / "elsewhere" / "target")
    kept = OwnedFolder(str(tmp_path))
    kept.keep()
    (tmp_path / "pbxctl-without-owner").mkdir()
    (tmp_path / "pbxctl-link").symlink_to(target)

    remove_orphans(tmp_path)

    assert kept.path.exists()
    assert (tmp_path / "pbxctl-without-owner").exists()
    assert target.exists()
