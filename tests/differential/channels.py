"""Channel events: at once, as the manager interface tells them, and for good, as the journal holds them."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path

from pbxctl.journal.cel import CelLine, call_events, parse_cel
from pbxctl.journal.events import CEL_EVENT_NAME, JournalEvent, parse_event
from pbxctl.pbx.asterisk.ami import AmiSession, first_line

from .surroundings import CASE, HELD, ORDINARY


@dataclass(frozen=True, slots=True)
class Heard:
    """What really happened: our events in the journal, and whether the PBX's own dialplan took the call."""

    events: tuple[JournalEvent, ...]
    ordinary: bool
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class ChannelEvent:
    """One event of a channel; a user-defined one bears its own name."""

    name: str
    uniqueid: str
    channel: str
    extra: str

    @property
    def told(self) -> JournalEvent | None:
        """What it tells of the call's story, if it is one of ours."""
        return parse_event(_extra(self.extra)) if self.name == CEL_EVENT_NAME else None


Events = asyncio.Queue[ChannelEvent]


class ChannelEvents:
    """Hands the events of each channel to whoever expects the name by which it introduces itself."""

    def __init__(self) -> None:
        self._by_name: dict[str, Events] = {}
        self._by_channel: dict[str, Events] = {}

    def expect(self, name: str) -> Events:
        """Where the events of the next channel of that name will come; at the latest its own."""
        events = self._by_name[name] = asyncio.Queue()
        return events

    def forget(self, name: str) -> None:
        """No channel of that name is expected any more."""
        self._by_name.pop(name, None)

    async def listen(self, ami: AmiSession) -> None:
        """Take events from the manager interface until cancelled."""
        with ami.events("CEL") as stream:
            while True:
                try:
                    headers = await stream.next(limit_s=60)
                except TimeoutError:
                    continue
                fields = ("EventName", "UniqueID", "Channel", "Extra")
                self._take(ChannelEvent(*(first_line(headers, name) for name in fields)))

    def _take(self, event: ChannelEvent) -> None:
        if event.name in (CASE, HELD) and event.uniqueid not in self._by_channel:
            expected = self._by_name.pop(_extra(event.extra), None)
            if expected is not None:
                self._by_channel[event.uniqueid] = expected
        if (events := self._by_channel.get(event.uniqueid)) is not None:
            events.put_nowait(event)
            if event.name == "CHAN_END":
                del self._by_channel[event.uniqueid]


def read_journal(path: Path) -> dict[str, Heard]:
    """What the journal tells of each case, by its number."""
    with path.open("rb") as file:
        lines = [line for line in parse_cel(file) if isinstance(line, CelLine)]
    numbers = {line.uniqueid: _extra(line.extra) for line in lines if line.user_type == CASE}
    ordinary = {line.uniqueid for line in lines if line.user_type == ORDINARY}
    events = call_events(lines)
    return {
        number: Heard(tuple(events.get(uniqueid, ())), uniqueid in ordinary)
        for uniqueid, number in numbers.items()
    }


def _extra(text: str) -> str:
    """What stands in an event's JSON, empty where it is none."""
    try:
        return str(json.loads(text)["extra"])
    except (ValueError, KeyError, TypeError):
        return ""
