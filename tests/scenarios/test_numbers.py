"""Who calls whom: colleagues, and callers who hide or forge their number."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pbxctl.journal.events import Decided
from pbxctl.pbx.asterisk.ami import first_line
from pbxctl.rehearse.sip.scripts import answers
from tests.scenarios.caller import melody
from tests.scenarios.companies import COLLEAGUE, MAIN, NUMBERED
from tests.scenarios.company import CLOSED_WEDNESDAY, ORDINARY_FRIDAY, Company
from tests.scenarios.house import House
from tests.scenarios.test_calls import fact

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


async def outgoing(house: House, company: Company, number: str) -> str:
    """A phone in the house dials ``number``; how the call outside ended."""
    house.services[number] = answers(plays=melody("service"), hangs_up=True)
    try:
        with house.pbx.ami.events("OriginateResponse") as stream:
            await house.pbx.ami.send(
                "Originate",
                Channel=f"Local/{number}@{company.outbound}/n",
                Application="Wait",
                Data="1",
                Async="true",
                ActionID=f"out-{number}",
            )
            return first_line(await stream.next(10), "Response")
    finally:
        del house.services[number]


async def test_whoever_we_rang_reaches_a_phone_when_he_calls_back(house: House) -> None:
    stranger = "0032470987654"
    at = datetime.now(UTC)
    before = await house.experience(NUMBERED, CLOSED_WEDNESDAY, caller=stranger)
    assert before.sounds == ("prompt",)

    assert await outgoing(house, NUMBERED, "0470987654") == "Success"
    value = (await house.pbx.run_cli(f"database get {NUMBERED.prefix} rang/7654"))[0]
    moment, digits = re.fullmatch(r"Value: 1\|(\d+)\|(\d{8})", value).groups()  # type: ignore[union-attr]
    assert digits == "70987654"
    assert 0 <= int(moment) - int(at.timestamp()) < 30

    # The rehearsal's Wednesday lies years back: the same entry, as of then.
    then = int(CLOSED_WEDNESDAY.timestamp()) - 60
    async with fact(house, NUMBERED, "rang/7654", f"1|{then}|70987654"):
        after = await house.experience(NUMBERED, CLOSED_WEDNESDAY, caller=stranger)
    assert after.sounds == ("colleague",)
    assert (await decided(house, stranger)).rule == "callers.we_rang"


@pytest.mark.parametrize("number", ["0470987655", "0)${SHELL(touch hacked)}", "01", "0)1", "0" * 60])
async def test_a_call_to_outside_never_fails_for_our_sake(house: House, number: str) -> None:
    """Neither where our context is missing (MAIN has none), nor whatever is dialled."""
    for company in (MAIN, NUMBERED):
        ended = await outgoing(house, company, number)
        assert ended == ("Success" if number == "0470987655" else ended)
    rang = await house.pbx.run_cli(f"database show {NUMBERED.prefix}/rang")
    keys = [line.split()[0].rpartition("/")[2] for line in rang if "/rang/" in line]
    assert all(re.fullmatch("[0-9]{4}", key) for key in keys)
    assert not [*Path.cwd().glob("hacked"), *house.pbx.folder.rglob("hacked")]
