"""Temporary folders that go with their owner, if need be after its death."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from pathlib import Path
from typing import Self

PREFIX = "pbxctl-"
OWNER = ".owner"


class OwnedFolder:
    """A new folder in ``where``; those there whose owners are dead are removed first.

    A lock on a file inside tells the living from the dead: it ends with the process, even by
    SIGKILL, and is seen from containers that count processes on their own.
    """

    def __init__(self, where: str | None = None) -> None:
        place = where or tempfile.gettempdir()
        remove_orphans(Path(place))
        self.path = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place))
        # Locked under another name: from the moment it is called OWNER, somebody alive holds it.
        unlocked = self.path / f"{OWNER}.new"
        self._lock: int | None = os.open(unlocked, os.O_CREAT | os.O_RDWR, 0o600)
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        unlocked.rename(self.path / OWNER)

    def remove(self) -> None:
        """Remove it with all that is in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        self._let_go()

    def keep(self) -> None:
        """It stays, and is nobody's from now on."""
        (self.path / OWNER).unlink(missing_ok=True)
        self._let_go()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()

    def _let_go(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def remove_orphans(where: Path) -> None:
    """Remove the folders in ``where`` that are this user's and whose owners are dead."""
    for folder in where.glob(f"{PREFIX}*"):
        # Whatever cannot be looked at is not ours, or somebody else is removing it.
        with contextlib.suppress(OSError):
            if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
                continue
            lock = os.open(folder / OWNER, os.O_RDWR | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(lock)
