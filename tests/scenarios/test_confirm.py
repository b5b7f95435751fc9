"""A forward that is taken by a key: who hears what before it, and that both hear each other after it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from pbxctl.rehearse.hearing import heard
from pbxctl.rehearse.packages import AsteriskInstall
from pbxctl.rehearse.sip.call import Call, CallResult
from pbxctl.rehearse.sip.incoming import IncomingCall
from pbxctl.rehearse.sip.outgoing import OutgoingCall
from pbxctl.rehearse.sip.rtp import RATE_HZ, Samples
from tests.scenarios.caller import ENOUGH, MELODY_S, PATIENCE_S, melody, unless_over
from tests.scenarios.company import STOCK_TAKING, Company
from tests.scenarios.house import House
from tests.scenarios.room import make_room

COMPANY = Company(51, confirm="1", ring_s=5)
STAR = Company(52, confirm="*", ring_s=5, caller_id="caller")
UNASKED = Company(53, ring_s=5)
OWN = Company(
    54,
    ring_s=5,
    modes=(
        (
            "in_turn",
            (
                {"dial": Company(54).service, "ring": "5s", "confirm": "1", "unconfirmed": "say"},
                {"name": "tone", "hangup": "busy"},
                {"name": "say", "play": "prompt"},
                "voicemail",
            ),
        ),
    ),
)

ASKED_AT_MOST_S = 0.5 + 2 * (MELODY_S + 0.5 + 1) + 1
"""Half a second, then twice the sound, the tone behind it and the wait; and a second for all that is slow."""


@pytest.fixture(scope="module")
async def house(
    asterisk_install: AsteriskInstall, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[House]:
    """Companies whose forwards are taken by a key, and one whose are not."""
    folder: Path = tmp_path_factory.mktemp("confirm")
    rooms = [make_room(company, folder) for company in (COMPANY, STAR, UNASKED, OWN)]
    async with House.open(asterisk_install, rooms, folder) as house:
        yield house


@dataclass
class Talk:
    """A caller who speaks all the time, and a far end that has picked up and does so, too."""

    caller: OutgoingCall
    far: IncomingCall
    done: asyncio.Event

    async def listened(self, seconds: float) -> None:
        """So much more is heard at the far end."""
        await unless_over(self.far, self.far.heard(len(self.far.recording) / RATE_HZ + seconds, PATIENCE_S))

    async def over(self) -> tuple[CallResult, CallResult]:
        """Both hang up; what became of them."""
        ended = await self.caller.hang_up(), await self.far.hang_up()
        self.done.set()
        return ended


WORDS, REPLY = melody("a caller"), melody("a far end")
_PAUSE: Samples = np.zeros(RATE_HZ // 10, dtype=np.int16)


async def _picked_up(house: House, company: Company) -> Talk:
    picked: asyncio.Future[IncomingCall] = asyncio.get_running_loop().create_future()
    done = asyncio.Event()

    async def take(call: IncomingCall) -> None:
        call.ring()
        await call.answer()
        picked.set_result(call)
        await done.wait()

    house.services[company.service] = take
    at = company.day_of("in_turn") if company is OWN else STOCK_TAKING
    caller = await house.call(company, at)
    async with asyncio.timeout(PATIENCE_S):
        far = await picked
    caller.play(_again_and_again(WORDS))
    return Talk(caller, far, done)


def _again_and_again(words: Samples) -> Samples:
    return np.concatenate([words, _PAUSE] * 20)


def _share(call: Call | CallResult, sound: str | Samples) -> float:
    samples = melody(sound) if isinstance(sound, str) else sound
    recording = call.recording
    return heard(recording, samples).share if len(recording) > len(samples) else 0.0


@pytest.mark.parametrize("company", [COMPANY, STAR, OWN], ids=["key 1", "key *", "own mode"])
async def test_after_the_key_both_hear_each_other(house: House, company: Company) -> None:
    talk = await _picked_up(house, company)
    await talk.listened(0.5 + MELODY_S + 0.3)
    assert not talk.caller.is_answered
    assert _share(talk.far, "confirm") >= ENOUGH
    assert _share(talk.far, WORDS) < ENOUGH, "nobody hears the caller before"
    await talk.far.send_digits("*" if company is STAR else "1")
    talk.far.play(_again_and_again(REPLY))
    await talk.caller.answered(PATIENCE_S)
    await talk.listened(3.0)
    caller, far = await talk.over()
    assert caller.early_s == 0
    assert 180 in caller.provisional
    assert _share(caller, REPLY) >= ENOUGH
    assert _share(far, WORDS) >= ENOUGH
    await house.idle()


async def test_whoever_knows_the_question_need_not_hear_it(house: House) -> None:
    talk = await _picked_up(house, COMPANY)
    await talk.far.send_digits("1")
    await talk.caller.answered(2.0)
    await talk.listened(2.0)
    _, far = await talk.over()
    assert _share(far, WORDS) >= ENOUGH
    assert _share(far, "confirm") < ENOUGH
    await house.idle()


async def test_a_machine_is_hung_up_soon_and_hears_nothing_of_the_caller(house: House) -> None:
    talk = await _picked_up(house, COMPANY)
    talk.far.play(_again_and_again(REPLY))
    far = await talk.far.ended(PATIENCE_S)
    assert far.ended_s - (far.answered_s or 0) < ASKED_AT_MOST_S
    assert far.ended_by == "them"
    assert _share(far, WORDS) < ENOUGH
    await talk.caller.answered(PATIENCE_S)
    await talk.caller.heard(2 * MELODY_S, PATIENCE_S)
    caller, _ = await talk.over()
    assert _share(caller, REPLY) < ENOUGH
    assert _share(caller, "confirm") < ENOUGH, "it is not the caller who is asked"
    await house.idle()


async def test_a_caller_who_leaves_meanwhile_keeps_nobody_for_long(house: House) -> None:
    talk = await _picked_up(house, COMPANY)
    await talk.listened(0.6)
    await talk.caller.hang_up()
    far = await talk.far.ended(ASKED_AT_MOST_S)
    talk.done.set()
    assert far.ended_by == "them"
    await house.idle()


async def test_a_caller_who_has_left_is_not_given_to_whoever_presses_the_key(house: House) -> None:
    talk = await _picked_up(house, COMPANY)
    await talk.listened(0.6)
    await talk.caller.hang_up()
    await talk.far.send_digits("1")
    far = await talk.far.ended(2.0)
    talk.done.set()
    assert far.ended_by == "them"
    await house.idle()


async def test_where_no_key_is_asked_for_picking_up_is_enough(house: House) -> None:
    talk = await _picked_up(house, UNASKED)
    await talk.caller.answered(1.0)
    talk.far.play(_again_and_again(REPLY))
    await talk.listened(2.0)
    caller, far = await talk.over()
    assert _share(caller, REPLY) >= ENOUGH
    assert _share(far, WORDS) >= ENOUGH
    assert _share(far, "confirm") < ENOUGH
    await house.idle()


async def test_own_modes_say_where_what_nobody_took_goes_on(house: House) -> None:
    talk = await _picked_up(house, OWN)
    await talk.far.ended(PATIENCE_S)
    await talk.caller.answered(PATIENCE_S)
    await talk.caller.heard(MELODY_S + 0.1, PATIENCE_S)
    caller, _ = await talk.over()
    assert _share(caller, "prompt") >= ENOUGH
    await house.idle()


@pytest.mark.parametrize("shown", ["own", "caller"])
async def test_the_far_end_is_shown_the_same_with_a_key_as_without(house: House, shown: str) -> None:
    company = {"own": COMPANY, "caller": STAR}[shown]
    talk = await _picked_up(house, company)
    invite = talk.far.invite
    assert talk.far.from_user == (company.did if shown == "own" else house.service_rung_by[-1][1])
    assert company.did in invite.first("Diversion")
    await talk.over()
    await house.idle()
