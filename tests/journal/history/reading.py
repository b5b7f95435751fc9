"""Reads a history as the bakery's configuration does, for tests to look at."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from pbxctl.journal.history import PIECE_BYTES, Folder, House, OddLine, PastCall, Reader
from pbxctl.simulate.replay import house_of
from tests.plan.bakery import bakery_plan

ZONE = ZoneInfo("Europe/Brussels")


@dataclass(frozen=True, slots=True)
class History:
    """What a file held."""

    calls: tuple[PastCall, ...]
    odd: tuple[OddLine, ...]
    reader: Reader
    folder: Folder


def pieces_of(text: bytes) -> Iterator[bytes]:
    stream = io.BytesIO(text)
    return iter(lambda: stream.readline(PIECE_BYTES), b"")


def read(*files: bytes, house: House | None = None) -> History:
    """Read files one after the other into one folder of calls."""
    folder = Folder(house or house_of(bakery_plan()))
    calls: list[PastCall] = []
    odd: list[OddLine] = []
    reader = Reader(ZONE)
    for text in files:
        reader = Reader(ZONE)
        for leg in reader.legs(pieces_of(text)):
            if isinstance(leg, OddLine):
                odd.append(leg)
            else:
                calls.extend(folder.add(leg))
    calls.extend(folder.rest())
    return History(tuple(calls), tuple(odd), reader, folder)


def brussels(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)
