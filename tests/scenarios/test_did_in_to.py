"""A trunk that sends every call to one extension, and names the number dialled in a header."""

from __future__ import annotations

from pathlib import Path

import pytest

from pbxctl.journal.events import Decided, Entered, JournalEvent, StepReached
from pbxctl.rehearse.sip.message import Value
from tests.scenarios.companies import DID_IN_TO
from tests.scenarios.hostile import NAMES, NUMBERS
from tests.scenarios.house import House
from tests.scenarios.test_calls import fact

ACCOUNT = "account8"
CLOSED = "1|7|voicemail|4000000000|201|test"


async def lived(house: House, to: Value) -> tuple[tuple[str, ...], list[JournalEvent]]:
    """What a caller hears whose call comes for the account, with this To; and our events of it."""
    known = house.known_channels()
    sounds = (await house.experience(DID_IN_TO, None, did=ACCOUNT, to=to)).sounds
    await house.idle()
    return sounds, [event for story in await house.stories_after(known, 0) for event in story]


@pytest.mark.parametrize("spelling", DID_IN_TO.spellings)
async def test_on_an_ordinary_day_the_call_goes_on_by_the_account(house: House, spelling: str) -> None:
    sounds, story = await lived(house, f"<sip:{spelling}@provider.example>")
    assert sounds == ("colleague",)
    assert isinstance(story[0], Entered)
    assert (story[0].route, story[0].did) == ("main", spelling)
    assert story[-1] == StepReached("ordinary", "ordinary")


TO = {
    "an address": "<sip:{n}@provider.example>",
    "an address without brackets": "sip:{n}@provider.example",
    "a name": '"Bakkerij, Peeters" <sip:{n}@provider.example>',
    "a port and parameters": "<sip:{n}@provider.example:5060;user=phone>",
    "a parameter of the number": "<sip:{n};npdi@provider.example>",
    "a password": "<sip:{n}:secret@provider.example>",
    "a number alone": "<tel:{n}>",
    "a number with its area": "<tel:{n};phone-context=provider.example>",
    "a percent sign": "<sip:%2B3292008100@provider.example>",
}


@pytest.mark.parametrize("to", TO.values(), ids=TO)
async def test_on_a_closed_day_the_number_in_to_finds_its_route(house: House, to: str) -> None:
    async with fact(house, DID_IN_TO, "override/main", CLOSED):
        sounds, story = await lived(house, to.format(n=DID_IN_TO.did))
    assert sounds == ("neutral prompt",)
    assert isinstance(story[1], Decided)
    assert story[1].mode == "voicemail"


async def test_a_call_for_the_number_itself_is_still_one(house: House) -> None:
    async with fact(house, DID_IN_TO, "override/main", CLOSED):
        assert (await house.experience(DID_IN_TO, None)).sounds == ("neutral prompt",)


FOREIGN = {
    "a number of no route": "<sip:+3292008199@provider.example>",
    "the account itself": f"<sip:{ACCOUNT}@provider.example>",
    "no number": "<sip:reception@provider.example>",
    "nobody": "<sip:provider.example>",
    "our number as a name": '"+3292008100" <sip:reception@provider.example>',
    "our address as a name": '"<sip:+3292008100@x>" <sip:reception@provider.example>',
    "our number behind": "<sip:reception@provider.example>;x=+3292008100",
    "our address in a parameter": '<sip:reception@provider.example>;x="<sip:+3292008100@x>"',
    "our number, a comma and more": "<sip:+3292008100,1@provider.example>",
    "our number and more": "<sip:+3292008100x@provider.example>",
}


@pytest.mark.parametrize("to", FOREIGN.values(), ids=FOREIGN)
async def test_whatever_is_no_number_of_ours_reaches_the_ordinary_dialplan(house: House, to: str) -> None:
    async with fact(house, DID_IN_TO, "override/main", CLOSED):
        assert await lived(house, to) == (("colleague",), [])


HOSTILE = {
    **{f"name, {name}": value + b" <sip:x@provider.example>" for name, value in NAMES.items()},
    **{f"number, {name}": b"<sip:" + value + b"@provider.example>" for name, value in NUMBERS.items()},
    "brackets": b'")):0:1,(" <sip:+3292008100)@provider.example>',
}


@pytest.mark.parametrize("to", HOSTILE.values(), ids=HOSTILE)
async def test_a_hostile_to_is_text_and_the_call_goes_on(house: House, tmp_path: Path, to: bytes) -> None:
    written = to.replace(b"FILE", str(tmp_path / "file").encode())
    call = await house.call(DID_IN_TO, None, did=ACCOUNT, to=written)
    await call.answered(3)
    await call.hang_up()
    assert not (tmp_path / "file").exists()
    assert not list(house.pbx.folder.rglob("hacked"))
