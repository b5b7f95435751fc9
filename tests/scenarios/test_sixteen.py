"""A smoke run of Asterisk 16, the oldest that is promised; ``scripts/soak`` runs all that rings there."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import pytest

from pbxctl.decision.decide import Call
from pbxctl.decision.facts import NO_FACTS
from pbxctl.journal.events import Entered
from pbxctl.rehearse.packages import AsteriskInstall
from pbxctl.rehearse.sip.scripts import answers
from pbxctl.simulate import World, simulate
from tests.scenarios.caller import melody
from tests.scenarios.companies import BLOCKED, MAIN, OPEN, STAFF
from tests.scenarios.company import CLOSED_WEDNESDAY, ORDINARY_FRIDAY, STOCK_TAKING
from tests.scenarios.house import House
from tests.scenarios.room import make_room

Met = tuple[tuple[str, ...], str]
"""The sounds that were heard, and where the words lie."""


@asynccontextmanager
async def _on(
    install: AsteriskInstall, folder: Path, *, noload: tuple[str, ...] = ()
) -> AsyncIterator[House]:
    rooms = [make_room(company, folder) for company in (MAIN, OPEN)]
    async with House.open(install, rooms, folder, noload=noload) as house:
        yield house


@pytest.fixture(scope="module")
async def sixteen(
    asterisk_16: AsteriskInstall, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[House]:
    async with _on(asterisk_16, tmp_path_factory.mktemp("sixteen")) as house:
        yield house


async def _meets(house: House, at: datetime, caller: str = "") -> Met:
    lived = await house.experience(MAIN, at, caller=caller)
    return lived.sounds, lived.message


def test_it_is_the_oldest_that_is_promised(sixteen: House) -> None:
    assert sixteen.pbx.install.version.startswith("16.")


async def test_callers_meet_what_they_meet_on_later_releases(sixteen: House) -> None:
    sixteen.services[MAIN.service] = answers(plays=melody("service"), hangs_up=True)
    met = await asyncio.gather(
        _meets(sixteen, CLOSED_WEDNESDAY),
        _meets(sixteen, ORDINARY_FRIDAY),
        _meets(sixteen, STOCK_TAKING),
        _meets(sixteen, CLOSED_WEDNESDAY, STAFF),
    )
    assert list(met) == [
        (("prompt",), "mailbox"),
        (("colleague",), ""),
        (("service",), ""),
        (("colleague",), ""),
    ]
    assert STAFF in sixteen.rung_by


async def test_a_blocked_caller_is_refused_and_pays_nothing(sixteen: House) -> None:
    refused = await (await sixteen.call(MAIN, ORDINARY_FRIDAY, caller=BLOCKED)).ended(5)
    assert (refused.code, refused.answered_s) == (403, None)


async def test_an_answering_service_that_is_busy_leads_to_the_mailbox(sixteen: House) -> None:
    sixteen.services.pop(MAIN.service, None)
    assert await _meets(sixteen, STOCK_TAKING) == (("fell_back", "prompt"), "mailbox")


async def test_an_override_closes_and_resumes_through_the_trunk(sixteen: House) -> None:
    assert (await sixteen.experience(OPEN, None)).sounds == ("colleague",)
    closed = f"1|7|voicemail|{int(time.time()) + 60}|201|test"
    await sixteen.pbx.database_put(OPEN.prefix, "override/main", closed)
    lived = await sixteen.experience(OPEN, None)
    assert (lived.sounds, lived.message) == (("neutral prompt",), "mailbox")
    await sixteen.pbx.database_put(OPEN.prefix, "override/main", "1|8|none|0|201|test")
    assert (await sixteen.experience(OPEN, None)).sounds == ("colleague",)


async def test_the_journal_tells_what_the_simulator_says(sixteen: House) -> None:
    caller = sixteen.new_caller()
    call = await sixteen.call(MAIN, CLOSED_WEDNESDAY, caller=caller)
    await sixteen.reached(caller, "prompt")
    await call.hang_up()
    world = World(gone_in="prompt")
    expected = simulate(MAIN.plan, Call(MAIN.did, caller), CLOSED_WEDNESDAY, NO_FACTS, world)
    assert tuple(await sixteen.story(caller)) == expected.events


async def test_no_number_cuts_a_line_of_the_journal_short(sixteen: House) -> None:
    known = sixteen.known_channels()
    call = await sixteen.call(MAIN, CLOSED_WEDNESDAY, caller=b"0470)%3a0%3a3")
    await call.answered(3)
    await call.hang_up()
    [story] = await sixteen.stories_after(known)
    assert story[0] == Entered("main", MAIN.did, "047003")
    assert "0470):0:3" in {line.caller for line in sixteen.journal()}
    assert sixteen.odd_lines() == []


async def test_without_the_module_of_the_mailboxes_the_words_are_kept_in_a_file(
    asterisk_16: AsteriskInstall, tmp_path: Path
) -> None:
    async with _on(asterisk_16, tmp_path, noload=("app_voicemail",)) as house:
        assert await _meets(house, CLOSED_WEDNESDAY) == (("mailbox_full", "prompt"), "recording")


async def test_asterisk_complained_of_no_error(sixteen: House) -> None:
    await sixteen.idle()
    assert sixteen.complaints("ERROR") == []
