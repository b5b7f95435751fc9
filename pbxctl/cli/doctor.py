"""``pbxctl doctor``: what is missing or wrong on the PBX, and what mends it."""

from __future__ import annotations

import asyncio
import os
import stat
import textwrap
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from pbxctl.cli.inputs import read_config, read_plan, today
from pbxctl.cli.own_templates import templates_of
from pbxctl.cli.printing import JSON_OPTION, print_json
from pbxctl.config import ConfigError, LoadedConfig, Problem
from pbxctl.doctor.emergency import Dialled
from pbxctl.doctor.entries import Reached
from pbxctl.doctor.examine import Report, examine
from pbxctl.doctor.finding import Finding, Severity
from pbxctl.errors import FileWrong
from pbxctl.pbx.asterisk.ami import AmiSession
from pbxctl.plan.model import Plan
from pbxctl.render.rendering import Rendering

MAX_SECRET_BYTES = 4096
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
    ami = loaded.config.pbx.ami
    if ami is None:
        place = loaded.origins.of("pbx")
        raise ConfigError(
            [
                Problem(
                    place,
                    "names no manager interface; add ami: "
                    "{host: 127.0.0.1, user: pbxctl, secret: {file: ami.secret}}",
                )
            ]
        )
    secret = read_secret(Path(config_file).parent / ami.secret.file)
    async with await AmiSession.connect(ami.host, ami.port, ami.user, secret) as session:
        return await examine(session, loaded, plan, rendering)


def read_secret(path: Path) -> str:
    """A secret out of its file: the first line.

    Raises:
        FileWrong: it is none, cannot be read, or everybody here can read it; nothing of it is told.
    """
    try:
        with path.open("rb") as stream:
            mode = stat.S_IMODE(os.fstat(stream.fileno()).st_mode)
            content = stream.read(MAX_SECRET_BYTES)
    except OSError as error:
        raise FileWrong(str(path), f"the secret cannot be read: {error.strerror}") from error
    if mode & stat.S_IROTH:
        raise FileWrong(str(path), f"everybody on this machine can read this secret; run chmod 640 {path}")
    line = content.split(b"\n", 1)[0].strip().decode("utf-8", "replace")
    if not line or not line.isprintable() or "\ufffd" in line or len(content) == MAX_SECRET_BYTES:
        raise FileWrong(str(path), "holds no secret; write the one of manager.conf into its first line")
    return line


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
