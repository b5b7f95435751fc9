"""What callers meet, call by call, on a real PBX."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from statistics import median

import pytest

from pbxctl.journal.events import Decided, Entered, Misrouted
from pbxctl.rehearse.sip.scripts import never_answers
from tests.scenarios.companies import BLOCKED, MAIN, OPEN, STAFF, WITHOUT_MAILBOX
from tests.scenarios.company import CLOSED_WEDNESDAY, ORDINARY_FRIDAY, STOCK_TAKING, Company
from tests.scenarios.house import House

ANSWER_LIMIT_S = 0.1


@asynccontextmanager
async def fact(house: House, company: Company, key: str, value: str) -> AsyncIterator[None]:
    """The database holds ``value`` for as long as this lasts."""
    await house.pbx.database_put(company.prefix, key, value)
    try:
        yield
    finally:
        await house.pbx.ami.send("DBDel", Family=company.prefix, Key=key)


async def test_a_number_that_nobody_knows_is_refused_and_named(house: House) -> None:
    known = house.known_channels()
    call = await house.call(MAIN, None, did=MAIN.unlisted)
    result = await call.ended(5)
    assert (result.code, result.answered_s) == (404, None)
    assert await house.stories_after(known) == [[Misrouted(MAIN.unlisted)]]


async def test_a_number_of_no_route_goes_on_to_the_ordinary_dialplan(house: House) -> None:
    lived = await house.experience(MAIN, None, did=f"{MAIN.did[:-1]}5")
    assert lived.sounds == ("colleague",)


@pytest.mark.parametrize("spelling", MAIN.spellings)
async def test_however_the_trunk_spells_the_number_it_reaches_the_route(house: House, spelling: str) -> None:
    caller = house.new_caller()
    call = await house.call(MAIN, CLOSED_WEDNESDAY, caller=caller, did=spelling)
    await call.answered(3)
    await call.hang_up()
    entered, decided, *_ = await house.story(caller)
    assert entered == Entered("main", spelling, caller)
    assert isinstance(decided, Decided)
    assert decided.mode == "voicemail"


async def test_the_caller_waits_no_time_for_the_answer(house: House) -> None:
    waited = []
    for _ in range(7):
        call = await house.call(MAIN, CLOSED_WEDNESDAY)
        await call.answered(3)
        waited.append((await call.hang_up()).answered_s or 0.0)
    assert median(waited) <= ANSWER_LIMIT_S


async def test_a_blocked_caller_is_refused_and_pays_nothing(house: House) -> None:
    call = await house.call(MAIN, ORDINARY_FRIDAY, caller=BLOCKED)
    result = await call.ended(5)
    assert (result.code, result.answered_s, result.packets) == (403, None, 0)
    assert result.cause == "Q.850;cause=21"


async def test_a_blocked_caller_rings_through_after_an_emergency_call(house: House) -> None:
    until = int((CLOSED_WEDNESDAY + timedelta(minutes=30)).timestamp())
    async with fact(house, MAIN, "psap", f"1|{until}|201"):
        during = await house.experience(MAIN, CLOSED_WEDNESDAY, caller=BLOCKED)
        after = await (
            await house.call(MAIN, CLOSED_WEDNESDAY + timedelta(minutes=30), caller=BLOCKED)
        ).ended(5)
    assert during.sounds == ("colleague",)
    assert after.code == 403


async def test_who_always_passes_reaches_a_phone_behind_closed_doors(house: House) -> None:
    lived = await house.experience(MAIN, CLOSED_WEDNESDAY, caller=STAFF)
    assert lived.sounds == ("colleague",)
    assert STAFF in house.rung_by


async def test_an_override_is_in_force_at_once_and_over_at_its_end(house: House) -> None:
    end = ORDINARY_FRIDAY + timedelta(minutes=10)
    value = f"1|7|voicemail|{int(end.timestamp())}|201|test"

    async def heard(at: datetime) -> tuple[str, ...]:
        return (await house.experience(OPEN, at)).sounds

    assert await heard(ORDINARY_FRIDAY) == ("colleague",)
    async with fact(house, OPEN, "override/main", value):
        assert list(
            await asyncio.gather(heard(ORDINARY_FRIDAY), heard(end - timedelta(seconds=1)), heard(end))
        ) == [("neutral prompt",), ("neutral prompt",), ("colleague",)]
    assert await heard(ORDINARY_FRIDAY) == ("colleague",)


async def test_an_override_closes_and_resumes_in_real_time_through_the_trunk(house: House) -> None:
    closed = f"1|7|voicemail|{int(datetime.now().timestamp()) + 60}|201|test"  # noqa: DTZ005
    async with fact(house, OPEN, "override/main", closed):
        assert (await house.experience(OPEN, None)).sounds == ("neutral prompt",)
        await house.pbx.database_put(OPEN.prefix, "override/main", "1|8|none|0|201|test")
        assert (await house.experience(OPEN, None)).sounds == ("colleague",)


@pytest.mark.parametrize(
    ("company", "at", "step"),
    [
        (MAIN, STOCK_TAKING, "service"),
        (MAIN, CLOSED_WEDNESDAY, "prompt"),
        (MAIN, CLOSED_WEDNESDAY, "message"),
        (WITHOUT_MAILBOX, CLOSED_WEDNESDAY, "recording"),
        (MAIN, ORDINARY_FRIDAY, "ordinary"),
    ],
)
async def test_a_caller_who_hangs_up_in_any_step_leaves_nothing_behind(
    house: House, company: Company, at: datetime, step: str
) -> None:
    house.services[company.service] = never_answers()
    house.phones.on_invite(never_answers())
    caller = house.new_caller()
    try:
        call = await house.call(company, at, caller=caller)
        await house.reached(caller, step)
        await call.hang_up()
        await house.idle()
    finally:
        house.phones.on_invite(house.colleague)
        house.services.clear()


async def test_asterisk_complained_of_no_error(house: House) -> None:
    await house.idle()
    assert house.complaints("ERROR") == []
