"""How long it takes to work out schedules, against recurring-ical-events with the same rules."""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Callable, Sequence
from functools import partial
from zoneinfo import ZoneInfo

from icalendar import Calendar

from benchmarks.as_icalendar import calendar_of, closed_by_events, closed_by_plan, comparable, expand
from benchmarks.companies import FIRST_DAY, HORIZON_DAYS, plan_of, rules_of
from benchmarks.measuring import machine_line, print_table, seconds, times
from benchmarks.pbx import shipped_templates
from pbxctl.plan.timelines import build_timeline
from pbxctl.render.asterisk import AsteriskSettings, render_asterisk
from pbxctl.timeline import Rules


def verify(rules: Sequence[Rules], calendars: Sequence[Calendar]) -> int:
    """Hold the two to one answer; how many closed intervals they agree on.

    Raises:
        RuntimeError: they differ, so a comparison would mean nothing.
    """
    agreed = 0
    for each, calendar in zip(rules, calendars, strict=True):
        ours = closed_by_plan(build_timeline("office", each, FIRST_DAY, HORIZON_DAYS))
        theirs = closed_by_events(expand(calendar, HORIZON_DAYS), HORIZON_DAYS, ZoneInfo(each.zone))
        if ours != theirs:
            only = sorted(set(ours) ^ set(theirs))
            raise RuntimeError(
                f"the two do not give the same closed times; the first of {len(only)}: {only[0]}"
            )
        agreed += len(ours)
    return agreed


def run(schedules: int, rounds: int) -> None:
    """Verify a sample, compile all in turns, print.

    Each round takes the next share of the schedules: ours, then the calendars, or the other way round.
    """
    share = max(1, schedules // rounds)
    rules = [comparable(rules_of(index)) for index in range(share * rounds)]
    calendars = [calendar_of(each) for each in rules]
    sample = slice(None, None, max(1, len(rules) // 20))
    agreed = verify(rules[sample], calendars[sample])
    taken: dict[str, list[float]] = {"compile": [], "expand": [], "render": []}
    for number in range(rounds):
        some = slice(number * share, (number + 1) * share)
        plan = plan_of(share)
        work: dict[str, Callable[[], object]] = {
            "compile": partial(_compile, rules[some]),
            "expand": partial(_expand, calendars[some]),
            "render": partial(render_asterisk, plan, shipped_templates(), AsteriskSettings()),
        }
        for name in list(work)[:: -1 if number % 2 else 1]:
            taken[name].append(seconds(work[name]) / share)
    medians = {name: statistics.median(each) for name, each in taken.items()}
    print(
        f"{machine_line()}; {share * rounds:,} schedules of {HORIZON_DAYS} days, {rounds} rounds of {share}"
    )
    print(f"On a sample of {len(rules[sample])} both give the same {agreed:,} closed intervals.")
    labels = {
        "compile": "pbxctl: build_timeline",
        "expand": "recurring-ical-events: between",
        "render": "pbxctl: render_asterisk, a route each",
    }
    print_table(
        "Working out one schedule",
        ["", "each", "1,000 schedules", "/ build_timeline"],
        [
            [
                label,
                f"{medians[name] * 1000:.2f} ms",
                f"{medians[name] * 1000:.1f} s",
                times(medians[name] / medians["compile"]),
            ]
            for name, label in labels.items()
        ],
    )


def _compile(rules: Sequence[Rules]) -> None:
    for each in rules:
        build_timeline("office", each, FIRST_DAY, HORIZON_DAYS)


def _expand(calendars: Sequence[Calendar]) -> None:
    for each in calendars:
        expand(each, HORIZON_DAYS)


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="60 schedules instead of 1,000")
    parser.add_argument("--schedules", type=int)
    parser.add_argument("--rounds", type=int)
    chosen = parser.parse_args(arguments)
    if chosen.quick:
        print("Quick: fewer schedules, so take the ratios for rough.")
    run(chosen.schedules or (60 if chosen.quick else 1000), chosen.rounds or (3 if chosen.quick else 10))


if __name__ == "__main__":
    main()
