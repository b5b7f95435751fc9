"""The lasting connection to a manager interface that does what a real Asterisk will not do on demand."""

from __future__ import annotations

import asyncio
import itertools
import logging
from datetime import UTC, datetime, timedelta

import pytest

from pbxctl.pbx.asterisk.ami import NotConnected, PbxUnreachable
from pbxctl.pbx.asterisk.connection import AmiConnection
from pbxctl.pbx.asterisk.course import Moment, State
from pbxctl.pbx.asterisk.feed import Missed
from tests.pbx.hasty import Secret, behave, connection_to, refuse
from tests.pbx.managers import LIMIT_S, Behaviour, Peer, Seen, manager


async def be_mute_after_the_banner(peer: Peer) -> None:
    await peer.be_mute()


async def leave_after_the_banner(peer: Peer) -> None:
    pass


async def be_mute_after_the_log_in(peer: Peer) -> None:
    await peer.let_in(booted=False)
    await peer.be_mute()


async def be_mute_after_the_boot(peer: Peer) -> None:
    await peer.let_in()
    await peer.be_mute()


async def leave_with_half_an_answer(peer: Peer) -> None:
    action = await peer.read_action()
    peer.writer.write(f"Response: Success\r\nActionID: {action['ActionID']}\r\nMess".encode())
    await peer.writer.drain()


@pytest.mark.parametrize(
    ("behaviour", "said"),
    [
        (be_mute_after_the_banner, "the PBX did not answer Login within 0.5 s"),
        (leave_after_the_banner, "the connection to the PBX was lost before it answered Login"),
        (leave_with_half_an_answer, "the connection to the PBX was lost before it answered Login"),
        (be_mute_after_the_log_in, "did not say within 0.5 s that it is fully booted"),
        (refuse("Asterisk is shutting down"), "Login: Asterisk is shutting down"),
        (refuse("Login Already In Use"), "Login: Login Already In Use"),
    ],
)
async def test_one_that_does_not_let_us_in_is_tried_again_soon(behaviour: Behaviour, said: str) -> None:
    seen = Seen()
    async with manager(behaviour, behave) as made, connection_to(made, seen) as connection:
        failed = await seen.until(State.DISCONNECTED)
        assert said in failed.last_error
        await seen.until(State.CONNECTED)
        assert connection.status.log_ins == 2
        assert State.REFUSED not in seen.states


async def test_one_that_goes_mute_is_left_and_made_anew() -> None:
    """An action that was answered long before its limit gives the PBX no more time."""

    async def answer_one_action(peer: Peer) -> None:
        await peer.let_in()
        while (action := await peer.read_action())["Action"] == "Ping":
            await peer.answer(action)
        await peer.answer(action)
        await peer.be_mute()

    seen = Seen()
    async with manager(answer_one_action, behave) as made, connection_to(made, seen) as connection:
        await seen.until(State.CONNECTED)
        await connection.send("CoreStatus", limit_s=3600)
        lost = await seen.until(State.DISCONNECTED)
        assert lost.last_error == "the PBX answered neither of two pings within 0.3 s"
        await seen.until(State.CONNECTED)
        assert (made.connections, connection.status.log_ins) == (2, 2)


async def test_one_missed_ping_is_forgiven() -> None:
    """Every second ping is answered late: never two in a row are missed."""
    pings, enough = itertools.count(), asyncio.Event()

    async def answer_every_second(peer: Peer) -> None:
        await peer.let_in()
        while True:
            action = await peer.read_action()
            if (number := next(pings)) % 2:
                await peer.answer(action)
            if number == 7:
                enough.set()

    seen = Seen()
    async with manager(answer_every_second) as made, connection_to(made, seen):
        async with asyncio.timeout(LIMIT_S):
            await enough.wait()
        assert (made.connections, seen.states) == (1, [State.CONNECTING, State.CONNECTED])


async def test_short_actions_after_each_other_do_not_hide_that_nothing_is_answered() -> None:
    seen = Seen()
    async with manager(be_mute_after_the_boot, behave) as made, connection_to(made, seen) as connection:
        await seen.until(State.CONNECTED)

        async def keep_asking() -> None:
            while connection.status.log_ins == 1:
                try:
                    await connection.send("CoreStatus", limit_s=0.03)
                except NotConnected:
                    return
                except PbxUnreachable:
                    pass

        async with asyncio.timeout(LIMIT_S):
            await asyncio.gather(keep_asking(), keep_asking(), keep_asking())
        await seen.until(State.CONNECTED)


async def test_half_a_message_is_no_event_and_an_action_without_answer_is_not_sent_again() -> None:
    async def leave_in_the_middle(peer: Peer) -> None:
        await peer.let_in()
        while (action := await peer.read_action())["Action"] != "Originate":
            await peer.answer(action)
        await peer.say("Event: UserEvent", "N: 1")
        peer.writer.write(b"Event: UserEvent\r\nN: 2\r\n")
        await peer.writer.drain()

    async def say_and_go_on(peer: Peer) -> None:
        await peer.let_in()
        await peer.say("Event: UserEvent", "N: 3")
        await peer.go_on()

    seen = Seen()
    async with manager(leave_in_the_middle, say_and_go_on) as made, connection_to(made, seen) as connection:
        await seen.until(State.CONNECTED)
        feed = connection.events("UserEvent")
        with pytest.raises(PbxUnreachable, match="lost before it answered Originate") as caught:
            await connection.send("Originate", Channel="Local/1@x")
        assert not isinstance(caught.value, NotConnected)
        items = [await feed.next(LIMIT_S) for _ in range(3)]
        assert isinstance(items[1], Missed)
        assert [item if isinstance(item, Missed) else item["N"] for item in items] == ["1", items[1], "3"]
        await connection.wait_connected(LIMIT_S)
        await connection.send("Ping")
        assert made.sent("Originate") == 1


async def test_booted_may_come_with_the_answer_to_the_log_in_or_long_after() -> None:
    async def in_one(peer: Peer) -> None:
        action = await peer.read_action()
        answer = f"Response: Success\r\nActionID: {action['ActionID']}\r\n\r\n"
        peer.writer.write(f"{answer}Event: FullyBooted\r\n\r\nEvent: UserEvent\r\nN: 1\r\n\r\n".encode())
        await peer.go_on()

    may_boot = asyncio.Event()

    async def later(peer: Peer) -> None:
        await peer.let_in(booted=False)
        await may_boot.wait()
        await peer.say("Event: FullyBooted")
        await peer.go_on()

    seen = Seen()
    async with manager(in_one) as made, connection_to(made, seen) as connection:
        feed = connection.events("UserEvent")
        await seen.until(State.CONNECTED)
        assert isinstance(await feed.next(LIMIT_S), Missed)
        assert (await feed.next(LIMIT_S))["N"] == "1"  # type: ignore[index]
    async with manager(later) as made, connection_to(made, seen) as connection:
        await seen.until(State.CONNECTING)
        with pytest.raises(NotConnected, match="connecting since"):
            await connection.send("Ping")
        may_boot.set()
        await connection.wait_connected(LIMIT_S)
        await connection.send("Ping")


async def test_a_mistake_of_our_own_is_logged_and_does_not_end_it(caplog: pytest.LogCaptureFixture) -> None:
    seen, secret = Seen(), Secret(RuntimeError("oh"), "s")
    async with manager(behave) as made, connection_to(made, seen, secret):
        assert (await seen.until(State.DISCONNECTED)).last_error == "a mistake in pbxctl: RuntimeError('oh')"
        await seen.until(State.CONNECTED)
    assert [record.exc_info is not None for record in caplog.records if record.levelname == "ERROR"] == [True]


async def test_that_nobody_listens_is_said_once_and_costs_no_log_in(caplog: pytest.LogCaptureFixture) -> None:
    async with manager(behave) as gone:
        pass
    caplog.set_level(logging.WARNING, "pbxctl")
    seen = Seen()
    async with connection_to(gone, seen) as connection:
        for _ in range(5):
            failed = await seen.until(State.DISCONNECTED)
        assert f"no manager interface at 127.0.0.1:{gone.port}" in failed.last_error
        assert connection.status.log_ins == 0
        with pytest.raises(NotConnected, match="no manager interface at"):
            await connection.wait_connected(0)
    assert len(caplog.records) == 1


async def test_time_and_chance_are_those_that_it_is_given() -> None:
    """The wait after a failure is one draw of the longest; a status tells the clock's own moment."""
    drawn = list[float]()
    started, seconds = datetime(2026, 11, 25, tzinfo=UTC), itertools.count()

    def clock() -> Moment:
        second = next(seconds)
        return Moment(started + timedelta(seconds=second), second)

    def draw() -> float:
        drawn.append(0.5)
        return 0.5

    seen = Seen()
    async with (
        manager(leave_after_the_banner, behave) as made,
        AmiConnection("127.0.0.1", made.port, "u", lambda: "s", clock=clock, draw=draw, on_change=seen.note),
    ):
        await seen.until(State.CONNECTED)
    assert drawn == [0.5]
    moments = [status.since for status in seen.statuses]
    assert (moments == sorted(set(moments)), moments[-1] < started + timedelta(days=1)) == (True, True)
