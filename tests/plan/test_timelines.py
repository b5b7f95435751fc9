"""A schedule compiled: the week in the code, and exactly the dates that differ from it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings

from pbxctl.plan.answers import UNKNOWN, Answers, Relation
from pbxctl.plan.model import Part, Standing, TimelinePlan
from pbxctl.plan.timelines import build_timeline, table_for
from pbxctl.timeline import Calendar, ClosedDay, Holiday, Hours, OwnDate, Rules, Window
from tests.timeline.oracle import DAYS, oracle, schedules

BRUSSELS = "Europe/Brussels"
OFFICE = Hours((((510, 1050),),) * 5 + ((), ()), "voicemail", "hours")
WEDNESDAYS = (ClosedDay(3, date(2026, 12, 2), "voicemail", "closed_day"),)


def replayed(timeline: TimelinePlan, at: int) -> Standing:
    """What the tables say at a second, read as their docstrings tell: dated by instant, weekly by clock."""
    wall = datetime.fromtimestamp(at, ZoneInfo(timeline.zone))
    dated = timeline.dates.get(wall.date())
    clock = wall.hour * 3600 + wall.minute * 60 + wall.second
    parts = dated or table_for(timeline.weekly, wall.date()).days[wall.weekday()]
    return [part.standing for part in parts if part.start <= (at if dated else clock)][-1]


def answers_by_windows(windows: list[Window], zone: ZoneInfo, at: int) -> Answers | None:
    """When people answer, by looking along the windows until one is ordinary, and within hours."""

    def answered(window: Window) -> bool:
        return window.verdict.mode == "ordinary" and window.verdict.rung != "hours"

    here = next(window for window in windows if window.start <= at < window.end)
    if answered(here):
        return None
    opening = next((w.start for w in windows if w.start > at and answered(w)), None)
    if opening is None:
        return UNKNOWN
    opens = datetime.fromtimestamp(opening, zone)
    ahead = (opens.date() - datetime.fromtimestamp(at, zone).date()).days
    if ahead == 0:
        return Answers(Relation.TODAY, opens.isoweekday(), time=opens.time())
    if ahead == 1:
        return Answers(Relation.TOMORROW, opens.isoweekday())
    if ahead <= 6:
        return Answers(Relation.WITHIN_WEEK, opens.isoweekday())
    return Answers(Relation.LATER, opens.isoweekday(), day=opens.date())


@settings(max_examples=200, deadline=None)
@given(schedules())
def test_tables_and_dates_replayed_are_the_ladder(schedule: tuple[Rules, date]) -> None:
    rules, first = schedule
    timeline = build_timeline("office", rules, first, DAYS)
    zone, windows = ZoneInfo(rules.zone), Calendar(rules).windows(first, DAYS + 8)
    begin, end = timeline.windows[0].start, timeline.windows[-1].end
    edges = {at for window in timeline.windows for at in (window.start, window.end - 1)}
    for at in sorted({*edges, *range(begin, end, 17_257)}):
        standing = replayed(timeline, at)
        assert (standing.mode, standing.rung, standing.rule) == oracle(rules, at)
        assert standing.answers == answers_by_windows(windows, zone, at)


@settings(deadline=None)
@given(schedules())
def test_a_date_is_kept_only_where_the_week_would_be_wrong(schedule: tuple[Rules, date]) -> None:
    rules, first = schedule
    timeline = build_timeline("office", rules, first, DAYS)
    for day, start, end, _ in Calendar(rules).days(first, DAYS):
        parts = timeline.dates.get(day)
        if parts is not None and end - start == 86_400:
            as_weekly = tuple(Part(part.start - start, part.standing) for part in parts)
            assert as_weekly != table_for(timeline.weekly, day).days[day.weekday()]
    assert all(first <= day < first + timedelta(days=DAYS) for day in timeline.dates)


@settings(deadline=None)
@given(schedules())
def test_windows_of_the_plan_are_those_of_the_calendar(schedule: tuple[Rules, date]) -> None:
    rules, first = schedule
    timeline = build_timeline("office", rules, first, DAYS)
    assert list(timeline.windows) == Calendar(rules).windows(first, DAYS)
    assert all(a.verdict != b.verdict for a, b in pairwise(timeline.windows))


def answer_at(rules: Rules, moment: str, first: str, days: int) -> Answers | None:
    timeline = build_timeline("office", rules, date.fromisoformat(first), days)
    at = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(rules.zone))
    return replayed(timeline, int(at.timestamp())).answers


def own(start: str, end: str, mode: str | None = "voicemail") -> OwnDate:
    return OwnDate(datetime.fromisoformat(start), datetime.fromisoformat(end), mode, "dates.0")


CHRISTMAS = Rules(
    BRUSSELS,
    WEDNESDAYS,
    OFFICE,
    (Holiday(date(2026, 12, 25), "", "voicemail", "h"), Holiday(date(2027, 1, 1), "", "voicemail", "h")),
    (own("2026-12-24 12:00", "2027-01-04 08:30"),),
)
WEEK = Rules(BRUSSELS, WEDNESDAYS, OFFICE)
THREE = Rules(BRUSSELS, WEDNESDAYS, OFFICE, (Holiday(date(2026, 12, 3), "", "voicemail", "h"),))
ORDINARY_WEDNESDAY = Rules(BRUSSELS, WEDNESDAYS, OFFICE, dates=(own("2026-12-09", "2026-12-10", None),))

ANSWERED = {
    "before opening: today": (WEEK, "2026-12-03 07:00", Answers(Relation.TODAY, 4, time=time(8, 30))),
    "while open: nothing to say": (WEEK, "2026-12-03 09:00", None),
    "on a Wednesday: tomorrow": (WEEK, "2026-12-02 10:00", Answers(Relation.TOMORROW, 4)),
    "on Tuesday evening: over the closed day": (
        WEEK,
        "2026-12-08 18:00",
        Answers(Relation.WITHIN_WEEK, 4),
    ),
    "on the Tuesday before the first closed day, too": (
        WEEK,
        "2026-12-01 18:00",
        Answers(Relation.WITHIN_WEEK, 4),
    ),
    "a week earlier, Wednesdays answer yet": (WEEK, "2026-11-24 18:00", Answers(Relation.TOMORROW, 3)),
    "before a change, the closed day to come counts": (
        Rules(BRUSSELS, (*WEDNESDAYS, ClosedDay(2, date(2026, 12, 7), "voicemail", "closed_day.1")), OFFICE),
        "2026-12-07 18:00",
        Answers(Relation.WITHIN_WEEK, 3),
    ),
    "on Friday evening: over the weekend": (WEEK, "2026-12-04 18:00", Answers(Relation.WITHIN_WEEK, 1)),
    "closed day, then a holiday": (THREE, "2026-12-02 10:00", Answers(Relation.WITHIN_WEEK, 5)),
    "the evening before both": (THREE, "2026-12-01 18:00", Answers(Relation.WITHIN_WEEK, 5)),
    "a long closure: the date is named": (
        CHRISTMAS,
        "2026-12-24 12:00",
        Answers(Relation.LATER, 1, day=date(2027, 1, 4)),
    ),
    "seven days before its end: still the date": (
        CHRISTMAS,
        "2026-12-28 10:00",
        Answers(Relation.LATER, 1, day=date(2027, 1, 4)),
    ),
    "six days before its end: the weekday says it": (
        CHRISTMAS,
        "2026-12-29 10:00",
        Answers(Relation.WITHIN_WEEK, 1),
    ),
    "the last second before it": (
        CHRISTMAS,
        "2027-01-04 08:29:59",
        Answers(Relation.TODAY, 1, time=time(8, 30)),
    ),
    "before a Wednesday that answers": (
        ORDINARY_WEDNESDAY,
        "2026-12-08 18:00",
        Answers(Relation.TOMORROW, 3),
    ),
}


@pytest.mark.parametrize(("rules", "moment", "answers"), ANSWERED.values(), ids=ANSWERED)
def test_callers_hear_when_people_really_answer(rules: Rules, moment: str, answers: Answers | None) -> None:
    assert answer_at(rules, moment, "2026-11-23", 60) == answers


CLOSED_FOR_EVER = {
    "hours of no day": Rules(BRUSSELS, hours=Hours(((),) * 7, "voicemail", "hours")),
    "one open day, and that is the closed day": Rules(
        BRUSSELS, WEDNESDAYS, Hours(((), (), ((510, 1050),), (), (), (), ()), "voicemail", "hours")
    ),
    "a range beyond the horizon": Rules(BRUSSELS, dates=(own("2020-01-01", "2040-01-01"),)),
}


@pytest.mark.parametrize("rules", CLOSED_FOR_EVER.values(), ids=CLOSED_FOR_EVER)
def test_nothing_is_promised_where_nobody_ever_answers(rules: Rules) -> None:
    timeline = build_timeline("office", rules, date(2026, 12, 3), 30)
    for at in range(timeline.windows[0].start, timeline.windows[-1].end, 3_600):
        assert replayed(timeline, at).answers == UNKNOWN


def test_a_weekday_that_alone_is_open_is_promised_by_date_and_not_by_the_week() -> None:
    only = Rules(BRUSSELS, hours=Hours(((), (), (), ((510, 1050),), (), (), ()), "voicemail", "hours"))
    evening = answer_at(only, "2026-12-03 18:00", "2026-12-01", 10)
    assert evening == Answers(Relation.LATER, 4, day=date(2026, 12, 10))
    weekly = build_timeline("office", only, date(2026, 12, 1), 10).weekly[0]
    assert [part.standing.answers for part in weekly.days[3]] == [
        Answers(Relation.TODAY, 4, time=time(8, 30)),
        None,
        UNKNOWN,  # the same weekday of next week: no date can be named in a table for ever
    ]


def test_the_last_days_look_beyond_the_horizon() -> None:
    last_evening = "2026-12-04 18:00"
    assert answer_at(WEEK, last_evening, "2026-12-01", 4) == Answers(Relation.WITHIN_WEEK, 1)
    assert date(2026, 12, 5) not in build_timeline("office", WEEK, date(2026, 12, 1), 4).dates


def test_the_week_before_since_and_the_week_after_stand_side_by_side() -> None:
    before, after = build_timeline("office", WEEK, date(2026, 11, 23), 30).weekly
    assert (before.since, after.since) == (None, date(2026, 12, 2))
    assert [part.standing.rung for part in before.days[2]] == ["hours", "ordinary", "hours"]
    assert [part.standing.rung for part in after.days[2]] == ["closed_day"]
    assert table_for((before, after), date(2026, 12, 1)) is before
    assert table_for((before, after), date(2026, 12, 2)) is after


def test_each_change_of_the_closed_day_has_its_week() -> None:
    moved = Rules(
        BRUSSELS,
        (
            *WEDNESDAYS,
            ClosedDay(2, date(2027, 1, 4), "answering_service", "closed_day.1"),
            ClosedDay(None, date(2027, 2, 1), "ordinary", "closed_day.2"),
        ),
        OFFICE,
    )
    weekly = build_timeline("office", moved, date(2026, 11, 23), 120).weekly
    closed = [
        {weekday for weekday, day in enumerate(table.days, 1) if day[0].standing.rung == "closed_day"}
        for table in weekly
    ]
    assert [table.since for table in weekly] == [
        None,
        date(2026, 12, 2),
        date(2027, 1, 4),
        date(2027, 2, 1),
    ]
    assert closed == [set(), {3}, {2}, set()]
    assert table_for(weekly, date(2027, 1, 3)) is weekly[1]
    assert table_for(weekly, date(2027, 1, 4)) is weekly[2]


def test_a_schedule_without_closed_day_has_one_week() -> None:
    assert len(build_timeline("office", Rules(BRUSSELS), date(2026, 11, 23), 30).weekly) == 1


def test_holidays_are_named_within_the_horizon_only() -> None:
    named = build_timeline("office", THREE, date(2026, 12, 3), 1)
    assert set(named.holidays) == {date(2026, 12, 3)}
    assert build_timeline("office", THREE, date(2026, 12, 1), 2).holidays == {}
