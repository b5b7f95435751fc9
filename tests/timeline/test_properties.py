"""Whatever the rules: windows have no gap, and say at every second what the ladder says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from pbxctl.timeline import Calendar, Rules, Rung, Said, Window
from pbxctl.timeline.instants import day_start, instant
from tests.timeline.oracle import DAYS, PLACES, highest_shown, oracle, schedules


def windows_of(rules: Rules, first: date) -> list[Window]:
    return Calendar(rules).windows(first, DAYS)


def told(window: Window) -> tuple[str, str, str]:
    return window.verdict.mode, str(window.verdict.rung), window.verdict.rule


@settings(deadline=None)
@given(schedules())
def test_windows_are_sorted_gap_free_and_cover_the_period(schedule: tuple[Rules, date]) -> None:
    rules, first = schedule
    windows = windows_of(rules, first)
    zone = ZoneInfo(rules.zone)
    assert windows[0].start == day_start(first, zone)
    assert windows[-1].end == day_start(first + timedelta(days=DAYS), zone)
    assert all(window.start < window.end for window in windows)
    for window, after in pairwise(windows):
        assert window.end == after.start
        assert window.verdict != after.verdict


@settings(max_examples=300, deadline=None)
@given(schedules(), st.lists(st.integers(0, DAYS * 86_400 - 3_601), max_size=20))
def test_every_second_agrees_with_the_ladder(schedule: tuple[Rules, date], ahead: list[int]) -> None:
    rules, first = schedule
    windows = windows_of(rules, first)
    begin, end = windows[0].start, windows[-1].end
    edges = {at for window in windows for at in (window.start, window.end - 1)}
    for at in {*edges, *(begin + seconds for seconds in ahead)}:
        assert begin <= at < end
        found = next(window for window in windows if window.start <= at < window.end)
        assert told(found) == oracle(rules, at), at


@settings(deadline=None)
@given(schedules())
def test_a_day_asked_for_alone_is_the_day_within_the_period(schedule: tuple[Rules, date]) -> None:
    rules, first = schedule
    calendar = Calendar(rules)
    for day, start, end, stretches in calendar.days(first, DAYS):
        assert calendar.day(day, start, end) == stretches
        assert stretches[0].start == start
        assert all(a.start < b.start and a.verdict != b.verdict for a, b in pairwise(stretches))
        assert stretches[-1].start < end


@settings(deadline=None)
@given(st.sampled_from(PLACES), st.integers(0, 1440 * DAYS), st.integers(0, 1440 * DAYS))
def test_the_order_of_times_on_the_wall_is_the_order_of_instants(
    place: tuple[str, date], one: int, other: int
) -> None:
    zone, midnight = ZoneInfo(place[0]), datetime.combine(place[1], time())
    early, late = (midnight + timedelta(minutes=minutes) for minutes in sorted((one, other)))
    assert instant(early, zone) <= instant(late, zone)
    # The first second at which the clock shows this time, or has just skipped it.
    assert highest_shown(instant(late, zone), zone) >= late > highest_shown(instant(late, zone) - 1, zone)


@settings(deadline=None)
@given(st.sampled_from(PLACES))
def test_days_follow_each_other_without_a_gap(place: tuple[str, date]) -> None:
    zone, first = ZoneInfo(place[0]), place[1]
    days = list(Calendar(Rules(place[0])).days(first, DAYS))
    assert [day for day, *_ in days] == [first + timedelta(days=ahead) for ahead in range(DAYS)]
    assert all(start == day_start(day, zone) for day, start, _, _ in days)
    assert all(end == after for (_, _, end, _), (_, after, _, _) in pairwise(days))


def without(rules: Rules, said: Said, at: int) -> Rules:
    """The same rules, had the one that says this never been written."""
    day = datetime.fromtimestamp(at, ZoneInfo(rules.zone)).date()
    if said.own is not None:
        return replace(rules, dates=tuple(each for each in rules.dates if each is not said.own))
    match said.verdict.rung:
        case Rung.CALENDAR:
            first = next(each for each in rules.events if each.start <= at < each.end)
            return replace(rules, events=tuple(each for each in rules.events if each is not first))
        case Rung.HOLIDAY:
            return replace(rules, holidays=tuple(each for each in rules.holidays if each.day != day))
        case Rung.CLOSED_DAY:
            return replace(rules, closed_days=())
    return replace(rules, hours=None)


@settings(max_examples=300, deadline=None)
@given(schedules(), st.lists(st.integers(0, DAYS * 86_400 - 3_601), max_size=20))
def test_what_is_silent_would_have_spoken_were_the_rules_before_it_not_there(
    schedule: tuple[Rules, date], ahead: list[int]
) -> None:
    rules, first = schedule
    windows = windows_of(rules, first)
    for at in {*(window.start for window in windows), *(windows[0].start + seconds for seconds in ahead)}:
        left = rules
        for said in Calendar(rules).said(at):
            verdict = said.verdict
            assert (verdict.mode, str(verdict.rung), verdict.rule) == oracle(left, at)
            left = without(left, said, at)
        assert oracle(left, at)[1] == "ordinary", "nothing that speaks is left untold"
