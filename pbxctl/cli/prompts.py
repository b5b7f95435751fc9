"""``pbxctl prompts``: what callers hear; built, listed, played, and imported from what a person recorded."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pbxctl.cli.inputs import read_config, read_day, read_plan, recordings_folder, today
from pbxctl.cli.printing import JSON_OPTION, meant, print_json, print_table
from pbxctl.errors import InputWrong, OutOfReach, PbxctlError
from pbxctl.plan.model import Plan
from pbxctl.prompts.findings import prompt_findings, prompt_name
from pbxctl.prompts.inventory import Row, inventory, part_rows
from pbxctl.prompts.needed import catalogue_of, needed_prompts, needed_sayings
from pbxctl.prompts.recordings import is_recording_path, known_names

if TYPE_CHECKING:
    from pbxctl.speech.espeak import Espeak

FOLDER = "prompts"
"""Where the sounds are built, seen from the configuration's own folder."""

_FROM = click.option("--from", "first", metavar="DATE", help="The first day; today where it is left out.")
_OUT = click.option("--out", metavar="DIR", help=f"The folder of sounds; {FOLDER}/ beside the configuration.")


@click.group("prompts")
def command() -> None:
    """What callers hear. What a person recorded comes before what a synthesiser speaks."""


@command.command("build", short_help="Build the sounds of the days ahead.")
@_OUT
@_FROM
@click.option("--remove-stale", is_flag=True, help="Remove sounds that nobody needs any more.")
@click.pass_obj
def build(config_file: str, out: str | None, first: str | None, remove_stale: bool) -> None:
    """Build the sound of every prompt that the days ahead need, at 8 and 16 kHz.

    Only what changed is spoken or joined anew.
    """
    from pbxctl.rehearse.packages import default_folder
    from pbxctl.speech.build import build_prompts

    plan, recordings = _read(config_file, first)
    prompts = needed_prompts(plan, catalogue_of(plan))
    folder = _sounds(config_file, out)
    report = build_prompts(
        prompts,
        plan.company.languages,
        folder,
        default_folder() / "speech",
        synthesiser(),
        recordings=recordings,
        remove_stale=remove_stale,
    )
    click.echo(
        f"{folder}: {len(report.built)} built, {len(report.reused)} as before, {len(report.removed)} removed"
    )
    for name in report.built:
        click.echo(f"  {name}")


@command.command("list", short_help="Show each prompt of the days ahead.")
@_OUT
@_FROM
@click.option("--parts", is_flag=True, help="The parts that can be recorded one by one, with their words.")
@JSON_OPTION
@click.pass_obj
def list_prompts(config_file: str, out: str | None, first: str | None, parts: bool, as_json: bool) -> None:
    """Show each prompt that the days ahead need: its name, who speaks it, how long it is, its text."""
    plan, _ = _read(config_file, first)
    if parts:
        rows = part_rows(plan)
        if as_json:
            print_json([{"name": name, "recorded": there, "text": text} for name, there, text in rows])
        else:
            state = {True: "recorded", False: "missing"}
            print_table(
                ["name", "voice", "words"], [[name, state[there], text] for name, there, text in rows]
            )
        return
    lengths = _lengths(_sounds(config_file, out))
    found = [(row, lengths.get(row.file)) for row in inventory(plan)]
    needed = {row.file for row, _ in found}
    stale = sorted(file for file in lengths if file not in needed)
    if as_json:
        print_json(
            {
                "prompts": [_as_json(row, length) for row, length in found],
                "stale": stale,
                "findings": [{"id": f.id, "message": f.message} for f in prompt_findings(plan)],
            }
        )
        return
    head = ["name", "voice", "sound", "length", "file", "text"]
    print_table(head, [_cells(row, length) for row, length in found])
    for file in stale:
        click.echo(f"stale: {file} is needed by none of the days ahead")
    for finding in prompt_findings(plan):
        click.echo(f"{'.'.join(finding.path)}: {finding.message} [{finding.id}]", err=True)


@command.command("play", short_help="Play a prompt by its name.")
@click.argument("name")
@_FROM
@click.option("--out", "file", metavar="FILE", help="Write the sound (WAV, 16 kHz) instead of playing it.")
@click.pass_obj
def play(config_file: str, name: str, first: str | None, file: str | None) -> None:
    """Play a prompt by its name, such as nl/closed_door-tomorrow-thursday, or by its file."""
    import tempfile

    from pbxctl.files import write_whole
    from pbxctl.prompts.recordings import WIDE_ENDING
    from pbxctl.rehearse.packages import default_folder
    from pbxctl.speech.build import build_prompts

    plan, recordings = _read(config_file, first)
    language, _, wanted = name.partition("/")
    sayings = [p for p in needed_sayings(plan, catalogue_of(plan)) if language in p.texts]
    found = next((p for p in sayings if wanted in (p.names[0], p.stem)), None)
    # The general name of a kind is any of its prompts.
    found = found or next((p for p in sayings if wanted in p.names), None)
    if found is None:
        known = [row.name for row in inventory(plan)]
        raise InputWrong(f"{name}: no prompt of the days ahead is called so{meant(name, known)}")
    with tempfile.TemporaryDirectory(prefix="pbxctl-") as sounds:
        build_prompts(
            [found],
            [language],
            Path(sounds),
            default_folder() / "speech",
            synthesiser(),
            recordings=recordings,
        )
        sound = (Path(sounds) / found.file(language)).with_suffix(WIDE_ENDING).read_bytes()
        if file is not None:
            write_whole(Path(file), sound)
            click.echo(f"{file}: {prompt_name(found, language)}")
            return
        wave = Path(sounds) / "prompt.wav"
        wave.write_bytes(sound)
        _play(wave, name)


@command.command("import", short_help="Take a recording into the folder of recordings.")
@click.argument("file")
@click.option("--as", "name", metavar="NAME", required=True, help="Such as nl/closed_door, or nl/welcome.")
@click.option("--replace", is_flag=True, help="Put it in the place of a recording of that name.")
@click.pass_obj
def import_prompt(config_file: str, file: str, name: str, replace: bool) -> None:
    """Take a recording (WAV, FLAC, OGG, MP3) into the folder of recordings, at the level of all others."""
    from pbxctl.speech.recorded import import_recording
    from pbxctl.speech.sound import RATE, TARGET_LUFS

    loaded = read_config(config_file)
    folder = recordings_folder(config_file, loaded)
    if folder is None:
        raise InputWrong(f"{config_file}: prompts.folder: is missing; write prompts: {{folder: recordings}}")
    language, _, _ = name.partition("/")
    if language not in loaded.config.company.languages:
        languages = ", ".join(loaded.config.company.languages)
        raise InputWrong(f"{name}: begins with no language of the company's; there is {languages}")
    if not is_recording_path(name):
        known = [f"{language}/{each}" for each in known_names()]
        raise InputWrong(f"{name}: no prompt or part is called so{meant(name, known)}")
    sounds = import_recording(Path(file), folder, name, replace=replace)
    seconds = len(sounds.narrow) / RATE
    click.echo(f"{folder / name}.wav and .wav16: {seconds:.1f} s at {TARGET_LUFS:g} LUFS")
    plan = read_plan(read_config(config_file), config_file, today(loaded))
    for finding in prompt_findings(plan):
        if finding.id in ("prompt-missing", "prompt-doubled"):
            click.echo(f"{'.'.join(finding.path)}: {finding.message} [{finding.id}]", err=True)


def _read(config_file: str, first: str | None) -> tuple[Plan, Path | None]:
    loaded = read_config(config_file)
    day: date = today(loaded) if first is None else read_day(first)
    return read_plan(loaded, config_file, day), recordings_folder(config_file, loaded)


def _sounds(config_file: str, out: str | None) -> Path:
    return Path(config_file).parent / FOLDER if out is None else Path(out)


def synthesiser() -> Espeak:
    """The machine's espeak-ng, or the one that was fetched for rehearsals."""
    from pbxctl.rehearse.packages import default_folder, find_install
    from pbxctl.speech.espeak import Espeak

    try:
        install = find_install(default_folder())
    except OutOfReach:
        # It is asked for only if something must be spoken, and says then what to do.
        return Espeak([shutil.which("espeak-ng") or "espeak-ng"])
    return Espeak(install.espeak, install.espeak_env)


def _lengths(folder: Path) -> dict[str, float]:
    """How long each sound lasts that was built, by its name below the folder."""
    import wave

    from pbxctl.speech.build import is_built

    found = {}
    for path in sorted(folder.glob("*/*.wav")) if folder.is_dir() else ():
        if is_built(path.name):
            try:
                with wave.open(str(path)) as sound:
                    found[f"{path.parent.name}/{path.name}"] = sound.getnframes() / sound.getframerate()
            except (wave.Error, EOFError, OSError, ZeroDivisionError):
                continue  # as if it were missing: the next build puts it right
    return found


def _cells(row: Row, length: float | None) -> list[str]:
    sound = "missing" if length is None else "built"
    return [row.name, row.voice, sound, "" if length is None else f"{length:.1f} s", row.file, row.text]


def _as_json(row: Row, length: float | None) -> dict[str, object]:
    return {
        "name": row.name,
        "language": row.language,
        "voice": row.voice,
        "recordings": list(row.recordings),
        "built": length is not None,
        "seconds": length,
        "file": row.file,
        "text": row.text,
    }


def _play(wave: Path, name: str) -> None:
    player = next((path for tool in ("paplay", "aplay") if (path := shutil.which(tool))), None)
    if player is None:
        raise OutOfReach(
            "neither paplay nor aplay is here to play it; "
            f"write it with pbxctl prompts play {name} --out prompt.wav, and open that"
        )
    quiet = ["-q"] if player.endswith("/aplay") else []
    run = subprocess.run([player, *quiet, str(wave)], capture_output=True, text=True, check=False)  # noqa: S603
    if run.returncode:
        reason = " ".join(run.stderr.split())[:200] or "without a word"
        raise PbxctlError(f"{player} could not play it: {reason}; write it with --out prompt.wav")
