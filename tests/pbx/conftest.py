"""What tests of the connection share."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from pbxctl.rehearse.packages import AsteriskInstall
from pbxctl.rehearse.private_pbx import PrivatePbx


@pytest.fixture(scope="module")
async def pbx(asterisk_install: AsteriskInstall) -> AsyncIterator[PrivatePbx]:
    """A PBX that these tests may kill; each leaves it running."""
    async with PrivatePbx(asterisk_install, {}) as running:
        yield running
