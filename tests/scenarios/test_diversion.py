"""What the answering service is shown of a call: whose it is, and that it was diverted from us."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from pbxctl.rehearse.packages import AsteriskInstall
from pbxctl.rehearse.sip.incoming import IncomingCall
from pbxctl.rehearse.sip.message import display_name_of, parameter, uri_of, user_of
from tests.scenarios.caller import PATIENCE_S
from tests.scenarios.company import STOCK_TAKING, Company
from tests.scenarios.house import House
from tests.scenarios.room import make_room

OWN = Company(41, caller_id="own")
CALLER = Company(42, caller_id="caller")


@cache
def _twice() -> Company:
    """Where the first number is busy, the second is rung."""
    first, second = Company(43).service, "022043600"
    steps = ({"name": "first", "dial": first, "ring": "5s"}, {"name": "second", "dial": second, "ring": "5s"})
    return Company(43, caller_id="caller", modes=(("in_turn", steps),))


PLAIN: Mapping[str, str] = {"from_user": "0470414243", "display_name": "Jan Peeters"}
WITHHELD: Mapping[str, str] = {
    "from_user": "anonymous",
    "from_uri": "sip:anonymous@anonymous.invalid",
    "display_name": "Anonymous",
}
ASSERTED = {"P-Asserted-Identity": '"Jan Peeters" <sip:0470414243@provider.example>', "Privacy": "id"}
FORWARDED = {"Diversion": '"Friend" <sip:0479000001@provider.example>;reason=no-answer;privacy=full'}


@pytest.fixture(scope="module")
async def house(
    asterisk_install: AsteriskInstall, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[House]:
    """Three companies, and a trunk that is trusted with what is withheld."""
    folder: Path = tmp_path_factory.mktemp("diversion")
    rooms = [make_room(company, folder) for company in (OWN, CALLER, _twice())]
    way = f"[{_twice().outbound}](+)\nexten => 022043600,1,Dial(PJSIP/${{EXTEN}}@trunk)\n"
    way += " same => n,Hangup(${HANGUPCAUSE})\n"
    async with House.open(asterisk_install, rooms, folder, dialplan=way) as house:
        yield house


async def _shown(
    house: House, company: Company, who: Mapping[str, str], headers: Mapping[str, str]
) -> IncomingCall:
    """The call as it reaches the service, which is busy."""
    reached: asyncio.Future[IncomingCall] = asyncio.get_running_loop().create_future()

    async def take(call: IncomingCall) -> None:
        reached.set_result(call)
        await call.reject(486)

    house.services[company.service] = take
    more = {key: value for key, value in who.items() if key != "from_user"}
    caller = who["from_user"]
    call = await house.call(company, STOCK_TAKING, caller=caller, headers=headers, **more)
    try:
        return await asyncio.wait_for(reached, PATIENCE_S)
    finally:
        await call.hang_up()
        await house.idle()


def _identities(call: IncomingCall) -> list[tuple[str, str]]:
    """Name and number, in From and as asserted."""
    headers = [call.header("From"), call.header("P-Asserted-Identity")]
    return [(display_name_of(header), user_of(uri_of(header))) for header in headers]


CALLS = {
    "plain": (PLAIN, {}),
    "withheld": (WITHHELD, ASSERTED),
    "forwarded to us": (PLAIN, FORWARDED),
}


@pytest.mark.parametrize("company", [OWN, CALLER], ids=["own", "caller"])
@pytest.mark.parametrize("how", CALLS)
async def test_the_service_is_told_from_which_number_of_ours_it_comes(
    house: House, company: Company, how: str
) -> None:
    call = await _shown(house, company, *CALLS[how])
    [diversion] = call.invite.all("Diversion")
    assert user_of(uri_of(diversion)) == company.did
    assert parameter(diversion, "reason") == "unconditional"
    assert display_name_of(diversion) == ""


@pytest.mark.parametrize("how", CALLS)
async def test_with_own_nothing_tells_who_calls(house: House, how: str) -> None:
    call = await _shown(house, OWN, *CALLS[how])
    assert _identities(call) == [("", OWN.did)] * 2
    assert call.header("Privacy") in ("", "none")
    assert not any(word in str(call.invite.headers) for word in ("414243", "Jan", "nonymous", "Friend"))


@pytest.mark.parametrize("how", ["plain", "forwarded to us"])
async def test_with_caller_number_and_name_are_as_they_came(house: House, how: str) -> None:
    call = await _shown(house, CALLER, *CALLS[how])
    assert _identities(call) == [("Jan Peeters", "0470414243")] * 2
    assert call.header("Privacy") in ("", "none")


async def test_with_caller_what_is_withheld_stays_withheld(house: House) -> None:
    call = await _shown(house, CALLER, *CALLS["withheld"])
    assert "0470414243" not in call.header("From")
    assert "Jan" not in call.header("From")
    assert "id" in call.header("Privacy")


async def test_the_next_forward_of_a_call_does_not_count_as_coming_from_us(house: House) -> None:
    company = _twice()
    caller = house.new_caller()
    await house.experience(company, company.day_of("in_turn"), caller=caller)
    assert house.service_rung_by[-2:] == [(company.service, caller), ("022043600", caller)]
