"""A fax machine calls while doors are closed, and is heard by its tone: CNG, 1100 Hz, as real RTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import numpy as np
import pytest

from pbxctl.journal.events import StepReached
from pbxctl.rehearse.packages import AsteriskInstall
from pbxctl.rehearse.pbx_files import Neighbours
from pbxctl.rehearse.sip.rtp import RATE_HZ, Samples
from tests.scenarios.companies import MAIN, WITHOUT_MAILBOX
from tests.scenarios.company import CLOSED_WEDNESDAY, Company
from tests.scenarios.house import House
from tests.scenarios.room import make_room

TONE: Samples = (8000 * np.sin(2 * np.pi * 1100 * np.arange(RATE_HZ // 2) / RATE_HZ)).astype(np.int16)
CNG: Samples = np.concatenate([TONE, np.zeros(3 * RATE_HZ, np.int16)] * 4)
"""Half a second on, three seconds off: what a calling fax machine sends until it is answered (T.30)."""

WITH_FAX, WITHOUT_FAX, WITHOUT_GENERATION = MAIN, WITHOUT_MAILBOX, Company(9)


@pytest.fixture(scope="module")
async def listening(
    asterisk_install: AsteriskInstall, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[House]:
    """A PBX whose trunk has ``fax_detect=yes``; two ordinary contexts have an extension for faxes."""
    folder = tmp_path_factory.mktemp("fax")
    rooms = [make_room(company, folder) for company in (WITH_FAX, WITHOUT_FAX, WITHOUT_GENERATION)]
    # Without its code and its number, the entry alone speaks to the caller.
    rooms[2] = replace(rooms[2], included=("entry",), knows_did=False)
    fax = "".join(
        f"[{company.ordinary}](+)\nexten => fax,1,Dial(PJSIP/202,30)\n"
        for company in (WITH_FAX, WITHOUT_GENERATION)
    )
    neighbours = Neighbours(fax_detect=True)
    async with House.open(asterisk_install, rooms, folder, dialplan=fax, neighbours=neighbours) as house:
        yield house


async def faxed(house: House, company: Company) -> tuple[str, tuple[str, ...], list[str]]:
    """Call as a fax machine does; who ended it, what was heard, and the steps that the journal has."""
    known = house.known_channels()
    call = await house.call(company, CLOSED_WEDNESDAY)
    await call.answered(5)
    call.play(CNG)
    result = await call.ended(10)
    (story,) = await house.stories_after(known)
    heard = tuple(sorted(house.ears.recognise(result.recording)))
    return result.ended_by, heard, [event.step for event in story if isinstance(event, StepReached)]


async def test_it_is_handed_to_the_fax_extension_of_the_ordinary_context(listening: House) -> None:
    assert await faxed(listening, WITH_FAX) == ("them", ("colleague",), ["prompt", "fax"])


async def test_without_such_an_extension_the_call_ends_and_the_journal_has_it(listening: House) -> None:
    assert await faxed(listening, WITHOUT_FAX) == ("them", (), ["prompt", "fax"])
    await listening.idle()


async def test_it_is_heard_where_the_entry_alone_speaks_too(listening: House) -> None:
    ended_by, heard, steps = await faxed(listening, WITHOUT_GENERATION)
    assert (ended_by, heard, steps[-1]) == ("them", ("colleague",), "fax")


async def test_a_person_is_taken_for_no_fax(listening: House) -> None:
    lived = await listening.experience(WITH_FAX, CLOSED_WEDNESDAY)
    assert (lived.sounds, lived.message) == (("prompt",), "mailbox")
