"""What the journal tells of one caller's calls."""

from __future__ import annotations

from collections.abc import Sequence

from pbxctl.journal.cel import CelLine, call_events
from pbxctl.journal.events import Entered, JournalEvent


def stories_of(lines: Sequence[CelLine], caller: str) -> list[list[JournalEvent]]:
    """Our events of each of the calls from ``caller``."""
    return [
        events
        for events in call_events(lines).values()
        if isinstance(events[0], Entered) and events[0].caller == caller
    ]


def is_over(lines: Sequence[CelLine], caller: str) -> bool:
    """Whether there were such calls, and all have ended."""
    ended = {line.uniqueid for line in lines if line.type == "CHAN_END"}
    channels = {
        uniqueid
        for uniqueid, events in call_events(lines).items()
        if isinstance(events[0], Entered) and events[0].caller == caller
    }
    return bool(channels) and channels <= ended
