"""What can be read of a PBX's files on this machine. Nothing is ever written."""

from __future__ import annotations

import glob
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from pbxctl.dialplan.asterisk import ConfRefused, parse_conf, parse_extensions
from pbxctl.doctor.facts import Disk, Files, Folders

MAX_BYTES = 16 * 1024 * 1024


def read_files(folders: Folders) -> Files | None:
    """The dialplan files; ``None`` where they are not on this machine, or not to be read by us."""
    folder = Path(folders.configuration)
    text = _read(folder / "extensions.conf")
    if text is None:
        return None
    mappings = _cel_mappings(folder)

    def included(name: str) -> Sequence[tuple[str, str]]:
        return _matching(folder, name)

    try:
        conf = parse_conf(text, "extensions.conf", included)
        found = parse_extensions(text, "extensions.conf", included)
    except ConfRefused as error:
        return Files(None, None, refused=str(error), cel_mappings=mappings)
    return Files(conf, found.dialplan, found.left_out, cel_mappings=mappings)


def absent_sounds(folder: Path, names: Iterable[str]) -> frozenset[str] | None:
    """Those of the sounds that are not in ``folder`` in any format; ``None`` if it may not be looked into."""
    try:
        return frozenset(name for name in names if not _has_sound(folder / name))
    except OSError:
        return None


def prompts_there(folder: Path) -> frozenset[str] | None:
    """The files below our folder of sounds that hold something, such as ``nl/neutral.wav``."""
    try:
        return frozenset(
            path.relative_to(folder).as_posix()
            for path in folder.glob("*/*.wav")
            if path.is_file() and path.stat().st_size > 0
        )
    except OSError:
        return None


def disk(folder: str) -> Disk | None:
    """The room there, for a folder or for what it would lie in."""
    path = Path(folder)
    while not path.exists() and path != path.parent:
        path = path.parent
    try:
        usage = shutil.disk_usage(path)
    except OSError:
        return None
    return Disk(folder, usage.free, usage.total)


def is_file(path: Path) -> bool:
    """Whether it is there, as far as may be seen."""
    try:
        return path.is_file()
    except OSError:
        return False


def is_folder(path: Path) -> bool:
    """Whether it is there, as far as may be seen."""
    try:
        return path.is_dir()
    except OSError:
        return False


def _has_sound(path: Path) -> bool:
    return any(found.is_file() and found.stat().st_size > 0 for found in path.parent.glob(f"{path.name}.*"))


def _cel_mappings(folder: Path) -> tuple[str, ...] | None:
    text = _read(folder / "cel_custom.conf")
    if text is None:
        return None
    try:
        conf = parse_conf(text, "cel_custom.conf", lambda name: _matching(folder, name))
    except ConfRefused:
        return ()
    return tuple(setting.value for setting in conf.section("mappings").settings)


def _matching(folder: Path, name: str) -> Sequence[tuple[str, str]]:
    paths = [Path(found) for found in sorted(glob.glob(str(folder / name)))]  # noqa: PTH207 - as glob(3) sorts
    texts = [
        (str(path.relative_to(folder) if path.is_relative_to(folder) else path), _read(path))
        for path in paths
    ]
    return [(shown, text) for shown, text in texts if text is not None]


def _read(path: Path) -> str | None:
    try:
        if not path.is_file() or path.stat().st_size > MAX_BYTES:
            return None
        return path.read_bytes().decode("utf-8", "surrogateescape")
    except OSError:
        return None
