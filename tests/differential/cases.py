"""One call, all that surrounds it, and what the simulator says must happen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from zoneinfo import ZoneInfo

from pbxctl.decision.decide import Call
from pbxctl.numbers import dialled_key
from pbxctl.plan.flow import Collect, Dial, Offer, Play
from pbxctl.plan.model import Plan, RoutePlan
from pbxctl.plan.modes import REFUSED
from pbxctl.simulate import Story, World, simulate

from .callers import Caller, diversion_header, random_caller, random_diversion
from .configurations import Configuration
from .database import Database, Pointed, random_database
from .moments import random_moment
from .worlds import SERVICES, exits_of, gone, is_heard, lasts

KEYS = "0123456789*#"

FAR_ENDS = {"answered": 4, "silent": 5, "busy": 3, "unreachable": 1}
"""How often a far end takes a forward so: the impatient never see the end of the first two, and what is
unreachable is met anyway, where the PBX does not know the number."""


@dataclass(frozen=True, slots=True)
class Case:
    """A call to place, the database it must find, and the story it must tell.

    ``forwards`` calls are held in the group of the flow that is met; ``service`` is how the far
    end takes a forwarded call, ``key`` what the caller presses where one is waited for.
    """

    configuration: Configuration
    did: str
    route: str | None
    caller: Caller
    diverted_from: str
    at: int
    database: Database
    service: str
    key: str
    forwards: int
    group: str | None
    story: Story
    gone_in: str | None

    @property
    def plan(self) -> Plan:
        """The plan in force."""
        return self.configuration.current if self.database.current else self.configuration.default

    @property
    def headers(self) -> Mapping[str, str]:
        """What the INVITE says of caller and moment."""
        return {
            **self.caller.headers,
            **diversion_header(self.diverted_from),
            "X-PBXCTL-Moment": str(self.at),
        }

    @property
    def keyed_steps(self) -> frozenset[str]:
        """The steps in which the caller presses a key."""
        if not self.configuration.surroundings.keyed:
            return frozenset()
        return frozenset(taken.step.name for taken in self.story.taken if isinstance(taken.step, Collect))

    @property
    def keyed_plays(self) -> frozenset[str]:
        """The steps in which the caller presses a key during a sound, be it one that ends it or not."""
        known = self.configuration.surroundings
        if not known.keyed or known.patient:
            return frozenset()
        return frozenset(
            taken.step.name
            for taken in self.story.taken
            if isinstance(taken.step, Play | Offer)
            and taken.step.keys
            and is_heard(self.plan, taken, self.configuration.surroundings)
        )

    def day_key(self) -> str | None:
        """The dated entry of the call's own day, below the revision."""
        if self.route is None:
            return None
        timeline = self.plan.timelines[self.plan.routes[self.route].schedule]
        day = datetime.fromtimestamp(self.at, ZoneInfo(timeline.zone))
        return f"day/{timeline.schedule}/{day:%Y%m%d}"


def random_case(random: Random, configuration: Configuration, current: Pointed) -> Case:
    """A call to a random route of the configuration."""
    route = configuration.default.routes[random.choice(sorted(configuration.default.routes))]
    at = random_moment(random, random.choice([configuration.default, configuration.current]), route.name)
    # Who calls is said first, since the database may hold a mark of theirs.
    caller = random_caller(random, configuration.current, configuration.current.routes[route.name])
    key = dialled_key(caller.number)
    database = random_database(random, configuration.current, route.name, at, key, current)
    plan = configuration.current if database.current else configuration.default
    did, name = _did(random, plan, route)
    return case_of(
        configuration,
        did,
        name,
        caller,
        at,
        database,
        diverted_from=random_diversion(random, plan.routes[route.name]),
        service=_far_end(random),
        key=random.choice([*KEYS, *_waited_for(plan.routes[route.name])]),
        forwards=random.choice([0, 0, 0, 0, 1, 2]),
    )


def case_of(
    configuration: Configuration,
    did: str,
    route: str | None,
    caller: Caller,
    at: int,
    database: Database,
    *,
    diverted_from: str = "",
    service: str = "answers",
    key: str = "",
    forwards: int = 0,
) -> Case:
    """The case, with the story that the simulator tells of it."""
    plan = configuration.current if database.current else configuration.default
    moment = datetime.fromtimestamp(at, UTC)
    surroundings = configuration.surroundings
    call = Call(did, caller.number)
    world = World(ordinary_knows=did in surroundings.ordinary_numbers)

    def told(world: World) -> Story:
        return simulate(plan, call, moment, database.facts, world, diverted_from=diverted_from)

    story = told(world)
    group, gone_in = None, None
    if story.decision is not None:
        met = plan.routes[story.decision.route]
        flow = plan.refused if story.decision.mode == REFUSED else met.flows[story.decision.mode]
        dials = any(isinstance(step, Dial) for step in flow.steps)
        group = f"{flow.mode}-{met.name}" if dials else None
        forwards = forwards if dials else 0
        exits = exits_of(plan, flow, story.decision, stem_of(story), service, key, surroundings)
        world = World(exits, None, forwards, did in surroundings.ordinary_numbers)
        story = told(world)
        if not surroundings.patient:
            for taken in story.taken:
                if lasts(plan, taken, surroundings):
                    gone_in = taken.step.name
                    story = told(gone(world, taken.step))
                    break
    return Case(
        configuration,
        did,
        route,
        caller,
        diverted_from,
        at,
        database,
        service,
        key,
        forwards,
        group,
        story,
        gone_in,
    )


def stem_of(story: Story) -> str:
    """The prompt that the decision named."""
    return next((event.prompt for event in story.events if hasattr(event, "prompt")), "")


def _far_end(random: Random) -> str:
    (met,) = random.choices(list(FAR_ENDS), list(FAR_ENDS.values()))
    return random.choice(sorted(name for name, exit_ in SERVICES.items() if exit_ == met))


def _waited_for(route: RoutePlan) -> list[str]:
    """The keys that some step of the route waits for, several times over."""
    steps = [
        step
        for flow in route.flows.values()
        for step in flow.steps
        if isinstance(step, Collect | Play | Offer)
    ]
    return [key for step in steps for key in step.keys] * 3


def _did(random: Random, plan: Plan, route: RoutePlan) -> tuple[str, str | None]:
    kind = random.random()
    if kind < 0.94:
        return random.choice(random.choice(route.dids).spellings), route.name
    if kind < 0.97:
        return random.choice(random.choice(plan.never_close).spellings), None
    return random.choice(["0999999999", "+99", "1):5:1(2", "12|34", "+12${EXTEN}", "1" * 40]), None
