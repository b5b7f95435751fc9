"""What all tests share: the real Asterisk, and the tests that run only when asked for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from pbxctl.rehearse.packages import (
    BULLSEYE,
    FORKY,
    AsteriskInstall,
    default_folder,
    fetch_install,
    find_install,
)
from pbxctl.rehearse.private_pbx import PrivatePbx
from pbxctl.rehearse.sip.agent import SipAgent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--soak", action="store_true", help="run the tests that take longer, too")
    parser.addoption("--asterisk", choices=["16", "22"], default="22", help="the Asterisk all tests use")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "soak: takes longer than an ordinary run should (scripts/soak)")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--soak"):
        return
    left_out = [item for item in items if item.get_closest_marker("soak")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session")
def asterisk_install(request: pytest.FixtureRequest) -> AsteriskInstall:
    """A real Asterisk, fetched where it is not there yet."""
    if request.config.getoption("--asterisk") == "16":
        return _sixteen()
    return fetch_install(default_folder(), print, FORKY)


@pytest.fixture(scope="session")
def asterisk_16() -> AsteriskInstall:
    """The oldest Asterisk that is promised to work, whichever the others use."""
    return _sixteen()


def _sixteen() -> AsteriskInstall:
    # scripts/test and scripts/soak fetch it, in bounded time: what failed there fails at once here.
    return find_install(default_folder() / "16", BULLSEYE)


@pytest.fixture(scope="session")
async def shared_pbx(asterisk_install: AsteriskInstall) -> AsyncIterator[PrivatePbx]:
    """One running PBX for all tests that leave it as it was; its dialplan is ``shared_pbx.conf``."""
    dialplan = (Path(__file__).parent / "rehearse" / "shared_pbx.conf").read_text()
    async with PrivatePbx(asterisk_install, {"extensions.conf": dialplan}) as pbx:
        yield pbx


@pytest.fixture
async def trunk(shared_pbx: PrivatePbx) -> AsyncIterator[SipAgent]:
    """The provider of the shared PBX: callers from outside, and numbers outside."""
    async with await SipAgent.open(*shared_pbx.trunk_address) as agent:
        yield agent


@pytest.fixture
async def phones(shared_pbx: PrivatePbx) -> AsyncIterator[SipAgent]:
    """All desk phones of the shared PBX."""
    async with await SipAgent.open(*shared_pbx.phones_address) as agent:
        yield agent
