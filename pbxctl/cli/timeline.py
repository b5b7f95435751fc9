"""``pbxctl timeline``: the windows ahead, with reasons."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import click

from pbxctl.cli.inputs import read_config, read_day, read_plan, today
from pbxctl.cli.printing import JSON_OPTION, meant, moment, place, print_json, print_table
from pbxctl.errors import InputWrong
from pbxctl.plan.model import Plan
from pbxctl.simulate.reasons import label_of
from pbxctl.timeline import Window
from pbxctl.timeline.instants import day_start

MARGIN = timedelta(days=40)
"""How far beyond the period is worked out, so that a window at its edge is shown whole."""


@click.command("timeline")
@click.option("--from", "first", metavar="DATE", help="The first day; today where it is left out.")
@click.option("--days", type=click.IntRange(1, 4000), default=14, show_default=True, help="How many days.")
@click.option("--route", "only", metavar="ROUTE", help="One route alone.")
@JSON_OPTION
@click.pass_obj
def command(config_file: str, first: str | None, days: int, only: str | None, as_json: bool) -> None:
    """Show when each route is in which mode, and which line of the configuration says so."""
    loaded = read_config(config_file)
    begin = today(loaded) if first is None else read_day(first)
    plan = read_plan(loaded, config_file, begin - MARGIN, days + 2 * MARGIN.days)
    if only is not None and only not in plan.routes:
        raise InputWrong(f"--route: there is no route {only!r}{meant(only, plan.routes)}")
    names = list(plan.routes) if only is None else [only]
    if as_json:
        print_json(
            {name: [_as_json(plan, name, w) for w in _windows(plan, name, begin, days)] for name in names}
        )
        return
    for name in names:
        click.echo(f"route {name} ({plan.timelines[plan.routes[name].schedule].zone})")
        rows = [_row(plan, name, window) for window in _windows(plan, name, begin, days)]
        print_table(("  from", "until", "mode", "because", "line"), rows)


def _windows(plan: Plan, route: str, first: date, days: int) -> list[Window]:
    timeline = plan.timelines[plan.routes[route].schedule]
    zone = ZoneInfo(timeline.zone)
    start, end = day_start(first, zone), day_start(first + timedelta(days=days), zone)
    return [window for window in timeline.windows if window.end > start and window.start < end]


def _bounds(plan: Plan, route: str, window: Window) -> tuple[datetime, datetime]:
    zone = ZoneInfo(plan.timelines[plan.routes[route].schedule].zone)
    return datetime.fromtimestamp(window.start, zone), datetime.fromtimestamp(window.end, zone)


def _row(plan: Plan, route: str, window: Window) -> tuple[str, ...]:
    start, end = _bounds(plan, route, window)
    verdict = window.verdict
    note = plan.rules.get(verdict.rule)
    label = label_of(plan, plan.routes[route].schedule, verdict.rung, verdict.rule, start)
    return (
        f"  {moment(start)}",
        moment(end),
        verdict.mode,
        label,
        place(None if note is None else note.origin),
    )


def _as_json(plan: Plan, route: str, window: Window) -> dict[str, object]:
    start, end = _bounds(plan, route, window)
    verdict = window.verdict
    note = plan.rules.get(verdict.rule)
    return {
        "start": start,
        "end": end,
        "mode": verdict.mode,
        "rung": verdict.rung,
        "rule": verdict.rule,
        "because": label_of(plan, plan.routes[route].schedule, verdict.rung, verdict.rule, start),
        "line": None if note is None else note.origin.line,
    }
