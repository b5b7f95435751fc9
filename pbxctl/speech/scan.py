"""What lies in the folder of recordings; nothing is decoded here."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from pbxctl.errors import InputWrong
from pbxctl.names import LANGUAGES
from pbxctl.prompts.recordings import ENDINGS, WIDE_ENDING

MAX_BYTES = 64 * 1024 * 1024
MAX_FILES = 2000


def scan_recordings(folder: Path) -> Mapping[str, str]:
    """The sound files of the folder, ``nl/closed_door.wav`` and the like, with the SHA-256 of their bytes.

    Only folders of languages are looked into, and files that are named like a sound.

    Raises:
        InputWrong: the folder or a file in it cannot be read, or there are far too many.
    """
    if not folder.is_dir():
        raise InputWrong(f"{folder}: there is no such folder; make it, or take prompts.folder out")
    found: dict[str, str] = {}
    for language in LANGUAGES:
        for path in sorted((folder / language).glob("*")):
            if path.name.endswith((*ENDINGS, WIDE_ENDING)) and not path.name.startswith("."):
                found[f"{language}/{path.name}"] = _digest(path)
        if len(found) > MAX_FILES:
            raise InputWrong(f"{folder}: holds more than {MAX_FILES} recordings; take out what nobody hears")
    return found


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            found = os.fstat(stream.fileno())
            if not stat.S_ISREG(found.st_mode) or found.st_size > MAX_BYTES:
                raise InputWrong(f"{path}: is no file of at most {MAX_BYTES // 1024**2} MiB; take it out")
            while block := stream.read(1 << 20):
                digest.update(block)
    except OSError as error:
        raise InputWrong(f"{path}: cannot be read: {error.strerror}") from error
    return digest.hexdigest()
