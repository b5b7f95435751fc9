"""Whether the PBX at the other end still lives.

It takes the actions of one connection one after the other, so a ping waits behind whatever it is at
work on.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from pbxctl.pbx.asterisk.ami import AmiSession, PbxUnreachable
from pbxctl.pbx.asterisk.course import Timing


class Unanswered:
    """The actions of one session that were sent and not answered, by their number, each with its deadline."""

    def __init__(self) -> None:
        self._sent = 0
        self._deadlines: dict[int, float] = {}

    def sent(self, deadline_s: float) -> int:
        """One more was sent, to be answered until then; gives its number."""
        self._sent += 1
        self._deadlines[self._sent] = deadline_s
        return self._sent

    def answered(self, number: int) -> None:
        """It was answered, so the PBX is done with all that was sent before it, too."""
        self._deadlines = {each: limit for each, limit in self._deadlines.items() if each > number}

    def withdrawn(self, number: int) -> None:
        """It was not sent after all."""
        self._deadlines.pop(number, None)

    def patient(self, steady_s: float) -> bool:
        """Whether what the PBX is at now, the oldest, is still within its own limit: a ping would only wait.

        One that was given up stays until something later is answered, so that many short ones after
        each other cannot hide that nothing is answered.
        """
        oldest = next(iter(self._deadlines.values()), None)
        return oldest is not None and steady_s < oldest


async def ping_until_lost(
    session: AmiSession, timing: Timing, *, ping: Callable[[], Awaitable[object]], busy: Callable[[], bool]
) -> str:
    """Return once the connection is lost, or two pings in a row were not answered; says which of them.

    While ``busy`` no ping is sent.
    """
    missed = 0
    while True:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timing.ping_every_s):
                await session.wait_lost()
                return "the connection to the PBX was lost"
        if busy():
            continue
        try:
            await ping()
        except PbxUnreachable:
            missed += 1
            if missed == 2 and session.connected:
                return f"the PBX answered neither of two pings within {timing.ping_limit_s:g} s"
        else:
            missed = 0
