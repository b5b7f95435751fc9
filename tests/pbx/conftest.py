"""What tests of the connection share."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from pbxctl.rehearse.packages import AsteriskInstall
from pbxctl.rehearse.private_pbx import PrivatePbx

SLOW = "[slow]\nexten => 1,1,Wait(1)\n same => n,Answer()\n same => n,Wait(1)\n"
"""Whoever places a call to it and waits for an answer waits a second."""


@pytest.fixture(scope="module")
async def pbx(asterisk_install: AsteriskInstall) -> AsyncIterator[PrivatePbx]:
    """A PBX that these tests may kill; each leaves it running."""
    async with PrivatePbx(asterisk_install, {"extensions.conf": SLOW}) as running:
        yield running
