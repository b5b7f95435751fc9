"""What the people behind our telephones do when it rings; give one to :meth:`SipAgent.on_invite`."""

from __future__ import annotations

import asyncio

from pbxctl.rehearse.sip.agent import Handler, SipAgent
from pbxctl.rehearse.sip.call import Call
from pbxctl.rehearse.sip.incoming import IncomingCall
from pbxctl.rehearse.sip.message import Value
from pbxctl.rehearse.sip.rtp import Samples

# Nobody here listens longer than this.
LONGEST_CALL_S = 120.0

LISTENS_S = 1.5
"""So much of a question is heard before a key is pressed."""


def answers(
    *, after_s: float = 0.0, plays: Samples | None = None, keys: str = "", hangs_up: bool = False
) -> Handler:
    """Ring ``after_s`` seconds, answer, say ``plays``, key ``keys`` in, then hang up or stay."""

    async def handle(call: IncomingCall) -> None:
        call.ring()
        await asyncio.sleep(after_s)
        await call.answer()
        if plays is not None:
            call.play(plays)
        if keys:
            await call.send_digits(keys, LONGEST_CALL_S)
        if hangs_up:
            await call.said(LONGEST_CALL_S)
            await call.hang_up()

    return handle


def takes_by(key: str, *, plays: Samples | None = None, hangs_up: bool = False) -> Handler:
    """Answer, listen to what is asked, press ``key``, say ``plays``, then hang up or stay."""

    async def handle(call: IncomingCall) -> None:
        call.ring()
        await call.answer()
        await _first_of(call.heard(LISTENS_S, LONGEST_CALL_S), call.ended(LONGEST_CALL_S))
        if call.is_over:
            return
        await call.send_digits(key, LONGEST_CALL_S)
        if plays is not None:
            call.play(plays)
        if hangs_up:
            await _first_of(call.said(LONGEST_CALL_S), call.ended(LONGEST_CALL_S))
            await _hang_up(call)

    return handle


def never_answers() -> Handler:
    """Ring until the caller gives up."""

    async def handle(call: IncomingCall) -> None:
        call.ring()
        await call.ended(LONGEST_CALL_S)

    return handle


def rejects(code: int, *, after_s: float = 0.0) -> Handler:
    """Ring ``after_s`` seconds where that is more than none, then refuse: 486 busy, 404, 503, 603, …"""

    async def handle(call: IncomingCall) -> None:
        if after_s:
            call.ring()
            await asyncio.sleep(after_s)
        await call.reject(code)

    return handle


def is_busy() -> Handler:
    """Refuse as busy (486)."""
    return rejects(486)


def diverts(uri: Value) -> Handler:
    """Send the caller elsewhere (302), as a phone that forwards all calls by itself."""

    async def handle(call: IncomingCall) -> None:
        await call.divert(uri)

    return handle


def calls_on(agent: SipAgent, to_user: Value, pbx: tuple[str, int], from_user: Value) -> Handler:
    """Forward by placing a new call, as a network does: answered when that one is, ended with it."""

    async def handle(call: IncomingCall) -> None:
        call.ring()
        onward = await agent.call(to_user, pbx, from_user=from_user)
        try:
            await _first_of(onward.answered(LONGEST_CALL_S), call.ended(LONGEST_CALL_S))
            await call.answer()
            await _first_of(onward.ended(LONGEST_CALL_S), call.ended(LONGEST_CALL_S))
        finally:
            for one in (onward, call):
                await _hang_up(one)

    return handle


def by_number(handlers: dict[str, Handler], otherwise: Handler | None = None) -> Handler:
    """Another script for each dialled number or extension; the rest is refused as unknown (404)."""

    async def handle(call: IncomingCall) -> None:
        await handlers.get(call.to_user, otherwise or rejects(404))(call)

    return handle


async def _hang_up(call: Call) -> None:
    if not call.is_over:
        await call.hang_up()


async def _first_of(*waits: object) -> None:
    tasks = [asyncio.ensure_future(wait) for wait in waits if asyncio.iscoroutine(wait)]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            await task
    finally:
        for task in tasks:
            task.cancel()
