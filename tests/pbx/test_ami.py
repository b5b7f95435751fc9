"""The manager interface: what panoramisk leaves open is closed here. On the real PBX, where it will show."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from pbxctl.errors import OutOfReach
from pbxctl.pbx.asterisk.ami import (
    ActionRefused,
    AmiSession,
    LoginRefused,
    NotConnected,
    PbxUnreachable,
    as_lines,
    is_local,
)
from pbxctl.rehearse.packages import AsteriskInstall
from pbxctl.rehearse.private_pbx import PrivatePbx

Behaviour = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture
async def ami(shared_pbx: PrivatePbx) -> AsyncIterator[AmiSession]:
    async with await AmiSession.connect(*shared_pbx.manager, events="user,system") as session:
        yield session


async def test_a_list_comes_whole(ami: AmiSession) -> None:
    await ami.send("DBPut", Family="lists", Key="a", Val="one")
    answer = await ami.send("DBGet", Family="lists", Key="a")
    assert [event.get("Val") for event in answer.events] == ["one", None]


async def test_an_empty_list_comes_whole(ami: AmiSession) -> None:
    answer = await ami.send("CoreShowChannels")
    assert [event["Event"] for event in answer.events] == ["CoreShowChannelsComplete"]


@pytest.mark.parametrize("value", ["café €", "ü" * 100, 'quote " and ; and ${EPOCH}', "a: b"])
async def test_a_value_comes_back_as_it_was(ami: AmiSession, value: str) -> None:
    await ami.send("DBPut", Family="values", Key="a", Val=value)
    assert (await ami.send("DBGet", Family="values", Key="a")).events[0]["Val"] == value


async def test_a_command_gives_its_lines_be_they_one_or_many(ami: AmiSession) -> None:
    assert len(await ami.command("core show version")) == 1
    assert len(await ami.command("core show applications")) > 100


async def test_a_command_that_does_not_exist_is_refused_with_what_the_pbx_says(ami: AmiSession) -> None:
    with pytest.raises(ActionRefused, match="No such command"):
        await ami.command("no such thing")


async def test_an_action_that_fails_says_why(ami: AmiSession) -> None:
    with pytest.raises(ActionRefused, match="DBGet: Database entry not found"):
        await ami.send("DBGet", Family="nowhere", Key="nothing")


async def test_originate_answers_whether_or_not_it_waits_for_the_call(shared_pbx: PrivatePbx) -> None:
    call = {"Channel": "Local/106@from-trunk", "Application": "Wait", "Data": "0.1"}
    async with await AmiSession.connect(*shared_pbx.manager, events="call") as ami:
        assert (await ami.send("Originate", limit_s=3, **call)).headers["Response"] == "Success"
        with ami.events("OriginateResponse") as events:
            answer = await ami.send("Originate", limit_s=3, Async="true", **call)
            told = await events.next(3)
            assert (told["ActionID"], told["Response"]) == (answer.headers["ActionID"], "Success")


async def test_events_are_those_asked_for_and_from_then_on(ami: AmiSession) -> None:
    await ami.send("UserEvent", UserEvent="Before")
    with ami.events("UserEvent") as events:
        for text in ("one", "two"):
            await ami.send("UserEvent", UserEvent="Said", Text=text)
        assert [(await events.next(2))["Text"] for _ in range(2)] == ["one", "two"]
        with pytest.raises(TimeoutError):
            await events.next(0.05)


@pytest.mark.parametrize("value", ["a\r\nAction: Originate", "a\nb", "a\rb", "a\0b"])
async def test_a_line_end_never_becomes_a_header(ami: AmiSession, value: str) -> None:
    with pytest.raises(ValueError, match="line end or NUL"):
        await ami.send("DBPut", Family="a", Key="b", Val=value)
    with pytest.raises(ValueError, match="line end or NUL"):
        await ami.send("Originate", Variable=["a=b", value])
    with pytest.raises(ValueError, match="line end or NUL"):
        await ami.send(value)


async def test_a_wrong_secret_is_one_error_and_one_log_in(shared_pbx: PrivatePbx) -> None:
    host, port, user, _ = shared_pbx.manager
    before = _refusals(shared_pbx)
    with pytest.raises(LoginRefused, match="refuses the manager user 'pbxctl'"):
        await AmiSession.connect(host, port, user, "wrong")
    assert _refusals(shared_pbx) == before + 1


def _refusals(pbx: PrivatePbx) -> int:
    return pbx.log_path.read_text(errors="replace").count("failed to authenticate as 'pbxctl'")


async def test_nobody_listening_is_out_of_reach() -> None:
    async with _server(_hang_up) as port:
        pass
    with pytest.raises(PbxUnreachable, match="no manager interface") as caught:
        await AmiSession.connect("127.0.0.1", port, "u", "s")
    assert isinstance(caught.value, OutOfReach)


async def test_a_pbx_that_is_killed_fails_what_waits_and_what_comes_later(
    asterisk_install: AsteriskInstall,
) -> None:
    async with PrivatePbx(asterisk_install, {}) as pbx:
        session = await AmiSession.connect(*pbx.manager)
        with session.events("Never") as events:
            waits = [
                asyncio.create_task(session.send("WaitEvent", Timeout="-1", limit_s=30)),
                asyncio.create_task(events.next(30)),
            ]
            await asyncio.sleep(0)  # The action is on the wire.
            await pbx.kill()
            async with asyncio.timeout(2):
                await session.wait_lost()
                for wait in waits:
                    with pytest.raises(PbxUnreachable, match="lost"):
                        await wait
        assert not session.connected
        with pytest.raises(NotConnected, match="not connected"):
            await session.send("Ping")


async def test_a_pbx_that_stops_answering_costs_the_limit_and_no_more() -> None:
    async with _server(_log_in_then(_say_nothing)) as port:
        session = await AmiSession.connect("127.0.0.1", port, "u", "s")
        began = asyncio.get_running_loop().time()
        with pytest.raises(PbxUnreachable, match=r"did not answer Ping within 0\.2 s"):
            await session.send("Ping", limit_s=0.2)
        assert asyncio.get_running_loop().time() - began < 1
        await session.close()


async def test_what_a_pbx_does_not_read_keeps_no_connection_open() -> None:
    """It stands still while more is written to it than the kernel holds, and goes on after we left."""
    left, size = asyncio.Event(), 30_000_000
    read = asyncio.get_running_loop().create_future()

    async def read_late(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await left.wait()
        count = 0
        with contextlib.suppress(OSError):
            while data := await reader.read(1_000_000):
                count += len(data)
        read.set_result(count)

    async with _server(_log_in_then(read_late)) as port:
        session = await AmiSession.connect("127.0.0.1", port, "u", "s")
        with pytest.raises(PbxUnreachable, match="did not answer"):
            await session.send("DBPut", Val="x" * size, limit_s=0.1)
        await session.close()
        left.set()
        assert await read < size


async def test_one_that_never_answers_the_log_in_is_given_up() -> None:
    async with _server(_say_nothing) as port:
        with pytest.raises(PbxUnreachable, match="did not answer Login"):
            await AmiSession.connect("127.0.0.1", port, "u", "s", limit_s=0.2)


async def test_a_list_that_is_cut_off_fails() -> None:
    async def half_a_list(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        action = await _read_action(reader)
        writer.write(_message(f"Response: Success\r\nActionID: {action['ActionID']}\r\nEventList: start"))
        writer.write(_message(f"Event: Item\r\nActionID: {action['ActionID']}"))
        await writer.drain()

    async with _server(_log_in_then(half_a_list)) as port:
        session = await AmiSession.connect("127.0.0.1", port, "u", "s")
        with pytest.raises(PbxUnreachable, match="lost before it answered"):
            await session.send("List")


@pytest.mark.parametrize("cut", [1, 2])
async def test_a_character_split_over_two_packets_is_whole(cut: int) -> None:
    async def split(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        action = await _read_action(reader)
        answer = _message(f"Response: Success\r\nActionID: {action['ActionID']}\r\nOutput: 5 € net")
        at = answer.index("€".encode()) + cut
        for part in (answer[:at], answer[at:]):
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(0.05)  # Or the kernel joins the two.
        await _say_nothing(reader, writer)

    async with _server(_log_in_then(split)) as port:
        session = await AmiSession.connect("127.0.0.1", port, "u", "s")
        assert await session.command("price") == ["5 € net"]
        await session.close()


async def test_bytes_that_are_no_text_are_shown_and_not_lost() -> None:
    async def latin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        action = await _read_action(reader)
        writer.write(f"Response: Success\r\nActionID: {action['ActionID']}\r\n".encode())
        writer.write(b"Output: Caf\xe9 Noir\r\n\r\n\r\n")
        await _say_nothing(reader, writer)

    async with _server(_log_in_then(latin)) as port:
        session = await AmiSession.connect("127.0.0.1", port, "u", "s")
        assert await session.command("name") == ["Caf� Noir"]
        await session.close()


async def test_nothing_is_sent_twice_and_nobody_connects_again() -> None:
    seen: list[str] = []
    connections = 0

    async def count(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        seen.append((await _read_action(reader))["Action"])
        writer.write(_message("Event: Shutdown\r\nShutdown: Cleanly"))

    async with _server(_log_in_then(count)) as port:
        session = await AmiSession.connect("127.0.0.1", port, "u", "s")
        with pytest.raises(PbxUnreachable):
            await session.send("Originate", Channel="Local/1@x")
        await asyncio.sleep(0.1)
        assert (seen, connections) == (["Originate"], 1)


def test_a_header_is_lines_however_often_it_came() -> None:
    assert as_lines(None) == []
    assert as_lines("a") == ["a"]
    assert as_lines(["a", "b\nc"]) == ["a", "b", "c"]


# A server for what a real PBX will not show on demand.


@asynccontextmanager
async def _server(behaviour: Behaviour) -> AsyncIterator[int]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"Asterisk Call Manager/9.0.0\r\n")
        try:
            await behaviour(reader, writer)
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


def _log_in_then(behaviour: Behaviour) -> Behaviour:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        action = await _read_action(reader)
        writer.write(_message(f"Response: Success\r\nActionID: {action['ActionID']}"))
        await behaviour(reader, writer)

    return serve


async def _read_action(reader: asyncio.StreamReader) -> dict[str, str]:
    lines = (await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
    return dict(line.split(": ", 1) for line in lines)


def _message(headers: str) -> bytes:
    return headers.encode() + b"\r\n\r\n"


async def _say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()  # Until the client leaves.


async def _hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Leave at once."""


@pytest.mark.parametrize(
    ("host", "local"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("192.0.2.1", False), ("pbx.example", False)],
)
def test_which_hosts_are_this_machine(host: str, local: bool) -> None:
    assert is_local(host) is local
