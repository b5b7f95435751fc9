"""Records -> channel events (CEL): our own journal, the sample of ``cel_custom``, and FreePBX's cel table.

Our own journal says which version it is and puts our events among Asterisk's. The sample of
``cel_custom.conf`` has the kind of event first and its time second. A cel table has a head in an
export; where the database wrote the file itself, a number, the kind and the time come first.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final, NamedTuple

from pbxctl.journal.cel import FIELD_COUNT, event_of, what_is_wrong
from pbxctl.journal.events import CEL_EVENT_NAME, JournalEvent
from pbxctl.journal.history.moments import EPOCH, WALL, Clock
from pbxctl.journal.records import OddLine, Record

OWN_LAYOUT: Final = "the journal that pbxctl has the PBX write"
SAMPLE_LAYOUT: Final = "Asterisk's CEL by cel_custom"
TABLE_LAYOUT: Final = "a cel table"

KINDS: Final = frozenset(
    {"CHAN_START", "CHAN_END", "ANSWER", "HANGUP", "APP_START", "APP_END", "LINKEDID_END", "USER_DEFINED"}
    | {"BRIDGE_ENTER", "BRIDGE_EXIT", "BRIDGE_START", "BRIDGE_END", "BRIDGE_UPDATE", "3WAY_START", "3WAY_END"}
    | {"CONF_START", "CONF_END", "CONF_ENTER", "CONF_EXIT", "PARK_START", "PARK_END", "PICKUP", "FORWARD"}
    | {"TRANSFER", "BLINDTRANSFER", "ATTENDEDTRANSFER", "LOCAL_OPTIMIZE", "LOCAL_OPTIMIZE_BEGIN"}
    | {"DTMF", "HOOKFLASH", "STREAM_BEGIN", "STREAM_END"}
)
"""The events that Asterisk knows by itself, from 1.8 to 22."""

_OWN: Final = (
    *("version", "type", "user_type", "time", "uniqueid", "linkedid", "channel"),
    *("caller", "exten", "context", "application", "extra", "peer"),
)
_SAMPLE: Final = (
    *("type", "time", "name", "caller", "ani", "rdnis", "dnid", "exten", "context", "channel"),
    *("application", "data", "amaflags", "accountcode", "uniqueid", "linkedid", "peer", "userfield"),
    *("user_type", "extra"),
)
_TABLE: Final = (
    *("id", "type", "time", "name", "caller", "ani", "rdnis", "dnid", "exten", "context", "channel"),
    *("application", "data", "amaflags", "accountcode", "uniqueid", "linkedid", "peer", "user_type"),
    *("extra", "userfield"),
)
_NAMES: Final = {
    "eventtype": "type",
    "eventtime": "time",
    "userdeftype": "user_type",
    "eventextra": "extra",
    "cid_num": "caller",
    "cidnum": "caller",
    "channame": "channel",
    "chan_name": "channel",
}


class ChannelEvent(NamedTuple):
    """What happened to one channel. ``at`` is aware, in UTC.

    ``event`` is ours, if it is one. ``bridges`` says that the file tells of bridges at all.
    """

    line: int
    at: datetime
    kind: str
    uniqueid: str
    linkedid: str
    channel: str
    caller: str
    exten: str
    context: str
    event: JournalEvent | None
    bridges: bool

    @property
    def key(self) -> str:
        """What the events of one call have in common."""
        return self.linkedid or self.uniqueid


class _Columns(NamedTuple):
    """Where each column is that is looked at; -1 where there is none."""

    type: int
    time: int
    caller: int
    exten: int
    context: int
    channel: int
    uniqueid: int
    linkedid: int
    user_type: int
    extra: int


class EventLayouts:
    """Tells which records of a file are channel events, and reads them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._layout = ""
        self._columns = _columns_of(_OWN)
        self._head: tuple[str, ...] = ()

    def layout_of(self, fields: tuple[str, ...]) -> str:
        """What such a record is taken for; empty if it is no channel event.

        A record of a file whose head named the columns of a cel table is one, whatever it holds.
        """
        if self._head or self._is_head(fields):
            return TABLE_LAYOUT
        self._layout, names = _told_by_its_fields(fields)
        if names:
            self._columns = _columns_of(names)
        return self._layout

    def read(self, record: Record) -> Iterator[ChannelEvent | OddLine]:
        """The event of a record for which :meth:`layout_of` has just answered, and what is odd about it.

        No value is ever quoted: what callers keyed in may stand in any field.
        """
        line, fields = record.line, record.fields
        own = self._layout == OWN_LAYOUT
        if self._head:
            if self._is_head(fields):
                return
            wanted = len(self._head)
            if len(fields) != wanted and not (len(fields) == wanted + 1 and not fields[-1]):
                yield OddLine(line, f"has {_many(len(fields))}, and the head names {wanted}")
                return
        elif own and (wrong := what_is_wrong(fields)):
            yield OddLine(line, wrong)
            return
        columns = self._columns
        fields = (*fields, "")  # what index -1 finds: a column that is not there
        if "NULL" in fields or r"\N" in fields:  # as databases write what is not there
            fields = tuple("" if field in ("NULL", r"\N") else field for field in fields)
        moment = self._moment(fields[columns.time], fields[columns.uniqueid])
        if isinstance(moment, str):
            yield OddLine(line, moment)
            return
        at, doubt = moment
        if not fields[columns.uniqueid] and not fields[columns.linkedid]:
            yield OddLine(line, "does not say which channel it is about")
            return
        event, odd = event_of(fields[columns.type], fields[columns.user_type], fields[columns.extra])
        yield ChannelEvent(
            line=line,
            at=at,
            kind=fields[columns.type],
            uniqueid=fields[columns.uniqueid],
            linkedid=fields[columns.linkedid],
            channel=fields[columns.channel],
            caller=fields[columns.caller],
            exten=fields[columns.exten],
            context=fields[columns.context],
            event=event,
            bridges=own,
        )
        if doubt or odd:
            yield OddLine(line, odd or doubt, read=True)

    def _is_head(self, fields: tuple[str, ...]) -> bool:
        names = tuple(_NAMES.get(name := field.strip().lower(), name) for field in fields)
        if not {"type", "time", "uniqueid", "linkedid"} <= set(names):
            return False
        self._head, self._columns, self._layout = names, _columns_of(names), TABLE_LAYOUT
        return True

    def _moment(self, written: str, uniqueid: str) -> tuple[datetime, str] | str:
        if WALL.fullmatch(written):  # where cel.conf sets a dateformat, and in databases
            read = self._clock.wall(written, uniqueid)
            return read if isinstance(read, str) else (read[0].astimezone(UTC), read[1])
        at = self._clock.epoch(written)
        return at if isinstance(at, str) else (at, "")


def _told_by_its_fields(fields: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The layout of a record without a head, and its columns; both empty if it is none."""
    count = len(fields)
    if count < 3:
        return "", ()
    first, second, third = fields[:3]
    if first.isascii() and first.isdigit():
        if count in (19, 20, 21) and second in KINDS and _is_time(third):
            return TABLE_LAYOUT, _TABLE[:count]
        by_another = count == FIELD_COUNT and second == third != ""  # somebody's user-defined event
        if len(first) <= 3 and (second in KINDS or second == CEL_EVENT_NAME or by_another):
            return OWN_LAYOUT, _OWN
    elif 16 <= count <= 20 and _is_time(second):
        by_another = count > 18 and first == fields[18] != ""
        if first in KINDS or by_another:
            return SAMPLE_LAYOUT, _SAMPLE[:count]
    return "", ()


def _is_time(written: str) -> bool:
    return WALL.fullmatch(written) is not None or EPOCH.fullmatch(written) is not None


@lru_cache(maxsize=64)
def _columns_of(names: tuple[str, ...]) -> _Columns:
    return _Columns(*(names.index(name) if name in names else -1 for name in _Columns._fields))


def _many(count: int) -> str:
    return f"{count} field" if count == 1 else f"{count} fields"
