"""What shows only after many calls and many starts."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from pbxctl.rehearse.packages import AsteriskInstall
from pbxctl.rehearse.private_pbx import PrivatePbx
from pbxctl.rehearse.sip.agent import SipAgent

pytestmark = [pytest.mark.soak, pytest.mark.timeout(900)]


def _open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


async def test_a_thousand_calls_are_all_answered_and_leave_nothing(
    shared_pbx: PrivatePbx, trunk: SipAgent
) -> None:
    before = _open_files()
    for _ in range(25):
        calls = [await trunk.call("100", shared_pbx.sip_address, from_user=f"+3247{n:06}") for n in range(40)]
        results = await asyncio.gather(*(call.ended(30) for call in calls))
        assert {result.code for result in results} == {200}
        assert min(result.packets for result in results) > 50
    assert _open_files() == before
    assert (await shared_pbx.ami.send("CoreShowChannels")).events[-1]["ListItems"] == "0"


async def test_fifty_starts_leave_nothing(asterisk_install: AsteriskInstall) -> None:
    before = _open_files()
    for number in range(50):
        async with PrivatePbx(asterisk_install, {}) as pbx:
            if number % 2:
                await pbx.kill()
            assert pbx.folder.exists()
        assert not pbx.folder.exists()
    assert _open_files() == before
