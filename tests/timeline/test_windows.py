"""What a period looks like: several ways to write it, one answer."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pbxctl.timeline import Calendar, Rules
from tests.timeline.written import (
    ALWAYS,
    BRUSSELS,
    WEEKDAYS,
    Case,
    closed,
    event,
    half,
    holiday,
    hours,
    own,
    shown,
)

CASES = {
    "a whole Wednesday": Case(
        {
            "closed day": Rules(BRUSSELS, closed_days=(closed(3),)),
            "holiday": Rules(BRUSSELS, holidays=(holiday("2026-12-02"),)),
            "own date": Rules(BRUSSELS, dates=(own("2026-12-02", "2026-12-03"),)),
            "two halves": Rules(
                BRUSSELS, dates=(own("2026-12-02 12:00", "2026-12-03"), own("2026-12-02", "2026-12-02 12:00"))
            ),
            "hours": Rules(BRUSSELS, hours=hours(*ALWAYS[:2], (), *ALWAYS[3:])),
            "hours that touch": Rules(
                BRUSSELS, hours=hours(*(((0, 720), (720, 1440)),) * 2, (), *ALWAYS[3:])
            ),
        },
        "2026-12-01",
        3,
        ["12-01 00:00+0100 ordinary", "12-02 00:00+0100 voicemail", "12-03 00:00+0100 ordinary"],
    ),
    "a range over midnight, month and year end": Case(
        {
            "one date": Rules(BRUSSELS, dates=(own("2026-12-31 12:00", "2027-01-02 08:00"),)),
            "two that meet": Rules(
                BRUSSELS,
                dates=(own("2026-12-31 12:00", "2027-01-01"), own("2027-01-01", "2027-01-02 08:00")),
            ),
            "two that overlap": Rules(
                BRUSSELS,
                dates=(
                    own("2027-01-01 06:00", "2027-01-02 08:00"),
                    own("2026-12-31 12:00", "2027-01-01 12:00"),
                ),
            ),
            "around a holiday": Rules(
                BRUSSELS,
                holidays=(holiday("2027-01-01"),),
                dates=(own("2026-12-31 12:00", "2027-01-01"), own("2027-01-02", "2027-01-02 08:00")),
            ),
        },
        "2026-12-31",
        3,
        ["12-31 00:00+0100 ordinary", "12-31 12:00+0100 voicemail", "01-02 08:00+0100 ordinary"],
    ),
    "week 53 and the first Wednesday of a year": Case(
        {
            "closed day": Rules(BRUSSELS, closed_days=(closed(3),)),
            "own dates": Rules(
                BRUSSELS, dates=(own("2026-12-30", "2026-12-31"), own("2027-01-06", "2027-01-07"))
            ),
        },
        "2026-12-29",
        10,
        [
            "12-29 00:00+0100 ordinary",
            "12-30 00:00+0100 voicemail",
            "12-31 00:00+0100 ordinary",
            "01-06 00:00+0100 voicemail",
            "01-07 00:00+0100 ordinary",
        ],
    ),
    "29 February": Case(
        {
            "closed day": Rules(BRUSSELS, closed_days=(closed(2),)),
            "holiday": Rules(BRUSSELS, holidays=(holiday("2028-02-29"),)),
            "own date": Rules(BRUSSELS, dates=(own("2028-02-29", "2028-03-01"),)),
        },
        "2028-02-28",
        3,
        ["02-28 00:00+0100 ordinary", "02-29 00:00+0100 voicemail", "03-01 00:00+0100 ordinary"],
    ),
    "an ordinary day: the hours still apply": Case(
        {
            "over the closed day": Rules(
                BRUSSELS,
                closed_days=(closed(3),),
                hours=hours(*WEEKDAYS),
                dates=(own("2027-01-06", "2027-01-07", None),),
            ),
            "over a holiday": Rules(
                BRUSSELS,
                holidays=(holiday("2027-01-06"),),
                hours=hours(*WEEKDAYS),
                dates=(own("2027-01-06", "2027-01-07", None),),
            ),
            "of nothing but hours": Rules(BRUSSELS, hours=hours(*WEEKDAYS)),
        },
        "2027-01-06",
        1,
        ["01-06 00:00+0100 voicemail", "01-06 08:30+0100 ordinary", "01-06 17:30+0100 voicemail"],
    ),
    "half a day: hours of that date, whatever else it is": Case(
        {
            "over the closed day": Rules(
                BRUSSELS, closed_days=(closed(3),), hours=hours(*WEEKDAYS), dates=(half("2027-01-06"),)
            ),
            "over a holiday": Rules(
                BRUSSELS, holidays=(holiday("2027-01-06"),), hours=hours(*ALWAYS), dates=(half("2027-01-06"),)
            ),
            "over an event": Rules(
                BRUSSELS, events=(event("2027-01-06", "2027-01-07"),), dates=(half("2027-01-06"),)
            ),
            "of nothing but hours": Rules(BRUSSELS, hours=hours(*(((540, 720),),) * 7)),
        },
        "2027-01-06",
        1,
        ["01-06 00:00+0100 voicemail", "01-06 09:00+0100 ordinary", "01-06 12:00+0100 voicemail"],
    ),
    "an event of a calendar": Case(
        {
            "alone": Rules(BRUSSELS, events=(event("2027-01-05 22:00", "2027-01-06 10:00"),)),
            "two that overlap": Rules(
                BRUSSELS,
                events=(
                    event("2027-01-06", "2027-01-06 10:00"),
                    event("2027-01-05 22:00", "2027-01-06 08:00"),
                ),
            ),
            "an own date": Rules(BRUSSELS, dates=(own("2027-01-05 22:00", "2027-01-06 10:00"),)),
        },
        "2027-01-05",
        3,
        ["01-05 00:00+0100 ordinary", "01-05 22:00+0100 voicemail", "01-06 10:00+0100 ordinary"],
    ),
    "half an ordinary day on a closed day": Case(
        {
            "without hours": Rules(
                BRUSSELS, closed_days=(closed(3),), dates=(own("2027-01-06 12:00", "2027-01-06 14:00", None),)
            ),
            "with hours": Rules(
                BRUSSELS,
                closed_days=(closed(3),),
                hours=hours(*WEEKDAYS),
                dates=(own("2027-01-06 12:00", "2027-01-06 14:00", None),),
            ),
        },
        "2027-01-06",
        1,
        ["01-06 00:00+0100 voicemail", "01-06 12:00+0100 ordinary", "01-06 14:00+0100 voicemail"],
    ),
    "a change of the closed day: history stays": Case(
        {
            "two changes": Rules(
                BRUSSELS,
                closed_days=(closed(3, "2026-12-02"), closed(2, "2026-12-14"), closed(None, "2026-12-21")),
            ),
            "one that changes nothing between": Rules(
                BRUSSELS,
                closed_days=(
                    closed(3, "2026-12-02"),
                    closed(3, "2026-12-08"),
                    closed(2, "2026-12-14"),
                    closed(None, "2026-12-21"),
                ),
            ),
            "own dates": Rules(
                BRUSSELS,
                dates=(
                    own("2026-12-02", "2026-12-03"),
                    own("2026-12-09", "2026-12-10"),
                    own("2026-12-15", "2026-12-16"),
                ),
            ),
        },
        "2026-11-25",
        40,
        [
            "11-25 00:00+0100 ordinary",
            "12-02 00:00+0100 voicemail",
            "12-03 00:00+0100 ordinary",
            "12-09 00:00+0100 voicemail",
            "12-10 00:00+0100 ordinary",
            "12-15 00:00+0100 voicemail",
            "12-16 00:00+0100 ordinary",
        ],
    ),
    "since: the Wednesday before is as it was, the day itself is closed": Case(
        {
            "the day itself": Rules(BRUSSELS, closed_days=(closed(3, "2026-12-02"),)),
            "the day after the last one before": Rules(BRUSSELS, closed_days=(closed(3, "2026-11-26"),)),
        },
        "2026-11-25",
        8,
        ["11-25 00:00+0100 ordinary", "12-02 00:00+0100 voicemail"],
    ),
    "since the day after: that Wednesday is not closed yet": Case(
        {"Thursday": Rules(BRUSSELS, closed_days=(closed(3, "2026-12-03"),))},
        "2026-12-02",
        8,
        ["12-02 00:00+0100 ordinary", "12-09 00:00+0100 voicemail"],
    ),
}


@pytest.mark.parametrize(
    ("case", "spelling"), [pytest.param(c, s, id=f"{c}-{s}") for c in CASES for s in CASES[c].spellings]
)
def test_however_it_is_written_the_windows_are_the_same(case: str, spelling: str) -> None:
    wanted = CASES[case]
    assert shown(wanted.spellings[spelling], wanted.first, wanted.days) == wanted.windows


def verdict_at(rules: Rules, at: datetime) -> tuple[str, str, str]:
    epoch = int(at.timestamp())
    for window in Calendar(rules).windows(at.date() - timedelta(days=1), 3):
        if window.start <= epoch < window.end:
            return window.verdict.mode, str(window.verdict.rung), window.verdict.rule
    raise AssertionError(f"{at} lies in no window")


WEDNESDAY_HOLIDAY = Rules(
    BRUSSELS,
    closed_days=(closed(3, mode="answering_service"),),
    hours=hours(*WEEKDAYS, outside="night"),
    holidays=(holiday("2027-01-06"), holiday("2027-01-09")),
    dates=(
        own("2027-01-06 10:00", "2027-01-06 11:00", "first", "dates.0"),
        own("2027-01-06 09:00", "2027-01-06 12:00", "second", "dates.1"),
        own("2027-01-06 15:00", "2027-01-06 20:00", None, "dates.2"),
    ),
)

SAID = {
    "holiday over closed day": ("01-06 08:00", ("voicemail", "holiday", "holidays")),
    "own date over holiday": ("01-06 09:00", ("second", "date", "dates.1")),
    "the date written first wins": ("01-06 10:00", ("first", "date", "dates.0")),
    "and the other goes on after it": ("01-06 11:00", ("second", "date", "dates.1")),
    "behind both, the holiday again": ("01-06 12:00", ("voicemail", "holiday", "holidays")),
    "an ordinary day says so itself": ("01-06 15:00", ("ordinary", "date", "dates.2")),
    "but not after hours": ("01-06 17:30", ("night", "hours", "hours")),
    "closed day over hours": ("01-13 09:00", ("answering_service", "closed_day", "closed_day")),
    "and outside of them": ("01-13 20:00", ("answering_service", "closed_day", "closed_day")),
    "hours on any other day": ("01-07 08:00", ("night", "hours", "hours")),
    "nothing said within hours": ("01-07 09:00", ("ordinary", "ordinary", "ordinary")),
    "a holiday on a day without hours": ("01-09 09:00", ("voicemail", "holiday", "holidays")),
    "a day without hours": ("01-10 09:00", ("night", "hours", "hours")),
}


@pytest.mark.parametrize(("moment", "said"), SAID.values(), ids=SAID)
def test_the_rung_that_speaks_gives_its_rule(moment: str, said: tuple[str, str, str]) -> None:
    at = datetime.fromisoformat(f"2027-{moment}").replace(tzinfo=ZoneInfo(BRUSSELS))
    assert verdict_at(WEDNESDAY_HOLIDAY, at) == said


def test_of_two_holidays_on_one_day_the_first_wins() -> None:
    rules = Rules(BRUSSELS, holidays=(holiday("2027-01-01", "first"), holiday("2027-01-01", "second")))
    assert [window.verdict.mode for window in Calendar(rules).windows(date(2027, 1, 1), 1)] == ["first"]


@pytest.mark.parametrize(
    ("edge", "before", "after"),
    [
        pytest.param("2027-01-04 08:30:00", "voicemail", "ordinary", id="opening"),
        pytest.param("2027-01-04 17:30:00", "ordinary", "voicemail", id="closing"),
        pytest.param("2027-01-04 12:00:00", "ordinary", "other", id="an own date begins"),
        pytest.param("2027-01-04 12:15:00", "other", "ordinary", id="an own date ends"),
        pytest.param("2027-01-06 00:00:00", "voicemail", "closed", id="the closed day begins"),
        pytest.param("2027-01-07 00:00:00", "closed", "voicemail", id="the closed day ends"),
    ],
)
def test_an_edge_belongs_to_what_begins_there(edge: str, before: str, after: str) -> None:
    rules = Rules(
        BRUSSELS,
        closed_days=(closed(3, mode="closed"),),
        hours=hours(*WEEKDAYS),
        dates=(own("2027-01-04 12:00", "2027-01-04 12:15", "other"),),
    )
    at = datetime.fromisoformat(edge).replace(tzinfo=ZoneInfo(BRUSSELS))
    moments = [at - timedelta(seconds=1), at, at + timedelta(seconds=1)]
    assert [verdict_at(rules, moment)[0] for moment in moments] == [before, after, after]
