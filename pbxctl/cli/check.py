"""``pbxctl check``: is all of it right, and is any of it odd? Nothing is touched."""

from __future__ import annotations

import click

from pbxctl.checks import WARNINGS, Advice, find_warnings
from pbxctl.cli.inputs import read_calendars_of, read_config, read_day, today
from pbxctl.cli.own_templates import templates_of
from pbxctl.cli.printing import JSON_OPTION, meant, print_json
from pbxctl.config import ClosedDay, LoadedConfig
from pbxctl.errors import InputWrong
from pbxctl.names import WEEKDAYS
from pbxctl.plan.build import HORIZON_DAYS, build_plan
from pbxctl.plan.model import Plan
from pbxctl.plan.runs import told


@click.command("check")
@click.option("--strict", is_flag=True, help="Exit code 1 when there are warnings.")
@click.option("--accept", multiple=True, metavar="ID", help="Leave this warning out; may be repeated.")
@click.option("--on", "day", metavar="DATE", help="Look at it as on that day; today where it is left out.")
@JSON_OPTION
@click.pass_obj
def command(config_file: str, strict: bool, accept: tuple[str, ...], day: str | None, as_json: bool) -> int:
    """Check the configuration, and that it can be rendered. Nothing is touched.

    What is wrong is exit code 2. What is odd is a warning, with the way out of it and, in brackets, the
    ID by which it is accepted where it is meant that way.
    """
    for unknown in (name for name in accept if name not in WARNINGS):
        raise InputWrong(f"--accept: there is no warning {unknown!r}{meant(unknown, WARNINGS)}")
    loaded = read_config(config_file)
    first = today(loaded) if day is None else read_day(day)
    read = read_calendars_of(loaded, config_file, first, HORIZON_DAYS)
    plan = build_plan(loaded, first, HORIZON_DAYS, read.events)
    templates = templates_of(loaded, config_file)
    rendering = templates.render(plan)
    looked_for = [name for name in WARNINGS if name not in accept]
    warnings = find_warnings(loaded, plan, first, read.calendars, looked_for)
    if as_json:
        print_json(
            {
                "good": True,
                "routes": sorted(plan.routes),
                "schedules": sorted(loaded.config.schedules),
                "prompts": len(rendering.prompts),
                "templates": sorted(templates.own),
                "revision": rendering.revision,
                "warnings": [_as_json(each) for each in warnings],
            }
        )
    else:
        click.echo(f"{config_file}: good")
        _print(loaded, plan, len(rendering.prompts))
        if templates.own:
            click.echo(f"  own templates: {', '.join(sorted(templates.own))}")
        for each in warnings:
            click.echo(f"warning: {each}")
    return 1 if strict and warnings else 0


def _print(loaded: LoadedConfig, plan: Plan, prompts: int) -> None:
    for name, route in plan.routes.items():
        changes = loaded.config.schedules[route.schedule].closed_days
        days = "; ".join(_told(each) for _, each in changes) or "no closed day"
        click.echo(f"  route {name}: {told(route.dids)}; {days}")
    click.echo(f"  {prompts} prompts in {', '.join(plan.company.languages)}")


def _told(closed: ClosedDay) -> str:
    if closed.weekday is None:
        return f"no closed day since {closed.since}"
    return f"{WEEKDAYS[closed.weekday - 1]} {closed.mode} since {closed.since}"


def _as_json(each: Advice) -> dict[str, object]:
    return {
        "id": each.id,
        "line": each.origin.line,
        "column": each.origin.column,
        "key": each.origin.key,
        "message": each.message,
    }
