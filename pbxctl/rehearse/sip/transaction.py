"""What belongs to a single request and its responses (RFC 3261, section 17)."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable

from pbxctl.rehearse.sip.message import SipMessage, Value, parameter

T1_S = 0.5  # RFC 3261, table 4
T2_S = 4.0
GIVE_UP_S = 8.0  # The RFC waits 32 s; on one machine nobody answers that late.

REASONS = {
    100: "Trying",
    180: "Ringing",
    183: "Session Progress",
    200: "OK",
    302: "Moved Temporarily",
    404: "Not Found",
    408: "Request Timeout",
    480: "Temporarily Unavailable",
    481: "Call/Transaction Does Not Exist",
    486: "Busy Here",
    487: "Request Terminated",
    488: "Not Acceptable Here",
    500: "Server Internal Error",
    501: "Not Implemented",
    503: "Service Unavailable",
    603: "Decline",
}


class Repetition:
    """A datagram that is sent again, at growing intervals, until somebody answers (RFC 3261, 17.1.1.2)."""

    def __init__(self, send: Callable[[], None], given_up: Callable[[], None]) -> None:
        self._send, self._given_up = send, given_up
        self._loop = asyncio.get_running_loop()
        self._interval_s = T1_S
        self._next = self._loop.call_later(T1_S, self._again)
        self._end = self._loop.call_later(GIVE_UP_S, self._give_up)

    def stop(self) -> None:
        """It was answered."""
        self._next.cancel()
        self._end.cancel()

    def _again(self) -> None:
        self._send()
        self._interval_s = min(2 * self._interval_s, T2_S)
        self._next = self._loop.call_later(self._interval_s, self._again)

    def _give_up(self) -> None:
        self.stop()
        self._given_up()


def new_branch() -> str:
    """A transaction's name; the beginning is RFC 3261's magic cookie."""
    return "z9hG4bK" + secrets.token_hex(8)


def respond(request: SipMessage, code: int, tag: str) -> SipMessage:
    """A response with all Via lines of the request, and our tag in To (RFC 3261, section 8.2.6.2)."""
    copied = {"via", "from", "call-id", "cseq"} | ({"record-route"} if 180 <= code < 300 else set())
    headers: list[tuple[str, Value]] = []
    for name, value in request.headers:
        if name.lower() in copied:
            headers.append((name, value))
        elif name.lower() == "to":
            text = request.first("To")
            headers.append((name, text if parameter(text, "tag") or code == 100 else f"{text};tag={tag}"))
    return SipMessage(code=code, reason=REASONS.get(code, "Code"), headers=headers)
