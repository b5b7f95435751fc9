"""How many questions a second ``why`` could answer: ``decide``, ``simulate`` and ``route_state``."""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from datetime import time as clock
from zoneinfo import ZoneInfo

from benchmarks.companies import FIRST_DAY, HORIZON_DAYS, ZONE, did_of, plan_of
from benchmarks.measuring import interleaved, machine_line, print_table, times
from pbxctl.decision.decide import Call, decide, route_state
from pbxctl.decision.facts import NO_FACTS
from pbxctl.plan.model import Plan, RoutePlan
from pbxctl.simulate import simulate

QUESTIONS = ("decide", "simulate", "route_state", "route_of", "a walk over all routes")
Question = tuple[int, Call, datetime]


def questions_about(count: int, number: int) -> list[Question]:
    """Calls to any of ``count`` routes at any minute of the horizon; the same ones in each run."""
    chance = random.Random(count)
    midnight = datetime.combine(FIRST_DAY, clock(), ZoneInfo(ZONE))
    found = []
    for _ in range(number):
        route = chance.randrange(count)
        at = midnight + timedelta(minutes=chance.randrange(HORIZON_DAYS * 1440))
        found.append((route, Call(did_of(route), f"04{chance.randrange(70_000_000, 80_000_000)}"), at))
    return found


def walk(plan: Plan, did: str) -> RoutePlan | None:
    """The route of a number as a list of routes would be searched, for comparison."""
    for route in plan.routes.values():
        if any(did in entry.spellings for entry in route.dids):
            return route
    return None


def subjects_of(plan: Plan, questions: Sequence[Question]) -> dict[str, Callable[[], object]]:
    """Each asks all the questions once."""
    return {
        "decide": lambda: [decide(plan, call, at, NO_FACTS) for _, call, at in questions],
        "simulate": lambda: [simulate(plan, call, at, NO_FACTS) for _, call, at in questions],
        "route_state": lambda: [route_state(plan, f"r{route}", at, NO_FACTS) for route, _, at in questions],
        "route_of": lambda: [plan.route_of(call.did) for _, call, _ in questions],
        "a walk over all routes": lambda: [walk(plan, call.did) for _, call, _ in questions],
    }


def run(sizes: Sequence[int], rounds: int, number: int) -> None:
    """Build the plans, ask, print."""
    subjects: dict[tuple[int, str], Callable[[], object]] = {}
    for size in sizes:
        plan, questions = plan_of(size), questions_about(size, number)
        for name, subject in subjects_of(plan, questions).items():
            subjects[size, name] = subject
    medians = interleaved(subjects, rounds)
    print(f"{machine_line()}; median of {rounds} rounds of {number} questions")
    print_table(
        "Questions answered in a second (ratio: how much longer one takes than with one route)",
        ["routes", *(cell for name in QUESTIONS for cell in (name, "/ at one"))],
        [
            [
                f"{size:,}",
                *(cell for name in QUESTIONS for cell in _cells(medians, sizes[0], size, name, number)),
            ]
            for size in sizes
        ],
    )


def _cells(
    medians: dict[tuple[int, str], float], least: int, size: int, name: str, number: int
) -> tuple[str, str]:
    taken = medians[size, name]
    return f"{number / taken:,.0f}", times(taken / medians[least, name])


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="up to 100 routes, fewer rounds")
    parser.add_argument("--sizes", help="numbers of routes, such as 1,10")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--count", type=int, help="questions per round")
    chosen = parser.parse_args(arguments)
    sizes = chosen.sizes or ("1,100" if chosen.quick else "1,100,1000")
    rounds = chosen.rounds or (3 if chosen.quick else 9)
    count = chosen.count or (100 if chosen.quick else 500)
    run([int(size) for size in sizes.split(",")], rounds, count)


if __name__ == "__main__":
    main()
