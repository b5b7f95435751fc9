"""A trunk that sends every call to one extension, and names the number in P-Called-Party-ID or Diversion."""

from __future__ import annotations

import pytest

from pbxctl.journal.events import Decided, Entered, JournalEvent, StepReached
from pbxctl.rehearse.sip.scripts import answers
from tests.scenarios.caller import melody
from tests.scenarios.companies import DID_IN_CALLED, DID_IN_DIVERSION
from tests.scenarios.company import Company
from tests.scenarios.house import House
from tests.scenarios.test_calls import fact

HEADERS = {"P-Called-Party-ID": DID_IN_CALLED, "Diversion": DID_IN_DIVERSION}
CLOSED = "1|7|voicemail|4000000000|201|test"
SERVICE = "1|7|answering_service|4000000000|201|test"

each_header = pytest.mark.parametrize("header", HEADERS)


async def lived(
    house: House, company: Company, headers: dict[str, str]
) -> tuple[tuple[str, ...], list[JournalEvent]]:
    """What a caller hears whose call comes for the account, with these headers; and our events of it."""
    known = house.known_channels()
    account = f"account{company.number}"
    sounds = (await house.experience(company, None, did=account, headers=headers)).sounds
    await house.idle()
    return sounds, [event for story in await house.stories_after(known, 0) for event in story]


@each_header
async def test_on_an_ordinary_day_the_call_goes_on_by_the_account(house: House, header: str) -> None:
    company = HEADERS[header]
    sounds, story = await lived(house, company, {header: f"<sip:{company.did}@provider.example>"})
    assert sounds == ("colleague",)
    assert isinstance(story[0], Entered)
    assert (story[0].route, story[0].did) == ("main", company.did)
    assert story[-1] == StepReached("ordinary", "ordinary")


WRITTEN = {
    "an address": "<sip:{n}@provider.example>",
    "a name": '"Bakkerij, Peeters" <sip:{n}@provider.example>',
    "parameters": "<sip:{n}@provider.example;user=phone>;reason=unconditional;counter=1",
    "a number alone": "<tel:{n}>",
}


@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN)
@each_header
async def test_on_a_closed_day_the_number_in_the_header_finds_its_route(
    house: House, header: str, written: str
) -> None:
    company = HEADERS[header]
    async with fact(house, company, "override/main", CLOSED):
        sounds, story = await lived(house, company, {header: written.format(n=company.did)})
    assert sounds == ("neutral prompt",)
    assert isinstance(story[1], Decided)
    assert story[1].mode == "voicemail"


@each_header
async def test_the_answering_service_takes_the_call_whatever_header_led_here(
    house: House, header: str
) -> None:
    """Our own number in Diversion is who was dialled, and not a forward of ours that comes back."""
    company = HEADERS[header]
    house.services[company.service] = answers(plays=melody("service"), hangs_up=True)
    spelled = next(each for each in company.spellings if each != company.did)
    async with fact(house, company, "override/main", SERVICE):
        for number in (company.did, spelled):
            sounds, _ = await lived(house, company, {header: f"<sip:{number}@provider.example>"})
            assert sounds == ("service",)


async def test_who_was_diverted_by_the_service_is_not_led_back_to_it(house: House) -> None:
    """In the other header, Diversion means what it says."""
    company = DID_IN_CALLED
    house.services[company.service] = answers(plays=melody("service"), hangs_up=True)
    headers = {
        "P-Called-Party-ID": f"<sip:{company.did}@provider.example>",
        "Diversion": f"<sip:{company.did}@provider.example>;reason=unconditional",
    }
    async with fact(house, company, "override/main", SERVICE):
        sounds, story = await lived(house, company, headers)
    assert sounds == ("neutral prompt",)
    assert [event.step for event in story if isinstance(event, StepReached)][:2] == ["service", "prompt"]


ELSEWHERE = {
    "no header": {},
    "a number of no route": {"P-Called-Party-ID": "<sip:+3292018199@x>", "Diversion": "<sip:+3292019199@x>"},
}


@pytest.mark.parametrize("headers", ELSEWHERE.values(), ids=ELSEWHERE)
@each_header
async def test_whatever_is_no_number_of_ours_reaches_the_ordinary_dialplan(
    house: House, header: str, headers: dict[str, str]
) -> None:
    company = HEADERS[header]
    async with fact(house, company, "override/main", CLOSED):
        assert await lived(house, company, headers) == (("colleague",), [])
