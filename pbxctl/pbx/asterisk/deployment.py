"""What is done to an Asterisk so that a revision comes into force on it: its files, and its manager."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import re
import stat
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from pbxctl.dialplan.asterisk.conf import ConfRefused
from pbxctl.dialplan.asterisk.loaded import loaded_dialplan
from pbxctl.dialplan.asterisk.model import Dialplan
from pbxctl.dialplan.asterisk.text import parse_extensions
from pbxctl.errors import PbxctlError
from pbxctl.files import remove_whole, sweep_unfinished, write_whole
from pbxctl.pbx.asterisk.ami import ACTION_LIMIT_S, ActionRefused, AmiSession, Answer, as_lines, first_line
from pbxctl.pbx.deployment import DeployFailed, GlobalChanged, Present, Surroundings
from pbxctl.render.rendering import Entry

LOAD_LIMIT_S = 60.0
LIST_LIMIT_S = 30.0

_SOUND = re.compile(r"[a-z]{2}/([0-9a-f]{12}|neutral|beep)\.wav(16)?")
_FILES = "*.conf"

FOLDER = "pbxctl"
"""Our folder beside ``extensions.conf``; tenants share it, since one line includes them all."""


@dataclass(frozen=True, slots=True)
class AsteriskFolders:
    """Where things lie on the PBX's own host.

    ``configuration`` holds ``extensions.conf``; ``dialplan`` our own files, which that one includes;
    ``sounds`` our sounds, by language.
    """

    configuration: Path
    dialplan: Path
    sounds: Path
    recordings: Path


async def folders_of(session: AmiSession, family: str) -> AsteriskFolders:
    """Where this Asterisk says that its folders lie, and where in them ``family`` has its own.

    Debian's data lie below ``/usr``, where nothing is to be written: sounds then go where other builds
    of Asterisk have them.

    Raises:
        DeployFailed: it does not say.
    """
    said: dict[str, str] = {}
    for line in await session.command("core show settings"):
        name, colon, value = line.partition(":")
        if colon:
            said.setdefault(name.strip().lower(), value.strip())
    found = [said.get(f"{name} directory", "") for name in ("configuration", "data", "spool")]
    if not all(found):
        raise DeployFailed("the PBX does not tell where its folders lie; is it an Asterisk of 16 to 22?")
    etc, data, spool = map(Path, found)
    if data.is_relative_to("/usr"):
        data = Path("/var/lib/asterisk")
    return AsteriskFolders(etc, etc / FOLDER, data / "sounds" / family, spool / family)


class AsteriskDeployment:
    """One Asterisk on this host, over a session with its manager interface."""

    def __init__(self, session: AmiSession, family: str, folders: AsteriskFolders) -> None:
        self._session = session
        self._family = family
        self._folders = folders

    async def present(self) -> Present:
        running = await self._running()
        return Present(
            files=await asyncio.to_thread(self._files),
            entries=await self._entries(),
            sounds=await asyncio.to_thread(self._sounds),
            contexts={name: found for name, found in running.contexts.items() if self._is_ours(name)},
        )

    async def surroundings(self) -> Surroundings:
        running = await self._running()
        written = await asyncio.to_thread(self._written)
        if isinstance(written, str):
            return Surroundings(unloaded=(written,))
        read, included = written
        names = {name for name in (*running.contexts, *read.contexts) if not self._is_ours(name)}
        changed = sorted(name for name in names if running.contexts.get(name) != read.contexts.get(name))
        return Surroundings(
            included=included,
            unloaded=tuple(f"context {name}" for name in changed),
            globals_changed=tuple(
                GlobalChanged(name, running.globals.get(name, ""), value)
                for name, value in sorted(read.globals.items())
                if running.globals.get(name) != value
            ),
        )

    async def write_file(self, name: str, text: str) -> None:
        await self._write(self._folders.dialplan, name, text.encode(), 0o640)

    async def remove_file(self, name: str) -> None:
        await self._remove([self._folders.dialplan / name])

    async def write_sound(self, name: str, data: bytes) -> None:
        await self._write(self._folders.sounds, name, data, 0o644)

    async def remove_sounds(self, names: Collection[str]) -> None:
        await self._remove([self._folders.sounds / name for name in names])

    async def sweep(self) -> None:
        folders = (self._folders.dialplan, *self._folders.sounds.glob("*"))
        for folder in folders:
            try:
                if not folder.is_symlink():
                    await asyncio.to_thread(sweep_unfinished, folder, older_than_s=0.0)
            except OSError as error:
                raise DeployFailed(f"{folder}: cannot be tidied: {error.strerror}") from error

    async def put(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            await self._do("DBPut", Family=entry.family, Key=entry.key, Val=entry.value)

    async def remove_entries(self, family: str, keys: Collection[str]) -> None:
        there = await self._entries()
        for key in keys:
            if key in there:
                await self._do("DBDel", Family=family, Key=key)

    async def load(self) -> None:
        await self._do("Command", LOAD_LIMIT_S, Command="dialplan reload")

    async def calls_inside(self, contexts: Collection[str]) -> int:
        answer = await self._do("CoreShowChannels", LIST_LIMIT_S)
        return sum(first_line(event, "Context") in contexts for event in answer.events)

    async def _do(self, action: str, limit_s: float = ACTION_LIMIT_S, **fields: str) -> Answer:
        """One action; that it is refused is nothing but a failure here."""
        try:
            return await self._session.send(action, limit_s=limit_s, **fields)
        except ActionRefused as error:
            raise DeployFailed(
                f"the PBX refuses {error}; pbxctl doctor says which right the manager user lacks"
            ) from error

    async def _lines(self, command: str) -> list[str]:
        answer = await self._do("Command", LIST_LIMIT_S, Command=command)
        return as_lines(answer.headers.get("Output"))

    async def _running(self) -> Dialplan:
        answer = await self._do("ShowDialPlan", LIST_LIMIT_S)
        shown = await self._lines("dialplan show")
        variables = await self._lines("dialplan show globals")
        return loaded_dialplan(answer.events, shown, variables, registrars={"pbx_config"})

    def _written(self) -> tuple[Dialplan, bool] | str:
        """What the files say, and whether they include ours; a reason where Asterisk would refuse them."""
        start = self._folders.configuration / "extensions.conf"
        ours = str(self._folders.dialplan / f"{self._family}.conf")
        included: list[bool] = []

        def read_files(pattern: str) -> Sequence[tuple[str, str]]:
            full = str(self._folders.configuration / pattern)
            included.append(fnmatch(ours, full))
            found = Path(full)
            return [
                (str(path), _text(path)) for path in sorted(found.parent.glob(found.name)) if path.is_file()
            ]

        try:
            read = parse_extensions(_text(start), str(start), read_files).dialplan
        except ConfRefused as error:
            return f"extensions.conf ({error})"
        except OSError as error:
            return f"extensions.conf (cannot be read: {error.strerror})"
        return read, any(included)

    def _files(self) -> Mapping[str, str]:
        folder = self._folders.dialplan
        try:
            return {path.name: _text(path) for path in folder.glob(_FILES) if path.is_file()}
        except OSError as error:
            raise DeployFailed(f"{folder}: cannot be read: {error.strerror}") from error

    def _sounds(self) -> Mapping[str, str]:
        folder = self._folders.sounds
        found = {}
        for path in folder.glob("*/*"):
            name = str(path.relative_to(folder))
            # Behind a link lies what is not ours.
            if _SOUND.fullmatch(name) and path.is_file() and not path.parent.is_symlink():
                found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
        return found

    async def _entries(self) -> Mapping[str, str]:
        """The entries below our family. The manager's own list of them is not on Asterisk 16."""
        found = {}
        for line in await self._lines(f"database show {self._family}"):
            if match := re.fullmatch(rf"/{re.escape(self._family)}/(\S+) *: (.*)", line):
                found[match[1]] = match[2].rstrip()
        return found

    def _is_ours(self, context: str) -> bool:
        return context.startswith(f"{self._family}-")

    async def _write(self, folder: Path, name: str, data: bytes, mode: int) -> None:
        await asyncio.to_thread(_made, folder)
        if (folder / name).parent != folder:
            await asyncio.to_thread(_made, (folder / name).parent)
        try:
            await asyncio.to_thread(write_whole, folder / name, data, mode=mode)
        except PbxctlError as error:
            raise DeployFailed(str(error)) from error

    async def _remove(self, paths: Iterable[Path]) -> None:
        for path in paths:
            if path.parent.is_symlink():
                raise DeployFailed(f"{path.parent}: is not a folder; remove it, pbxctl makes its own")
            try:
                await asyncio.to_thread(remove_whole, path)
            except PbxctlError as error:
                raise DeployFailed(str(error)) from error


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def _made(folder: Path) -> None:
    """Make a folder of ours; who could put a link in its place could have us write anywhere."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise DeployFailed(f"{folder}: is not a folder; remove it, pbxctl makes its own")
    try:
        if not folder.exists():
            folder.mkdir()
            # Whatever the umask: who can read the PBX's folder can read ours, and what is made in it.
            above = folder.parent.stat()
            with contextlib.suppress(PermissionError):
                os.chown(folder, above.st_uid, above.st_gid)
            folder.chmod(stat.S_IMODE(above.st_mode) | stat.S_ISGID)
    except OSError as error:
        raise DeployFailed(
            f"{folder}: cannot be made: {error.strerror}; make it once, for whom pbxctl runs as: "
            f"install -d -o pbxctl -g asterisk -m 2770 {folder}"
        ) from error
