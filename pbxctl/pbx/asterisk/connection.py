"""A lasting connection to Asterisk's manager interface, made anew whenever it is lost.

It is made of sessions that live once (:mod:`pbxctl.pbx.asterisk.ami`): an action is sent on one of
them or not at all, and never a second time. When to try again is decided in
:mod:`pbxctl.pbx.asterisk.course`. Nothing of pbxctl uses it yet: it is made for the daemon to come;
``doctor`` and ``rehearse`` keep to one session each.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self

from pbxctl.errors import PbxctlError
from pbxctl.pbx.asterisk.ami import (
    ACTION_LIMIT_S,
    EVENT_BACKLOG,
    ActionRefused,
    AmiSession,
    Answer,
    Headers,
    LoginRefused,
    NotConnected,
    PbxUnreachable,
    as_lines,
    first_line,
)
from pbxctl.pbx.asterisk.course import Course, Happening, Moment, State, Status, Timing, next_try, step
from pbxctl.pbx.asterisk.feed import EventFeed, mask_with_system
from pbxctl.pbx.asterisk.pulse import Unanswered, ping_until_lost

log = logging.getLogger(__name__)

# Asterisk hands events over in threads of its own: one may come later than an answer that was asked for
# after it happened.
_ON_ITS_WAY = timedelta(seconds=1)


def read_clocks() -> Moment:
    """Now, by the wall's clock and the steady one."""
    return Moment(datetime.now(UTC), time.monotonic())


class AmiConnection:
    """Use it as an async context manager: it connects by itself within, and no more once left.

    ``secret`` is called before each log-in, and while the PBX refuses the secret; it may raise a
    :class:`PbxctlError`. ``events`` is the mask of event classes; ``system`` is always among them,
    since :attr:`State.CONNECTED` awaits the event ``FullyBooted``, for which the manager user needs
    ``read = system``. A moment after that event the core's own commands (``core show …``) may not
    be there yet. ``on_change`` is handed each new status and must not raise.
    """

    def __init__(
        self,
        host: str,
        port: int,
        user: str,
        secret: Callable[[], str],
        *,
        events: str = "system",
        timing: Timing | None = None,
        clock: Callable[[], Moment] = read_clocks,
        draw: Callable[[], float] = random.random,
        on_change: Callable[[Status], None] = lambda status: None,
    ) -> None:
        self._host, self._port, self._user = host, port, user
        self._secret = secret
        self._mask = mask_with_system(events)
        self._timing = timing or Timing()
        self._clock, self._draw = clock, draw
        self._on_change = on_change
        self._course = Course(clock())
        self._log_ins = 0
        self._refused_secret: str | None = None
        self._session: AmiSession | None = None
        self._booted: asyncio.Future[None] | None = None
        self._back = False
        self._sure = self._course.since
        self._feeds: list[EventFeed] = []
        self._unanswered = Unanswered()
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def status(self) -> Status:
        """Where it stands now."""
        course = self._course
        return Status(course.state, course.since.at, course.last_error, self._log_ins)

    async def wait_connected(self, limit_s: float) -> None:
        """Return once it is connected.

        Raises:
            NotConnected: it is not within ``limit_s``, or it was closed.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(limit_s):
                while self._course.state is not State.CONNECTED and not self._closed:
                    self._changed.clear()
                    await self._changed.wait()
        if self._course.state is not State.CONNECTED:
            raise self._not_connected()

    async def send(
        self, action: str, *, limit_s: float = ACTION_LIMIT_S, **fields: str | int | Sequence[str]
    ) -> Answer:
        """Send one action and give its answer, as :meth:`AmiSession.send`; never sent twice.

        Raises:
            NotConnected: it was not sent.
            ValueError, ActionRefused, PbxUnreachable: as :meth:`AmiSession.send`.
        """
        session, unanswered = self._session, self._unanswered
        if session is None:
            raise self._not_connected()
        asked = self._clock()
        number = unanswered.sent(asked.steady_s + limit_s)
        try:
            answer = await session.send(action, limit_s=limit_s, **fields)
        except ActionRefused:
            self._answered(asked, number, unanswered)
            raise
        except ValueError:
            unanswered.withdrawn(number)
            raise
        self._answered(asked, number, unanswered)
        return answer

    async def command(self, command: str, *, limit_s: float = ACTION_LIMIT_S) -> list[str]:
        """The lines a command of Asterisk's command line prints. Raises as :meth:`send`."""
        answer = await self.send("Command", Command=command, limit_s=limit_s)
        return as_lines(answer.headers.get("Output"))

    def events(self, *names: str, backlog: int = EVENT_BACKLOG) -> EventFeed:
        """The events of these names (all without any) from this moment on, over lost connections."""
        feed = EventFeed(frozenset(name.lower() for name in names), self._feeds, backlog)
        if not self._back:
            feed.lost(self._clock().at)
        if self._closed:
            feed.end()
        return feed

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run(), name=f"AMI {self._host}:{self._port}")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """End it for good: what waits fails, no log-in follows, no task is left."""
        if self._closed:
            return
        self._closed = True
        self._session = None
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
        self._step(Happening.CLOSED)
        for feed in self._feeds:
            feed.end()

    async def _run(self) -> None:
        while True:
            self._step(Happening.DUE)
            try:
                secret = self._secret()
                async with await AmiSession.open(
                    self._host, self._port, on_event=self._take, limit_s=self._timing.log_in_limit_s
                ) as session:
                    await self._log_in(session, secret)
                    self._lost(await self._ping_until_lost(session))
            except LoginRefused as error:
                self._lost(str(error), refused=True)
            except PbxctlError as error:
                self._lost(str(error))
            except Exception as error:
                log.exception("the connection to the PBX met a mistake in pbxctl itself")
                self._lost(f"a mistake in pbxctl: {error!r}")
            await self._wait()

    async def _log_in(self, session: AmiSession, secret: str) -> None:
        """From an open connection to one that is fully booted."""
        self._booted = asyncio.get_running_loop().create_future()
        self._log_ins += 1
        try:
            await session.log_in(self._user, secret, events=self._mask, limit_s=self._timing.log_in_limit_s)
        except LoginRefused:
            self._refused_secret = secret
            raise
        await self._await_boot(session, self._booted)
        self._session, self._unanswered = session, Unanswered()
        self._resume()
        self._step(Happening.BOOTED)

    async def _await_boot(self, session: AmiSession, booted: asyncio.Future[None]) -> None:
        limit_s = self._timing.boot_limit_s
        try:
            async with asyncio.timeout(limit_s):
                await session.wait(booted)
        except TimeoutError:
            raise PbxUnreachable(
                f"logged in, but the PBX did not say within {limit_s:g} s that it is fully booted: it still "
                f"starts, hangs, or its manager user {self._user!r} lacks read = system"
            ) from None

    async def _ping_until_lost(self, session: AmiSession) -> str:
        timing, unanswered = self._timing, self._unanswered
        return await ping_until_lost(
            session,
            timing,
            ping=lambda: self.send("Ping", limit_s=timing.ping_limit_s),
            busy=lambda: unanswered.patient(self._clock().steady_s),
        )

    def _take(self, headers: Headers) -> None:
        """Each event of each session, from the first on."""
        self._resume()
        booted = self._booted
        if booted is not None and not booted.done() and first_line(headers, "Event") == "FullyBooted":
            booted.set_result(None)
        for feed in self._feeds:
            feed.take(headers, lambda: self._clock().at)

    def _resume(self) -> None:
        """Once in each session, as soon as events can come: what happens from now on is heard."""
        if not self._back:
            self._back, self._sure = True, self._clock()
            for feed in self._feeds:
                feed.resumed(self._sure.at)

    def _answered(self, asked: Moment, number: int, unanswered: Unanswered) -> None:
        """An answer shows that the events from before it was asked for have come."""
        unanswered.answered(number)
        if asked.steady_s > self._sure.steady_s:
            self._sure = asked

    def _lost(self, error: str, *, refused: bool = False) -> None:
        self._session = self._booted = None
        self._back = False
        for feed in self._feeds:
            feed.lost(self._sure.at - _ON_ITS_WAY)
        stood = self._course.state is State.CONNECTED
        failed = Happening.LOST if stood else Happening.FAILED
        self._step(Happening.REFUSED if refused else failed, error)

    async def _wait(self) -> None:
        """Return once the next try is due."""
        draw, changed = self._draw(), False
        while True:
            due_s = next_try(self._course, self._timing.back_off, draw, secret_changed=changed)
            left_s = due_s - self._clock().steady_s
            if left_s <= 0:
                return
            if self._course.state is State.REFUSED:
                await asyncio.sleep(min(left_s, self._timing.secret_every_s))
                changed = self._has_new_secret()
            else:
                await asyncio.sleep(left_s)

    def _has_new_secret(self) -> bool:
        try:
            return self._secret() != self._refused_secret
        except Exception:  # It is read again, and complained of, when the next try is due.
            return False

    def _step(self, happening: Happening, error: str = "") -> None:
        self._course = step(
            self._course, happening, self._clock(), error=error, back_off=self._timing.back_off
        )
        if happening is Happening.BOOTED:
            log.info("connected to the PBX at %s:%d", self._host, self._port)
        elif error:
            # The first of a row is said aloud; the others would only repeat it.
            row = self._course.refused if happening is Happening.REFUSED else self._course.failures
            log.log(logging.WARNING if row == 1 else logging.DEBUG, "%s", error)
        self._changed.set()
        self._on_change(self.status)

    def _not_connected(self) -> NotConnected:
        status = self.status
        if self._closed:
            return NotConnected("the connection to the PBX is closed")
        why = f": {status.last_error}" if status.last_error else ""
        return NotConnected(
            f"not connected to the PBX at {self._host}:{self._port} "
            f"({status.state} since {status.since:%Y-%m-%d %H:%M:%S%z}){why}"
        )
