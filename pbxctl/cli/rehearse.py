"""``pbxctl rehearse``: real calls to a private PBX at a moment to come, and what the callers heard."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
import soundfile

from pbxctl.cli.inputs import (
    day_at,
    read_config,
    read_moment,
    read_plan,
    recordings_folder,
)
from pbxctl.cli.own_templates import templates_of
from pbxctl.cli.printing import JSON_OPTION, print_json, print_table
from pbxctl.errors import InputWrong, PbxctlError
from pbxctl.plan.model import Plan
from pbxctl.plan.runs import sampled
from pbxctl.rehearse.owned_folder import OwnedFolder
from pbxctl.rehearse.packages import default_folder, fetch_install
from pbxctl.rehearse.rehearsal import Props, build_sounds, private_stage, rehearse
from pbxctl.rehearse.report import HEAD, junit, keep_recordings, row, try_outputs
from pbxctl.rehearse.report import as_json as plain
from pbxctl.rehearse.scenarios import plan_scenarios, scenarios_at
from pbxctl.rehearse.verdict import Verdict

# Beyond these, time zones and holidays are no longer known to all who take part alike.
FIRST_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)
LAST_MOMENT = datetime(2100, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Outputs:
    """What is written beside the table, where it is wanted."""

    recordings: Path | None
    junit_file: Path | None


@click.command("rehearse")
@click.option("--at", "when", metavar="TIME", help="One moment; else a moment of each kind of day ahead.")
@click.option("--keep", is_flag=True, help="Leave a private PBX up for a softphone, until Ctrl-C.")
@click.option("--recordings", metavar="DIR", help="Keep what each caller heard.")
@click.option("--junit", "junit_file", metavar="FILE", help="Write the result as JUnit XML.")
@JSON_OPTION
@click.pass_obj
def command(
    config_file: str,
    when: str | None,
    keep: bool,
    recordings: str | None,
    junit_file: str | None,
    as_json: bool,
) -> int:
    """Start a private PBX at a moment to come, place real calls, and compare what the callers hear.

    Nothing is sent to anybody: the PBX, the callers, the colleagues and the answering service are all
    on this machine. Exit code 1 when a call met something else than the configuration says.
    """
    loaded = read_config(config_file)
    zone = loaded.config.company.timezone
    now = datetime.now(UTC)
    at = None if when is None else _possible(read_moment(when, zone))
    outputs = Outputs(*(None if name is None else Path(name) for name in (recordings, junit_file)))
    try_outputs(outputs.recordings, outputs.junit_file)
    plan = read_plan(loaded, config_file, day_at(loaded, at or now))
    templates = templates_of(loaded, config_file)
    templates.render(plan)  # what is wrong in one of them is told before any PBX is started
    scenarios = plan_scenarios(plan, now) if at is None else scenarios_at(plan, at)
    folder = default_folder()
    install = fetch_install(folder, _say)
    began = time.monotonic()
    with OwnedFolder() as owned:
        sounds = owned.path
        _say(f"speaking the prompts in {', '.join(plan.company.languages)}")
        build_sounds(plan, install, sounds, folder / "speech", recordings_folder(config_file, loaded))
        props = Props(install, templates.texts, sounds)
        done = iter(range(1, len(scenarios) + 1))
        _say(f"placing {len(scenarios)} calls to Asterisk {install.version}")
        for route in plan.routes.values():
            count, listed = len(sampled(route.dids)), len(route.dids)
            if count < listed:
                _say(f"  route {route.name}: some numbers of each range are called, {count} of {listed}")
        verdicts = asyncio.run(
            rehearse(plan, scenarios, props, lambda title: _say(f"  {next(done)}/{len(scenarios)} {title}"))
        )
        seconds = time.monotonic() - began
        if as_json:
            # Whoever reads JSON gets one document: the verdicts, or what went wrong.
            write_outputs(verdicts, seconds, outputs)
            print_json([plain(verdict) for verdict in verdicts])
        else:
            _report(verdicts, seconds)
            write_outputs(verdicts, seconds, outputs)
        if keep:
            moment = at or (scenarios[0].at if scenarios else now)
            # Ctrl-C is how this is meant to end.
            with contextlib.suppress(KeyboardInterrupt):
                asyncio.run(_stay(plan, props, moment))
            _say("\nthe private PBX is gone, with all it had")
    return 0 if all(verdict.good for verdict in verdicts) else 1


def _report(verdicts: Sequence[Verdict], seconds: float) -> None:
    print_table(HEAD, [row(verdict) for verdict in verdicts])
    wrong = [verdict for verdict in verdicts if not verdict.good]
    click.echo(f"{len(verdicts) - len(wrong)} of {len(verdicts)} calls as expected, in {seconds:.0f} s")
    for verdict in wrong:
        for check in verdict.checks:
            if not check.good:
                click.echo(
                    f"{verdict.scenario.title}: expected {check.expected}; found {check.found}", err=True
                )


def write_outputs(verdicts: Sequence[Verdict], seconds: float, outputs: Outputs) -> None:
    """Write both; what goes wrong with the one does not keep the other from being written."""
    problems = []
    if outputs.recordings is not None:
        try:
            keep_recordings(verdicts, outputs.recordings)
            _say(f"recordings in {outputs.recordings}")
        except (OSError, soundfile.SoundFileError) as error:
            problems.append(f"{outputs.recordings}: the recordings cannot be written: {error}")
    if outputs.junit_file is not None:
        try:
            outputs.junit_file.write_text(junit(verdicts, seconds), encoding="utf-8")
        except OSError as error:
            problems.append(f"{outputs.junit_file}: cannot be written: {error.strerror}")
    if problems:
        raise PbxctlError("\n".join(problems))


def _possible(at: datetime) -> datetime:
    """The moment, if a PBX can be made to believe in it.

    Raises:
        InputWrong: it lies too far from today.
    """
    if not FIRST_MOMENT <= at < LAST_MOMENT:
        raise InputWrong(
            f"--at: no PBX can be rehearsed at {at:%Y-%m-%d %H:%M}; write a moment in the years "
            f"{FIRST_MOMENT.year} to {LAST_MOMENT.year - 1}"
        )
    return at


async def _stay(plan: Plan, props: Props, at: datetime) -> None:
    async with private_stage(plan, props, at) as stage:
        host, port = stage.pbx.sip_address
        click.echo(f"\nA private PBX is up; for it, it is {at:%A %Y-%m-%d %H:%M}. Call it with a softphone:")
        for route in plan.routes.values():
            click.echo(f"  sip:{route.dids[0].spellings[-1]}@{host}:{port}   {route.name}")
        click.echo(
            "Any user name, no password, UDP, codec PCMU or PCMA. Ctrl-C ends it and leaves nothing behind."
        )
        await asyncio.Event().wait()


def _say(text: str) -> None:
    click.echo(text, err=True)
