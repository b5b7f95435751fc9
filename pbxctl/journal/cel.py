"""The journal that the PBX itself writes: CEL as quoted CSV, one line an event, version 1.

Asterisk renders the fields below for each channel event (``cel_custom.conf``); pbxctl's own
events are among them, as user-defined ones.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pbxctl.journal.events import CEL_EVENT_NAME, JournalEvent, parse_event
from pbxctl.journal.records import OddLine, records

JOURNAL_VERSION = 1

CEL_FIELDS = (
    "eventtype",
    "userdeftype",
    "eventtime",
    "CHANNEL(uniqueid)",
    "CHANNEL(linkedid)",
    "CHANNEL(channame)",
    "CALLERID(num)",
    "CHANNEL(exten)",
    "CHANNEL(context)",
    "CHANNEL(appname)",
    "eventextra",
    "CHANNEL(peer)",
)
"""What each field after the version is, in Asterisk's own words, in the order of the line."""

FIELD_COUNT = 1 + len(CEL_FIELDS)


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
    """The right-hand side of a mapping in ``cel_custom.conf``.

    Each value is handed on by its name and put into quotes here: what ``CSV_QUOTE(${…})`` is given was
    expanded before it is parsed, and a caller's ``):0:3`` would cut it short, its quotes with it. Where
    Asterisk 22.10 knows each function of a mapping, it takes what is in quotes for plain text; it does
    not know ``EVAL``, and so expands them all as every other release does.
    """
    version = f"${{CSV_QUOTE(${{EVAL({JOURNAL_VERSION})}})}}"
    return ",".join([version, *(f'"${{STRREPLACE({field},\\",\\"\\")}}"' for field in CEL_FIELDS)])


def parse_cel(pieces: Iterable[bytes]) -> Iterator[CelLine | OddLine]:
    """Read the journal, handed in as lines; each that cannot be read is named, and reading goes on.

    Where the event that a line holds cannot be read, an odd line follows the one that was read.
    """
    for record in records(pieces, delimiter=","):
        if isinstance(record, OddLine):
            yield record
        elif wrong := what_is_wrong(record.fields):
            yield OddLine(record.line, wrong)
        else:
            line = CelLine(*record.fields[1:])
            yield line
            if odd := event_of(line.type, line.user_type, line.extra)[1]:
                yield OddLine(record.line, odd, read=True)


def what_is_wrong(fields: tuple[str, ...]) -> str:
    """Why these fields are no line of this version of the journal, in words; empty if they are one."""
    version = fields[0]
    if not (version.isascii() and version.isdigit() and len(version) <= 3):
        return "is no line of the journal"
    if version != str(JOURNAL_VERSION):
        return (
            f"is of version {int(version)} of the journal; this pbxctl reads version {JOURNAL_VERSION}: "
            "update pbxctl"
        )
    count = len(fields)
    if count != FIELD_COUNT:
        many = f"{count} field" if count == 1 else f"{count} fields"
        return f"has {many}, and a line of the journal {FIELD_COUNT}"
    return ""


def event_of(kind: str, user_type: str, extra: str) -> tuple[JournalEvent | None, str]:
    """Our own event, and what is odd about it; neither where the event is not ours."""
    if CEL_EVENT_NAME not in (kind, user_type):
        return None, ""
    try:
        return parse_event(json.loads(extra)["extra"]), ""
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None, "holds an event of pbxctl's that this version cannot read: update pbxctl"


def call_events(lines: Iterable[CelLine | OddLine]) -> dict[str, list[JournalEvent]]:
    """Our own events of each channel, by its ``uniqueid``, in the order they were written.

    Odd lines tell nothing of any channel.
    """
    stories: dict[str, list[JournalEvent]] = {}
    for line in lines:
        if isinstance(line, CelLine):
            event, _ = event_of(line.type, line.user_type, line.extra)
            if event is not None:
                stories.setdefault(line.uniqueid, []).append(event)
    return stories
