"""Which calls a rehearsal places, and what each must meet. Pure: the plan says it all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from itertools import cycle, islice, pairwise
from zoneinfo import ZoneInfo

from pbxctl.decision.decide import Call, decide
from pbxctl.decision.facts import NO_FACTS
from pbxctl.plan.flow import Dial, Play, Record, Sound, Voicemail
from pbxctl.plan.model import Did, Plan, RoutePlan
from pbxctl.plan.runs import sampled
from pbxctl.rehearse.keys import Pressed, ways_by_keys
from pbxctl.simulate.explain import Trace, explain
from pbxctl.simulate.simulate import End, StepTaken, simulate
from pbxctl.simulate.world import World
from pbxctl.timeline import ORDINARY, Rung, Window

EVENING_S = 4 * 3600
"""How long before the midnight that begins a closed day the evening before it is played."""


class Service(StrEnum):
    """What the answering service does when it is rung."""

    ANSWERS = "answers"
    UNCONFIRMED = "picks up and presses no key"
    BUSY = "is busy"
    SILENT = "does not answer"
    GONE = "cannot be reached"


_EXIT = {
    Service.ANSWERS: "answered",
    Service.UNCONFIRMED: "answered",
    Service.BUSY: "busy",
    Service.SILENT: "silent",
    Service.GONE: "unreachable",
}


@dataclass(frozen=True, slots=True)
class Scenario:
    """One call to be placed. ``trace`` is what the simulator says of it: what must be seen and heard.

    ``pressed`` are the keys that the caller presses, by the step in which that happens.
    """

    number: int
    route: str
    caller: str
    did: str
    at: datetime
    service: Service | None
    trace: Trace
    pressed: Pressed = field(default_factory=dict)

    @property
    def title(self) -> str:
        """One line that tells it from all others."""
        service = f", the answering service {self.service}" if self.service is not None else ""
        return f"{self.at:%a %Y-%m-%d %H:%M} {self.route} from {self.caller}{service}{self.keys}"

    @property
    def keys(self) -> str:
        """The keys that are pressed, as the end of a sentence."""
        return "".join(f", key {key} in {step}" for step, key in self.pressed.items())

    @property
    def mode(self) -> str:
        """The mode that the caller meets."""
        decision = self.trace.story.decision
        return ORDINARY if decision is None else decision.mode

    @property
    def heard_first(self) -> Sound | None:
        """What the PBX plays to the caller first, if anything, but for a short sentence in front of it."""
        sounds = (each.step.sound for each in self.trace.story.taken if isinstance(each.step, Play))
        return next((sound for sound in sounds if sound is not Sound.FELL_BACK), None)

    @property
    def cuts_short(self) -> bool:
        """Whether the caller presses a key that ends what he hears first."""
        steps = (each.step for each in self.trace.story.taken)
        return next((step.name in self.pressed for step in steps if isinstance(step, Play)), False)

    @property
    def may_speak(self) -> bool:
        """Whether the caller comes to a tone after which one speaks."""
        return any(isinstance(each.step, Voicemail | Record) for each in self.trace.story.taken)

    @property
    def is_answered_by_service(self) -> bool:
        """Whether whoever a call is forwarded to takes it."""
        asked = {step.confirm is not None for step in self._forwards}
        return bool(asked) and (
            self.service is Service.ANSWERS or (self.service is Service.UNCONFIRMED and False in asked)
        )

    @property
    def key(self) -> str:
        """The key by which the call is taken there; empty: by picking up."""
        return next((step.confirm.key for step in self._forwards if step.confirm is not None), "")

    @property
    def _forwards(self) -> list[Dial]:
        return [each.step for each in self.trace.story.taken if isinstance(each.step, Dial)]

    @property
    def reaches_colleague(self) -> bool:
        """Whether the PBX's own dialplan has the call in the end."""
        return self.trace.story.end is End.ORDINARY


def plan_scenarios(plan: Plan, after: datetime) -> list[Scenario]:
    """A call for each kind of day ahead of each route, and for each way its answering service can fail."""
    wanted: list[_Wanted] = []
    for route in plan.routes.values():
        wanted.extend(_calls(plan, route, list(dict.fromkeys(_moments(plan, route, after)))))
    first = next(iter(plan.routes.values()))
    listed = [entry.number for entry in (*plan.always_pass[-1:], *plan.blocked[:1])]
    wanted.extend(
        _Wanted(at, first, first.dids[0], caller=number)
        for at in list(_moments(plan, first, after))[:1]
        for number in listed
    )
    return _numbered(plan, wanted)


def scenarios_at(plan: Plan, at: datetime) -> list[Scenario]:
    """A call to each number of each route at one moment, and for each way its service can fail."""
    return _numbered(plan, [call for route in plan.routes.values() for call in _calls(plan, route, [at])])


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A call to be placed; without a ``caller`` it is somebody whom nobody knows."""

    at: datetime
    route: RoutePlan
    did: Did
    service: Service | None = None
    caller: str = ""
    pressed: Pressed = field(default_factory=dict)


def _calls(plan: Plan, route: RoutePlan, moments: Sequence[datetime]) -> Iterator[_Wanted]:
    """Calls at each of the moments that reach each number of the route at least once; of a range, some."""
    dids = sampled(route.dids)
    calls = [(at, service) for at in moments for service in _services(plan, route, at)]
    # More numbers than calls: the rest at one moment after the other, since a mailbox does not hold any
    # number of messages; a service that is silent has been heard by now.
    more = islice(cycle(moments), max(0, len(dids) - len(calls)))
    calls.extend((at, _services(plan, route, at)[0]) for at in more)
    for (at, service), did in zip(calls, cycle(dids), strict=False):
        yield _Wanted(at, route, did, service)
    yield from _pressing(plan, route, moments)


def _pressing(plan: Plan, route: RoutePlan, moments: Sequence[datetime]) -> Iterator[_Wanted]:
    """Calls in which each key is pressed that a mode has, at the first moment of that mode."""
    did, told = route.dids[0], set[str]()

    def taken(at: datetime, pressed: Pressed) -> Sequence[StepTaken]:
        return simulate(plan, Call(did.number, ""), at, NO_FACTS, World(exits=pressed)).taken

    for at in moments:
        decision = decide(plan, Call(did.number, ""), at, NO_FACTS)
        if decision is None or decision.mode in told:
            continue
        told.add(decision.mode)
        # A forward that callers come to without a key as well is tried in each of its ends by then.
        tried = _forwards(taken(at, {}))
        for pressed in ways_by_keys(partial(taken, at)):
            forwards = _forwards(taken(at, pressed))
            ends: Sequence[Service | None] = [None]
            if forwards:
                ends = [Service.ANSWERS] if forwards <= tried else list(Service)
            tried |= forwards
            for service in ends:
                yield _Wanted(at, route, did, service, pressed=pressed)


def _forwards(taken: Sequence[StepTaken]) -> set[str]:
    return {each.step.name for each in taken if isinstance(each.step, Dial)}


def _numbered(plan: Plan, wanted: Sequence[_Wanted]) -> list[Scenario]:
    """In the order of time; each caller has a number of his own, by which his traces are told apart."""
    # Sorting is stable: at one moment, the order of the configuration.
    ordered = sorted(wanted, key=lambda each: each.at)
    return [_scenario(plan, number, each) for number, each in enumerate(ordered, 1)]


def _scenario(plan: Plan, number: int, wanted: _Wanted) -> Scenario:
    route, at, service = wanted.route, wanted.at, wanted.service
    caller = wanted.caller or f"0470{number:06}"
    # Each call spells the number in another way, as trunks do.
    did = wanted.did.spellings[number % len(wanted.did.spellings)]
    # Whoever a mode rings, the far end is one and the same here.
    dials = {step.name for flow in route.flows.values() for step in flow.steps if isinstance(step, Dial)}
    exits: Mapping[str, str] = {} if service is None else dict.fromkeys(dials, _EXIT[service])
    exits = {**exits, **wanted.pressed}
    call = Call(did, caller)
    # A caller hangs up once all was said: to the machine, or to whoever has answered.
    world = World(exits=exits, confirms=service is not Service.UNCONFIRMED)
    stays = explain(plan, call, at, NO_FACTS, world)
    last = next(
        (
            each.step.name
            for each in stays.story.taken
            if isinstance(each.step, Voicemail | Record) or each.exit == "answered"
        ),
        None,
    )
    trace = explain(plan, call, at, NO_FACTS, replace(world, gone_in=last))
    return Scenario(
        number, route.name, caller, did, at.astimezone(_zone(plan, route)), service, trace, wanted.pressed
    )


def _services(plan: Plan, route: RoutePlan, at: datetime) -> list[Service | None]:
    trace = explain(plan, Call(route.dids[0].number, ""), at, NO_FACTS)
    forwards = [each.step for each in trace.story.taken if isinstance(each.step, Dial)]
    if not forwards:
        return [None]
    asked = any(step.confirm is not None for step in forwards)
    return [each for each in Service if asked or each is not Service.UNCONFIRMED]


def _moments(plan: Plan, route: RoutePlan, after: datetime) -> Iterator[datetime]:
    """The closed day first, the ordinary day after it, then a moment of each other rung that speaks.

    Last the evenings before a closed day and before a holiday: the hours have closed already, and
    on the next day nobody answers either.
    """
    timeline = plan.timelines[route.schedule]
    ahead = [window for window in timeline.windows if window.end > after.timestamp()]
    closed = next((w for w in ahead if w.verdict.rung is Rung.CLOSED_DAY), None)
    if closed is not None:
        yield _within(closed, after, _zone(plan, route))
    since = closed.end if closed is not None else 0
    rungs = (
        (Rung.ORDINARY, [w for w in ahead if w.start >= since]),
        (Rung.HOLIDAY, ahead),
        (Rung.CALENDAR, ahead),
        (Rung.DATE, [w for w in ahead if w.verdict.mode != ORDINARY]),
        (Rung.HOURS, [w for w in ahead if w.start >= since]),
    )
    for rung, windows in rungs:
        found = [w for w in windows if w.verdict.rung is rung]
        # A holiday on a Sunday would show nothing that the Sunday does not.
        found.sort(key=lambda w: datetime.fromtimestamp(w.start, _zone(plan, route)).isoweekday() > 5)
        if found:
            yield _within(found[0], after, _zone(plan, route))
    for rung in (Rung.CLOSED_DAY, Rung.HOLIDAY):
        if (evening := _evening_before(rung, ahead, after, _zone(plan, route))) is not None:
            yield evening


def _evening_before(
    rung: Rung, windows: Sequence[Window], after: datetime, zone: ZoneInfo
) -> datetime | None:
    """Four hours before such a day, where the office hours have closed by then."""
    for evening, day in pairwise(windows):
        closes = evening.verdict.rung is Rung.HOURS and evening.verdict.mode != ORDINARY
        at = evening.end - EVENING_S
        if closes and day.verdict.rung is rung and at >= max(evening.start, after.timestamp()):
            return datetime.fromtimestamp(at, zone)
    return None


def _within(window: Window, after: datetime, zone: ZoneInfo) -> datetime:
    """Ten in the morning where the window has it, else its middle; never before ``after``.

    A rehearsal lasts about a minute, so a moment near the end would run over into what follows.
    """
    start = max(window.start, int(after.timestamp()))
    ten = datetime.fromtimestamp(start, zone).replace(hour=10, minute=0, second=0)
    for candidate in (ten, ten + timedelta(days=1)):
        if start <= candidate.timestamp() < window.end - 300:
            return candidate
    return datetime.fromtimestamp((start + window.end) // 2, zone)


def _zone(plan: Plan, route: RoutePlan) -> ZoneInfo:
    return ZoneInfo(plan.timelines[route.schedule].zone)
