"""Who calls whom: colleagues, and callers who hide or forge their number."""

from __future__ import annotations

import pytest

from pbxctl.journal.events import Decided
from tests.scenarios.companies import COLLEAGUE, NUMBERED
from tests.scenarios.company import CLOSED_WEDNESDAY, ORDINARY_FRIDAY
from tests.scenarios.house import House

CLOSED = "schedules.office.closed_day"


async def decided(house: House, caller: str) -> Decided:
    """What was decided about that caller's last call."""
    return [event for event in await house.story(caller) if isinstance(event, Decided)][-1]


@pytest.mark.parametrize("spelling", ["+32475001122", "0032475001122", "32475001122", COLLEAGUE])
async def test_a_colleague_s_mobile_rings_a_phone_behind_closed_doors(house: House, spelling: str) -> None:
    lived = await house.experience(NUMBERED, CLOSED_WEDNESDAY, caller=spelling)
    assert lived.sounds == ("colleague",)
    assert (await decided(house, spelling)).rule == "staff.owner.mobile"


@pytest.mark.parametrize(
    ("did", "where"),
    [
        ("+3292006115", "own mailbox"),
        ("092006115", "own mailbox"),
        ("+3292006100", "mailbox"),
        ("+3292006114", "mailbox"),
        # Its own is missing: the message is not lost.
        ("+3292006116", "mailbox"),
    ],
)
async def test_a_message_lies_in_the_mailbox_of_the_person_who_was_dialled(
    house: House, did: str, where: str
) -> None:
    lived = await house.experience(NUMBERED, CLOSED_WEDNESDAY, did=did)
    assert (lived.sounds, lived.message) == (("prompt",), where)


@pytest.mark.parametrize("did", ["+3292006110", "003292006119"])
async def test_both_ends_of_a_range_ring_on_an_ordinary_day(house: House, did: str) -> None:
    assert (await house.experience(NUMBERED, ORDINARY_FRIDAY, did=did)).sounds == ("colleague",)
