"""Events of a calendar, as the timeline takes them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time that an event takes place, ``[start, end)`` in epoch seconds, with its title for people."""

    start: int
    end: int
    title: str
