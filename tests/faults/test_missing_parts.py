"""Promise 3, a part at a time: whatever is missing, callers hear something true and can leave their words."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from pbxctl.rehearse.packages import AsteriskInstall
from tests.faults.fault import Case, Lived, case_name, judge, live_through
from tests.faults.parts import PARTS
from tests.scenarios.house import House
from tests.scenarios.room import make_room


@pytest.fixture(scope="module")
async def house(
    asterisk_install: AsteriskInstall, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[House]:
    """One PBX with a company for each fault."""
    folder: Path = tmp_path_factory.mktemp("parts")
    rooms = [fault.take(make_room(fault.company(number), folder)) for number, fault in enumerate(PARTS, 1)]
    async with House.open(asterisk_install, rooms, folder) as house:
        yield house


@pytest.fixture(scope="module")
async def lived(house: House) -> Lived:
    """Everybody calls."""
    companies = [room.company for room in house.rooms.values()]
    return await live_through(house, list(zip(PARTS, companies, strict=True)))


@pytest.mark.parametrize("case", [case for fault in PARTS for case in fault.cases()], ids=case_name)
def test_the_caller_hears_something_true_and_his_words_are_kept(lived: Lived, case: Case) -> None:
    fault, at = case
    judge(fault, at, lived[fault.name, at])


@pytest.mark.usefixtures("lived")
def test_nothing_that_stood_in_the_database_was_carried_out(house: House) -> None:
    assert not list(Path.cwd().glob("hacked"))
    assert not list(house.pbx.folder.rglob("hacked"))


@pytest.mark.usefixtures("lived")
async def test_no_channel_is_left(house: House) -> None:
    await house.idle()
