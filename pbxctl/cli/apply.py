"""``pbxctl apply``: what was rehearsed is put onto the company's own PBX, as a whole or not at all."""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from pbxctl.actions.apply import Proposal, carry_out, kept_revision, propose, summary
from pbxctl.cli.diff import difference_as_json, print_difference
from pbxctl.cli.host import STATE_OPTION, host_of, seen_host_of
from pbxctl.cli.inputs import read_config, read_plan, recordings_folder, today
from pbxctl.cli.own_templates import TemplateTexts, templates_of
from pbxctl.cli.printing import JSON_OPTION, print_json
from pbxctl.cli.prompts import synthesiser
from pbxctl.config import LoadedConfig
from pbxctl.errors import PbxctlError
from pbxctl.pbx.asterisk.deployment import AsteriskFolders
from pbxctl.plan.model import Plan
from pbxctl.prompts.needed import catalogue_of, needed_prompts
from pbxctl.reconcile.host import Host
from pbxctl.reconcile.revision import Revision, revision_of
from pbxctl.reconcile.undo import recover
from pbxctl.render.asterisk import AsteriskSettings
from pbxctl.resources import resource_folder


@click.command("apply")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--revision", "revision", metavar="ID", help="Go back to a revision that was in force before.")
@click.option("--accept", "accepted", metavar="ID", multiple=True, help="What may be done all the same.")
@STATE_OPTION
@JSON_OPTION
@click.pass_obj
def command(
    config_file: str,
    dry_run: bool,
    revision: str | None,
    accepted: tuple[str, ...],
    state: str,
    as_json: bool,
) -> None:
    """Put the configuration onto the PBX: add beside, verify, switch, or leave all as it was.

    Calls in progress are not touched. What is in force already is not written again.
    """
    loaded = read_config(config_file)
    asked = _Asked(dry_run, revision, accepted, state, as_json)
    written = None
    if revision is None:
        plan = read_plan(loaded, config_file, today(loaded))
        templates = templates_of(loaded, config_file)
        templates.render(plan)  # what is wrong in one of them is told before anybody is asked
        written = _Written(plan, templates)
    asyncio.run(_apply(loaded, config_file, written, asked))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the command line said."""

    dry_run: bool
    revision: str | None
    accepted: tuple[str, ...]
    state: str
    as_json: bool


@dataclass(frozen=True, slots=True)
class _Written:
    """What the configuration says now."""

    plan: Plan
    templates: TemplateTexts


async def _apply(loaded: LoadedConfig, config_file: str, written: _Written | None, asked: _Asked) -> None:
    if asked.dry_run:
        async with seen_host_of(loaded, config_file, asked.state) as (host, folders):
            proposal = await _proposed(host, folders, loaded, config_file, written, asked)
            if host.state.intent() is not None:
                click.echo("a run is under way, or was broken off: pbxctl apply sees to that first", err=True)
        if asked.as_json:
            print_json(_as_json(proposal, applied=False))
        else:
            _print(proposal)
        return
    reached = host_of(loaded, config_file, asked.state, accepted=asked.accepted, quiet=asked.as_json)
    async with reached as (host, folders):
        if seen_to := await recover(host, int(time.time())):
            click.echo(seen_to, err=True)
        proposal = await _proposed(host, folders, loaded, config_file, written, asked)
        if not asked.as_json:
            _print(proposal)
        sounds = host.state.sounds
        await carry_out(host, proposal, lambda name: sound(sounds / name), int(time.time()))
        if asked.as_json:
            print_json(_as_json(proposal, applied=True))
        elif proposal.changes:
            click.echo(f"revision {proposal.wanted.id} is in force")


async def _proposed(
    host: Host,
    folders: AsteriskFolders,
    loaded: LoadedConfig,
    config_file: str,
    written: _Written | None,
    asked: _Asked,
) -> Proposal:
    """What was asked for, compared with what the PBX holds."""
    if written is None:
        wanted, plan = kept_revision(host, asked.revision or "")
    else:
        plan = written.plan
        with _booth(host, asked) as (folder, cache):
            digests = await asyncio.to_thread(build_sounds, loaded, config_file, plan, folder, cache)
        wanted = _revision(plan, written.templates, folders, digests)
    return await propose(host, wanted, plan, today(loaded))


@contextmanager
def _booth(host: Host, asked: _Asked) -> Iterator[tuple[Path, Path]]:
    """Where sounds are built, and what was spoken is kept; a dry run leaves nothing but the latter."""
    state = host.state
    if not asked.dry_run:
        yield state.sounds, state.speech
        return
    with tempfile.TemporaryDirectory(prefix="pbxctl-") as folder:
        yield Path(folder), state.speech if os.access(state.speech, os.W_OK) else Path(folder, "speech")


def sound(path: Path) -> bytes:
    """The bytes of a sound that was built.

    Raises:
        PbxctlError: it is gone.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise PbxctlError(
            f"{path}: the sound cannot be read: {error.strerror}; run pbxctl apply without --revision"
        ) from error


def build_sounds(
    loaded: LoadedConfig, config_file: str, plan: Plan, folder: Path, cache: Path
) -> Mapping[str, str]:
    """Build every sound of the plan into ``folder``; the digests of what the plan needs, by name."""
    from pbxctl.speech.build import build_prompts

    prompts = needed_prompts(plan, catalogue_of(plan))
    build_prompts(
        prompts,
        plan.company.languages,
        folder,
        cache,
        synthesiser(),
        recordings=recordings_folder(config_file, loaded),
    )
    plain = resource_folder("sounds")
    for language in plan.company.languages:
        shutil.copytree(plain / language, folder / language, dirs_exist_ok=True)
    stems = {prompt.stem for prompt in prompts}
    found = {}
    for language in plan.company.languages:
        own = {path.name for path in (plain / language).iterdir()}
        for path in sorted((folder / language).iterdir()):
            if path.stem in stems or path.name in own:
                found[f"{language}/{path.name}"] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def _revision(
    plan: Plan, templates: TemplateTexts, folders: AsteriskFolders, sounds: Mapping[str, str]
) -> Revision:
    settings = AsteriskSettings(
        sounds=str(folders.sounds), recordings=str(folders.recordings), spoken=sorted(sounds.items())
    )
    return revision_of(templates.render(plan, settings), sounds)


def _print(proposal: Proposal) -> None:
    changes = proposal.changes
    if not changes:
        click.echo(f"revision {proposal.wanted.id} is in force already; there is nothing to do")
        return
    click.echo(f"revision {proposal.before or 'none'} -> {proposal.wanted.id}")
    said = summary(changes, proposal.wanted)
    files = ", ".join(said.files) or "none"
    click.echo(f"  {said.sounds} sounds, {said.entries} entries of the database, files: {files}")
    click.echo(
        f"  the PBX {'reads its dialplan anew' if said.reads_dialplan else 'need not read its dialplan'}"
    )
    if proposal.difference is not None:
        print_difference(proposal.difference, "from now on")
    for each in proposal.objections:
        click.echo(f"  {each.sentence} [{each.id}]")


def _as_json(proposal: Proposal, *, applied: bool) -> Mapping[str, object]:
    return {
        "revision": proposal.wanted.id,
        "before": proposal.before,
        "applied": applied and bool(proposal.changes),
        "changes": asdict(summary(proposal.changes, proposal.wanted)) if proposal.changes else None,
        "difference": None if proposal.difference is None else difference_as_json(proposal.difference),
        "objections": [{"id": each.id, "sentence": each.sentence} for each in proposal.objections],
    }
