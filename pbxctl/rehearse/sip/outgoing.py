"""A call that we place."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Literal

from pbxctl.rehearse.sip.call import Call, Wire, target_of
from pbxctl.rehearse.sip.message import SipMessage, Value, check_lines, name_address, sip_uri, uri_of
from pbxctl.rehearse.sip.rtp import RtpStream
from pbxctl.rehearse.sip.transaction import new_branch


class OutgoingCall(Call):
    """A call that we place; its INVITE is on its way once it is made by the agent."""

    def __init__(
        self,
        wire: Wire,
        peer: tuple[str, int],
        stream: RtpStream,
        *,
        to_user: Value,
        from_user: Value,
        display_name: Value = "",
        to: Value = "",
        from_uri: Value = "",
        headers: Mapping[str, Value] | None = None,
    ) -> None:
        extra = dict(headers or {})
        check_lines(
            to_user=to_user, to=to, from_user=from_user, display_name=display_name, from_uri=from_uri, **extra
        )
        super().__init__(wire, peer, secrets.token_hex(12), stream)
        self._uri = sip_uri(to_user, *peer)
        self._local = name_address(display_name, from_uri or sip_uri(from_user, *wire.address), self._tag)
        self._remote = to or name_address("", self._uri)
        self._branch = new_branch()
        self._extra = list(extra.items())
        self._invite_cseq = self._cseq
        self._may_cancel = False
        self._cancelled = False

    def invite(self) -> None:
        """Send the INVITE, again and again until something answers."""
        message = self._invite_message("INVITE")
        message.headers += [
            ("Contact", self._contact_header()),
            ("Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, INFO, NOTIFY"),
            *self._extra,
            ("Content-Type", "application/sdp"),
        ]
        message.body = self._sdp()
        self._repeat(
            self._wire.send(message, self._peer), lambda: self._finish("us" if self._hung_up else "them")
        )

    def on_response(self, message: SipMessage) -> None:
        number, method = message.cseq
        if method != "INVITE":
            super().on_response(message)
        elif number == self._invite_cseq and not (self.is_over and message.code < 200):
            self._on_invite_response(message)

    def _on_invite_response(self, message: SipMessage) -> None:
        if not self.is_answered:
            self._stop_repeating()
        if message.code < 200:
            self._may_cancel = True
            self._provisional.append(message.code)
            self._take_media(message.body)
            if self._hung_up:
                self._end_it()
        elif message.code < 300:
            self._on_answer(message)
        else:
            self._acknowledge_refusal(message)
            self._code, self._reason = message.code, message.reason
            self._cause = message.first("Reason")
            self._contact = uri_of(message.first("Contact"))
            self._finish("us" if self._hung_up else "them")

    def _on_answer(self, message: SipMessage) -> None:
        self._remote = message.first("To")
        self._target = target_of(message, self._uri)
        self._routes = list(reversed(message.all("Record-Route")))
        acknowledgement = self._request("ACK")
        # An ACK bears the number of its INVITE (RFC 3261, section 13.2.2.4).
        self._cseq -= 1
        acknowledgement.headers = [
            (name, f"{self._invite_cseq} ACK" if name == "CSeq" else value)
            for name, value in acknowledgement.headers
        ]
        self._wire.send(acknowledgement, self._peer)
        if self.is_answered or self.is_over:
            return  # Our ACK was lost: the answer came again.
        self._take_media(message.body)
        self._mark_answered()
        if self._hung_up:
            self._bye()  # The answer crossed our CANCEL.

    def _acknowledge_refusal(self, message: SipMessage) -> None:
        acknowledgement = self._invite_message("ACK")
        acknowledgement.headers = [
            (name, message.first("To") if name == "To" else value) for name, value in acknowledgement.headers
        ]
        self._wire.send(acknowledgement, self._peer)

    def _invite_message(self, method: Literal["INVITE", "ACK", "CANCEL"]) -> SipMessage:
        """A message of the INVITE's own transaction: one branch, one number (RFC 3261, 9.1, 17.1.1.3)."""
        headers: list[tuple[str, Value]] = [
            ("Via", self._via(self._branch)),
            ("Max-Forwards", "70"),
            ("From", self._local),
            ("To", self._remote),
            ("Call-ID", self.call_id),
            ("CSeq", f"{self._invite_cseq} {method}"),
        ]
        return SipMessage(method=method, uri=self._uri, headers=headers)

    def _end_it(self) -> None:
        if self.is_answered:
            self._bye()
        elif self._may_cancel and not self._cancelled:
            self._cancelled = True
            # Its 487 ends the call; before a provisional response, a CANCEL would be ignored.
            datagram = self._wire.send(self._invite_message("CANCEL"), self._peer)
            self._repeat(datagram, lambda: self._finish("us"))
