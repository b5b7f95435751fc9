"""One call, seen from our side: its SIP dialog (RFC 3261, section 12) and its audio."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from pbxctl.rehearse.sip.message import SipMessage, Value, format_sdp, name_address, parse_sdp, uri_of
from pbxctl.rehearse.sip.rtp import RATE_HZ, RtpStream, Samples
from pbxctl.rehearse.sip.transaction import GIVE_UP_S, REASONS, Repetition, new_branch, respond


class NotAnswered(Exception):
    """The call ended before anybody answered; ``result`` says how."""

    def __init__(self, result: CallResult) -> None:
        super().__init__(f"not answered: {result.code} {result.reason}")
        self.result = result


@dataclass(frozen=True, slots=True)
class CallResult:
    """How a call went. Times are in seconds since its INVITE.

    ``code`` is the final response (200, 486, …), or None where nobody responded at all.
    ``recording`` begins with the first packet heard, at ``first_packet_s``; what was heard before
    the answer (early media) are its first ``early_s`` seconds. ``contact`` is where a 3xx points.
    ``cause`` is the other side's Reason header (RFC 3326), such as ``Q.850;cause=16``.
    """

    code: int | None
    reason: str
    provisional: tuple[int, ...]
    ended_by: Literal["us", "them"]
    answered_s: float | None
    first_packet_s: float | None
    ended_s: float
    recording: Samples
    early_s: float
    packets: int
    digits: str
    contact: str
    cause: str

    @property
    def heard_after_answer(self) -> Samples:
        """The recording without the early media."""
        return self.recording[round(self.early_s * RATE_HZ) :]


class Wire(Protocol):
    """What a call needs of its agent."""

    @property
    def address(self) -> tuple[str, int]:
        """Our own address and port."""

    def send(self, message: SipMessage, to: tuple[str, int]) -> bytes:
        """Send once; gives the datagram, to be sent again."""

    def repeat(self, datagram: bytes, to: tuple[str, int], given_up: Callable[[], None]) -> Repetition:
        """Send again and again until it is stopped or too late."""

    def forget(self, call: Call) -> None:
        """The call is over."""


class Call:
    """What outgoing and incoming calls share once there is a dialog."""

    def __init__(self, wire: Wire, peer: tuple[str, int], call_id: str, stream: RtpStream) -> None:
        self.call_id = call_id
        self.stream = stream
        self._wire, self._peer = wire, peer
        self._loop = asyncio.get_running_loop()
        self._began = self._loop.time()
        self._tag = secrets.token_hex(4)
        self._local: Value = ""  # From or To as we write ourselves, with our tag
        self._remote: Value = ""
        self._target: Value = ""
        self._routes: list[str] = []
        self._cseq = secrets.randbelow(1000) + 1
        self._session = secrets.randbits(31)
        self._repetition: Repetition | None = None
        self._answered_at: float | None = None
        self._provisional: list[int] = []
        self._code: int | None = None
        self._reason = self._contact = self._cause = ""
        self._hung_up = False
        self._answer = asyncio.Event()
        self._result: asyncio.Future[CallResult] = self._loop.create_future()

    @property
    def recording(self) -> Samples:
        """What was heard until now."""
        return self.stream.recording.samples()

    @property
    def provisional(self) -> tuple[int, ...]:
        """The provisional codes until now: 180 when it rings."""
        return tuple(self._provisional)

    @property
    def is_answered(self) -> bool:
        return self._answered_at is not None

    @property
    def is_over(self) -> bool:
        return self._result.done()

    async def answered(self, limit_s: float) -> None:
        """Return once the call is answered.

        Raises:
            NotAnswered: it ended first.
            TimeoutError: neither within ``limit_s``.
        """
        async with asyncio.timeout(limit_s):
            await self._answer.wait()
        if not self.is_answered:
            raise NotAnswered(self._result.result())

    def play(self, samples: Samples) -> None:
        """Say these samples (16-bit, 8 kHz), after what is being said already."""
        self.stream.play(samples)

    async def send_digits(self, digits: str, limit_s: float = 10.0) -> None:
        """Key digits in; returns when they and everything said before are on the wire."""
        self.stream.key(digits)
        await self.said(limit_s)

    async def said(self, limit_s: float) -> None:
        """Return once all that was given to :meth:`play` is on the wire."""
        async with asyncio.timeout(limit_s):
            await self.stream.all_sent()

    async def heard(self, seconds: float, limit_s: float) -> None:
        """Return once the recording is ``seconds`` long."""
        async with asyncio.timeout(limit_s):
            await self.stream.heard_at_least(seconds)

    async def heard_digits(self, count: int, limit_s: float) -> str:
        """Return the digits once the other side has keyed in ``count`` of them."""
        async with asyncio.timeout(limit_s):
            return await self.stream.heard_digits(count)

    async def ended(self, limit_s: float) -> CallResult:
        """Return how it went, once it is over.

        Raises:
            TimeoutError: it still goes on after ``limit_s``.
        """
        async with asyncio.timeout(limit_s):
            return await asyncio.shield(self._result)

    async def hang_up(self) -> CallResult:
        """End the call, whatever it is doing, and return how it went."""
        self._hung_up = True
        if not self.is_over:
            self._end_it()
        return await self.ended(GIVE_UP_S + 1)

    def _end_it(self) -> None:
        self._bye()

    def _bye(self) -> None:
        datagram = self._wire.send(self._request("BYE"), self._peer)
        self._repeat(datagram, lambda: self._finish("us"))

    def on_request(self, message: SipMessage, source: tuple[str, int]) -> None:
        """A request within this dialog."""
        method = message.method
        if method == "ACK":
            self._stop_repeating()
        elif method == "BYE":
            self._wire.send(self._response(message, 200), source)
            self._cause = message.first("Reason")
            self._finish("them")
        elif method == "INVITE":
            self._take_media(message.body)
            self._wire.send(self._response(message, 200, sdp=True), source)
        elif method in ("UPDATE", "INFO", "OPTIONS", "NOTIFY", "MESSAGE"):
            offers = method == "UPDATE" and self._take_media(message.body)
            self._wire.send(self._response(message, 200, sdp=offers), source)
        else:
            self._wire.send(self._response(message, 501), source)

    def on_response(self, message: SipMessage) -> None:
        """A response to a request of ours within this dialog."""
        if message.cseq[1] == "BYE" and message.code >= 200:
            self._finish("us")

    def _take_media(self, body: bytes) -> bool:
        media = parse_sdp(body) if body else None
        if media is not None and media.port:
            self.stream.start((media.ip, media.port), media.events)
        return media is not None

    def _mark_answered(self) -> None:
        if self._answered_at is None:
            self._code, self._reason = 200, REASONS[200]
            self._answered_at = self._loop.time()
            self._answer.set()

    def _request(self, method: str) -> SipMessage:
        self._cseq += 1
        headers: list[tuple[str, Value]] = [
            ("Via", self._via()),
            ("Max-Forwards", "70"),
            *(("Route", route) for route in self._routes),
            ("From", self._local),
            ("To", self._remote),
            ("Call-ID", self.call_id),
            ("CSeq", f"{self._cseq} {method}"),
        ]
        return SipMessage(method=method, uri=self._target, headers=headers)

    def _response(self, request: SipMessage, code: int, *, sdp: bool = False) -> SipMessage:
        response = respond(request, code, self._tag)
        response.headers.append(("Contact", self._contact_header()))
        if sdp:
            response.headers.append(("Content-Type", "application/sdp"))
            response.body = self._sdp()
        return response

    def _sdp(self) -> bytes:
        return format_sdp(self._wire.address[0], self.stream.port, session=self._session)

    def _via(self, branch: str = "") -> str:
        ip, port = self._wire.address
        return f"SIP/2.0/UDP {ip}:{port};branch={branch or new_branch()};rport"

    def _contact_header(self) -> bytes:
        ip, port = self._wire.address
        return name_address("", f"sip:{ip}:{port}")

    def _repeat(self, datagram: bytes, given_up: Callable[[], None]) -> None:
        self._stop_repeating()
        self._repetition = self._wire.repeat(datagram, self._peer, given_up)

    def _stop_repeating(self) -> None:
        if self._repetition is not None:
            self._repetition.stop()
            self._repetition = None

    def _finish(self, ended_by: Literal["us", "them"]) -> None:
        if self.is_over:
            return
        self._stop_repeating()
        self.stream.take_waiting()
        recording = self.stream.recording
        first, answered = recording.first_packet_at, self._answered_at
        # What came before the answer; all of it where there never was one.
        early = recording.length / RATE_HZ
        if first is not None and answered is not None:
            early = min(max(0.0, answered - first), early)
        self._result.set_result(
            CallResult(
                code=self._code,
                reason=self._reason,
                provisional=self.provisional,
                ended_by=ended_by,
                answered_s=None if answered is None else answered - self._began,
                first_packet_s=None if first is None else first - self._began,
                ended_s=self._loop.time() - self._began,
                recording=recording.samples(),
                early_s=early,
                packets=recording.packets,
                digits=self.stream.digits,
                contact=self._contact,
                cause=self._cause,
            )
        )
        self.stream.close()
        self._answer.set()
        self._wire.forget(self)


def target_of(message: SipMessage, otherwise: Value) -> Value:
    """Where later requests of the dialog go: the Contact of the other side."""
    return uri_of(message.first("Contact")) or otherwise
