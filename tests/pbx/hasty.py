"""Connections in a hurry to managers that misbehave, and a secret that tells how often it was read."""

from __future__ import annotations

import asyncio

from pbxctl.pbx.asterisk.connection import AmiConnection
from pbxctl.pbx.asterisk.course import BackOff, Timing
from tests.pbx.managers import LIMIT_S, Behaviour, Manager, Peer, Seen

HASTY = Timing(
    ping_every_s=0.05,
    ping_limit_s=0.3,
    log_in_limit_s=0.5,
    boot_limit_s=0.5,
    secret_every_s=0.001,
    back_off=BackOff(first_s=0.01, cap_s=0.02),
)


class Secret:
    """A secret that counts how often it was read; the last one is read again and again."""

    def __init__(self, *secrets: str | Exception) -> None:
        self._secrets = list(secrets)
        self.read = 0
        self._news = asyncio.Event()

    def __call__(self) -> str:
        secret = self._secrets[min(self.read, len(self._secrets) - 1)]
        self.read += 1
        self._news.set()
        if isinstance(secret, Exception):
            raise secret
        return secret

    async def until_read(self, more: int) -> None:
        """Return when it was read so many times more."""
        until = self.read + more
        async with asyncio.timeout(LIMIT_S):
            while self.read < until:
                self._news.clear()
                await self._news.wait()


def connection_to(made: Manager, seen: Seen, secret: Secret | None = None) -> AmiConnection:
    return AmiConnection(
        "127.0.0.1", made.port, "u", secret or Secret("s"), timing=HASTY, on_change=seen.note
    )


async def behave(peer: Peer) -> None:
    await peer.let_in()
    await peer.go_on()


def refuse(reason: str) -> Behaviour:
    async def behaviour(peer: Peer) -> None:
        await peer.answer(await peer.read_action(), f"Message: {reason}", response="Error")
        await peer.be_mute()

    return behaviour
