"""How a lasting connection goes on: its states, and when it is tried again. Pure: no clock, no chance.

The states and what leads from one to another are one table, :data:`STEPS`. When to try again is
:func:`next_try`: soon and at random after a loss, after minutes where the secret was refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

REFUSED_MOST = 3
"""At most so many log-ins are refused within :data:`REFUSED_WITHIN_S`, however often the secret changes.

fail2ban's own rule for Asterisk shuts an address out at the fifth within ten minutes.
"""
REFUSED_WITHIN_S = 600.0
REFUSED_FIRST_S = 300.0
REFUSED_CAP_S = 1800.0
_DOUBLINGS = 20  # more would be above any cap


class State(StrEnum):
    """Where the connection stands."""

    DISCONNECTED = "disconnected"
    """There is none; the next try is due after a wait."""
    CONNECTING = "connecting"
    """Being made: connecting, logging in, awaiting that the PBX is fully booted."""
    CONNECTED = "connected"
    """Logged in, and the PBX is fully booted. Only now are actions sent."""
    REFUSED = "refused"
    """The PBX knows neither this user nor this secret; the next try is minutes away, or a new secret."""


class Happening(StrEnum):
    """What leads from one state to another."""

    DUE = "due"
    """The wait is over."""
    BOOTED = "booted"
    FAILED = "failed"
    """It could not be made, for whatever reason but the secret."""
    REFUSED = "refused"
    LOST = "lost"
    CLOSED = "closed"
    """We closed it. Nothing is due ever after."""


STEPS: Mapping[tuple[State, Happening], State] = MappingProxyType(
    {
        (State.DISCONNECTED, Happening.DUE): State.CONNECTING,
        (State.REFUSED, Happening.DUE): State.CONNECTING,
        (State.CONNECTING, Happening.BOOTED): State.CONNECTED,
        (State.CONNECTING, Happening.FAILED): State.DISCONNECTED,
        (State.CONNECTING, Happening.REFUSED): State.REFUSED,
        (State.CONNECTED, Happening.LOST): State.DISCONNECTED,
        **{(state, Happening.CLOSED): State.DISCONNECTED for state in State},
    }
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment by two clocks: the wall's, which people read, and one that nobody ever sets, for waits."""

    at: datetime
    steady_s: float


@dataclass(frozen=True, slots=True)
class BackOff:
    """How long to wait before the next try.

    After the n-th failure in a row it is anything from nothing to ``first_s`` doubled n - 1 times,
    at most ``cap_s``: whole chance, so that many clients of one PBX do not come back at once. A
    connection that held for ``held_s`` ends the row.
    """

    first_s: float = 0.5
    cap_s: float = 30.0
    held_s: float = 30.0


@dataclass(frozen=True, slots=True)
class Timing:
    """How long is waited for what.

    A ping goes out every ``ping_every_s`` unless the PBX still works on an action within that one's
    own limit; two in a row without an answer within ``ping_limit_s`` end the connection.
    ``secret_every_s`` is how often a refused secret is looked at again, which asks nothing of the PBX.
    """

    ping_every_s: float = 10.0
    ping_limit_s: float = 3.0
    log_in_limit_s: float = 3.0
    boot_limit_s: float = 60.0
    secret_every_s: float = 2.0
    back_off: BackOff = field(default_factory=BackOff)


@dataclass(frozen=True, slots=True)
class Status:
    """Where the connection stands, for people and programs.

    ``last_error`` is a sentence, empty before the first, and stays when the connection is back.
    ``log_ins`` counts the log-ins that were sent since the start.
    """

    state: State
    since: datetime
    last_error: str
    log_ins: int


@dataclass(frozen=True, slots=True)
class Course:
    """Where the connection stands, since when, and what counts for the next try.

    ``failures`` and ``refused`` are in a row; ``refusals`` are the last moments of refused log-ins,
    by the steady clock. ``last_error`` stays when the connection stands again.
    """

    since: Moment
    state: State = State.DISCONNECTED
    last_error: str = ""
    failures: int = 0
    refused: int = 0
    refusals: tuple[float, ...] = ()


def step(
    course: Course, happening: Happening, moment: Moment, *, error: str = "", back_off: BackOff
) -> Course:
    """What it is after something happened.

    Raises:
        ValueError: that cannot happen in this state.
    """
    state = STEPS.get((course.state, happening))
    if state is None:
        raise ValueError(f"{happening} cannot happen while {course.state}")
    failures, refused, refusals = course.failures, course.refused, course.refusals
    match happening:
        case Happening.FAILED:
            failures += 1
        case Happening.LOST:
            held = moment.steady_s - course.since.steady_s >= back_off.held_s
            failures = 1 if held else failures + 1
        case Happening.REFUSED:
            refused += 1
            refusals = (*refusals, moment.steady_s)[-REFUSED_MOST:]
        case Happening.BOOTED:
            refused = 0
    return replace(
        course,
        since=moment,
        state=state,
        last_error=error or course.last_error,
        failures=failures,
        refused=refused,
        refusals=refusals,
    )


def next_try(course: Course, back_off: BackOff, draw: float, *, secret_changed: bool = False) -> float:
    """When the next try is due, by the steady clock, while disconnected or refused.

    ``draw`` is drawn from [0, 1) once for each wait. ``secret_changed`` tells that the secret is
    not the one that was refused.
    """
    if course.state is not State.REFUSED:
        wait = draw * _doubled(back_off.first_s, course.failures, back_off.cap_s)
    elif secret_changed:
        wait = 0.0
    else:
        wait = _doubled(REFUSED_FIRST_S, course.refused, REFUSED_CAP_S) * (1 + draw / 10)
    due = course.since.steady_s + wait
    if len(course.refusals) == REFUSED_MOST:
        due = max(due, course.refusals[0] + REFUSED_WITHIN_S)
    return due


def _doubled(first_s: float, times: int, cap_s: float) -> float:
    return 0.0 if times == 0 else min(cap_s, first_s * 2.0 ** min(times - 1, _DOUBLINGS))
