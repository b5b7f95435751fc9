"""One session with Asterisk's manager interface (AMI).

panoramisk reads the stream and its messages. Its ``Manager`` is left out: it logs in again and
again with a wrong secret, sends unanswered actions a second time after a reconnect (think of
``Originate``), and lets futures wait for ever. Here a session lives once: when the connection is
lost everything that waits on it fails, and whoever wants to go on makes a new session.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from ipaddress import ip_address
from types import TracebackType
from typing import Any, Self

from pbxctl.errors import OutOfReach, PbxctlError
from pbxctl.pbx.asterisk.ami_wire import (
    Answer,
    Headers,
    NotConnected,
    PbxUnreachable,
    Pending,
    Wire,
    as_lines,
    first_line,
)

ACTION_LIMIT_S = 3.0
EVENT_BACKLOG = 10_000

_PASSING = ("already in use", "shutting down")
"""Reasons to refuse a log-in that say nothing of user and secret, and pass by themselves."""


class LoginRefused(OutOfReach):
    """The manager interface does not know this user or secret; trying again would not help."""


class ActionRefused(PbxctlError):
    """The PBX answered ``Error``; the text carries its reason."""


class AmiSession:
    """A logged-in connection to the manager interface; not to be used again once it is lost."""

    def __init__(self, address: tuple[str, int], wire: Wire) -> None:
        self.address = address
        self._wire = wire

    @classmethod
    async def connect(
        cls,
        host: str,
        port: int,
        user: str,
        secret: str,
        *,
        events: str = "off",
        limit_s: float = ACTION_LIMIT_S,
    ) -> Self:
        """Connect and log in, both within ``limit_s``.

        ``events`` is the mask of event classes to be sent: ``off``, or such as ``system,call,user``.
        Think before taking ``on``: there is an event for each variable that a call sets.

        Raises:
            PbxUnreachable: nobody listens there, or nobody answers.
            LoginRefused: wrong user or secret.
        """
        session = await cls.open(host, port, limit_s=limit_s)
        try:
            await session.log_in(user, secret, events=events, limit_s=limit_s)
        except BaseException:
            await session.close()
            raise
        return session

    @classmethod
    async def open(
        cls,
        host: str,
        port: int,
        *,
        on_event: Callable[[Headers], None] | None = None,
        limit_s: float = ACTION_LIMIT_S,
    ) -> Self:
        """Connect without logging in; :meth:`log_in` is the next step.

        ``on_event`` is handed every event from the very first one, which may come with the answer
        to the log-in; it must not raise.

        Raises:
            PbxUnreachable: nobody listens there.
        """
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(limit_s):
                _, wire = await loop.create_connection(Wire, host, port)
        except (OSError, TimeoutError) as error:
            raise PbxUnreachable(f"no manager interface at {host}:{port}: {error or 'no answer'}") from error
        if on_event is not None:
            wire.listeners.append(on_event)
        return cls((host, port), wire)

    async def log_in(
        self, user: str, secret: str, *, events: str = "off", limit_s: float = ACTION_LIMIT_S
    ) -> None:
        """Log in, once.

        Raises:
            PbxUnreachable: no answer, or it lets nobody in just now.
            LoginRefused: wrong user or secret.
        """
        try:
            await self.send("Login", Username=user, Secret=secret, Events=events, limit_s=limit_s)
        except ActionRefused as error:
            kind = PbxUnreachable if any(each in str(error).lower() for each in _PASSING) else LoginRefused
            host, port = self.address
            raise kind(f"the PBX at {host}:{port} refuses the manager user {user!r}: {error}") from error

    async def wait(self, future: asyncio.Future[Any]) -> None:
        """Return once ``future`` is done.

        Raises:
            PbxUnreachable: the connection was lost before.
        """
        await self._wire.wait_for(future)
        if not future.done():
            raise PbxUnreachable("the connection to the PBX is lost")

    @property
    def connected(self) -> bool:
        """Whether the connection still stands, as far as is known."""
        return not self._wire.lost.done()

    async def wait_lost(self) -> None:
        """Return once the connection is gone, whoever ended it."""
        await asyncio.shield(self._wire.lost)

    async def send(
        self, action: str, *, limit_s: float = ACTION_LIMIT_S, **fields: str | int | Sequence[str]
    ) -> Answer:
        """Send one action and give its answer; a list comes whole. Nothing is ever sent twice.

        ``Originate`` with ``Async="true"`` answers at once; how the call went is told by the event
        ``OriginateResponse`` with the answer's ``ActionID``, of the class ``call``.

        Raises:
            ValueError: a value holds a line end or NUL, which would become a header of its own.
            ActionRefused: the PBX answered ``Error``.
            NotConnected: the connection is lost; the action was not sent.
            PbxUnreachable: no answer within ``limit_s``, or lost while waiting; the action may or may
                not have been carried out.
        """
        pending = Pending(action, fields)
        self._wire.write(pending)
        try:
            async with asyncio.timeout(limit_s):
                await self._wire.wait_for(pending.future)
        except TimeoutError:
            raise PbxUnreachable(f"the PBX did not answer {action} within {limit_s:g} s") from None
        finally:
            self._wire.forget(pending)
        if not pending.future.done():
            raise PbxUnreachable(f"the connection to the PBX was lost before it answered {action}")
        answer = pending.future.result()
        if first_line(answer.headers, "Response") in ("Error", "Fail", "Failure"):
            reasons = as_lines(answer.headers.get("Message")) + as_lines(answer.headers.get("Output"))
            raise ActionRefused(f"{action}: {'; '.join(reasons)}")
        return answer

    async def command(self, command: str, *, limit_s: float = ACTION_LIMIT_S) -> list[str]:
        """The lines a command of Asterisk's command line prints. Raises as :meth:`send`."""
        answer = await self.send("Command", Command=command, limit_s=limit_s)
        return as_lines(answer.headers.get("Output"))

    def events(self, *names: str) -> EventStream:
        """The events of these names (all without any) from this moment on."""
        return EventStream(self._wire, frozenset(name.lower() for name in names))

    async def close(self) -> None:
        """End the connection; what waits on it fails."""
        self._wire.end()
        try:
            async with asyncio.timeout(1):
                await self._wire.closed.wait()
        except TimeoutError:
            self._wire.abort()  # What is still to be sent to a PBX that does not read would keep it open.

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


class EventStream:
    """Events in the order they came; it listens from when it was made, and holds a bounded backlog."""

    def __init__(self, wire: Wire, names: frozenset[str]) -> None:
        self._wire = wire
        self._names = names
        self._backlog: asyncio.Queue[Headers] = asyncio.Queue(EVENT_BACKLOG)
        self._overflown = False
        wire.listeners.append(self._take)

    def _take(self, headers: Headers) -> None:
        if self._names and first_line(headers, "Event").lower() not in self._names:
            return
        if self._backlog.full():
            self._overflown = True
        else:
            self._backlog.put_nowait(headers)

    async def next(self, limit_s: float) -> Headers:
        """The next event.

        Raises:
            TimeoutError: none came within ``limit_s``.
            PbxUnreachable: the connection is lost, or events were, since nobody fetched them.
        """
        if self._overflown:
            raise PbxUnreachable(f"more than {EVENT_BACKLOG} events waited to be read: some were lost")
        if not self._backlog.empty():
            return self._backlog.get_nowait()
        waiting = asyncio.ensure_future(self._backlog.get())
        try:
            async with asyncio.timeout(limit_s):
                await self._wire.wait_for(waiting)
            if waiting.done():
                return waiting.result()
        finally:
            waiting.cancel()
        raise PbxUnreachable("the connection to the PBX is lost")

    def close(self) -> None:
        """Stop listening."""
        if self._take in self._wire.listeners:
            self._wire.listeners.remove(self._take)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def is_local(host: str) -> bool:
    """Whether a manager interface at ``host`` is one of this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


__all__ = [
    "ActionRefused",
    "AmiSession",
    "Answer",
    "EventStream",
    "Headers",
    "LoginRefused",
    "NotConnected",
    "PbxUnreachable",
    "as_lines",
    "first_line",
    "is_local",
]
