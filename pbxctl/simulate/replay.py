"""Past calls through the decision: what a configuration would have done with them.

Each call from outside is decided as the PBX would have decided it; nobody's override and no psap window is
known of a time that has gone by. What is counted is one table, and every view of it is a sum over it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from pbxctl.decision.decide import Call, Decision, decide
from pbxctl.decision.facts import NO_FACTS
from pbxctl.journal.history import Direction, Ending, House, PastCall
from pbxctl.numbers import read_number
from pbxctl.plan.model import Plan
from pbxctl.timeline import ORDINARY, WHOLE_DAYS

CLOSED_DAY: Final = "closed_day"
FACTS: Final = frozenset({"psap", "override"})
"""The rungs that speak of what a person did at that time."""

UNENDED_KEPT: Final = 5
MAX_NUMBERS: Final = 10_000
MAX_CALLERS: Final = 500_000


class Cell(NamedTuple):
    """What is counted together. ``weekday`` (ISO) and ``hour`` are those of the schedule's zone."""

    route: str
    mode: str
    rung: str
    rule: str
    weekday: int
    hour: int
    ending: Ending


class Meeting(NamedTuple):
    """What calls met then beside what they would meet now; ``rung`` is empty on no route of this plan."""

    was_mode: str
    was_rung: str
    mode: str
    rung: str

    @property
    def differs(self) -> bool:
        """Whether they would meet another mode."""
        return self.was_mode != self.mode

    @property
    def by_facts(self) -> bool:
        """Whether what they met came of facts of that moment, which no replay knows."""
        return self.was_rung in FACTS


@dataclass(frozen=True, slots=True)
class Replayed:
    """One call from outside, and what it would meet: ``decision`` is None for a number on no route.

    ``at`` is the moment it was decided for, in the company's zone.
    """

    past: PastCall
    at: datetime
    decision: Decision | None

    @property
    def mode(self) -> str:
        """The mode the call would meet; a number on no route is the PBX's own affair."""
        return ORDINARY if self.decision is None else self.decision.mode

    @property
    def closed_now(self) -> bool:
        """Whether a person answered then, and none would now."""
        return self.past.answered and self.mode != ORDINARY

    @property
    def meeting(self) -> Meeting | None:
        """What it met then beside what it would meet; None where the history does not say."""
        met = self.past.met
        if met is None:
            return None
        return Meeting(met.mode, met.rung, self.mode, "" if self.decision is None else self.decision.rung)

    @property
    def remarkable(self) -> bool:
        """Whether it would not meet an ordinary day, or not what it met then."""
        return self.mode != ORDINARY or (self.meeting is not None and self.meeting.differs)


@dataclass(slots=True)
class Tally:
    """What came of all calls so far. ``no_route`` counts by the number dialled, empty where it is not known.

    ``often`` is how often a caller met the closed door on one day, by day and caller. Days are local.
    ``unended`` are the first of the ``without_end`` calls.
    """

    cells: Counter[Cell] = field(default_factory=Counter)
    no_route: Counter[str] = field(default_factory=Counter)
    no_route_beyond: int = 0
    directions: Counter[Direction] = field(default_factory=Counter)
    outside_period: int = 0
    silenced_s: int = 0
    closed_days: set[date] = field(default_factory=set)
    often: Counter[tuple[date, str]] = field(default_factory=Counter)
    often_left_out: int = 0
    meetings: Counter[Meeting] = field(default_factory=Counter)
    without_beginning: int = 0
    without_end: int = 0
    unended: list[Replayed] = field(default_factory=list)
    first: datetime | None = None
    last: datetime | None = None

    def by(self, *names: str, **where: object) -> Counter[tuple[object, ...]]:
        """The calls on our routes summed by these fields of a cell, of those cells that hold such values."""
        found: Counter[tuple[object, ...]] = Counter()
        for cell, count in self.cells.items():
            if all(getattr(cell, name) == value for name, value in where.items()):
                found[tuple(getattr(cell, name) for name in names)] += count
        return found

    def count(self, **where: object) -> int:
        """How many calls on our routes have such values."""
        return self.by(**where)[()]

    def closed_now(self, **where: object) -> int:
        """How many of them a person answered then, and none would now."""
        answered = self.by("mode", ending=Ending.PERSON, **where)
        return sum(count for (mode,), count in answered.items() if mode != ORDINARY)

    def twice(self) -> Mapping[int, int]:
        """How many callers met the closed door so many times on one day, for each number from two on."""
        return dict(sorted(Counter(times for times in self.often.values() if times > 1).items()))


class Replay:
    """Decides past calls one by one, with plans that reach back to them, and keeps the tally.

    ``plan_of`` builds the plan that begins on a day; one is asked for each year of the history.
    ``period`` are the first and the last local day that count. Moments are put ``shift_weeks`` later.
    """

    def __init__(
        self,
        plan_of: Callable[[date], Plan],
        zone: ZoneInfo,
        period: tuple[date | None, date | None] = (None, None),
        shift_weeks: int = 0,
    ) -> None:
        self.tally = Tally()
        self._plan_of_year: Callable[[int], Plan] = lru_cache(maxsize=4)(
            # A day earlier: a schedule's own zone may still be in the old year.
            lambda year: plan_of(date(year, 1, 1) - timedelta(days=1))
        )
        self._zone = zone
        self._first, self._last = period
        self._shift = timedelta(weeks=shift_weeks)
        self._canonical = lru_cache(maxsize=65_536)(_canonical)

    def add(self, past: PastCall) -> Replayed | None:
        """Decide one call; None if it is not from outside or not of the period."""
        tally = self.tally
        local = past.at.astimezone(self._zone)
        day = local.date()
        if (self._first is not None and day < self._first) or (self._last is not None and day > self._last):
            tally.outside_period += 1
            return None
        tally.directions[past.direction] += 1
        if past.direction is not Direction.INBOUND:
            return None
        tally.first = local if tally.first is None or _before(local, tally.first) else tally.first
        tally.last = local if tally.last is None or _before(tally.last, local) else tally.last
        at = _shifted(local, self._shift) if self._shift else local
        plan = self._plan_of_year(at.year)
        decision = decide(plan, Call(past.did, past.caller), at, NO_FACTS)
        replayed = Replayed(past, at, decision)
        self._count_told(replayed)
        if decision is None:
            self._count_unlisted(past.did)
        else:
            self._count(replayed, decision, plan)
        return replayed

    def _count(self, replayed: Replayed, decision: Decision, plan: Plan) -> None:
        tally, past = self.tally, replayed.past
        zone = plan.timelines[plan.routes[decision.route].schedule].zone
        wall = replayed.at if zone == self._zone.key else replayed.at.astimezone(ZoneInfo(zone))
        tally.cells[
            Cell(
                decision.route,
                decision.mode,
                decision.rung,
                decision.rule,
                wall.isoweekday(),
                wall.hour,
                past.ending,
            )
        ] += 1
        if decision.mode == ORDINARY:
            return
        if decision.rung == CLOSED_DAY:
            tally.closed_days.add(wall.date())
            tally.silenced_s += past.talked_s
        if decision.rung in WHOLE_DAYS and past.caller:
            key = (wall.date(), self._canonical(past.caller, plan.company.country))
            if key in tally.often or len(tally.often) < MAX_CALLERS:
                tally.often[key] += 1
            else:
                tally.often_left_out += 1

    def _count_told(self, replayed: Replayed) -> None:
        tally = self.tally
        if (meeting := replayed.meeting) is not None:
            tally.meetings[meeting] += 1
        tally.without_beginning += not replayed.past.begun
        if not replayed.past.ended:
            tally.without_end += 1
            if len(tally.unended) < UNENDED_KEPT:
                tally.unended.append(replayed)

    def _count_unlisted(self, did: str) -> None:
        tally = self.tally
        if did in tally.no_route or len(tally.no_route) < MAX_NUMBERS:
            tally.no_route[did] += 1
        else:
            tally.no_route_beyond += 1


def house_of(plan: Plan, dialled: str = "") -> House:
    """What tells calls from outside in a history: the numbers and contexts of this plan."""
    dids = [did for route in plan.routes.values() for did in route.dids] + list(plan.never_close)
    return House(
        numbers={spelling: did.number for did in dids for spelling in did.spellings},
        contexts=frozenset(route.ordinary for route in plan.routes.values()),
        country=plan.company.country,
        dialled=dialled,
    )


def _before(one: datetime, other: datetime) -> bool:
    # Moments of one zone are compared by their wall clocks, which is wrong in the hour that comes twice.
    return one.timestamp() < other.timestamp()


def _shifted(local: datetime, shift: timedelta) -> datetime:
    """The same time on the clock, weeks later; by way of UTC, so that a skipped time becomes a real one."""
    wall = (local.replace(tzinfo=None, fold=0) + shift).replace(tzinfo=local.tzinfo)
    return datetime.fromtimestamp(wall.timestamp(), local.tzinfo)


def _canonical(caller: str, country: str) -> str:
    """One caller's number however the trunk spelled it; what cannot be read stays as it is."""
    try:
        return read_number(caller, country)
    except ValueError:
        return caller
