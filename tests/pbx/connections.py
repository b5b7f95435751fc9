"""Connections to the real PBX, as the tests make and use them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from pbxctl.pbx.asterisk.ami import AmiSession, Headers
from pbxctl.pbx.asterisk.connection import AmiConnection
from pbxctl.pbx.asterisk.course import BackOff, State, Timing
from pbxctl.pbx.asterisk.feed import EventFeed, Missed
from pbxctl.rehearse.private_pbx import PrivatePbx
from tests.pbx.managers import LIMIT_S, Proxy, Seen, proxy

QUICK = Timing(ping_every_s=0.1, back_off=BackOff(first_s=0.01, cap_s=0.05))


@asynccontextmanager
async def connection_to(
    pbx: PrivatePbx,
    seen: Seen,
    *,
    port: int = 0,
    timing: Timing = QUICK,
    secret: Callable[[], str] | None = None,
) -> AsyncIterator[AmiConnection]:
    host, own_port, user, known = pbx.manager
    async with AmiConnection(
        host,
        port or own_port,
        user,
        secret or (lambda: known),
        events="user",
        timing=timing,
        on_change=seen.note,
    ) as made:
        yield made


@asynccontextmanager
async def cuttable(pbx: PrivatePbx, seen: Seen) -> AsyncIterator[tuple[AmiConnection, Proxy]]:
    host, port, _, _ = pbx.manager
    async with proxy((host, port)) as way, connection_to(pbx, seen, port=way.port) as made:
        await seen.until(State.CONNECTED)
        yield made, way


async def say(session: AmiSession | AmiConnection, text: str) -> None:
    await session.send("UserEvent", UserEvent="Said", Text=text)


async def next_said(feed: EventFeed) -> str | Missed:
    item: Headers | Missed = await feed.next(LIMIT_S)
    return item if isinstance(item, Missed) else str(item["Text"])
