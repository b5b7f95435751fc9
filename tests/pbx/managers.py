"""What stands between a connection and the PBX in tests: a manager that misbehaves, a way that can be cut."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from pbxctl.pbx.asterisk.course import State, Status

LIMIT_S = 20.0
"""Long for whatever is awaited, on a machine that others use, too."""


class Seen:
    """Each status of a connection; hand :meth:`note` to it."""

    def __init__(self) -> None:
        self.statuses: list[Status] = []
        self._looked_at = 0
        self._news = asyncio.Event()

    def note(self, status: Status) -> None:
        self.statuses.append(status)
        self._news.set()

    @property
    def states(self) -> list[State]:
        return [status.state for status in self.statuses]

    async def until(self, state: State) -> Status:
        """The next status of this state that was not returned before."""
        async with asyncio.timeout(LIMIT_S):
            while True:
                while self._looked_at < len(self.statuses):
                    self._looked_at += 1
                    if (status := self.statuses[self._looked_at - 1]).state is state:
                        return status
                self._news.clear()
                await self._news.wait()


class Proxy:
    """A way to ``target`` through the loopback that can be cut, closed, and narrowed to single bytes.

    Client, proxy and their loop are one thread: what was written is read by the other side before
    the next turn but one, so two turns between bytes keep them apart without waiting.
    """

    def __init__(self, target: tuple[str, int]) -> None:
        self._target = target
        self._server: asyncio.Server | None = None
        self._ways: set[asyncio.StreamWriter] = set()
        self.port = 0
        self.single_bytes = False

    async def open(self) -> None:
        """Let connections through, at the same port as before."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def shut(self) -> None:
        """Cut what goes through, and let nobody in."""
        if self._server is not None:
            self._server.close()
        self.cut()

    def cut(self) -> None:
        """Cut what goes through, wherever it is."""
        for way in self._ways:
            way.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection(*self._target)
        except OSError:
            writer.transport.abort()
            return
        self._ways |= {writer, far_writer}
        try:
            await asyncio.gather(self._pass(reader, far_writer), self._pass(far_reader, writer))
        finally:
            for way in (writer, far_writer):
                way.transport.abort()
                self._ways.discard(way)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                step = 1 if self.single_bytes else len(data)
                for at in range(0, len(data), step):
                    writer.write(data[at : at + step])
                    await writer.drain()
                    for _ in range(2 if self.single_bytes else 0):
                        await asyncio.sleep(0)
        writer.transport.abort()


@asynccontextmanager
async def proxy(target: tuple[str, int]) -> AsyncIterator[Proxy]:
    way = Proxy(target)
    await way.open()
    try:
        yield way
    finally:
        await way.shut()


@dataclass
class Peer:
    """One connection that somebody made to the manager that misbehaves."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    manager: Manager

    async def read_action(self) -> dict[str, str]:
        """The next action; it counts among :attr:`Manager.actions`."""
        lines = (await self.reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
        action = dict(line.split(": ", 1) for line in lines)
        self.manager.actions.append(action)
        return action

    async def say(self, *lines: str) -> None:
        self.writer.write("".join(f"{line}\r\n" for line in (*lines, "")).encode())
        await self.writer.drain()

    async def answer(self, action: dict[str, str], *lines: str, response: str = "Success") -> None:
        await self.say(f"Response: {response}", f"ActionID: {action['ActionID']}", *lines)

    async def let_in(self, *, booted: bool = True) -> None:
        """Answer the log-in with yes, and that the PBX is there."""
        await self.answer(await self.read_action(), "Message: Authentication accepted")
        if booted:
            await self.say("Event: FullyBooted", "Status: Fully Booted")

    async def be_mute(self) -> None:
        """Read and say nothing until the client leaves."""
        with contextlib.suppress(OSError):
            await self.reader.read()

    async def go_on(self) -> None:
        """Answer everything."""
        while True:
            await self.answer(await self.read_action())


Behaviour = Callable[[Peer], Awaitable[None]]


@dataclass
class Manager:
    """A manager interface that does with the n-th connection what the n-th behaviour says, or the last."""

    behaviours: list[Behaviour]
    port: int = 0
    connections: int = 0
    actions: list[dict[str, str]] = field(default_factory=list)

    def sent(self, name: str) -> int:
        """How often this action came, over all connections."""
        return sum(action["Action"] == name for action in self.actions)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        behave = self.behaviours[min(self.connections, len(self.behaviours) - 1)]
        self.connections += 1
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            writer.write(b"Asterisk Call Manager/9.0.0\r\n")
            await behave(Peer(reader, writer, self))
        writer.close()


@asynccontextmanager
async def manager(*behaviours: Behaviour) -> AsyncIterator[Manager]:
    made = Manager(list(behaviours))
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    async with server:
        made.port = server.sockets[0].getsockname()[1]
        yield made
