"""``pbxctl diff``: which hours of which route a change of the configuration alters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import click

from pbxctl.cli.inputs import read_config, read_day, read_plan, today
from pbxctl.cli.own_templates import templates_of
from pbxctl.cli.printing import JSON_OPTION, moment, place, print_json, print_table
from pbxctl.config import LoadedConfig
from pbxctl.simulate.compare import Alteration, Difference, Side, WindowChange, compare

KINDS = {
    "route": "routes",
    "did": "numbers that callers dial, by route",
    "mailbox": "numbers with a mailbox of their own",
    "always_pass": "callers who always pass",
    "blocked": "callers who are blocked",
    "never_close": "numbers that are never closed",
    "flow": "what happens in a mode",
    "company": "the company, as callers hear it",
    "template": "templates of the dialplan",
}


@click.command("diff")
@click.argument("old", metavar="OLD", type=click.Path())
@click.argument("new", metavar="NEW", type=click.Path())
@click.option("--from", "first", metavar="DATE", help="The first day; today where it is left out.")
@click.option("--days", type=click.IntRange(1, 4000), default=28, show_default=True, help="How many days.")
@JSON_OPTION
def command(old: str, new: str, first: str | None, days: int, as_json: bool) -> None:
    """Say which hours of which route the configuration NEW alters against OLD, and what else.

    What callers meet is compared, not how it is written. Nothing is touched.
    """
    before, after = (read_config(file, "write diff OLD.yaml NEW.yaml") for file in (old, new))
    day = today(after) if first is None else read_day(first)
    found = compare(read_plan(before, old, day, days), read_plan(after, new, day, days))
    found = replace(found, others=(*found.others, *_templates((before, old), (after, new))))
    if as_json:
        print_json(difference_as_json(found))
    else:
        print_difference(found, f"{days} days from {day} on")


def _templates(*sides: tuple[LoadedConfig, str]) -> Iterator[Alteration]:
    """The dialplan templates that are another text on the one side than on the other."""
    before, after = (templates_of(loaded, file) for loaded, file in sides)
    for name in before.texts:
        if before.texts[name] != after.texts[name]:
            was, will = (str(side.own.get(name, "the one that came with pbxctl")) for side in (before, after))
            yield Alteration("template", name, was, will)


def print_difference(found: Difference, period: str) -> None:
    """A difference for people; ``period`` says which days were compared."""
    if not found.windows and not found.others:
        click.echo(f"Callers meet the same ({period}).")
        return
    if not found.windows:
        click.echo(f"No hour of any route is altered ({period}).")
    for route in dict.fromkeys(each.route for each in found.windows):
        click.echo(f"route {route} ({period})")
        rows = [_row(each) for each in found.windows if each.route == route]
        print_table(("  from", "until", "before", "after", "lines"), rows)
    for kind, title in KINDS.items():
        changes = [each for each in found.others if each.what == kind]
        if changes:
            click.echo(title)
        for each in changes:
            click.echo(f"  {each.name}: {_said(each)}")


def difference_as_json(found: Difference) -> dict[str, object]:
    """A difference for programs."""
    return {
        "windows": [_window_as_json(each) for each in found.windows],
        "others": [_as_json(each) for each in found.others],
    }


def _said(each: Alteration) -> str:
    if each.before is None:
        return f"added ({each.after})"
    if each.after is None:
        return f"removed ({each.before})"
    return f"{each.before} -> {each.after}"


def _row(each: WindowChange) -> tuple[str, ...]:
    lines = f"{place(each.before.origin) or '-'} -> {place(each.after.origin) or '-'}"
    return f"  {moment(each.start)}", moment(each.end), _side(each.before), _side(each.after), lines


def _side(side: Side) -> str:
    return f"{side.mode} ({side.because})"


def _window_as_json(each: WindowChange) -> dict[str, object]:
    return {
        "route": each.route,
        "start": each.start,
        "end": each.end,
        "before": _side_as_json(each.before),
        "after": _side_as_json(each.after),
    }


def _side_as_json(side: Side) -> dict[str, object]:
    return {
        "mode": side.mode,
        "rung": side.rung,
        "because": side.because,
        "line": None if side.origin is None else side.origin.line,
    }


def _as_json(each: Alteration) -> dict[str, object]:
    return {"what": each.what, "name": each.name, "before": each.before, "after": each.after}
