"""One session with Asterisk's manager interface (AMI).

panoramisk reads the stream and its messages. Its ``Manager`` is left out: it logs in again and
again with a wrong secret, sends unanswered actions a second time after a reconnect (think of
``Originate``), and lets futures wait for ever. Here a session lives once: when the connection is
lost everything that waits on it fails, and whoever wants to go on makes a new session.
"""

from __future__ import annotations

import asyncio
import codecs
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from panoramisk.ami_protocol import AMIProtocol

from pbxctl.errors import OutOfReach, PbxctlError

ACTION_LIMIT_S = 3.0
EVENT_BACKLOG = 10_000

# A header is a text, or a list of texts where it came more than once.
Headers = Mapping[str, str | list[str]]


class PbxUnreachable(OutOfReach):
    """The manager interface cannot be reached, stopped answering, or went away."""


class LoginRefused(OutOfReach):
    """The manager interface does not know this user or secret; trying again would not help."""


class ActionRefused(PbxctlError):
    """The PBX answered ``Error``; the text carries its reason."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the PBX answered: the response's headers, and the events of a list where it gave one."""

    headers: Headers
    events: tuple[Headers, ...] = ()


def as_lines(value: str | list[str] | None) -> list[str]:
    """A header as lines, whether it came never, once or several times (``Output`` of a command)."""
    if value is None:
        return []
    return [line for text in ([value] if isinstance(value, str) else value) for line in text.split("\n")]


def first_line(headers: Headers, name: str) -> str:
    """The header's only or first value, empty where it is missing."""
    return next(iter(as_lines(headers.get(name))), "")


def _headers_of(message: Any) -> Headers:
    # panoramisk adds a header of its own for the body that answers had before Asterisk 14.
    return {name: value for name, value in message.items() if name != "content"}


class AmiSession:
    """A logged-in connection to the manager interface; not to be used again once it is lost."""

    def __init__(self, address: tuple[str, int], wire: _Wire) -> None:
        self.address = address
        self._wire = wire

    @classmethod
    async def connect(
        cls,
        host: str,
        port: int,
        user: str,
        secret: str,
        *,
        events: str = "off",
        limit_s: float = ACTION_LIMIT_S,
    ) -> Self:
        """Connect and log in, both within ``limit_s``.

        ``events`` is the mask of event classes to be sent: ``off``, or such as ``system,call,user``.
        Think before taking ``on``: there is an event for each variable that a call sets.

        Raises:
            PbxUnreachable: nobody listens there, or nobody answers.
            LoginRefused: wrong user or secret.
        """
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(limit_s):
                _, wire = await loop.create_connection(_Wire, host, port)
        except (OSError, TimeoutError) as error:
            raise PbxUnreachable(f"no manager interface at {host}:{port}: {error or 'no answer'}") from error
        session = cls((host, port), wire)
        try:
            await session.send("Login", Username=user, Secret=secret, Events=events, limit_s=limit_s)
        except ActionRefused as error:
            await session.close()
            raise LoginRefused(
                f"the PBX at {host}:{port} refuses the manager user {user!r}: {error}"
            ) from error
        except BaseException:
            await session.close()
            raise
        return session

    @property
    def connected(self) -> bool:
        """Whether the connection still stands, as far as is known."""
        return not self._wire.lost.done()

    async def wait_lost(self) -> None:
        """Return once the connection is gone, whoever ended it."""
        await asyncio.shield(self._wire.lost)

    async def send(
        self, action: str, *, limit_s: float = ACTION_LIMIT_S, **fields: str | int | Sequence[str]
    ) -> Answer:
        """Send one action and give its answer; a list comes whole. Nothing is ever sent twice.

        ``Originate`` with ``Async="true"`` answers once the call was taken or failed.

        Raises:
            ValueError: a value holds a line end or NUL, which would become a header of its own.
            ActionRefused: the PBX answered ``Error``.
            PbxUnreachable: not connected, no answer within ``limit_s``, or lost while waiting; the
                action may or may not have been carried out.
        """
        pending = _Pending(action, fields)
        self._wire.write(pending)
        try:
            async with asyncio.timeout(limit_s):
                await self._wire.wait_for(pending.future)
        except TimeoutError:
            raise PbxUnreachable(f"the PBX did not answer {action} within {limit_s:g} s") from None
        finally:
            self._wire.forget(pending)
        if not pending.future.done():
            raise PbxUnreachable(f"the connection to the PBX was lost before it answered {action}")
        answer = pending.future.result()
        if first_line(answer.headers, "Response") in ("Error", "Fail", "Failure"):
            reasons = as_lines(answer.headers.get("Message")) + as_lines(answer.headers.get("Output"))
            raise ActionRefused(f"{action}: {'; '.join(reasons)}")
        return answer

    async def command(self, command: str, *, limit_s: float = ACTION_LIMIT_S) -> list[str]:
        """The lines a command of Asterisk's command line prints. Raises as :meth:`send`."""
        answer = await self.send("Command", Command=command, limit_s=limit_s)
        return as_lines(answer.headers.get("Output"))

    def events(self, *names: str) -> EventStream:
        """The events of these names (all without any) from this moment on."""
        return EventStream(self._wire, frozenset(name.lower() for name in names))

    async def close(self) -> None:
        """End the connection; what waits on it fails."""
        self._wire.end()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


class EventStream:
    """Events in the order they came; it listens from when it was made, and holds a bounded backlog."""

    def __init__(self, wire: _Wire, names: frozenset[str]) -> None:
        self._wire = wire
        self._names = names
        self._backlog: asyncio.Queue[Headers] = asyncio.Queue(EVENT_BACKLOG)
        self._overflown = False
        wire.listeners.append(self._take)

    def _take(self, headers: Headers) -> None:
        if self._names and first_line(headers, "Event").lower() not in self._names:
            return
        if self._backlog.full():
            self._overflown = True
        else:
            self._backlog.put_nowait(headers)

    async def next(self, limit_s: float) -> Headers:
        """The next event.

        Raises:
            TimeoutError: none came within ``limit_s``.
            PbxUnreachable: the connection is lost, or events were, since nobody fetched them.
        """
        if self._overflown:
            raise PbxUnreachable(f"more than {EVENT_BACKLOG} events waited to be read: some were lost")
        if not self._backlog.empty():
            return self._backlog.get_nowait()
        waiting = asyncio.ensure_future(self._backlog.get())
        try:
            async with asyncio.timeout(limit_s):
                await self._wire.wait_for(waiting)
            if waiting.done():
                return waiting.result()
        finally:
            waiting.cancel()
        raise PbxUnreachable("the connection to the PBX is lost")

    def close(self) -> None:
        """Stop listening."""
        if self._take in self._wire.listeners:
            self._wire.listeners.remove(self._take)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Pending:
    """An action that waits for its answer, with the part of panoramisk's ``Action`` that its protocol uses.

    panoramisk's own guesses from the words of the message whether a list follows, and raises on an
    ``Originate`` without ``Async``.
    """

    _ids = itertools.count(1)

    def __init__(self, action: str, fields: Mapping[str, str | int | Sequence[str]]) -> None:
        self.id = self.action_id = f"pbxctl-{next(self._ids)}"
        self.future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._lines = [f"Action: {action}", f"ActionID: {self.id}"]
        for name, value in fields.items():
            values = [str(value)] if isinstance(value, str | int) else list(value)
            self._lines += [f"{name}: {text}" for text in values]
        if any(sign in line for line in self._lines for sign in "\r\n\0"):
            raise ValueError(f"a value of {action} holds a line end or NUL")
        originate = action.lower() == "originate"
        self._awaits_call = originate and str(fields.get("Async", "")).lower() in ("true", "yes", "1")
        self._messages: list[Headers] = []

    def __bytes__(self) -> bytes:
        return ("\r\n".join(self._lines) + "\r\n\r\n").encode()

    def add_message(self, message: Any) -> bool:
        """Take one message that bears our id; True once the answer is whole."""
        self._messages.append(_headers_of(message))
        if not self._is_whole():
            return False
        if not self.future.done():
            self.future.set_result(Answer(self._messages[0], tuple(self._messages[1:])))
        return True

    def _is_whole(self) -> bool:
        first, last = self._messages[0], self._messages[-1]
        if first_line(first, "Response") != "Success":
            return True
        if self._awaits_call:
            return first_line(last, "Event") == "OriginateResponse"
        if first_line(first, "EventList").lower() != "start":
            return True
        return first_line(last, "EventList").lower() in ("complete", "cancelled")


class _Wire(asyncio.Protocol):
    """The connection: feeds panoramisk's protocol whole characters, and knows when it is lost."""

    def __init__(self) -> None:
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.listeners: list[Callable[[Headers], None]] = []
        self._parser = AMIProtocol()
        # panoramisk decodes each chunk alone and drops what does not fit: a "€" over two packets vanishes.
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._transport: asyncio.BaseTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._parser.connection_made(transport)
        self._parser.encoding = "utf-8"
        self._parser.factory = self
        # Or it would put what waits in line to be sent again when the PBX says that it shuts down.
        self._parser.closed = True

    def data_received(self, data: bytes) -> None:
        if text := self._decoder.decode(data):
            self._parser.data_received(text.encode())

    def dispatch(self, message: Any) -> None:
        """An event that answers no action (panoramisk calls this)."""
        headers = _headers_of(message)
        for listener in tuple(self.listeners):
            listener(headers)

    def connection_lost(self, exc: object) -> None:
        """The connection is gone: whatever waits on it fails now."""
        self.end()

    def write(self, pending: _Pending) -> None:
        if self.lost.done() or not isinstance(self._transport, asyncio.Transport):
            raise PbxUnreachable("not connected to the PBX")
        self._parser.responses[pending.id] = pending
        self._transport.write(bytes(pending))

    async def wait_for(self, future: asyncio.Future[Any]) -> None:
        """Return once ``future`` is done or the connection is lost, whichever is first."""
        await asyncio.wait({future, self.lost}, return_when=asyncio.FIRST_COMPLETED)

    def forget(self, pending: _Pending) -> None:
        self._parser.responses.pop(pending.id, None)

    def end(self) -> None:
        if not self.lost.done():
            self.lost.set_result(None)
        if isinstance(self._transport, asyncio.Transport) and not self._transport.is_closing():
            self._transport.close()
