"""Files that are there whole or not at all, whoever kills us when."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

from pbxctl.errors import PbxctlError

_PREFIX, _SUFFIX = ".pbxctl-", ".unfinished"
_ABANDONED_S = 3600.0  # older than any run that could still be writing


def write_whole(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Put ``data`` under ``path``, replacing what is there; its folder is made if need be.

    ``mode`` is readable by all: the PBX is another user.

    Raises:
        PbxctlError: the folder cannot be written to.
    """
    unfinished: str | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, unfinished = tempfile.mkstemp(prefix=_PREFIX, suffix=_SUFFIX, dir=path.parent)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
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


def sweep_unfinished(folder: Path) -> None:
    """Remove what a killed run left half-written in the folder an hour ago or more."""
    for path in folder.glob(f"{_PREFIX}*{_SUFFIX}"):
        if time.time() - path.lstat().st_mtime > _ABANDONED_S:
            path.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Make the new name itself outlast a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
