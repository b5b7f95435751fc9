"""Files that are there whole or not at all, whoever kills us when."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
import time
from pathlib import Path

from pbxctl.errors import PbxctlError

_PREFIX, _SUFFIX = ".pbxctl-", ".unfinished"
_ABANDONED_S = 3600.0  # older than any run that could still be writing


def write_whole(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Put ``data`` under ``path``, replacing what is there; its folder is made if need be.

    What is replaced keeps its mode, owner and group, as far as we may give them; what is new gets ``mode``
    (readable by all, since the PBX is another user) and belongs to whom its folder belongs. A link is
    replaced and never followed.

    Raises:
        PbxctlError: the folder cannot be written to.
    """
    unfinished: str | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        before = _stat(path)
        handle, unfinished = tempfile.mkstemp(prefix=_PREFIX, suffix=_SUFFIX, dir=path.parent)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            owner = before or path.parent.stat()
            # Giving a file away is not everybody's right; its group mostly is.
            with contextlib.suppress(PermissionError):
                os.fchown(stream.fileno(), -1, owner.st_gid)
                os.fchown(stream.fileno(), owner.st_uid, -1)
            mode = mode if before is None else stat.S_IMODE(before.st_mode)
            os.fchmod(stream.fileno(), mode)
            os.fsync(stream.fileno())
        Path(unfinished).replace(path)
        unfinished = None
        _sync_folder(path.parent)
    except OSError as error:
        raise PbxctlError(f"{path} cannot be written: {error.strerror or error}") from error
    finally:
        if unfinished is not None:
            Path(unfinished).unlink(missing_ok=True)


def sweep_unfinished(folder: Path, *, older_than_s: float = _ABANDONED_S) -> None:
    """Remove what a killed run left half-written in the folder, an hour ago or more unless told otherwise."""
    for path in folder.glob(f"{_PREFIX}*{_SUFFIX}"):
        if time.time() - path.lstat().st_mtime >= older_than_s:
            path.unlink(missing_ok=True)


def remove_whole(path: Path) -> None:
    """Remove a file, for good; one that is gone is no error.

    Raises:
        PbxctlError: it cannot be removed.
    """
    try:
        path.unlink()
        _sync_folder(path.parent)
    except FileNotFoundError:
        return
    except OSError as error:
        raise PbxctlError(f"{path} cannot be removed: {error.strerror or error}") from error


def _stat(path: Path) -> os.stat_result | None:
    try:
        found = path.lstat()
    except FileNotFoundError:
        return None
    return found if stat.S_ISREG(found.st_mode) else None


def _sync_folder(folder: Path) -> None:
    """Make the new name itself outlast a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
