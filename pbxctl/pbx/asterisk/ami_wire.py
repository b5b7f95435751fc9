"""The manager interface's connection: framing and messages by panoramisk, fed and read with care."""

from __future__ import annotations

import asyncio
import codecs
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from panoramisk.ami_protocol import AMIProtocol

from pbxctl.errors import OutOfReach

# A header is a text, or a list of texts where it came more than once.
Headers = Mapping[str, str | list[str]]


class PbxUnreachable(OutOfReach):
    """The manager interface cannot be reached, stopped answering, or went away."""


class NotConnected(PbxUnreachable):
    """The action was not sent, since there is no connection at the moment."""


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


def headers_of(message: Any) -> Headers:
    # Its own ``items()`` looks each name up again, which takes as long as reading the message did.
    headers: dict[str, str | list[str]] = dict(message._store.values())  # noqa: SLF001
    # panoramisk adds a header of its own for the body that answers had before Asterisk 14.
    headers.pop("content", None)
    return headers


class Pending:
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
        self._messages: list[Headers] = []

    def __bytes__(self) -> bytes:
        return ("\r\n".join(self._lines) + "\r\n\r\n").encode()

    def add_message(self, message: Any) -> bool:
        """Take one message that bears our id; True once the answer is whole."""
        self._messages.append(headers_of(message))
        if not self._is_whole():
            return False
        if not self.future.done():
            self.future.set_result(Answer(self._messages[0], tuple(self._messages[1:])))
        return True

    def _is_whole(self) -> bool:
        first, last = self._messages[0], self._messages[-1]
        if first_line(first, "Response") != "Success" or first_line(first, "EventList").lower() != "start":
            return True
        return first_line(last, "EventList").lower() in ("complete", "cancelled")


class Wire(asyncio.Protocol):
    """The connection: feeds panoramisk's protocol whole characters, and knows when it is lost."""

    def __init__(self) -> None:
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.closed = asyncio.Event()
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
        headers = headers_of(message)
        for listener in tuple(self.listeners):
            listener(headers)

    def connection_lost(self, exc: object) -> None:
        """The connection is gone: whatever waits on it fails now."""
        self.end()
        self.closed.set()

    def write(self, pending: Pending) -> None:
        if self.lost.done() or not isinstance(self._transport, asyncio.Transport):
            raise NotConnected("not connected to the PBX: the connection was lost")
        self._parser.responses[pending.id] = pending
        self._transport.write(bytes(pending))

    async def wait_for(self, future: asyncio.Future[Any]) -> None:
        """Return once ``future`` is done or the connection is lost, whichever is first."""
        await asyncio.wait({future, self.lost}, return_when=asyncio.FIRST_COMPLETED)

    def forget(self, pending: Pending) -> None:
        self._parser.responses.pop(pending.id, None)

    def end(self) -> None:
        if not self.lost.done():
            self.lost.set_result(None)
        if isinstance(self._transport, asyncio.Transport) and not self._transport.is_closing():
            self._transport.close()

    def abort(self) -> None:
        """Close at once, whatever is still to be sent."""
        if isinstance(self._transport, asyncio.Transport):
            self._transport.abort()
