"""Bytes -> CSV records, each with its line; whatever a file holds, in bounded memory.

A field may hold line ends, so a record ends where its quotes do. One quote too many would then
take the rest of the file for a field: a record that does not end in time is given up, and reading
goes on with the line after the one it began in.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

PIECE_BYTES: Final = 64 * 1024
"""The longest line that is read; whoever hands in pieces of a file hands in none that is longer."""

RECORD_LINES: Final = 50
RECORD_BYTES: Final = PIECE_BYTES
MAX_FIELDS: Final = 200

JOURNAL_LINE: Final = re.compile(
    rb'"[0-9]{1,3}","[^"\r\n]{1,80}","[^"\r\n]{0,80}","[0-9][-0-9 T:.]{8,30}","[^"\r\n]*","'
)
"""How each line of our own journal begins.

It is told wherever it stands: within a field every quote is doubled, and nothing else has these fields in
this order. After a disk was full, or a power cut, it begins behind the half of another.
"""

_BOM: Final = b"\xef\xbb\xbf"
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
_SHOWN: Final = 40


@dataclass(frozen=True, slots=True)
class Record:
    """One line of the table: ``line`` counts from 1 and is the one it begins in."""

    line: int
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OddLine:
    """A line that was left out, or read with a doubt: what is wrong with it, in a sentence.

    ``value`` is what stands there. It comes from outside: print it by :attr:`shown` alone.
    """

    line: int
    what: str
    value: str = ""
    read: bool = False

    @property
    def shown(self) -> str:
        """The value in quotes, cut, with nothing in it that a terminal or a sheet would act upon."""
        cut = self.value if len(self.value) <= _SHOWN else self.value[:_SHOWN] + "…"
        return "" if not self.value else ascii(cut)


def records(pieces: Iterable[bytes], delimiter: str = "") -> Iterator[Record | OddLine]:
    """Read a file, handed in as lines of at most :data:`PIECE_BYTES`; a longer one comes in pieces.

    What parts the fields (comma, semicolon or tab) is seen in the first line, unless it is given: then
    nobody has saved the file anew, in another encoding. Each line is UTF-8 if it can be, else Latin-1.
    Empty lines are nothing.
    """
    lines = _Lines(pieces, any_encoding=not delimiter)
    while True:
        taken = lines.take()
        if taken is None:
            return
        number, line = taken
        if isinstance(line, OddLine):
            yield line
            continue
        if not delimiter:
            delimiter = _delimiter(line)
            if line[:4].lower() == b"sep=":  # a line that spreadsheets write for themselves
                continue
        if line.count(b'"') % 2:
            whole = _with_following(line, lines)
            if whole is None:
                cut = "" if line[-1:] in b"\r\n" else ": only half of it was written"
                yield OddLine(number, f"has a quote that is not closed{cut}")
                continue
            line = whole
        if line.strip(b"\r\n \t"):
            yield _parsed(number, line, delimiter)


class _Lines:
    """Lines one by one; some can be looked at ahead and put back."""

    def __init__(self, pieces: Iterable[bytes], *, any_encoding: bool) -> None:
        self._any_encoding = any_encoding
        self._pieces = iter(pieces)
        self._back: deque[tuple[int, bytes | OddLine]] = deque()
        self._number = 0

    def take(self) -> tuple[int, bytes | OddLine] | None:
        """The next line and its number; an odd one in place of one that is too long; None at the end."""
        if self._back:
            number, held = self._back.popleft()
            return number, held if isinstance(held, OddLine) else self._unglued(number, held)
        piece = next(self._pieces, None)
        if piece is None:
            return None
        self._number += 1
        if self._number == 1:
            if self._any_encoding and piece[:2] in _UTF_16:
                return self._end(OddLine(1, "the file is UTF-16; save it as CSV in UTF-8"))
            piece = piece.removeprefix(_BOM)
        if len(piece) < PIECE_BYTES or piece[-1:] == b"\n":
            return self._number, self._unglued(self._number, piece)
        while len(piece) >= PIECE_BYTES and piece[-1:] != b"\n":
            piece = next(self._pieces, b"")
        return self._number, OddLine(self._number, f"is longer than {PIECE_BYTES // 1024} KiB")

    def _unglued(self, number: int, line: bytes) -> bytes:
        """The line, up to where a line of our journal begins within it; the rest is the next to be taken."""
        begins = JOURNAL_LINE.search(line, 1)
        if begins is None:
            return line
        self.put_back([(number, line[begins.start() :])])
        return line[: begins.start()]

    def put_back(self, taken: Iterable[tuple[int, bytes | OddLine]]) -> None:
        """The next to be taken, in this order."""
        self._back.extendleft(reversed(list(taken)))

    def _end(self, odd: OddLine) -> tuple[int, OddLine]:
        self._pieces = iter(())
        return odd.line, odd


def _with_following(line: bytes, lines: _Lines) -> bytes | None:
    """The line with those up to the one that closes its quote; None, and all put back, if none does."""
    looked: list[tuple[int, bytes | OddLine]] = []
    parts = [line]
    size = len(line)
    while len(looked) < RECORD_LINES:
        taken = lines.take()
        if taken is None:
            break
        looked.append(taken)
        following = taken[1]
        if isinstance(following, OddLine) or JOURNAL_LINE.match(following):
            break
        parts.append(following)
        size += len(following)
        if size > RECORD_BYTES:
            break
        if following.count(b'"') % 2:
            return b"".join(parts)
    lines.put_back(looked)
    return None


def _parsed(number: int, line: bytes, delimiter: str) -> Record | OddLine:
    if b"\0" in line:
        return OddLine(number, "holds a NUL byte: it was cut short or is no text")
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        text = line.decode("latin-1")
    try:
        # A line end within quotes is part of a field, so the record goes in whole.
        fields = next(csv.reader((text,), delimiter=delimiter))
    except (csv.Error, StopIteration) as error:
        return OddLine(number, f"is not CSV: {error}")
    if len(fields) > MAX_FIELDS:
        return OddLine(number, f"has {len(fields)} fields; no call history has more than {MAX_FIELDS}")
    return Record(number, tuple(fields))


def _delimiter(line: bytes) -> str:
    """What parts the fields; a comma also where nothing does."""
    if line[:4].lower() == b"sep=" and line[4:5] in (b",", b";", b"\t"):
        return line[4:5].decode()
    # Names and texts stand in quotes and may hold any of them.
    outside = b"".join(line.split(b'"')[::2])
    return max(",;\t", key=lambda each: outside.count(each.encode()))
