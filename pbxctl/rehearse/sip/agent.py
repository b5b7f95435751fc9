"""The user agent: one UDP socket, any number of calls (RFC 3261)."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from types import TracebackType
from typing import Any, Self, cast

from pbxctl.rehearse.sip.call import Call
from pbxctl.rehearse.sip.incoming import IncomingCall
from pbxctl.rehearse.sip.message import MalformedSip, SipMessage, Value, format_message, parse_message
from pbxctl.rehearse.sip.outgoing import OutgoingCall
from pbxctl.rehearse.sip.rtp import RtpStream
from pbxctl.rehearse.sip.transaction import Repetition, respond

log = logging.getLogger(__name__)

Handler = Callable[[IncomingCall], Awaitable[None]]

# How long a call that is over still answers what was sent twice.
LINGER_S = 5.0
CLOSE_LIMIT_S = 10.0


class SipAgent(asyncio.DatagramProtocol):
    """A telephone, or a provider's whole trunk, at one address; use it as an async context manager."""

    def __init__(self) -> None:
        self._transport: asyncio.DatagramTransport | None = None
        self._calls: dict[str, Call] = {}
        self._handler: Handler | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._lingering: set[asyncio.TimerHandle] = set()
        self._errors: list[Exception] = []
        self.received: list[SipMessage] | None = None

    @classmethod
    async def open(cls, ip: str, port: int = 0) -> Self:
        """Listen on ``ip``, on a free port unless one is given.

        Raises:
            OSError: the port is taken.
        """
        loop = asyncio.get_running_loop()
        _, agent = await loop.create_datagram_endpoint(cls, local_addr=(ip, port))
        return agent

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens."""
        if self._transport is None:
            raise RuntimeError("the agent is closed")
        ip, port = self._transport.get_extra_info("sockname")
        return (str(ip), int(port))

    async def call(
        self,
        to_user: Value,
        pbx: tuple[str, int],
        *,
        from_user: Value,
        display_name: Value = "",
        from_uri: Value = "",
        to: Value = "",
        headers: Mapping[str, Value] | None = None,
    ) -> OutgoingCall:
        """Place a call; returns once its INVITE is sent. Values of ``bytes`` are sent unchecked.

        ``from_uri`` stands in place of ``from_user`` at our address: ``sip:anonymous@anonymous.invalid``;
        ``to`` is the whole of To, where that is not the number called.

        Raises:
            ValueError: a text holds a line end.
        """
        stream = await RtpStream.open(self.address[0])
        try:
            call = OutgoingCall(
                self,
                pbx,
                stream,
                to_user=to_user,
                from_user=from_user,
                display_name=display_name,
                from_uri=from_uri,
                to=to,
                headers=headers,
            )
        except ValueError:
            stream.close()
            raise
        self._calls[call.call_id] = call
        call.invite()
        return call

    def on_invite(self, handler: Handler) -> None:
        """Have ``handler`` take every call that comes in; without one they are refused (480).

        The handler is cancelled when the caller gives up before the answer. An error in it is
        raised by :meth:`close`.
        """
        self._handler = handler

    async def close(self) -> None:
        """End every call and close the socket.

        Raises:
            ExceptionGroup: the errors of handlers.
        """
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        going_on = [call for call in self._calls.values() if not call.is_over]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_LIMIT_S):
                await asyncio.gather(*(call.hang_up() for call in going_on), return_exceptions=True)
        for call in self._calls.values():
            call.stream.close()
        for handle in self._lingering:
            handle.cancel()
        self._calls.clear()
        if self._transport is not None:
            self._transport.close()
            self._transport = None
        if self._errors:
            errors, self._errors = self._errors, []
            raise ExceptionGroup("handlers of incoming calls failed", errors)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    # What a call needs of its agent (:class:`pbxctl.rehearse.sip.call.Wire`).

    def send(self, message: SipMessage, to: tuple[str, int]) -> bytes:
        datagram = format_message(message)
        self._send_datagram(datagram, to)
        return datagram

    def repeat(self, datagram: bytes, to: tuple[str, int], given_up: Callable[[], None]) -> Repetition:
        return Repetition(lambda: self._send_datagram(datagram, to), given_up)

    def forget(self, call: Call) -> None:
        def now() -> None:
            self._calls.pop(call.call_id, None)
            self._lingering.discard(handle)

        handle = asyncio.get_running_loop().call_later(LINGER_S, now)
        self._lingering.add(handle)

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def error_received(self, exc: Exception) -> None:
        """Nobody listens at the other end: what we sent is repeated, and given up in time."""

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        source = (str(addr[0]), addr[1])
        if not data.strip():
            return  # A keep-alive (RFC 5626).
        try:
            message = parse_message(data)
        except MalformedSip as error:
            log.warning("from %s:%s: %s", *source, error)
            return
        if self.received is not None:
            self.received.append(message)
        call = self._calls.get(message.call_id)
        if not message.method:
            if call is not None:
                call.on_response(message)
        elif call is not None:
            call.on_request(message, source)
        elif message.method == "INVITE":
            self._start(self._take_call(message, source))
        elif message.method != "ACK":
            self.send(respond(message, 200 if message.method == "OPTIONS" else 481, "none"), source)

    def _send_datagram(self, datagram: bytes, to: tuple[str, int]) -> None:
        if self._transport is not None:
            self._transport.sendto(datagram, to)

    def _start(self, work: Awaitable[None]) -> asyncio.Task[None]:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _take_call(self, invite: SipMessage, source: tuple[str, int]) -> None:
        stream = await RtpStream.open(self.address[0])
        if invite.call_id in self._calls:  # It was sent again while we opened the stream.
            stream.close()
            return
        call = IncomingCall(self, source, stream, invite)
        self._calls[call.call_id] = call
        self.send(respond(invite, 100, ""), source)
        call.task = self._start(self._handle(call))

    async def _handle(self, call: IncomingCall) -> None:
        try:
            if self._handler is not None:
                await self._handler(call)
        except Exception as error:
            log.exception("the handler of a call to %s failed", call.to_user)
            self._errors.append(error)
            call.fail(500)
        finally:
            call.fail(480)
