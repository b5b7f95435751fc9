"""Folders in memory, since each run has its records put on disk for good; and the administrator's desk."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from pbxctl.cli.apply import build_sounds
from pbxctl.cli.inputs import read_config, read_plan, today
from pbxctl.reconcile import apply
from pbxctl.reconcile.host import Host
from pbxctl.rehearse.packages import AsteriskInstall
from pbxctl.rehearse.private_pbx import PrivatePbx
from tests.reconcile.desk import EXTENSIONS, MANAGER, Desk
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


@pytest.fixture(scope="session")
async def desk_pbx(asterisk_install: AsteriskInstall) -> AsyncIterator[PrivatePbx]:
    async with PrivatePbx(asterisk_install, {"extensions.conf": EXTENSIONS}) as pbx:
        manager = pbx.folder / "etc" / "manager.conf"
        manager.write_text(manager.read_text() + MANAGER)
        await pbx.run_cli("manager reload")
        yield pbx


@pytest.fixture(scope="session")
def spoken(desk_pbx: PrivatePbx, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sounds of the configuration, spoken once for all."""
    desk = Desk(tmp_path_factory.mktemp("spoken"), desk_pbx)
    desk.configure()
    config, sounds = str(desk.folder / "pbxctl.yaml"), desk.folder / "sounds"
    loaded = read_config(config)
    build_sounds(loaded, config, read_plan(loaded, config, today(loaded)), sounds, sounds / ".cache")
    return sounds


@pytest.fixture
async def desk(desk_pbx: PrivatePbx, tmp_path: Path, spoken: Path) -> AsyncIterator[Desk]:
    desk = Desk(tmp_path, desk_pbx)
    shutil.copytree(spoken, tmp_path / "state" / "sounds")
    secret = tmp_path / "ami.secret"
    secret.write_text("only-for-this-test\n")
    secret.chmod(0o640)
    desk.configure()
    yield desk
    desk.configure()
    if (tmp_path / "state" / "applied.json").exists():
        await desk.run("uninstall", "--wait", "0")
