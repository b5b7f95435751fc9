"""Promise 3, a module at a time: each is left out on a PBX of its own, and callers still get through."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from pbxctl.rehearse.packages import AsteriskInstall
from tests.faults.fault import Case, Fault, Lived, case_name, judge, live_through
from tests.faults.modules import MODULES
from tests.scenarios.house import House
from tests.scenarios.room import make_room

PBXES_AT_ONCE = 4


@pytest.fixture(scope="module")
async def lived(asterisk_install: AsteriskInstall, tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """Everybody calls."""
    gate = asyncio.Semaphore(PBXES_AT_ONCE)
    lived: Lived = {}

    async def on_a_pbx_without(fault: Fault, folder: Path) -> None:
        async with gate:
            room = fault.take(make_room(fault.company(1), folder))
            async with House.open(
                asterisk_install, [room], folder, noload=fault.noload, built_in=fault.built_in
            ) as house:
                lived.update(await live_through(house, [(fault, room.company)]))

    async with asyncio.TaskGroup() as tasks:
        for fault in MODULES:
            tasks.create_task(on_a_pbx_without(fault, tmp_path_factory.mktemp("pbx")))
    return lived


@pytest.mark.parametrize("case", [case for fault in MODULES for case in fault.cases()], ids=case_name)
def test_the_caller_gets_through(lived: Lived, case: Case) -> None:
    fault, at = case
    judge(fault, at, lived[fault.name, at])
