"""Events of a calendar, as the timeline takes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time that an event takes place, ``[start, end)`` in epoch seconds, with its title for people."""

    start: int
    end: int
    title: str


@dataclass(frozen=True, slots=True)
class ReadCalendar:
    """What came of reading one calendar.

    ``shown`` is its name for people. ``unread`` says why it could not be had, empty where it could; its
    events are then those of its last good copy, kept on ``copied`` (None: there is no copy, and no event).
    """

    occurrences: tuple[Occurrence, ...]
    shown: str
    unread: str = ""
    copied: date | None = None


@dataclass(frozen=True, slots=True)
class CalendarsRead:
    """What came of each calendar, by schedule, and a line for each event that was not as it should be."""

    calendars: Mapping[str, Sequence[ReadCalendar]]
    problems: tuple[str, ...]

    @property
    def events(self) -> dict[str, list[tuple[Occurrence, ...]]]:
        """As a plan takes them: by schedule, those of each calendar."""
        return {name: [each.occurrences for each in read] for name, read in self.calendars.items()}
