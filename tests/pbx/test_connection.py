"""The lasting connection on a real Asterisk: what it sends, how it gets in, and how it ends."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pbxctl.pbx.asterisk.ami import NotConnected, PbxUnreachable
from pbxctl.pbx.asterisk.connection import AmiConnection
from pbxctl.pbx.asterisk.course import BackOff, State, Timing
from pbxctl.pbx.asterisk.feed import Missed
from pbxctl.rehearse.private_pbx import PrivatePbx
from tests.pbx.connections import QUICK, connection_to, cuttable, next_said, say
from tests.pbx.managers import LIMIT_S, Seen, proxy

RIGHTS = "command,system,config,reporting"


async def test_it_connects_tells_so_and_sends(pbx: PrivatePbx) -> None:
    seen, began = Seen(), datetime.now(UTC)
    async with connection_to(pbx, seen) as connection:
        await connection.wait_connected(LIMIT_S)
        status = connection.status
        assert (status.state, status.last_error, status.log_ins) == (State.CONNECTED, "", 1)
        assert began <= status.since <= datetime.now(UTC)
        assert (await connection.send("Ping")).headers["Ping"] == "Pong"
        assert len(await connection.command("core show version")) == 1
    assert seen.states == [State.CONNECTING, State.CONNECTED, State.DISCONNECTED]


async def test_while_there_is_no_connection_an_action_fails_at_once_with_why(pbx: PrivatePbx) -> None:
    seen = Seen()
    async with cuttable(pbx, seen) as (connection, way):
        await way.shut()
        lost = await seen.until(State.DISCONNECTED)
        assert lost.last_error == "the connection to the PBX was lost"
        loop = asyncio.get_running_loop()
        began = loop.time()
        with pytest.raises(
            NotConnected, match=rf"^not connected to the PBX at 127\.0\.0\.1:{way.port} \("
        ) as e:
            await connection.send("Ping")
        assert loop.time() - began < 0.1
        assert "since 20" in str(e.value)
        assert isinstance(e.value, PbxUnreachable)
        await way.open()
        await seen.until(State.CONNECTED)
        await connection.send("Ping")


async def test_it_is_connected_only_when_the_pbx_is_fully_booted(pbx: PrivatePbx) -> None:
    """Asterisk lets managers in long before its modules are loaded."""
    seen = Seen()
    async with connection_to(pbx, seen) as connection:
        await seen.until(State.CONNECTED)
        with connection.events() as feed:
            await pbx.stop()
            await seen.until(State.DISCONNECTED)
            start = asyncio.create_task(pbx.restart())
            await seen.until(State.CONNECTED)
            names = list[object]()
            while not names or names[-1] != "FullyBooted":
                item = await feed.next(LIMIT_S)
                names.append("missed" if isinstance(item, Missed) else item["Event"])
            assert "missed" in names
            assert (await connection.send("CoreStatus")).headers["CoreStartupTime"]
            await start
    assert State.REFUSED not in seen.states  # "Asterisk is shutting down" is no wrong secret.


async def test_text_that_comes_in_single_bytes_is_whole(pbx: PrivatePbx) -> None:
    seen = Seen()
    async with cuttable(pbx, seen) as (connection, way):
        way.single_bytes = True
        value = "5 € für Café, 日本 😀"
        with connection.events("UserEvent") as feed:
            await connection.send("DBPut", Family="narrow", Key="a", Val=value)
            answer = await connection.send("DBGet", Family="narrow", Key="a")
            assert answer.events[0]["Val"] == value
            await say(connection, value)
            assert await next_said(feed) == value


@pytest.mark.parametrize("value", ["a\r\nAction: Originate", "a\nb", "a\rb", "a\0b"])
async def test_a_line_end_in_a_value_is_refused_and_nothing_is_sent(pbx: PrivatePbx, value: str) -> None:
    seen = Seen()
    async with connection_to(pbx, seen) as connection:
        await seen.until(State.CONNECTED)
        with connection.events("UserEvent") as feed:
            with pytest.raises(ValueError, match="line end or NUL"):
                await say(connection, value)
            await say(connection, "good")
            assert await next_said(feed) == "good"
        assert connection.status.log_ins == 1


async def test_a_wrong_secret_is_said_once_tried_once_and_a_new_one_is_picked_up(
    pbx: PrivatePbx, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The administrator gives the manager user another secret, and only later writes it into our file."""
    seen, file = Seen(), tmp_path / "ami.secret"
    _, _, user, known = pbx.manager
    file.write_text(known)
    configuration = pbx.folder / "etc" / "manager.conf"
    good = configuration.read_text()
    host, port, _, _ = pbx.manager
    timing = Timing(ping_every_s=0.1, secret_every_s=0.02, back_off=BackOff(first_s=0.01, cap_s=0.05))
    caplog.set_level(logging.WARNING, "pbxctl")
    async with (
        proxy((host, port)) as way,
        connection_to(pbx, seen, port=way.port, timing=timing, secret=file.read_text) as connection,
    ):
        await seen.until(State.CONNECTED)
        try:
            configuration.write_text(good.replace(known, "another"))
            await pbx.run_cli("manager reload")
            refusals = _refusals(pbx)
            way.cut()
            refused = await seen.until(State.REFUSED)
            assert refused.last_error == (
                f"the PBX at {host}:{way.port} refuses the manager user {user!r}: "
                "Login: Authentication failed"
            )
            assert known not in refused.last_error
            with pytest.raises(NotConnected, match=r"\(refused since .*Authentication failed"):
                await connection.send("Ping")

            file.write_text("another")
            await seen.until(State.CONNECTED)

            assert _refusals(pbx) == refusals + 1
            assert connection.status.log_ins == 3
            said = [record.getMessage() for record in caplog.records]
            assert said.count(refused.last_error) == 1
        finally:
            configuration.write_text(good)
            await pbx.run_cli("manager reload")


def _refusals(pbx: PrivatePbx) -> int:
    return pbx.log_path.read_text(errors="replace").count("failed to authenticate as 'pbxctl'")


async def test_after_close_there_is_nothing_left_and_nobody_logs_in(pbx: PrivatePbx) -> None:
    host, port, user, secret = pbx.manager
    seen, before = Seen(), asyncio.all_tasks()
    async with proxy((host, port)) as way:
        connection = AmiConnection(host, way.port, user, lambda: secret, timing=QUICK, on_change=seen.note)
        async with connection:
            await seen.until(State.CONNECTED)
            feed = connection.events()
            waiting = asyncio.create_task(connection.send("WaitEvent", Timeout="-1", limit_s=60))
            listening = asyncio.create_task(connection.wait_connected(LIMIT_S))
            await asyncio.sleep(0)
        with pytest.raises(PbxUnreachable, match="lost before it answered"):
            await waiting
        await listening
        with pytest.raises(NotConnected, match=r"^the connection to the PBX is closed$"):
            await connection.send("Ping")
        with pytest.raises(NotConnected, match="closed"):
            await connection.wait_connected(LIMIT_S)
        for closed in (feed, connection.events()):
            with pytest.raises(PbxUnreachable, match="closed here"):
                await closed.next(LIMIT_S)
        await connection.close()
    async with asyncio.timeout(LIMIT_S):
        while left := asyncio.all_tasks() - before:
            await asyncio.wait(left)
    assert (connection.status.log_ins, seen.states[-1]) == (1, State.DISCONNECTED)


@pytest.mark.parametrize(
    ("read", "state"), [("system", "connected"), ("", "disconnected"), ("user", "disconnected")]
)
async def test_the_least_rights_do_and_what_is_lacking_for_it_is_named(
    pbx: PrivatePbx, read: str, state: str
) -> None:
    configuration = pbx.folder / "etc" / "manager.conf"
    good = configuration.read_text()
    configuration.write_text(f"{good}\n[least]\nsecret=x\nread={read}\nwrite={RIGHTS}\n")
    await pbx.run_cli("manager reload")
    host, port, _, _ = pbx.manager
    seen = Seen()
    timing = Timing(boot_limit_s=0.5)
    try:
        async with AmiConnection(host, port, "least", lambda: "x", timing=timing, on_change=seen.note):
            status = await seen.until(State(state))
        lacking = "lacks read = system" in status.last_error
        assert lacking is (state == "disconnected")
    finally:
        configuration.write_text(good)
        await pbx.run_cli("manager reload")
