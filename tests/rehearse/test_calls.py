"""Our agent and a real Asterisk, both ways: what the caller hears, keys in and is told."""

from __future__ import annotations

import asyncio
import csv
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from pbxctl.pbx.asterisk.ami import AmiSession, Headers
from pbxctl.rehearse.hearing import heard, read_sound
from pbxctl.rehearse.packages import AsteriskInstall
from pbxctl.rehearse.pbx_files import REHEARSAL_IP
from pbxctl.rehearse.private_pbx import PrivatePbx
from pbxctl.rehearse.sip import scripts
from pbxctl.rehearse.sip.agent import Handler, SipAgent
from pbxctl.rehearse.sip.call import NotAnswered
from pbxctl.rehearse.sip.incoming import IncomingCall
from pbxctl.rehearse.sip.message import Value
from pbxctl.rehearse.sip.outgoing import OutgoingCall
from pbxctl.rehearse.sip.rtp import Samples

CALLER = "+32475123456"

Place = Callable[..., Awaitable[OutgoingCall]]


@pytest.fixture(scope="module")
def greeting(asterisk_install: AsteriskInstall) -> Samples:
    """The prompt that the shared dialplan plays."""
    voice = asterisk_install.voice("en")
    assert voice is not None
    return read_sound(voice / "hello-world.wav")


@pytest.fixture
def place(shared_pbx: PrivatePbx, trunk: SipAgent) -> Place:
    """Call a number of the shared PBX from outside."""

    async def call(number: str, from_user: Value = CALLER, **more: Any) -> OutgoingCall:
        return await trunk.call(number, shared_pbx.sip_address, from_user=from_user, **more)

    return call


@pytest.fixture
async def user_events(shared_pbx: PrivatePbx) -> AsyncIterator[Callable[[], Awaitable[Headers]]]:
    """The next event that the shared dialplan sends."""
    async with await AmiSession.connect(*shared_pbx.manager, events="user") as session:
        with session.events("UserEvent") as events:

            async def following() -> Headers:
                return await events.next(5)

            yield following


async def test_what_is_played_is_heard_whole(place: Place, greeting: Samples) -> None:
    call = await place("100")
    await call.answered(3)
    result = await call.ended(10)
    found = heard(result.recording, greeting)
    assert (result.code, result.ended_by, result.cause) == (200, "them", "Q.850;cause=16")
    assert (found.share, result.early_s) == (1.0, 0.0)
    assert result.answered_s is not None
    assert result.first_packet_s is not None
    assert result.first_packet_s - result.answered_s == pytest.approx(0.5, abs=0.2)


async def test_what_is_played_before_the_answer_is_heard_and_told_apart(
    place: Place, greeting: Samples
) -> None:
    result = await (await place("104")).ended(10)
    assert (result.code, result.answered_s) == (486, None)
    assert 183 in result.provisional
    assert heard(result.recording, greeting).share == 1.0
    assert result.early_s == pytest.approx(len(result.recording) / 8000)
    assert len(result.heard_after_answer) == 0


async def test_digits_arrive_both_ways(place: Place, user_events: Callable[[], Awaitable[Headers]]) -> None:
    call = await place("101")
    await call.answered(3)
    await call.send_digits("1234")
    assert (await user_events())["Digits"] == "1234"
    assert await call.heard_digits(4, 5) == "159#"
    assert (await call.ended(5)).digits == "159#"


async def test_our_voice_arrives(place: Place, greeting: Samples) -> None:
    call = await place("107")
    await call.answered(3)
    call.play(greeting)
    await call.said(5)
    await call.heard(1.7, 5)
    result = await call.hang_up()
    assert result.ended_by == "us"
    assert heard(result.recording, greeting).share == 1.0


@pytest.mark.parametrize(
    ("script", "code", "cause"),
    [
        (scripts.is_busy(), 486, 17),
        (scripts.rejects(404), 404, 1),
        (scripts.rejects(503, after_s=0.1), 503, 34),
        (scripts.rejects(603), 603, 21),
    ],
)
async def test_a_refusal_reaches_the_caller(
    place: Place, phones: SipAgent, script: Handler, code: int, cause: int
) -> None:
    phones.on_invite(script)
    result = await (await place("102")).ended(5)
    # Asterisk translates the phone's code into a cause, and the cause back into a code.
    assert result.cause == f"Q.850;cause={cause}"
    assert (result.code, result.ended_by) == ({603: 403}.get(code, code), "them")


async def test_an_unknown_number_is_a_404(place: Place) -> None:
    call = await place("999")
    with pytest.raises(NotAnswered, match="404 Not Found") as caught:
        await call.answered(3)
    assert caught.value.result.code == 404


async def test_nobody_at_the_address_is_told_from_a_refusal(
    trunk: SipAgent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pbxctl.rehearse.sip.transaction.GIVE_UP_S", 0.7)
    call = await trunk.call("100", ("127.0.0.9", 9), from_user=CALLER)
    assert (await call.ended(3)).code is None


async def test_a_caller_who_gives_up_while_it_rings(place: Place, phones: SipAgent) -> None:
    rung: asyncio.Future[IncomingCall] = asyncio.get_running_loop().create_future()

    async def ring(call: IncomingCall) -> None:
        call.ring()
        rung.set_result(call)
        await call.ended(10)

    phones.on_invite(ring)
    call = await place("102")
    phone = await asyncio.wait_for(rung, 3)
    result = await call.hang_up()
    assert (result.code, result.ended_by, result.answered_s) == (487, "us", None)
    there = await phone.ended(3)
    assert (there.code, there.ended_by) == (487, "them")


async def test_a_caller_who_gives_up_at_once(place: Place, phones: SipAgent) -> None:
    phones.on_invite(scripts.never_answers())
    call = await place("102")
    assert (await call.hang_up()).code == 487


async def test_a_phone_that_rings_then_answers_talks_with_the_caller(
    place: Place, phones: SipAgent, greeting: Samples
) -> None:
    phones.on_invite(scripts.answers(after_s=0.3, plays=greeting, hangs_up=True))
    call = await place("102")
    result = await call.ended(10)
    assert (result.code, result.ended_by) == (200, "them")
    assert 180 in result.provisional
    assert result.answered_s == pytest.approx(0.3, abs=0.2)
    assert heard(result.recording, greeting).share == 1.0


async def test_a_call_to_the_outside_reaches_the_carrier(place: Place, trunk: SipAgent) -> None:
    taken: list[tuple[str, str, str]] = []

    async def take(call: IncomingCall) -> None:
        taken.append((call.to_user, call.from_user, call.from_name))
        await call.answer()

    trunk.on_invite(take)
    call = await place("103", display_name="Jan €")
    await call.answered(3)
    assert taken == [("+32470112233", CALLER, "Jan €")]
    assert (await call.hang_up()).ended_by == "us"


async def test_a_phone_that_diverts_sends_the_caller_on(place: Place, phones: SipAgent) -> None:
    phones.on_invite(scripts.diverts("sip:202@127.0.0.1"))
    result = await (await place("102")).ended(10)
    # In the phones' context, 202 says good-bye.
    assert (result.code, result.ended_by) == (200, "them")
    assert result.packets > 20


async def test_a_number_that_forwards_by_a_call_of_its_own_joins_the_two(
    shared_pbx: PrivatePbx, place: Place, trunk: SipAgent, greeting: Samples
) -> None:
    trunk.on_invite(scripts.calls_on(trunk, "100", shared_pbx.sip_address, "+32470112233"))
    call = await place("103")
    await call.answered(3)
    assert (await call.ended(10)).ended_by == "them"


async def test_each_extension_has_a_script_of_its_own(place: Place, phones: SipAgent) -> None:
    phones.on_invite(scripts.by_number({"202": scripts.answers(), "201": scripts.is_busy()}))
    assert (await (await place("102")).ended(5)).code == 486
    phones.on_invite(scripts.by_number({}))
    assert (await (await place("102")).ended(5)).code == 404


async def test_a_script_that_fails_does_not_pass_unnoticed(shared_pbx: PrivatePbx, place: Place) -> None:
    async def fail(call: IncomingCall) -> None:
        raise ZeroDivisionError

    async with await SipAgent.open(*shared_pbx.rehearsal_address):
        pass
    phones = await SipAgent.open(*shared_pbx.phones_address)
    phones.on_invite(fail)
    assert (await (await place("102")).ended(5)).code in (500, 503)
    with pytest.raises(ExceptionGroup) as caught:
        await phones.close()
    assert caught.value.subgroup(ZeroDivisionError) is not None


@pytest.mark.parametrize(
    ("ip", "user", "endpoint"),
    [("127.0.0.3", "202", "202"), ("127.0.0.3", "203", "203"), (REHEARSAL_IP, "x", "rehearse")],
)
async def test_the_pbx_knows_who_calls(
    shared_pbx: PrivatePbx, user_events: Callable[[], Awaitable[Headers]], ip: str, user: str, endpoint: str
) -> None:
    async with await SipAgent.open(ip) as agent:
        call = await agent.call("who", shared_pbx.sip_address, from_user=user)
        assert (await user_events())["Endpoint"] == endpoint
        assert (await call.ended(3)).code == 403


@pytest.mark.parametrize(
    ("more", "seen"),
    [
        ({"display_name": 'A "B" \\ C'}, {"Name": 'A "B" \\ C'}),
        ({"from_user": "0475/12.34"}, {"Number": "0475/12.34"}),
        ({"from_uri": "sip:anonymous@anonymous.invalid"}, {"Number": "anonymous"}),
        ({"headers": {"X-Extra": "${SHELL(id)}"}}, {"Extra": "${SHELL(id)}"}),
        ({"headers": {"P-Asserted-Identity": "<sip:+3222@x>"}}, {"Number": "+3222"}),
        ({"display_name": b'"Caf\xe9, ; ${EPOCH}"'}, {"Number": CALLER}),
    ],
)
async def test_whatever_the_caller_calls_himself_arrives(
    place: Place,
    user_events: Callable[[], Awaitable[Headers]],
    more: dict[str, Value],
    seen: dict[str, str],
) -> None:
    call = await place("105", **more)
    event = await user_events()
    assert {name: event[name] for name in seen} == seen
    assert (await call.ended(3)).code == 403


@pytest.mark.parametrize(
    "more", [{"display_name": "a\r\nX: y"}, {"from_user": "a\nb"}, {"headers": {"X": "a\rb"}}]
)
async def test_a_line_end_in_text_is_our_own_mistake(place: Place, more: dict[str, Value]) -> None:
    with pytest.raises(ValueError, match="a line end"):
        await place("105", **more)


async def test_forty_calls_at_once_are_all_answered_and_heard(place: Place, greeting: Samples) -> None:
    calls = [await place("100", from_user=f"+324700000{number:02}") for number in range(40)]
    results = await asyncio.gather(*(call.ended(20) for call in calls))
    assert [result.code for result in results] == [200] * 40
    shares = sorted(heard(result.recording, greeting).share for result in results)
    # On a machine that is busy with other things, a window or two may arrive in pieces.
    assert shares[20] == 1.0
    assert shares[0] >= 0.5


async def test_an_agent_that_is_closed_leaves_no_call_behind(shared_pbx: PrivatePbx) -> None:
    async with await SipAgent.open(*shared_pbx.trunk_address) as agent:
        calls = [await agent.call("107", shared_pbx.sip_address, from_user=CALLER) for _ in range(3)]
        await asyncio.gather(*(call.answered(3) for call in calls))
    assert {(await call.ended(1)).ended_by for call in calls} == {"us"}
    answer = await shared_pbx.ami.send("CoreShowChannels")
    assert [event for event in answer.events if "127.0.0.2" in str(event.get("Channel"))] == []


async def test_the_journal_tells_of_our_own_events_and_of_no_digit(
    shared_pbx: PrivatePbx, place: Place
) -> None:
    result = await (await place("106")).ended(5)
    assert result.code == 200
    rows = await _journal_with("PBXCTL", shared_pbx.journal_path)
    ours = [row for row in rows if row[2] == "PBXCTL"][-1]
    assert (ours[0], ours[1], len(ours)) == ("1", "PBXCTL", 13)
    assert json.loads(ours[11]) == {"extra": '1|entered|main|+3292334455|"a,b"'}
    assert (ours[7], ours[8], ours[9], ours[10]) == (CALLER, "106", "from-trunk", "CELGenUserEvent")
    assert float(ours[3]) > 1_700_000_000
    assert {"CHAN_START", "ANSWER", "HANGUP", "CHAN_END", "LINKEDID_END"} <= {row[1] for row in rows}
    assert "DTMF" not in {row[1] for row in rows}


async def _journal_with(event: str, path: Path) -> list[list[str]]:
    """The journal once it tells of ``event`` and of that call's end: it is written behind the call."""
    async with asyncio.timeout(5):
        while True:
            rows = _journal(path)
            ids = {row[4] for row in rows if row[2] == event}
            if any(row[1] == "LINKEDID_END" and row[4] in ids for row in rows):
                return rows
            await asyncio.sleep(0.02)


def _journal(path: Path) -> list[list[str]]:
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8", errors="replace") as journal:
        return list(csv.reader(journal))
