"""A call that somebody places to us."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from pbxctl.rehearse.sip.call import Call, CallResult, Wire, target_of
from pbxctl.rehearse.sip.message import (
    SipMessage,
    Value,
    check_lines,
    display_name_of,
    name_address,
    parameter,
    uri_of,
    user_of,
)
from pbxctl.rehearse.sip.rtp import RtpStream
from pbxctl.rehearse.sip.transaction import REASONS


class IncomingCall(Call):
    """A call to us, not answered yet: ring, answer, reject or divert it.

    ``to_user`` is what was dialled, ``from_user`` and ``from_name`` who the PBX says it is.
    """

    def __init__(self, wire: Wire, peer: tuple[str, int], stream: RtpStream, invite: SipMessage) -> None:
        super().__init__(wire, peer, invite.call_id, stream)
        self.invite = invite
        self.to_user = user_of(str(invite.uri))
        self.from_user = user_of(uri_of(invite.first("From")))
        self.from_name = display_name_of(invite.first("From"))
        self.task: asyncio.Task[None] | None = None
        to = invite.first("To")
        self._local = to if parameter(to, "tag") else f"{to};tag={self._tag}"
        self._remote = invite.first("From")
        self._target = target_of(invite, uri_of(invite.first("From")))
        self._routes = invite.all("Record-Route")
        self._last_response: SipMessage | None = None
        self._acknowledged = asyncio.Event()

    def header(self, name: str) -> str:
        """A header of the INVITE, empty where it is missing."""
        return self.invite.first(name)

    def ring(self) -> None:
        """Say that it rings (180)."""
        self._respond(180)

    def say_early(self) -> None:
        """Say that audio comes before the answer (183); what is played is then heard by the caller."""
        self._take_media(self.invite.body)
        self._respond(183, sdp=True)

    async def answer(self) -> None:
        """Answer, and return once the other side has acknowledged it.

        Raises:
            TimeoutError: it never did.
        """
        if self.is_over or self.is_answered:
            return
        self._take_media(self.invite.body)
        self._mark_answered()
        self._repeat(self._respond(200, sdp=True), lambda: self._finish("them"))
        async with asyncio.timeout(10):
            await self._acknowledged.wait()

    async def reject(
        self, code: int, reason: str = "", headers: Mapping[str, Value] | None = None
    ) -> CallResult:
        """Refuse with a final code: 486 busy, 404, 503, 603, …"""
        extra = dict(headers or {})
        check_lines(**extra)
        if not self.is_over and not self.is_answered:
            self._refuse(code, reason, extra)
        return await self.ended(10)

    async def divert(self, uri: Value, code: int = 302) -> CallResult:
        """Send the caller elsewhere, as a phone that forwards all calls does."""
        return await self.reject(code, headers={"Contact": name_address("", uri)})

    def on_request(self, message: SipMessage, source: tuple[str, int]) -> None:
        if message.method == "INVITE" and message.cseq == self.invite.cseq:
            if self._last_response is not None:  # Our response was lost.
                self._wire.send(self._last_response, source)
        elif message.method == "CANCEL":
            self._wire.send(self._response(message, 200), source)
            if not self.is_answered and self._code is None:
                self._cause = message.first("Reason")
                self._refuse(487, "", {}, by_them=True)
                if self.task is not None:
                    self.task.cancel()
        else:
            if message.method == "ACK":
                self._acknowledged.set()
                if not self.is_answered and self._code is not None:
                    self._stop_repeating()
                    self._finish("them" if self._code == 487 else "us")
            super().on_request(message, source)

    def fail(self, code: int) -> None:
        """Refuse, where nothing has been said yet: a handler ended without a word."""
        if not self.is_over and not self.is_answered and self._code is None:
            self._refuse(code, "", {})

    def _refuse(self, code: int, reason: str, extra: Mapping[str, Value], *, by_them: bool = False) -> None:
        self._code, self._reason = code, reason or REASONS.get(code, "Code")
        datagram = self._respond(code, extra)
        self._repeat(datagram, lambda: self._finish("them" if by_them else "us"))

    def _respond(self, code: int, extra: Mapping[str, Value] | None = None, *, sdp: bool = False) -> bytes:
        response = self._response(self.invite, code, sdp=sdp)
        if extra and "Contact" in extra:
            response.headers = [(name, value) for name, value in response.headers if name != "Contact"]
        response.headers += list((extra or {}).items())
        if code < 200:
            self._provisional.append(code)
        self._last_response = response
        return self._wire.send(response, self._peer)

    def _end_it(self) -> None:
        if self.is_answered:
            self._bye()
        elif self._code is None:
            self._refuse(480, "", {})
