"""States of a lasting connection, and when it is tried again: tables and properties, without a clock."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pbxctl.pbx.asterisk.course import (
    REFUSED_CAP_S,
    REFUSED_FIRST_S,
    REFUSED_MOST,
    REFUSED_WITHIN_S,
    STEPS,
    BackOff,
    Course,
    Happening,
    Moment,
    State,
    next_try,
    step,
)

BEGIN = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
BACK_OFF = BackOff(first_s=1, cap_s=30, held_s=60)


def moment(steady_s: float) -> Moment:
    return Moment(BEGIN + timedelta(seconds=steady_s), steady_s)


def course_after(*happenings: tuple[float, Happening]) -> Course:
    course = Course(moment(0))
    for at, happening in happenings:
        course = step(course, happening, moment(at), back_off=BACK_OFF)
    return course


@pytest.mark.parametrize(
    ("state", "happening", "after"),
    [
        ("disconnected", "due", "connecting"),
        ("refused", "due", "connecting"),
        ("connecting", "booted", "connected"),
        ("connecting", "failed", "disconnected"),
        ("connecting", "refused", "refused"),
        ("connected", "lost", "disconnected"),
        ("disconnected", "closed", "disconnected"),
        ("connecting", "closed", "disconnected"),
        ("connected", "closed", "disconnected"),
        ("refused", "closed", "disconnected"),
    ],
)
def test_what_leads_from_one_state_to_another(state: str, happening: str, after: str) -> None:
    before = Course(moment(0), State(state))
    course = step(before, Happening(happening), moment(5), error="so it is", back_off=BACK_OFF)
    assert (course.state, course.since, course.last_error) == (State(after), moment(5), "so it is")


@pytest.mark.parametrize(("state", "happening"), set(itertools.product(State, Happening)) - set(STEPS))
def test_nothing_else_can_happen(state: State, happening: Happening) -> None:
    with pytest.raises(ValueError, match=f"{happening} cannot happen while {state}"):
        step(Course(moment(0), state), happening, moment(1), back_off=BACK_OFF)


def test_the_last_error_stays_while_it_goes_well() -> None:
    course = step(
        course_after((0, Happening.DUE)), Happening.FAILED, moment(1), error="nobody", back_off=BACK_OFF
    )
    for happening in (Happening.DUE, Happening.BOOTED):
        course = step(course, happening, moment(2), back_off=BACK_OFF)
    assert (course.state, course.last_error) == (State.CONNECTED, "nobody")


def test_the_first_try_is_due_at_once() -> None:
    assert next_try(Course(moment(7)), BACK_OFF, 0.999) == 7


@pytest.mark.parametrize(
    ("failures", "longest_s"), [(1, 1), (2, 2), (3, 4), (5, 16), (6, 30), (7, 30), (5000, 30)]
)
def test_waits_double_up_to_the_cap_and_are_all_chance(failures: int, longest_s: float) -> None:
    course = Course(moment(100), failures=failures)
    assert next_try(course, BACK_OFF, 0.0) == 100
    assert next_try(course, BACK_OFF, 0.5) == 100 + longest_s / 2
    assert next_try(course, BACK_OFF, 1.0) == 100 + longest_s


def test_the_longest_wait_never_shrinks_until_a_connection_held() -> None:
    """Two failures, a connection that held for a second, one that held for a minute."""
    told = [(0.0, Happening.DUE), (1.0, Happening.FAILED), (1.0, Happening.DUE), (2.0, Happening.FAILED)]
    assert course_after(*told).failures == 2
    told += [(2.0, Happening.DUE), (3.0, Happening.BOOTED)]
    assert course_after(*told, (62.9, Happening.LOST)).failures == 3
    assert course_after(*told, (63.0, Happening.LOST)).failures == 1


@pytest.mark.parametrize(
    ("refused", "shortest_s", "longest_s"),
    [(1, 300, 330), (2, 600, 660), (3, 1200, 1320), (4, 1800, 1980), (5000, 1800, 1980)],
)
def test_a_refused_secret_is_tried_again_after_minutes(
    refused: int, shortest_s: float, longest_s: float
) -> None:
    course = Course(moment(100), State.REFUSED, refused=refused)
    assert next_try(course, BACK_OFF, 0.0) == 100 + shortest_s
    assert next_try(course, BACK_OFF, 1.0) == pytest.approx(100 + longest_s)


def test_a_new_secret_is_tried_at_once_but_not_for_ever() -> None:
    told: list[tuple[float, Happening]] = []
    for at in (0.0, 10.0, 20.0):
        told += [(at, Happening.DUE), (at + 1, Happening.REFUSED)]
    assert next_try(course_after(*told[:4]), BACK_OFF, 0.5, secret_changed=True) == 11
    assert next_try(course_after(*told), BACK_OFF, 0.5, secret_changed=True) == 1 + REFUSED_WITHIN_S


def test_being_let_in_ends_the_row_of_refusals() -> None:
    told = [(0.0, Happening.DUE), (1.0, Happening.REFUSED), (301.0, Happening.DUE), (302.0, Happening.BOOTED)]
    assert course_after(*told).refused == 0


Try = tuple[Happening, float, float, bool]
TRIES = st.lists(
    st.tuples(
        st.sampled_from([Happening.REFUSED, Happening.REFUSED, Happening.FAILED, Happening.LOST]),
        st.floats(0, 100),
        st.floats(0, 1, exclude_max=True),
        st.booleans(),
    ),
    max_size=60,
)


@settings(deadline=None)
@given(TRIES)
def test_never_more_refused_log_ins_than_documented(tries: list[Try]) -> None:
    """Whatever happens in whatever order, with a new secret each time or the same for ever."""
    course, refused_at, log_ins = Course(moment(0)), [], []
    now = 0.0
    changed = False
    for ends_in, lasts_s, draw, changes in tries:
        now = max(now, next_try(course, BACK_OFF, draw, secret_changed=changed))
        log_ins.append(now)
        course = step(course, Happening.DUE, moment(now), back_off=BACK_OFF)
        now += lasts_s
        if ends_in is Happening.LOST:
            course = step(course, Happening.BOOTED, moment(now), back_off=BACK_OFF)
            now += lasts_s
        if ends_in is Happening.REFUSED:
            refused_at.append(log_ins[-1])
        course = step(course, ends_in, moment(now), back_off=BACK_OFF)
        changed = changes
    for first, later in zip(refused_at, refused_at[REFUSED_MOST:], strict=False):
        assert later - first > REFUSED_WITHIN_S - 1e-6  # sums of floats


@settings(deadline=None)
@given(st.lists(st.floats(0, 1, exclude_max=True), min_size=2, max_size=20))
def test_the_same_refused_secret_is_not_tried_twice_within_five_minutes(draws: list[float]) -> None:
    course, tried_at, now = Course(moment(0)), [], 0.0
    for draw in draws:
        now = next_try(course, BACK_OFF, draw)
        tried_at.append(now)
        course = step(course, Happening.DUE, moment(now), back_off=BACK_OFF)
        course = step(course, Happening.REFUSED, moment(now + 1), back_off=BACK_OFF)
    waits = [b - a for a, b in itertools.pairwise(tried_at)]
    assert min(waits) > REFUSED_FIRST_S
    assert max(waits) < REFUSED_CAP_S * 1.1 + 2


@settings(deadline=None)
@given(st.integers(0, 10**9), st.floats(0, 1, exclude_max=True), st.floats(0, 10**9))
def test_a_wait_is_never_negative_and_never_above_the_cap(failures: int, draw: float, at: float) -> None:
    due = next_try(Course(moment(at), failures=failures), BACK_OFF, draw)
    assert at <= due <= at + BACK_OFF.cap_s
