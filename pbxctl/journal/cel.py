"""The journal that the PBX itself writes: CEL as quoted CSV, one line an event, version 1.

Asterisk renders the fields below for each channel event (``cel_custom.conf``); pbxctl's own
events are among them, as user-defined ones.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pbxctl.journal.events import CEL_EVENT_NAME, JournalEvent, parse_event

JOURNAL_VERSION = 1

CEL_FIELDS = (
    str(JOURNAL_VERSION),
    "${eventtype}",
    "${userdeftype}",
    "${eventtime}",
    "${CHANNEL(uniqueid)}",
    "${CHANNEL(linkedid)}",
    "${CHANNEL(channame)}",
    "${CALLERID(num)}",
    "${CHANNEL(exten)}",
    "${CHANNEL(context)}",
    "${CHANNEL(appname)}",
    "${eventextra}",
    "${CHANNEL(peer)}",
)
"""What each field is, in Asterisk's own words, in the order of the line."""


@dataclass(frozen=True, slots=True)
class CelLine:
    """One channel event. ``time`` is epoch seconds, as text, with the PBX's microseconds."""

    type: str
    user_type: str
    time: str
    uniqueid: str
    linkedid: str
    channel: str
    caller: str
    exten: str
    context: str
    application: str
    extra: str
    peer: str


def cel_mapping() -> str:
    """The right-hand side of a mapping in ``cel_custom.conf``."""
    return ",".join(f"${{CSV_QUOTE({field})}}" for field in CEL_FIELDS)


def parse_cel(lines: Iterable[str]) -> Iterator[CelLine]:
    """Read whole lines of the journal.

    Raises:
        ValueError: a line of another version, or not of this journal at all.
    """
    for number, fields in enumerate(csv.reader(lines), 1):
        if len(fields) != len(CEL_FIELDS) or fields[0] != str(JOURNAL_VERSION):
            raise ValueError(
                f"record {number} of the journal is not of version {JOURNAL_VERSION}: {fields!r}"
            )
        yield CelLine(*fields[1:])


def call_events(lines: Iterable[CelLine]) -> dict[str, list[JournalEvent]]:
    """Our own events of each channel, by its ``uniqueid``, in the order they were written."""
    stories: dict[str, list[JournalEvent]] = {}
    for line in lines:
        if line.user_type == CEL_EVENT_NAME:
            stories.setdefault(line.uniqueid, []).append(parse_event(json.loads(line.extra)["extra"]))
    return stories
