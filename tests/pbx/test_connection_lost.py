"""The lasting connection on a real Asterisk: lost in every way there is and back, nothing sent twice."""

from __future__ import annotations

import asyncio
import os
import signal
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from pbxctl.pbx.asterisk.ami import AmiSession, EventStream, NotConnected, PbxUnreachable
from pbxctl.pbx.asterisk.connection import AmiConnection
from pbxctl.pbx.asterisk.course import BackOff, State, Timing
from pbxctl.pbx.asterisk.feed import EventFeed, Missed
from pbxctl.rehearse.private_pbx import PrivatePbx
from tests.pbx.connections import connection_to, cuttable, next_said, say
from tests.pbx.managers import LIMIT_S, Seen


async def test_a_pbx_that_was_killed_is_found_again_and_what_was_missed_is_told(pbx: PrivatePbx) -> None:
    seen = Seen()
    async with connection_to(pbx, seen) as connection:
        await seen.until(State.CONNECTED)
        with connection.events("UserEvent") as feed:
            await say(connection, "before")
            assert await next_said(feed) == "before"
            before = datetime.now(UTC)
            waiting = asyncio.create_task(connection.send("WaitEvent", Timeout="-1", limit_s=60))
            await asyncio.sleep(0)  # The action is on the wire.

            await pbx.kill()
            killed = datetime.now(UTC)

            with pytest.raises(PbxUnreachable, match="lost before it answered WaitEvent"):
                await waiting
            await seen.until(State.DISCONNECTED)
            await pbx.restart()
            await seen.until(State.CONNECTED)
            back = datetime.now(UTC)
            await say(connection, "after")
            missed = await next_said(feed)
            assert isinstance(missed, Missed)
            assert missed.cut
            assert missed.start <= killed <= missed.end <= back
            assert (before - missed.start).total_seconds() < 2
            assert await next_said(feed) == "after"


async def test_one_that_stands_still_is_left_after_two_pings_and_found_again(pbx: PrivatePbx) -> None:
    seen = Seen()
    async with connection_to(pbx, seen, timing=stalled_timing()) as connection:
        await seen.until(State.CONNECTED)
        assert pbx.pid is not None
        with connection.events("UserEvent") as feed:
            os.kill(pbx.pid, signal.SIGSTOP)
            try:
                lost = await seen.until(State.DISCONNECTED)
                assert lost.last_error == "the PBX answered neither of two pings within 0.3 s"
                mute = await seen.until(State.DISCONNECTED)  # The kernel lets it in, nobody answers.
                assert mute.last_error == "the PBX did not answer Login within 0.3 s"
            finally:
                os.kill(pbx.pid, signal.SIGCONT)
            await seen.until(State.CONNECTED)
            await say(connection, "awake")
            assert isinstance(await next_said(feed), Missed)
            assert await next_said(feed) == "awake"


def stalled_timing() -> Timing:
    return Timing(
        ping_every_s=0.1, ping_limit_s=0.3, log_in_limit_s=0.3, back_off=BackOff(first_s=0.01, cap_s=0.05)
    )


async def test_a_long_action_is_not_taken_for_standing_still(pbx: PrivatePbx) -> None:
    """The PBX does one action after the other: pings of this connection wait behind it."""
    seen = Seen()
    timing = Timing(ping_every_s=0.05, ping_limit_s=0.3, back_off=BackOff(first_s=0.01))
    async with connection_to(pbx, seen, timing=timing) as connection:
        await seen.until(State.CONNECTED)
        began = asyncio.get_running_loop().time()
        call = {"Channel": "Local/1@slow", "Application": "Wait", "Data": "0.1"}
        await connection.send("Originate", limit_s=10, **call)
        assert asyncio.get_running_loop().time() - began > 0.9
        assert connection.status.log_ins == 1


@dataclass
class Said:
    """What was said through a connection: how it ended, and the moments between which it was."""

    ended: dict[str, str] = field(default_factory=dict)
    span: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)

    async def say(self, connection: AmiConnection, text: str) -> None:
        began = datetime.now(UTC)
        try:
            await say(connection, text)
            self.ended[text] = "answered"
        except NotConnected:
            self.ended[text] = "not sent"
        except PbxUnreachable:
            self.ended[text] = "unsure"
        self.span[text] = (began, datetime.now(UTC))


async def test_a_hundred_cuts_and_nothing_is_sent_twice_and_what_was_missed_is_told(pbx: PrivatePbx) -> None:
    seen, said = Seen(), Said()
    async with await AmiSession.connect(*pbx.manager, events="user") as witness:
        with witness.events("UserEvent") as heard:
            async with cuttable(pbx, seen) as (connection, way):
                feed = connection.events("UserEvent")
                for cut in range(100):
                    for number in range(3):
                        await said.say(connection, f"{cut}.{number}")
                    doomed = asyncio.create_task(said.say(connection, f"{cut}.doomed"))
                    await asyncio.sleep(0)
                    way.cut()
                    await doomed
                    await seen.until(State.DISCONNECTED)
                    await seen.until(State.CONNECTED)
                await said.say(connection, "end")
                assert connection.status.log_ins == 101
                items = await items_until(feed, "end")
            await say(witness, "over")
            reached = await texts_until(heard, "over")

    allowed = {"answered": {1}, "unsure": {0, 1}, "not sent": {0}}
    wrong = {
        text: (ended, count)
        for text, ended in said.ended.items()
        if (count := reached.count(text)) not in allowed[ended]
    }
    assert wrong == {}
    assert sum(ended == "answered" for ended in said.ended.values()) >= 300

    marks = [item for item in items if isinstance(item, Missed)]
    texts = [item for item in items if not isinstance(item, Missed)]
    assert (len(marks), all(mark.cut for mark in marks)) == (100, True)
    assert len(texts) == len(set(texts))
    untold = [
        text
        for text in set(reached) - set(texts) - {"over"}
        if not any(mark.start <= said.span[text][1] and said.span[text][0] <= mark.end for mark in marks)
    ]
    assert untold == []


async def items_until(feed: EventFeed, last: str) -> list[str | Missed]:
    items: list[str | Missed] = []
    while not items or items[-1] != last:
        items.append(await next_said(feed))
    return items


async def texts_until(heard: EventStream, last: str) -> list[str]:
    texts: list[str] = []
    while not texts or texts[-1] != last:
        texts.append(str((await heard.next(LIMIT_S))["Text"]))
    return texts


async def test_a_flood_of_events_costs_the_slow_listener_alone(pbx: PrivatePbx) -> None:
    seen, many, backlog = Seen(), 5000, 100
    async with connection_to(pbx, seen) as connection, await AmiSession.connect(*pbx.manager) as other:
        await seen.until(State.CONNECTED)
        quick, slow = connection.events("UserEvent"), connection.events("UserEvent", backlog=backlog)
        for begin in range(0, many, 250):
            await asyncio.gather(*(say(other, str(number)) for number in range(begin, begin + 250)))
            await connection.send("Ping")
        await say(other, "last")
        texts = [await next_said(quick) for _ in range(many + 1)]
        assert sorted(texts[:-1], key=lambda text: int(str(text))) == [str(number) for number in range(many)]

        assert [await next_said(slow) for _ in range(backlog)] == texts[:backlog]
        missed = await next_said(slow)
        assert isinstance(missed, Missed)
        assert (missed.cut, missed.dropped) == (False, many + 1 - backlog)
        await say(other, "then")
        assert await next_said(slow) == "then"
        assert connection.status.log_ins == 1
