"""How commands reach the PBX: its manager interface, its folders, and what this host remembers of it."""

from __future__ import annotations

import os
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import click

from pbxctl.config import ConfigError, LoadedConfig, Problem
from pbxctl.errors import FileWrong, OutOfReach
from pbxctl.names import family_of
from pbxctl.pbx.asterisk.ami import AmiSession, is_local
from pbxctl.pbx.asterisk.deployment import AsteriskDeployment, AsteriskFolders, folders_of
from pbxctl.reconcile.host import Host
from pbxctl.reconcile.state import DEFAULT_STATE, StateFolder, locked

MAX_SECRET_BYTES = 4096

STATE_OPTION = click.option(
    "--state",
    "state",
    metavar="DIR",
    envvar="PBXCTL_STATE",
    default=DEFAULT_STATE,
    show_default=True,
    type=click.Path(),
    help="Where revisions are kept; or set PBXCTL_STATE.",
)


@asynccontextmanager
async def manager_of(loaded: LoadedConfig, config_file: str) -> AsyncIterator[AmiSession]:
    """A session with the PBX's manager interface.

    Raises:
        InputWrong: the configuration names none, or its secret cannot be read.
        OutOfReach: nobody listens there, or the secret is wrong.
    """
    ami = loaded.config.pbx.ami
    if ami is None:
        missing = (
            "names no manager interface; add ami: {host: 127.0.0.1, user: pbxctl, secret: {file: ami.secret}}"
        )
        raise ConfigError([Problem(loaded.origins.of("pbx"), missing)])
    secret = read_secret(Path(config_file).parent / ami.secret.file)
    async with await AmiSession.connect(ami.host, ami.port, ami.user, secret) as session:
        yield session


def read_secret(path: Path) -> str:
    """A secret out of its file: the first line.

    Raises:
        FileWrong: it is none, cannot be read, or everybody here can read it; nothing of it is told.
    """
    try:
        with path.open("rb") as stream:
            mode = stat.S_IMODE(os.fstat(stream.fileno()).st_mode)
            content = stream.read(MAX_SECRET_BYTES)
    except OSError as error:
        raise FileWrong(str(path), f"the secret cannot be read: {error.strerror}") from error
    if mode & stat.S_IROTH:
        raise FileWrong(str(path), f"everybody on this machine can read this secret; run chmod 640 {path}")
    line = content.split(b"\n", 1)[0].strip().decode("utf-8", "replace")
    if not line or not line.isprintable() or "\ufffd" in line or len(content) == MAX_SECRET_BYTES:
        raise FileWrong(str(path), "holds no secret; write the one of manager.conf into its first line")
    return line


@asynccontextmanager
async def seen_host_of(
    loaded: LoadedConfig, config_file: str, state: str
) -> AsyncIterator[tuple[Host, AsteriskFolders]]:
    """As :func:`host_of` for whoever changes nothing: without a lock, and without a right to write."""
    family, folder = _named(loaded, state)
    async with manager_of(loaded, config_file) as session:
        _same_machine(session)
        folders = await folders_of(session, family)
        _same_pbx(folder, folders)
        yield Host(AsteriskDeployment(session, family, folders), folder, _quiet), folders


@asynccontextmanager
async def host_of(
    loaded: LoadedConfig, config_file: str, state: str, *, accepted: tuple[str, ...] = (), quiet: bool
) -> AsyncIterator[tuple[Host, AsteriskFolders]]:
    """The PBX and what this host remembers of it; only one command at a time has either."""
    family, folder = _named(loaded, state)
    with folder.locked():
        async with manager_of(loaded, config_file) as session:
            _same_machine(session)
            folders = await folders_of(session, family)
            _same_pbx(folder, folders)
            with locked(folders.configuration):
                if not (history := folder.history()).pbx:
                    folder.keep_history(replace(history, pbx=str(folders.configuration)))
                deployment = AsteriskDeployment(session, family, folders)
                yield Host(deployment, folder, _quiet if quiet else _say, accepted=accepted), folders


def _named(loaded: LoadedConfig, state: str) -> tuple[str, StateFolder]:
    """What a tenant's things on the PBX are called by, and where this host remembers them."""
    instance = loaded.config.pbx.instance
    return family_of(instance), StateFolder(Path(state, instance))


def _same_machine(session: AmiSession) -> None:
    """Files are written beside the PBX: another machine's folders may bear the same names."""
    host = session.address[0]
    if not is_local(host):
        raise OutOfReach(
            f"the PBX at {host} is not on this machine; run pbxctl there, with ami.host 127.0.0.1"
        )


def _same_pbx(folder: StateFolder, folders: AsteriskFolders) -> None:
    """A folder of revisions is one PBX's: another one's "before" would be a lie."""
    history = folder.history()
    here = str(folders.configuration)
    if history.pbx and history.pbx != here:
        raise FileWrong(
            str(folder.path),
            f"is of the PBX that is configured in {history.pbx}, not of {here}; name another --state",
        )


def _say(text: str) -> None:
    click.echo(f"  {text}", err=True)


def _quiet(_: str) -> None:
    return
