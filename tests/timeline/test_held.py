"""What one calendar may close by itself, and what waits for a person, however it is written."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbxctl.timeline.calendars import Occurrence
from pbxctl.timeline.held import CLOSED_S, Held, held_back, merged
from tests.timeline.written import BRUSSELS

ZONE = ZoneInfo(BRUSSELS)
FIRST = datetime.fromisoformat("2027-03-15")  # two weeks before clocks are put forward


def event(day: float, days: float, title: str = "Closed") -> Occurrence:
    """``days`` days long, from ``day`` days after the first one on, by the clock on the wall."""
    start, end = ((FIRST + timedelta(days=at)).replace(tzinfo=ZONE) for at in (day, day + days))
    return Occurrence(int(start.timestamp()), int(end.timestamp()), title)


def split(days: int, *, hour: float = 0, hours: float = 24, titles: int = 1) -> list[Occurrence]:
    return [event(n + hour / 24, hours / 24, f"Closed {n % titles}") for n in range(days)]


CLOSURES = {
    "one event": lambda days: [event(0, days)],
    "a day each": lambda days: split(days),
    "a day each, each with a title of its own": lambda days: split(days, titles=99),
    "a minute short of each midnight": lambda days: split(days, hours=23.98),
    "office hours only": lambda days: split(days, hour=8.5, hours=9),
    "a long morning only": lambda days: split(days, hour=8, hours=4),
    "a morning in two": lambda days: [
        *split(days, hour=8, hours=2, titles=99),
        *split(days, hour=11, hours=2, titles=7),
    ],
    "overlapping": lambda days: [event(n, min(3, days - n), f"Closed {n}") for n in range(days)],
    "the longer half, and then the rest": lambda days: [event(0, days - 5, "A"), event(days - 5, 5, "B")],
}


@pytest.mark.parametrize("closure", CLOSURES.values(), ids=CLOSURES)
@pytest.mark.parametrize("most", [6, 14, 40])
def test_so_many_days_close_and_one_more_waits_all_of_it(closure: object, most: int) -> None:
    assert callable(closure)
    assert held_back(closure(most), BRUSSELS, most) == Held((), most)
    too_long = closure(most + 1)
    held = held_back(too_long, BRUSSELS, most)
    assert set(held.events) == set(too_long)
    assert held.max_days == most + 1
    assert held_back(too_long, BRUSSELS, most + 1).events == ()


@pytest.mark.parametrize(
    ("events", "held"),
    [
        pytest.param(split(300, hour=12, hours=3.9), 0, id="a long lunch each day is no closure"),
        pytest.param([event(7 * n, 1) for n in range(50)], 0, id="a day each week"),
        pytest.param([event(2 * n, 1) for n in range(50)], 0, id="every other day"),
        pytest.param([event(7 * n, 5) for n in range(50)], 250 // 5, id="every day of the week but its end"),
        pytest.param([*split(14), *[event(28 + n, 1) for n in range(14)]], 0, id="two weeks, twice"),
        pytest.param([*split(14), event(27, 1)], 15, id="two weeks, and a day more within four"),
        pytest.param([*split(14), event(28, 1)], 0, id="two weeks, and a day more behind four"),
    ],
)
def test_days_are_counted_within_twice_as_many(events: list[Occurrence], held: int) -> None:
    assert len(held_back(events, BRUSSELS, 14).events) == held


def test_a_long_event_does_not_take_the_short_ones_around_it_along() -> None:
    short = [event(-3, 1, "Stocktaking"), event(31, 0.5, "Outing")]
    long = [event(0, 30, "Hacked")]
    assert held_back([*short, *long], BRUSSELS, 14).events == tuple(long)
    daily = [event(day, 1, "Hacked") for day in range(30)]
    assert held_back([*short, *daily], BRUSSELS, 14).events == tuple(daily)


def test_times_that_overlap_are_one() -> None:
    assert merged([(1, 9), (2, 3), (9, 10), (12, 13)]) == [(1, 10), (12, 13)]


def test_as_many_events_as_can_be_are_looked_at_in_a_moment() -> None:
    """Each of them as long as all that is read."""
    began = time.process_time()
    assert len(held_back([event(0, 800, f"{n}") for n in range(5000)], BRUSSELS, 14).events) == 5000
    assert time.process_time() - began < 2


def test_what_closes_for_ever_cannot_be_let_through() -> None:
    assert held_back([event(0, 900)], BRUSSELS, 14).max_days is None
    assert held_back(split(900), BRUSSELS, 100).max_days is None


def test_what_closes_a_day_too_often_waits_and_other_days_close() -> None:
    often = [event(hour / 24, 1 / 48, f"Break {hour}") for hour in range(5)]
    other = event(3, 1, "Closed")
    assert held_back([*often, other], BRUSSELS, 14) == Held(tuple(often), None, 4)
    assert held_back([*often[:4], other], BRUSSELS, 14).events == ()
    assert held_back([*often[:2], other], BRUSSELS, 14, times_a_day=1).events == tuple(often[:2])
    # Those that touch or overlap close once.
    touching = [event(hour / 48, 1 / 48, f"Break {hour}") for hour in range(9)]
    assert held_back(touching, BRUSSELS, 14).events == ()


events = st.lists(
    st.builds(
        event,
        st.integers(0, 90 * 8).map(lambda n: n / 8),
        st.sampled_from([0.1, 0.25, 1, 1, 2, 5, 20]),
        st.sampled_from(["A", "B", "C"]),
    ),
    max_size=40,
    unique=True,
)


@given(events, st.integers(1, 30))
def test_whatever_is_written_closes_no_more_than_allowed(written: list[Occurrence], most: int) -> None:
    held = set(held_back(written, BRUSSELS, most).events)
    closed: dict[date, int] = {}
    for start, end in merged((each.start, each.end) for each in written if each not in held):
        for at in range(start, end, 360):
            day = datetime.fromtimestamp(at, ZONE).date()
            closed[day] = closed.get(day, 0) + min(360, end - at)
    days = sorted(day.toordinal() for day, seconds in closed.items() if seconds >= CLOSED_S + 360)
    for first in days:
        assert sum(first <= day < first + 2 * most for day in days) <= most
    # And nothing is held where nothing has to be.
    assert held_back([each for each in written if each not in held], BRUSSELS, most).events == ()


@given(events, st.integers(1, 30), st.randoms(use_true_random=False))
def test_the_order_in_which_events_stand_changes_nothing(
    written: list[Occurrence], most: int, random: object
) -> None:
    assert hasattr(random, "shuffle")
    other = list(written)
    random.shuffle(other)
    assert held_back(other, BRUSSELS, most) == held_back(written, BRUSSELS, most)
