"""Random configurations: the YAML an administrator could have written, and what surrounds it on the PBX."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Any

import yaml

from pbxctl.config import load_config
from pbxctl.plan.build import build_plan, zone_of
from pbxctl.plan.flow import Collect, Dial, Flow, Record, Step
from pbxctl.plan.model import Plan
from pbxctl.prompts.needed import catalogue_of, needed_prompts

from .flows import odd_flow
from .own_modes import TEMPLATE, TEMPLATE_TEXT, random_modes
from .places import FOREIGN, PLACES, Place, days_to_begin
from .schedules import random_events, random_schedule

LANGUAGES = ("nl", "fr", "de", "en")

SPEAKING = ("nl", "fr")
"""The languages for which the PBX of these tests has built-in sentences."""

LONG_S = 60

LONGEST = "abcdefghijklmnopqrstuvwxyz-0123"
"""The longest name that a route or schedule may have."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is there on the PBX, and what is missing.

    ``sounds`` are the files that can be played, as ``LANGUAGE/STEM``. ``patient`` callers stay to
    the end of sounds, talks and recordings that are short; the others meet long ones and hang up.
    """

    sounds: frozenset[str]
    mailboxes: frozenset[str]
    recordings_writable: bool
    ordinary_numbers: frozenset[str]
    outbound_numbers: frozenset[str]
    patient: bool
    keyed: bool

    @property
    def lasting_s(self) -> int:
        """How long what lasts does last."""
        return 1 if self.patient else LONG_S


@dataclass(frozen=True, slots=True)
class Configuration:
    """One instance on the PBX: the generation its code names, and the one its pointer may name instead."""

    instance: str
    text: str
    default: Plan
    current_text: str
    current: Plan
    surroundings: Surroundings

    @property
    def ordinary(self) -> str:
        return f"{self.instance}-ordinary"

    @property
    def outbound(self) -> str:
        return f"{self.instance}-outbound"


def random_configuration(random: Random, index: int) -> Configuration:
    """The ``index``-th instance; everything but its numbers and name comes from ``random``."""
    place = random.choice(PLACES)
    instance = f"c{index}" if random.random() < 0.8 else f"n{index:07}"  # no generation: not hexadecimal
    first_day = random.choice(days_to_begin(place.zone)) + timedelta(days=random.choice([0, 0, -1, 1, -20]))
    horizon_days = random.choice([1, 8, 30, 120, 400])
    content = _content(random, place, instance, index, first_day)
    text = yaml.safe_dump(content, sort_keys=False, width=10**6)
    default = planned(text, first_day, horizon_days)
    content["schedules"] = _schedules(random, place, first_day, content["routes"], content["modes"])
    current_text = yaml.safe_dump(content, sort_keys=False, width=10**6)
    current = planned(current_text, first_day + timedelta(days=1), horizon_days)
    if random.random() < 0.45:
        default, current = _with_odd_flows(random, default), _with_odd_flows(random, current)
    surroundings = _surroundings(random, instance, default, current)
    return Configuration(
        instance,
        text,
        lasting(default, surroundings),
        current_text,
        lasting(current, surroundings),
        surroundings,
    )


def planned(text: str, first_day: date, horizon_days: int) -> Plan:
    """The plan of a configuration's text."""
    loaded = replace(load_config(text.encode(), "pbxctl.yaml"), templates={TEMPLATE: TEMPLATE_TEXT})
    random = Random(f"{text}/{first_day}")  # noqa: S311 - to be had again, not secret
    events = {
        name: [random_events(random, zone_of(loaded.config, schedule), first_day) for _ in schedule.calendars]
        for name, schedule in loaded.config.schedules.items()
    }
    return build_plan(loaded, first_day, horizon_days, events)


def _with_flows(plan: Plan, change: Callable[[Flow], Flow]) -> Plan:
    routes = {
        name: replace(route, flows={mode: change(flow) for mode, flow in route.flows.items()})
        for name, route in plan.routes.items()
    }
    return replace(plan, routes=routes)


def _with_odd_flows(random: Random, plan: Plan) -> Plan:
    spoken = plan.company.languages
    return _with_flows(plan, lambda flow: odd_flow(random, flow, spoken) if random.random() < 0.7 else flow)


def lasting(plan: Plan, surroundings: Surroundings) -> Plan:
    """The plan with steps that last as long as its callers' patience makes right."""

    def step_of(step: Step) -> Step:
        match step:
            case Dial():
                asked = None if step.confirm is None else replace(step.confirm, wait_s=1)
                return replace(step, ring_s=surroundings.lasting_s, confirm=asked)
            case Record():
                return replace(step, max_s=surroundings.lasting_s)
            case Collect():
                return replace(step, timeout_s=LONG_S if surroundings.keyed else surroundings.lasting_s)
        return step

    return _with_flows(plan, lambda flow: Flow(flow.mode, tuple(step_of(step) for step in flow.steps)))


def _content(random: Random, place: Place, instance: str, index: int, first_day: date) -> dict[str, Any]:
    languages = random.sample(LANGUAGES, random.randint(1, 3))
    routes: dict[str, Any] = {}
    for number, name in enumerate(random.sample(["main", "shop", LONGEST], random.randint(1, 2))):
        own = f"{place.prefix}{index:04}{number}"
        routes[name] = {
            "dids": [f"{own}{last}" for last in range(random.randint(1, 2))],
            "mailboxes": {},
            "schedule": random.choice(["office", LONGEST]),
            "ordinary": f"{instance}-ordinary",
            "mailbox": f"{100 + number}@{instance}",
            "answering_service": {
                "number": f"{place.prefix}{index:04}9{number}",
                "ring": "5s",
                "max_calls": str(random.randint(1, 2)),
            },
        }
        if random.random() < 0.3:
            routes[name]["answering_service"]["confirm"] = random.choice(["1", "1", "5", "*"])
        if random.random() < 0.4:
            routes[name]["language"] = random.choice(languages)
        if random.random() < 0.4:
            routes[name]["languages"] = {random.choice(languages): [routes[name]["dids"][-1]]}
        if random.random() < 0.4:
            routes[name]["dids"].append(f"{own}4 - {own}{random.randint(5, 9)}")
            routes[name]["mailboxes"] = {f"{own}5": f"15{number}@{instance}"}
            if random.random() < 0.5:
                routes[name]["mailboxes"][routes[name]["dids"][-1]] = f"15{{last:1}}@{instance}"
        if random.random() < 0.2:
            routes[name]["dids"].append(f"7{index:04}{number}"[:6])
    if random.random() < 0.3:
        # Nothing but the PBX's own dialplan behind it, and no mailbox.
        routes["plain"] = {
            "dids": [f"{place.prefix}{index:04}80"],
            "schedule": "plain",
            "ordinary": f"{instance}-ordinary",
        }
    modes = random_modes(random, instance, f"{place.prefix}{index:04}95")
    callers = [f"{place.mobile}{index:04}0{last}" for last in range(4)] + [*FOREIGN, "201", "4711"]
    random.shuffle(callers)
    return {
        "version": "1",
        "company": {
            "name": "Bakkerij Peeters",
            "mail": "bestel@bakkerij-peeters.example",
            "timezone": place.zone,
            "country": place.country,
            "languages": languages,
        },
        "pbx": {
            "kind": "asterisk",
            "instance": instance,
            "dial_out": {
                "context": f"{instance}-outbound",
                "caller_id": random.choice(["own", "caller"]),
            },
        },
        "schedules": _schedules(random, place, first_day, routes, modes),
        "modes": modes,
        "routes": routes,
        "prompts": _keys(random, languages),
        "never_close": [f"{place.prefix}{index:04}99"],
        "callers": {
            "always_pass": callers[: random.randint(0, 3)],
            "blocked": callers[3 : 3 + random.randint(0, 3)],
            **({"we_rang": random.choice(["1h", "4h", "72h"])} if random.random() < 0.6 else {}),
        },
        "staff": {
            f"person-{number}": {"mobile": caller}
            for number, caller in enumerate(callers[6 : 6 + random.randint(0, 2)])
            if caller.startswith("+")
        },
    }


def _keys(random: Random, languages: list[str]) -> dict[str, Any]:
    keys = random.sample("0123456789*", 4)
    chosen = dict(zip(random.sample(languages, random.randint(0, len(languages))), keys, strict=False))
    return {"language_keys": chosen, **({"skip_key": keys[3]} if random.random() < 0.5 else {})}


def _schedules(
    random: Random, place: Place, first_day: date, routes: Mapping[str, Any], modes: Mapping[str, Any]
) -> dict[str, dict[str, Any]]:
    names = sorted({route["schedule"] for route in routes.values()})
    return {name: random_schedule(random, place, first_day, modes, closing=name != "plain") for name in names}


def _surroundings(random: Random, instance: str, *plans: Plan) -> Surroundings:
    files = {
        f"{language}/{name}"
        for plan in plans
        for language in plan.company.languages
        for name in (
            "neutral",
            *(each.stem for each in needed_prompts(plan, catalogue_of(plan)) if language in each.texts),
        )
    }
    complete = random.random() < 0.5
    dids = {s for route in plans[0].routes.values() for did in route.dids for s in did.spellings}
    dids |= {s for did in plans[0].never_close for s in did.spellings}
    services = {
        number
        for plan in plans
        for route in plan.routes.values()
        for flow in route.flows.values()
        for step in flow.steps
        if isinstance(step, Dial)
        for number in step.numbers
    }
    boxes = {f"{box}@{instance}" for box in (100, 101, *range(150, 160))}
    return Surroundings(
        sounds=frozenset(file for file in sorted(files) if complete or random.random() < 0.5),
        mailboxes=frozenset(box for box in sorted(boxes) if random.random() < 0.75),
        recordings_writable=random.random() < 0.7,
        ordinary_numbers=frozenset(did for did in sorted(dids) if random.random() < 0.8),
        outbound_numbers=frozenset(number for number in sorted(services) if random.random() < 0.7),
        patient=random.random() < 0.5,
        keyed=random.random() < 0.6,
    )
