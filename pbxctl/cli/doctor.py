"""``pbxctl doctor``: what is missing or wrong on the PBX, and what mends it."""

from __future__ import annotations

import asyncio
import textwrap
from collections.abc import Iterator
from dataclasses import asdict

import click

from pbxctl.cli.host import manager_of
from pbxctl.cli.inputs import read_config, read_plan, today
from pbxctl.cli.own_templates import templates_of
from pbxctl.cli.printing import JSON_OPTION, print_json
from pbxctl.config import LoadedConfig
from pbxctl.doctor.emergency import Dialled
from pbxctl.doctor.entries import Reached
from pbxctl.doctor.examine import Report, examine
from pbxctl.doctor.finding import Finding, Severity
from pbxctl.plan.model import Plan
from pbxctl.render.rendering import Rendering

MANY_ROWS = 20


@click.command("doctor")
@click.option("--strict", is_flag=True, help="Exit code 1 when there are warnings, too.")
@JSON_OPTION
@click.pass_obj
def command(config_file: str, strict: bool, as_json: bool) -> int:
    """Look at the PBX: what is missing or wrong for this configuration, and what mends it.

    Nothing is changed there. Exit code 0 when all is right, 1 when something is wrong, 3 when the
    PBX is out of reach; warnings count with --strict only.
    """
    loaded = read_config(config_file)
    plan = read_plan(loaded, config_file, today(loaded))
    rendering = templates_of(loaded, config_file).render(plan)
    report = asyncio.run(_examine(loaded, config_file, plan, rendering))
    errors, warnings = report.count(Severity.ERROR), report.count(Severity.WARNING)
    good = errors == 0 and not (strict and warnings)
    if as_json:
        print_json(
            {
                "good": good,
                "asterisk": report.version,
                "dids": [_did(row) for row in report.dids],
                "emergency": [_dialled(row) for row in report.emergency],
                "findings": [_finding(finding) for finding in report.findings],
            }
        )
    else:
        _print(report)
    return 0 if good else 1


async def _examine(loaded: LoadedConfig, config_file: str, plan: Plan, rendering: Rendering) -> Report:
    async with manager_of(loaded, config_file) as session:
        return await examine(session, loaded, plan, rendering)


def _print(report: Report) -> None:
    click.echo(f"Asterisk {report.version}")
    if report.dids or report.emergency:
        click.echo("who answers today:")
    for line in _told(report.dids):
        click.echo(f"  {line}")
    for dialled in report.emergency:
        click.echo(f"  {dialled}")
    for finding in report.findings:
        click.echo(f"{finding.severity}: {finding.what} [{finding.id}]")
        if finding.evidence:
            click.echo(textwrap.indent(finding.evidence, "    seen: "))
        if finding.way_out:
            click.echo(textwrap.indent(finding.way_out, "    "))
    errors, warnings = report.count(Severity.ERROR), report.count(Severity.WARNING)
    click.echo(f"{errors} wrong, {warnings} warnings" if errors or warnings else "all right")


def _told(rows: tuple[Reached, ...]) -> Iterator[str]:
    """A line for each, or where there are many, one for all that are answered alike."""
    if len(rows) <= MANY_ROWS:
        yield from (f"{row.did}: {row}" for row in rows)
        return
    alike: dict[tuple[str, str, bool], list[str]] = {}
    for row in rows:
        alike.setdefault((row.entry.context, row.context, row.ours), []).append(row.did)
    for (entered, where, ours), dids in alike.items():
        who = f"in [{where}]" if where else "by nobody"
        yield f"{len(dids)} numbers, {dids[0]} to {dids[-1]}, in [{entered}]: answered {who}" + (
            " (pbxctl)" if ours else ""
        )


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "id": finding.id,
        "severity": finding.severity.value,
        **{k: v for k, v in asdict(finding).items() if k != "id"},
    }


def _dialled(row: Dialled) -> dict[str, object]:
    return {
        "numbers": list(row.numbers),
        "context": row.context,
        "answered_by": row.answered_by or None,
        "answered_in": row.answered_in or None,
    }


def _did(row: Reached) -> dict[str, object]:
    return {
        "did": row.did,
        "spellings": list(row.spellings),
        "context": row.entry.context,
        "endpoints": list(row.entry.endpoints),
        "answered_by": row.extension or None,
        "answered_in": row.context or None,
        "ours": row.ours,
    }
