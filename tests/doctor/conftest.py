"""One PBX for all faults that can be made on it while it runs."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from pbxctl.rehearse.packages import AsteriskInstall
from tests.doctor.house import House, house


@pytest.fixture(scope="module")
async def running(asterisk_install: AsteriskInstall) -> AsyncIterator[House]:
    async with house(asterisk_install) as made:
        yield made


@pytest.fixture
async def healthy(running: House) -> AsyncIterator[House]:
    """The same, put right again after each test."""
    yield running
    await running.put_right()
