"""Promise 3 for the answering service: whatever it does, callers are answered, and by one of us alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from pbxctl.rehearse.packages import AsteriskInstall
from tests.faults.fault import Case, Lived, case_name, judge, live_through
from tests.faults.services import SERVICES
from tests.scenarios.company import At, Company
from tests.scenarios.house import House
from tests.scenarios.room import make_room


@pytest.fixture(scope="module")
async def house(
    asterisk_install: AsteriskInstall, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[House]:
    """One PBX with a company, and a service, for each fault."""
    folder: Path = tmp_path_factory.mktemp("services")
    rooms = [fault.take(make_room(fault.company(number), folder)) for number, fault in enumerate(SERVICES, 1)]
    async with House.open(asterisk_install, rooms, folder) as house:
        yield house


@pytest.fixture(scope="module")
async def lived(house: House) -> Lived:
    """Everybody calls."""
    companies = [room.company for room in house.rooms.values()]
    return await live_through(house, list(zip(SERVICES, companies, strict=True)))


@pytest.mark.parametrize("case", [case for fault in SERVICES for case in fault.cases()], ids=case_name)
def test_whoever_is_not_answered_there_leaves_a_message(lived: Lived, case: Case) -> None:
    fault, at = case
    judge(fault, at, lived[fault.name, at])


@pytest.mark.parametrize("name", ["service does not answer", "service says nothing at all", "service busy"])
def test_it_rings_for_the_caller_whatever_the_far_end_says(lived: Lived, name: str) -> None:
    assert 180 in lived[name, At.ANSWERING_SERVICE].result.provisional


def _company(house: House, name: str) -> Company:
    number = next(number for number, fault in enumerate(SERVICES, 1) if fault.name == name)
    return house.rooms[f"c{number}"].company


def _times_rung(house: House, name: str) -> int:
    return [number for number, _ in house.service_rung_by].count(_company(house, name).service)


@pytest.mark.usefixtures("lived")
@pytest.mark.parametrize(
    ("name", "times"),
    [
        ("service busy", 1),
        ("we call ourselves", 0),
        ("service redirects to us (302)", 1),
        ("service forwards to us, showing our number", 1),
        ("service forwards to us, with Diversion", 1),
        ("service forwards to us, with Diversion and the caller's number", 1),
        ("service forwards to us, with our own Diversion and the caller's number", 1),
        ("service forwards to us, and nothing says so", 2),
    ],
)
def test_nobody_is_sent_round_in_a_circle(house: House, name: str, times: int) -> None:
    assert _times_rung(house, name) == times


@pytest.mark.usefixtures("lived")
def test_no_colleague_is_rung(house: House) -> None:
    assert house.rung_by == []


@pytest.mark.usefixtures("lived")
async def test_no_channel_is_left(house: House) -> None:
    await house.idle()
