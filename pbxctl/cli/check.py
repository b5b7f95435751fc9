"""``pbxctl check``: is all of it right? Nothing is touched."""

from __future__ import annotations

import click

from pbxctl.cli.inputs import read_config, read_templates, today
from pbxctl.cli.printing import JSON_OPTION, print_json
from pbxctl.config import ClosedDay
from pbxctl.plan.build import WEEKDAYS, build_plan
from pbxctl.render.asterisk import AsteriskSettings, render_asterisk


@click.command("check", short_help="Check the configuration; nothing is touched.")
@JSON_OPTION
@click.pass_obj
def command(config_file: str, as_json: bool) -> None:
    """Check the configuration, and that it can be rendered. Nothing is touched."""
    loaded = read_config(config_file)
    plan = build_plan(loaded, today(loaded))
    rendering = render_asterisk(plan, read_templates(), AsteriskSettings())
    schedules = loaded.config.schedules
    if as_json:
        print_json(
            {
                "good": True,
                "routes": sorted(plan.routes),
                "schedules": sorted(schedules),
                "prompts": len(rendering.prompts),
                "revision": rendering.revision,
            }
        )
        return
    click.echo(f"{config_file}: good")
    for name, route in plan.routes.items():
        days = "; ".join(_told(each) for _, each in schedules[route.schedule].closed_days) or "no closed day"
        click.echo(f"  route {name}: {', '.join(did.number for did in route.dids)}; {days}")
    click.echo(f"  {len(rendering.prompts)} prompts in {', '.join(plan.company.languages)}")


def _told(closed: ClosedDay) -> str:
    if closed.weekday is None:
        return f"no closed day since {closed.since}"
    return f"{WEEKDAYS[closed.weekday - 1]} {closed.mode} since {closed.since}"
