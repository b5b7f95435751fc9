"""``pbxctl render``: the files and dates that would go onto the PBX, into a folder."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

import click

from pbxctl.cli.inputs import read_config, read_day, read_plan, today
from pbxctl.cli.own_templates import templates_of
from pbxctl.errors import InputWrong, PbxctlError
from pbxctl.plan.model import Plan
from pbxctl.prompts.needed import catalogue_of, needed_prompts
from pbxctl.render.folder import (
    DATABASE,
    MANIFEST,
    PROMPTS,
    Manifest,
    entries_to_json,
    manifest_from_json,
    manifest_to_json,
    prompts_to_json,
)
from pbxctl.render.rendering import Rendering


@click.command("render")
@click.option("--out", metavar="DIR", required=True, help="The folder; made anew, or one that render made.")
@click.option("--from", "first", metavar="DATE", help="The first day; today where it is left out.")
@click.pass_obj
def command(config_file: str, out: str, first: str | None) -> None:
    """Write the files and dates that would go onto the PBX; the PBX is not touched.

    The same configuration and first day give the same bytes.
    """
    loaded = read_config(config_file)
    plan = read_plan(loaded, config_file, today(loaded) if first is None else read_day(first))
    rendering = templates_of(loaded, config_file).render(plan)
    _replace_folder(Path(out), _contents(plan, rendering))
    dates = sum("/day/" in entry.key for entry in rendering.entries)
    click.echo(f"{out}: revision {rendering.revision}, {len(rendering.files)} files, {dates} dates")


def _contents(plan: Plan, rendering: Rendering) -> Mapping[str, str]:
    from pbxctl.plan.format import plan_to_json

    prompts = {prompt.stem: prompt.texts for prompt in needed_prompts(plan, catalogue_of(plan))}
    return {
        **rendering.files,
        DATABASE: entries_to_json((*rendering.entries, rendering.pointer)),
        PROMPTS: prompts_to_json(prompts),
        "plan.json": plan_to_json(plan),
        MANIFEST: manifest_to_json(Manifest(rendering.revision, rendering.generation, plan.first_day)),
    }


def _refuse_foreign(folder: Path) -> None:
    """Only what this pbxctl or an older one has rendered is replaced."""
    try:
        manifest_from_json((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        raise InputWrong(
            f"{folder}: holds files that render did not write; name an empty folder or a new one"
        ) from None
    except InputWrong as error:
        raise InputWrong(f"{folder / MANIFEST}: {error}, or name another folder") from None


def _replace_folder(folder: Path, contents: Mapping[str, str]) -> None:
    """Put a folder in place as a whole, so that nobody ever reads half of it."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise InputWrong(f"{folder}: is not a folder; name one that is not there yet")
    if folder.exists() and any(folder.iterdir()):
        _refuse_foreign(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            for name, text in contents.items():
                with (draft / name).open("w", encoding="utf-8", newline="\n") as stream:
                    stream.write(text)
                    stream.flush()
                    os.fsync(stream.fileno())
            draft.chmod(0o755)
            if folder.exists():
                old = draft.with_name(draft.name + "-old")
                folder.rename(old)
                draft.rename(folder)
                shutil.rmtree(old)
            else:
                draft.rename(folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    except OSError as error:
        raise PbxctlError(f"{folder}: cannot be written: {error.strerror}") from error
