"""Who calls whom: colleagues, and callers who hide or forge their number."""

from __future__ import annotations

import pytest

from pbxctl.journal.events import Decided
from tests.scenarios.companies import COLLEAGUE, NUMBERED
from tests.scenarios.company import CLOSED_WEDNESDAY
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
