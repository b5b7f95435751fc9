"""Records -> legs: which column is which, in the histories that Asterisk and FreePBX keep.

Asterisk's ``cdr_csv`` writes no head. Its columns are accountcode, src, dst, dcontext, clid, channel,
dstchannel, lastapp, lastdata, start, answer, end, duration, billsec, disposition, amaflags; then, each
if ``cdr.conf`` asks for it: uniqueid (``loguniqueid``), userfield (``loguserfield``), and peeraccount,
linkedid, sequence together (``newcdrcolumns``). The sample of ``cdr_custom`` begins with clid instead.
A table of FreePBX's has a head in an export, and none where the database wrote the file itself. So where
there is no head, a line is told by the column its date stands in and by how many there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from pbxctl.journal.history.channel_events import ChannelEvent, EventLayouts
from pbxctl.journal.history.moments import UNIQUEID, WALL, Clock
from pbxctl.journal.records import OddLine, Record, records

_COMMON: Final = ("channel", "dstchannel", "lastapp", "lastdata")
_TIMES: Final = ("calldate", "answer", "end", "duration", "billsec", "disposition", "amaflags")
_NEWER: Final = ("peeraccount", "linkedid", "sequence")
CDR_CSV: Final = ("accountcode", "src", "dst", "dcontext", "clid", *_COMMON, *_TIMES)
CDR_CUSTOM: Final = (
    *("clid", "src", "dst", "dcontext", *_COMMON, *_TIMES),
    *("accountcode", "uniqueid", "userfield", "sequence"),
)
TABLE: Final = (
    *("calldate", "clid", "src", "dst", "dcontext", *_COMMON, "duration", "billsec", "disposition"),
    *("amaflags", "accountcode", "uniqueid", "userfield", "did", "recordingfile", "cnum", "cnam"),
    *("outbound_cnum", "outbound_cnam", "dst_cnam", "linkedid", "peeraccount", "sequence"),
)

_HEAD: Final = 20
"""Among so many names a head is looked for."""


class Leg(NamedTuple):
    """One record of a call: a channel, and what it was connected to for a while.

    ``at`` is aware, in the zone that the file is read in; ``key`` tells which legs are one call and is
    empty where the file does not say; ``billed_s`` counts from the answer.
    """

    line: int
    at: datetime
    key: str
    src: str
    dst: str
    did: str
    context: str
    channel: str
    dstchannel: str
    application: str
    userfield: str
    outgoing: bool
    answered: bool
    billed_s: int


class _Columns(NamedTuple):
    """Where each column is that is looked at; -1 where there is none."""

    calldate: int
    src: int
    dst: int
    dcontext: int
    channel: int
    dstchannel: int
    lastapp: int
    billsec: int
    disposition: int
    uniqueid: int
    userfield: int
    did: int
    cnum: int
    outbound_cnum: int
    linkedid: int


class Reader:
    """Reads one file; ``layout`` then says what it was taken for, ``hours_off`` whether its clock fits."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.layout = ""
        self._clock = Clock(zone)
        self._events = EventLayouts(self._clock)
        self._head: _Columns | None = None
        self._width = 0

    @property
    def hours_off(self) -> float:
        """How far the file's times lie behind those in its uniqueids, which count in UTC; 0 if they agree."""
        return self._clock.hours_off

    def legs(self, pieces: Iterable[bytes]) -> Iterator[Leg | ChannelEvent | OddLine]:
        """Every leg or event of a file that is handed in as :func:`records` asks for, and every odd line."""
        for record in records(pieces):
            if isinstance(record, OddLine):
                yield record
            elif self._head is None and (layout := self._events.layout_of(record.fields)):
                self.layout = layout
                yield from self._events.read(record)
            else:
                leg, odd = self._leg(record)
                # A head is no leg, and it may come again where files were put together.
                if odd is not None and (leg is not None or not self._is_head(record.fields)):
                    yield odd
                if leg is not None:
                    yield leg

    def _is_head(self, fields: tuple[str, ...]) -> bool:
        if not {"src", "dst"} <= {field.strip().lower() for field in fields[:_HEAD]}:
            return False
        names = [_column(field) for field in fields]
        if "calldate" not in names:
            return False
        self._head = _columns_of(tuple(names))
        self._width = len(names)
        self.layout = "a table with a head"
        return True

    def _columns(self, fields: tuple[str, ...]) -> _Columns | str:
        """Where each column is; else what is wrong, in words."""
        count = len(fields)
        if self._head is not None:
            if count == self._width or (count == self._width + 1 and not fields[-1]):
                return self._head
            return f"has {count} {_fields(count)}, and the head names {self._width}"
        # cdr_custom's answer stands where cdr_csv's start does, so the column before it is asked first.
        if count in (18, 19) and WALL.fullmatch(fields[8]):
            self.layout = "Asterisk's Master.csv by cdr_custom"
            return _columns_of(CDR_CUSTOM)
        if 16 <= count <= 21 and WALL.fullmatch(fields[9]):
            self.layout = "Asterisk's Master.csv"
            return _CDR_CSV[count, count > 16 and UNIQUEID.fullmatch(fields[16]) is not None]
        if 16 <= count <= 40 and WALL.fullmatch(fields[0]):
            self.layout = "a table without a head"
            return _columns_of(TABLE[:count])
        return (
            f"is no call record: {count} {_fields(count)} without a date where one should be; "
            "Master.csv has 16 to 21 fields, the tenth a date like 2026-11-04 10:00:00"
        )

    def _leg(self, record: Record) -> tuple[Leg | None, OddLine | None]:
        columns = self._columns(record.fields)
        if isinstance(columns, str):
            return None, OddLine(record.line, columns)
        fields = (*record.fields, "")  # what index -1 finds: a column that is not there
        if "NULL" in fields or r"\N" in fields:  # as databases write what is not there
            fields = tuple("" if field in ("NULL", r"\N") else field for field in fields)
        uniqueid = fields[columns.uniqueid]
        written = fields[columns.calldate]
        moment = self._clock.wall(written, uniqueid)
        if isinstance(moment, str):
            return None, OddLine(record.line, moment, written)
        at, doubt = moment
        channel = fields[columns.channel]
        leg = Leg(
            line=record.line,
            at=at,
            key=fields[columns.linkedid] or uniqueid or (f"{channel} {at.date()}" if channel else ""),
            src=fields[columns.src] or fields[columns.cnum],
            dst=fields[columns.dst],
            did=fields[columns.did],
            context=fields[columns.dcontext],
            channel=channel,
            dstchannel=fields[columns.dstchannel],
            application=fields[columns.lastapp],
            userfield=fields[columns.userfield],
            outgoing=bool(fields[columns.outbound_cnum]),
            answered=fields[columns.disposition].strip().upper() == "ANSWERED",
            billed_s=_seconds(fields[columns.billsec]),
        )
        return leg, OddLine(record.line, doubt, written, read=True) if doubt else None


@lru_cache(maxsize=64)
def _columns_of(names: tuple[str, ...]) -> _Columns:
    return _Columns(*(names.index(name) if name in names else -1 for name in _Columns._fields))


_EXTRA: Final = ((), ("uniqueid",), ("userfield",), ("uniqueid", "userfield"))
# By how many columns there are, and whether the one after amaflags looks like a uniqueid.
_CDR_CSV: Final = {
    (len(CDR_CSV + extra + newer), is_uniqueid): _columns_of(CDR_CSV + extra + newer)
    for newer in ((), _NEWER)
    for extra in _EXTRA
    for is_uniqueid in (False, True)
    if len(extra) != 1 or is_uniqueid == (extra == ("uniqueid",))
}


def _column(written: str) -> str:
    name = written.strip().lower()
    return {"start": "calldate", "source": "src", "destination": "dst", "context": "dcontext"}.get(name, name)


def _seconds(written: str) -> int:
    text = written.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else 0


def _fields(count: int) -> str:
    return "field" if count == 1 else "fields"
