"""When people answer again, in the form in which a caller hears it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import TypeAlias

TimeOfDay: TypeAlias = time


class Relation(StrEnum):
    """How far away the answering day is, seen from the day of the call."""

    TODAY = "today"  # later on the same day: the time is spoken
    TOMORROW = "tomorrow"  # the next calendar day: "tomorrow, Thursday"
    WITHIN_WEEK = "within_week"  # 2 to 6 days ahead: the weekday says it all
    LATER = "later"  # 7 days or more ahead: weekday, day and month are spoken
    UNKNOWN = "unknown"  # no answering moment is known: nothing is promised


@dataclass(frozen=True, slots=True, order=True)
class Answers:
    """The next moment people answer, relative to the day of the call, in the schedule's zone.

    ``weekday`` is ISO (1 Monday … 7 Sunday) and set unless ``UNKNOWN``; ``day`` is set for
    ``LATER`` alone, ``time`` for ``TODAY`` alone, so that equal prompts are equal values.
    """

    relation: Relation
    weekday: int | None = None
    day: date | None = None
    time: TimeOfDay | None = None


UNKNOWN = Answers(Relation.UNKNOWN)


def answers_on(call_day: date, answer_day: date, answer_time: time) -> Answers:
    """Classify an answering moment as a caller of ``call_day`` hears it.

    Raises:
        ValueError: the answering day lies before the day of the call.
    """
    ahead = (answer_day - call_day).days
    weekday = answer_day.isoweekday()
    if ahead < 0:
        raise ValueError(f"{answer_day} lies before {call_day}")
    if ahead == 0:
        return Answers(Relation.TODAY, weekday, time=answer_time)
    if ahead == 1:
        return Answers(Relation.TOMORROW, weekday)
    if ahead < 7:
        return Answers(Relation.WITHIN_WEEK, weekday)
    return Answers(Relation.LATER, weekday, day=answer_day)
