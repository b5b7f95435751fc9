"""Who calls whom: colleagues, and callers who hide or forge their number."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pbxctl.journal.events import Decided, Entered
from pbxctl.pbx.asterisk.ami import first_line
from pbxctl.rehearse.sip.message import Value
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


ANONYMOUS = "sip:anonymous@anonymous.invalid"
PRIVATE: dict[str, Value] = {"Privacy": "id"}
CALLERS: dict[str, tuple[dict[str, Value], dict[str, Value], str, str]] = {
    # How the call comes, its headers, the number that counts, and the rule that decides.
    "anonymous": ({"from_uri": ANONYMOUS}, {}, "", CLOSED),
    "anonymous, and asks for privacy": ({"from_uri": ANONYMOUS}, PRIVATE, "", CLOSED),
    "no user at all": ({"from_uri": "sip:anonymous.invalid"}, {}, "", CLOSED),
    "a word": ({"caller": "restricted"}, {}, "", CLOSED),
    "withheld, and the trunk knows a colleague": (
        {"from_uri": ANONYMOUS},
        {**PRIVATE, "P-Asserted-Identity": "<sip:+32475001122@provider.example>"},
        "+32475001122",
        "staff.owner.mobile",
    ),
    "withheld, and the trunk knows a stranger": (
        {"from_uri": ANONYMOUS},
        {**PRIVATE, "P-Asserted-Identity": "<sip:+32470555555@provider.example>"},
        "+32470555555",
        CLOSED,
    ),
    "a number that is shown to nobody": (
        {"caller": COLLEAGUE},
        {**PRIVATE},
        COLLEAGUE,
        "staff.owner.mobile",
    ),
    "forged, a number of our own": ({"caller": NUMBERED.did}, {}, NUMBERED.did, CLOSED),
    "forged, a person's number of our own": ({"caller": "+3292006115"}, {}, "+3292006115", CLOSED),
    "forged, a desk phone": ({"caller": "201"}, {}, "201", CLOSED),
    "forged, an emergency number": ({"caller": "112"}, {}, "112", CLOSED),
    "forged, a colleague's, and the trunk knows better": (
        {"caller": COLLEAGUE},
        {"P-Asserted-Identity": "<sip:+32470555555@provider.example>"},
        "+32470555555",
        CLOSED,
    ),
    "forged, one who always passes": ({"caller": "0475123456"}, {}, "0475123456", "callers.always_pass.0"),
}


@pytest.mark.parametrize("name", CALLERS)
async def test_callers_who_hide_or_forge_their_number(house: House, name: str) -> None:
    """Whoever forges a listed number makes a phone ring, as any caller does on any other day: no more."""
    how, headers, number, rule = CALLERS[name]
    known = house.known_channels()
    call = await house.call(NUMBERED, CLOSED_WEDNESDAY, headers=headers, **how)
    await call.answered(5)
    await call.hang_up()
    (story,) = await house.stories_after(known)
    assert story[0] == Entered("main", NUMBERED.did, number)
    assert isinstance(story[1], Decided)
    assert (story[1].rule, story[1].mode) == (rule, "voicemail" if rule == CLOSED else "ordinary")


async def test_a_blocked_number_that_is_withheld_from_people_stays_blocked(house: House) -> None:
    asserted = {**PRIVATE, "P-Asserted-Identity": "<sip:+32470111111@provider.example>"}
    call = await house.call(MAIN, CLOSED_WEDNESDAY, from_uri=ANONYMOUS, headers=asserted)
    assert (await call.ended(5)).code == 403
