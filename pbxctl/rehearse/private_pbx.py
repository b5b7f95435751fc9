"""A real Asterisk of our own: in a folder of its own, at a moment of its own, for as long as it is needed."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import signal
import socket
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from pbxctl.errors import OutOfReach
from pbxctl.pbx.asterisk.ami import ActionRefused, AmiSession, PbxUnreachable
from pbxctl.rehearse.packages import AsteriskInstall
from pbxctl.rehearse.pbx_files import (
    MANAGER_USER,
    PBX_IP,
    PHONES_IP,
    REHEARSAL_IP,
    TRUNK_IP,
    Neighbours,
    PbxSettings,
    pbx_files,
)
from pbxctl.rehearse.pbx_folder import PbxFolder

START_LIMIT_S = 30.0
STOP_LIMIT_S = 5.0
LOG_TAIL_LINES = 15
# Below Asterisk's RTP (20000 and up) and what the kernel hands out by itself (32768 and up).
PORTS = range(10_000, 20_000)


class PbxStartFailed(OutOfReach):
    """The private Asterisk did not come up; the text ends with the last lines of its log."""


class PrivatePbx:
    """An Asterisk that belongs to this process and ends with it, whatever happens to this process.

    Use it as an async context manager. ``files`` are configuration files by name, in addition to
    or in place of those of :mod:`pbxctl.rehearse.pbx_files` (a name may hold folders). ``sounds``
    are linked under their name beside the built-in ``en``: with ``{"pbxctl": folder}``,
    ``Playback(pbxctl/closed)`` plays ``folder/closed.wav``. ``at`` is the moment it believes it
    starts at; the clock runs on from there. Several may run at once.
    """

    def __init__(
        self,
        install: AsteriskInstall,
        files: Mapping[str, str],
        *,
        folder: Path | None = None,
        at: datetime | None = None,
        sounds: Mapping[str, Path] | None = None,
        neighbours: Neighbours | None = None,
        system_name: str = "",
        keep: bool = False,
    ) -> None:
        self.install = install
        self._files = dict(files)
        self._at = at
        self._sounds = dict(sounds or {})
        self._keep = keep
        self._folder = PbxFolder(folder)
        self._process: asyncio.subprocess.Process | None = None
        self._ami: AmiSession | None = None
        self.offset_s = 0.0
        self._settings = PbxSettings(
            folder=self._folder.path,
            run_folder=self._folder.run,
            modules=install.modules,
            sip_port=_free_port(PBX_IP, socket.SOCK_DGRAM),
            manager_port=_free_port(PBX_IP, socket.SOCK_STREAM),
            manager_secret=secrets.token_hex(16),
            trunk_port=_free_port(TRUNK_IP, socket.SOCK_DGRAM),
            phones_port=_free_port(PHONES_IP, socket.SOCK_DGRAM),
            rehearsal_port=_free_port(REHEARSAL_IP, socket.SOCK_DGRAM),
            neighbours=neighbours or Neighbours(),
            system_name=system_name,
        )

    @property
    def folder(self) -> Path:
        """Where everything of this PBX lies: ``etc lib data spool log``."""
        return self._folder.path

    @property
    def spool(self) -> Path:
        """The spool: ``voicemail/CONTEXT/BOX/INBOX`` and ``outgoing`` lie in it."""
        return self._folder.spool

    @property
    def journal_path(self) -> Path:
        """The call events (CEL) as text; the file appears with the first event."""
        return self._folder.journal

    @property
    def log_path(self) -> Path:
        """Asterisk's own log of notices, warnings and errors."""
        return self._folder.log

    @property
    def sip_address(self) -> tuple[str, int]:
        """Where it awaits calls."""
        return (PBX_IP, self._settings.sip_port)

    @property
    def trunk_address(self) -> tuple[str, int]:
        """Where the provider's agent must be to be called, for ``Dial(PJSIP/NUMBER@trunk)``."""
        return (TRUNK_IP, self._settings.trunk_port)

    @property
    def phones_address(self) -> tuple[str, int]:
        """Where the agent of all desk phones must be to be rung."""
        return (PHONES_IP, self._settings.phones_port)

    @property
    def rehearsal_address(self) -> tuple[str, int]:
        """Where the rehearsal's own line must be to be called."""
        return (REHEARSAL_IP, self._settings.rehearsal_port)

    @property
    def manager(self) -> tuple[str, int, str, str]:
        """Host, port, user and secret of the manager interface."""
        return (PBX_IP, self._settings.manager_port, MANAGER_USER, self._settings.manager_secret)

    @property
    def ami(self) -> AmiSession:
        """A manager session with all but the floods of events (``system,call,user``)."""
        if self._ami is None:
            raise PbxUnreachable("the private PBX is not running")
        return self._ami

    @property
    def pid(self) -> int | None:
        """The process, while it runs."""
        return self._process.pid if self._process and self._process.returncode is None else None

    async def start(self) -> None:
        """Start and wait until it is fully booted.

        Raises:
            PbxStartFailed: it ended or did not boot in time; nothing of it is left running.
        """
        self._folder.fill(self.install, {**pbx_files(self._settings), **self._files}, self._sounds)
        if self._at is not None:
            self.offset_s = self._at.timestamp() - time.time()
        await self._launch()

    async def stop(self) -> None:
        """End it in good order, by force where that takes too long."""
        try:
            if self._process is not None and self._process.returncode is None:
                # Not "core stop now": for a moment after the boot that command does not exist yet.
                self._process.terminate()
                async with asyncio.timeout(STOP_LIMIT_S):
                    await self._process.wait()
        except TimeoutError:
            pass
        finally:
            await self.kill()

    async def kill(self) -> None:
        """End it as a power cut would (SIGKILL)."""
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
        ami, self._ami = self._ami, None
        if ami is not None:
            await ami.close()

    async def restart(self) -> None:
        """Stop it where it runs, and start it again in the same folder; its clock goes on."""
        await self.stop()
        await self._launch()

    async def run_cli(self, command: str) -> list[str]:
        """The lines that a command of Asterisk's command line prints."""
        return await self.ami.command(command)

    async def database_put(self, family: str, key: str, value: str) -> None:
        """Put a value into Asterisk's database; it is on disk a second later."""
        await self.ami.send("DBPut", Family=family, Key=key, Val=value)

    def forget(self) -> None:
        """Remove its folder, unless it is to be kept or was there before."""
        if self._keep:
            self._folder.keep()
        else:
            self._folder.remove()

    async def __aenter__(self) -> Self:
        try:
            await self.start()
        except BaseException:
            self.forget()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await self.stop()
        finally:
            self.forget()

    async def _launch(self) -> None:
        command, extra = self.install.command(faked=self._at is not None)
        environment = {**os.environ, **extra, "LC_ALL": "C.UTF-8"}
        if self._at is not None:
            # An offset, since libfaketime reads the absolute form in a zone of its own.
            environment["FAKETIME"] = f"{self.offset_s:+.6f}"
            environment["FAKETIME_DONT_FAKE_MONOTONIC"] = environment["DONT_FAKE_MONOTONIC"] = "1"
            environment["FAKETIME_DISABLE_SHM"] = "1"
        # The kernel ends it when we end, even by SIGKILL; a session of its own keeps Ctrl-C from it.
        guarded = ["setpriv", "--pdeathsig", "KILL", "--", *command]
        arguments = ["-f", "-C", str(self._folder.configuration / "asterisk.conf")]
        with self._folder.console.open("ab") as console:
            try:
                self._process = await asyncio.create_subprocess_exec(
                    *guarded,
                    *arguments,
                    env=environment,
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=console,
                    stderr=console,
                    start_new_session=True,
                )
            except OSError as error:
                raise PbxStartFailed(f"Asterisk cannot be started: {error}") from error
        try:
            async with asyncio.timeout(START_LIMIT_S):
                self._ami = await self._booted_session(self._process)
        except BaseException as error:
            await self.kill()
            if isinstance(error, TimeoutError):
                raise PbxStartFailed(self._explain(f"did not boot within {START_LIMIT_S:g} s")) from error
            raise

    async def _booted_session(self, process: asyncio.subprocess.Process) -> AmiSession:
        """Log in as soon as somebody listens, and wait until Asterisk is fully booted."""
        while True:
            if process.returncode is not None:
                raise PbxStartFailed(self._explain(f"ended with exit code {process.returncode}"))
            try:
                session = await AmiSession.connect(*self.manager, events="system,call,user")
            except PbxUnreachable:
                # There is no event to wait for before it listens.
                await asyncio.sleep(0.02)
                continue
            try:
                await _wait_booted(session)
            except PbxUnreachable:
                await session.close()
            except BaseException:
                await session.close()
                raise
            else:
                return session

    def _explain(self, what: str) -> str:
        tail: list[str] = []
        for path in (self._folder.console, self._folder.log):
            with contextlib.suppress(OSError):
                tail += path.read_text(errors="replace").splitlines()
        return "\n  ".join(
            [f"Asterisk {self.install.version} {what}; its last words:", *tail[-LOG_TAIL_LINES:]]
        )


async def _wait_booted(session: AmiSession) -> None:
    # The event FullyBooted comes to late comers a moment before the core's own commands exist, and
    # those are registered one by one: the second is among the last of them.
    while True:
        try:
            await session.command("core waitfullybooted", limit_s=START_LIMIT_S)
            await session.command("core show settings", limit_s=START_LIMIT_S)
        except ActionRefused:
            await asyncio.sleep(0.01)
        else:
            return


def _free_port(ip: str, kind: socket.SocketKind) -> int:
    """A port nobody has now, and that the kernel hands to nobody who asks for any: those are higher ones."""
    for _ in range(1000):
        port = PORTS[secrets.randbelow(len(PORTS))]
        with socket.socket(socket.AF_INET, kind) as probe, contextlib.suppress(OSError):
            probe.bind((ip, port))
            return port
    raise PbxStartFailed(f"no free port at {ip} from {PORTS.start} to {PORTS.stop - 1}")
