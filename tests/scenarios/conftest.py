"""One PBX with the companies of these scenarios, and everybody at the telephone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from pbxctl.rehearse.packages import AsteriskInstall
from tests.scenarios.companies import (
    COMPANIES,
    DID_IN,
    MAIN,
    NUMBERED,
    OWN_BARE,
    PERSONAL,
    WITHOUT_MAILBOX,
)
from tests.scenarios.house import House
from tests.scenarios.room import Room, make_room


def _bare(room: Room) -> Room:
    """The room without all that a mode may need."""
    for sound in room.sounds.rglob("*.wav"):
        sound.unlink()
    return replace(room, mailbox="", knows_did=False, knows_outside=False)


@pytest.fixture(scope="package")
async def house(
    asterisk_install: AsteriskInstall, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[House]:
    """A PBX that lasts for all scenarios; each leaves the database as it found it."""
    folder = tmp_path_factory.mktemp("scenarios")
    rooms = [make_room(company, folder) for company in COMPANIES]
    rooms = [replace(room, mailbox="") if room.company is WITHOUT_MAILBOX else room for room in rooms]
    rooms = [_bare(room) if room.company is OWN_BARE else room for room in rooms]
    # A number that the company has given to no route.
    known = f"[{MAIN.ordinary}](+)\nexten => {MAIN.did[:-1]}5,1,Dial(PJSIP/201,30)\n"
    # All that the ordinary context has of numbers is the trunk's one extension.
    rooms = [replace(room, knows_did=False) if room.company in DID_IN else room for room in rooms]
    for company in DID_IN:
        known += f"[{company.ordinary}](+)\nexten => account{company.number},1,Dial(PJSIP/201,30)\n"
    rooms = [replace(room, own_mailbox=PERSONAL) if room.company is NUMBERED else room for room in rooms]
    async with House.open(asterisk_install, rooms, folder, dialplan=known) as house:
        yield house
