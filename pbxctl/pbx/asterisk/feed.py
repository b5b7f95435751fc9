"""Events in the order they came, over lost connections, with what may be missing among them said."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Self

from pbxctl.pbx.asterisk.ami import EVENT_BACKLOG, Headers, PbxUnreachable, first_line


def mask_with_system(events: str) -> str:
    """The mask of event classes (``on``, ``off``, or such as ``call,user``) with ``system`` among them."""
    if events == "on":
        return events
    return ",".join(
        dict.fromkeys(["system", *(each for each in events.split(",") if each not in ("", "off"))])
    )


@dataclass(frozen=True, slots=True)
class Missed:
    """Stands among the events where some may be missing, between two moments of the wall's clock.

    ``cut`` tells that there was no connection: nothing that happened before ``start`` or after
    ``end`` is missing, while some from just after ``start`` may stand before this mark. ``dropped``
    is how many events came but found the backlog full.
    """

    start: datetime
    end: datetime
    cut: bool
    dropped: int = 0

    def __str__(self) -> str:
        span = f"from {self.start:%Y-%m-%d %H:%M:%S%z} to {self.end:%Y-%m-%d %H:%M:%S%z}"
        said = [f"connection was lost {span}"] if self.cut else []
        if self.dropped:
            said.append(f"{self.dropped} events {span} were dropped, since nobody fetched those before them")
        return "; ".join(said)


class EventFeed:
    """What :meth:`~pbxctl.pbx.asterisk.connection.AmiConnection.events` gives; it holds a bounded backlog.

    Once the backlog is full, what comes is dropped and counted until the backlog is fetched whole;
    then :class:`Missed` follows. Who listens slowly loses events of his own, nobody else's.
    """

    def __init__(self, names: frozenset[str], feeds: list[EventFeed], backlog: int = EVENT_BACKLOG) -> None:
        """``feeds`` are those of the connection; this one is among them until it is closed."""
        self._names = names
        self._feeds = feeds
        feeds.append(self)
        self._most = backlog
        self._items: deque[Headers | Missed] = deque()
        self._gap: _Gap | None = None
        self._news = asyncio.Event()
        self._over = False

    def take(self, headers: Headers, now: Callable[[], datetime]) -> None:
        """An event came. For the connection alone, as all down to :meth:`end`."""
        if self._names and first_line(headers, "Event").lower() not in self._names:
            return
        if self._gap is not None and self._gap.dropped and self._items:
            self._gap.dropped += 1
            self._gap.end = now()
        elif len(self._items) >= self._most:
            self._gap = self._gap or _Gap(now())
            self._gap.dropped += 1
            self._gap.end = now()
        else:
            self._say_missed()
            self._items.append(headers)
        self._news.set()

    def lost(self, sure_until: datetime) -> None:
        """The connection is lost; until ``sure_until`` all that happened is known to have come."""
        self._gap = self._gap or _Gap(sure_until)
        self._gap.cut, self._gap.end = True, None

    def resumed(self, at: datetime) -> None:
        """Logged in again: what happens from now on comes."""
        if self._gap is not None and self._gap.end is None:
            self._gap.end = at
            self._news.set()

    def end(self) -> None:
        """Nothing will come any more."""
        self._over = True
        self._news.set()

    async def next(self, limit_s: float) -> Headers | Missed:
        """The next event, or that some may be missing here.

        Raises:
            TimeoutError: nothing came within ``limit_s``.
            PbxUnreachable: the connection was closed by ourselves, and all that came was fetched.
        """
        if self._items:  # As most often; the rest costs more than the whole reading of an event.
            return self._items.popleft()
        async with asyncio.timeout(limit_s):
            while True:
                if not self._items:
                    self._say_missed()
                if self._items:
                    return self._items.popleft()
                if self._over:
                    raise PbxUnreachable("the connection to the PBX was closed here; no event will come")
                self._news.clear()
                await self._news.wait()

    def close(self) -> None:
        """Stop listening."""
        if self in self._feeds:
            self._feeds.remove(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _say_missed(self) -> None:
        """Put what is known to be missing in its place, once its end is known."""
        gap = self._gap
        if gap is not None and gap.end is not None:
            self._items.append(Missed(gap.start, gap.end, gap.cut, gap.dropped))
            self._gap = None


@dataclass(slots=True)
class _Gap:
    """What will become :class:`Missed`; ``end`` is ``None`` while the connection is down."""

    start: datetime
    end: datetime | None = None
    cut: bool = False
    dropped: int = 0
