"""Build the sounds of prompts: only what changed is spoken again, and every file appears whole."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from pbxctl.errors import PbxctlError
from pbxctl.files import sweep_unfinished, write_whole
from pbxctl.names import LANGUAGES
from pbxctl.prompts.catalogue import STEM_LENGTH, Prompt
from pbxctl.prompts.recordings import WIDE_ENDING, Spoken
from pbxctl.speech.joining import JOINING
from pbxctl.speech.recorded import recorded_sounds
from pbxctl.speech.sound import (
    RATE,
    SETTINGS,
    WIDE_RATE,
    Sounds,
    is_telephone_wave,
    telephone_sounds,
    wave_bytes,
)
from pbxctl.speech.synthesiser import Synthesiser

_WORKERS = 4  # each waits for a program of its own; more gain nothing on a small machine
_OURS = re.compile(rf"[0-9a-f]{{{STEM_LENGTH}}}\.wav")


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did: names below the folder (``nl/0123456789ab.wav``), sorted.

    Beside each lies the same at 16 kHz (``.wav16``). ``built`` were spoken, or made of recordings, now;
    ``reused`` stood there or came from the cache; ``removed`` were asked to go.
    """

    built: tuple[str, ...]
    reused: tuple[str, ...]
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Job:
    """One text to be heard, or what was recorded in its place, and every file that says it."""

    text: str
    language: str
    recorded: tuple[Spoken, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Booth:
    """Where sounds come from and go to."""

    folder: Path
    cache: Path
    synthesiser: Synthesiser
    recordings: Path | None


def build_prompts(
    prompts: Iterable[Prompt],
    languages: Sequence[str],
    folder: Path,
    cache: Path,
    synthesiser: Synthesiser,
    *,
    recordings: Path | None = None,
    remove_stale: bool = False,
) -> BuildReport:
    """Put the sound of each prompt in each language into ``folder``, as :meth:`Prompt.file` names it.

    What was recorded is taken from the folder of ``recordings``; all else is spoken. ``cache`` keeps
    every sound by its text, language, voice and sound settings, or by the bytes of its recordings.
    Sounds that no prompt asks for stay, since calls in progress and older generations may still play
    them, unless ``remove_stale``. A build that fails leaves whole files only, and the next one goes on
    from there.

    Raises:
        KeyError: a prompt has no text in one of the languages.
        OutOfReach: the synthesiser is missing, failed, or took too long.
        InputWrong: it cannot speak a text or a language; a recording is gone, or no sound.
        PbxctlError: a folder cannot be written to.
    """
    jobs = _jobs(prompts, languages)
    booth = _Booth(folder, cache, synthesiser, recordings)
    built: list[str] = []
    reused: list[str] = []
    pool = ThreadPoolExecutor(max_workers=min(_WORKERS, os.cpu_count() or 1), thread_name_prefix="speech")
    try:
        results = pool.map(lambda job: _build(job, booth), jobs)
        for job, spoken in zip(jobs, results, strict=True):
            (built if spoken else reused).extend(job.names)
    finally:
        # After a failure the rest is not begun; what runs ends within its time limit.
        pool.shutdown(wait=True, cancel_futures=True)
    wanted = {name for job in jobs for name in job.names}
    removed = _remove_stale(folder, wanted) if remove_stale else []
    for place in (cache, *(folder / language for language in languages)):
        sweep_unfinished(place)
    return BuildReport(tuple(sorted(built)), tuple(sorted(reused)), tuple(sorted(removed)))


def is_built(name: str) -> bool:
    """Whether a file is named as a build names its sounds (``0123456789ab.wav``)."""
    return _OURS.fullmatch(name) is not None


def cache_key(text: str, language: str, voice: str) -> str:
    """What a sound is cached by: everything that decides how it sounds."""
    content = json.dumps([text, language, voice, SETTINGS], ensure_ascii=True)
    return hashlib.sha256(content.encode("ascii")).hexdigest()


def recorded_key(spoken: Sequence[Spoken]) -> str:
    """What the sound of recordings is cached by: their bytes, and how they are joined."""
    parts = [[*part.digests, part.ends_sentence] for part in spoken]
    content = json.dumps([parts, SETTINGS, JOINING], ensure_ascii=True)
    return hashlib.sha256(content.encode("ascii")).hexdigest()


def _jobs(prompts: Iterable[Prompt], languages: Sequence[str]) -> list[_Job]:
    names: dict[tuple[str, str, tuple[Spoken, ...]], dict[str, None]] = {}
    for prompt in prompts:
        for language in languages:
            if prompt.key and language not in prompt.texts:
                continue  # it names a key, and is said in one language alone
            name, recorded = prompt.file(language), prompt.recorded.get(language, ())
            text = "" if recorded else prompt.texts[language]
            names.setdefault((text, language, recorded), {})[name] = None
    return [_Job(*what, tuple(files)) for what, files in names.items()]


def _build(job: _Job, booth: _Booth) -> bool:
    """Bring one text's files about; whether it had to be spoken, or its recordings joined, for that."""
    key = (
        recorded_key(job.recorded)
        if job.recorded
        else cache_key(job.text, job.language, booth.synthesiser.voice)
    )
    narrow, wide = booth.cache / f"{key}.wav", booth.cache / f"{key}{WIDE_ENDING}"
    sound, wide_sound = _read(narrow), _read(wide)
    fresh = not (
        sound and wide_sound and is_telephone_wave(sound, RATE) and is_telephone_wave(wide_sound, WIDE_RATE)
    )
    if sound is None or wide_sound is None or fresh:
        sounds = _sounds(job, booth)
        sound, wide_sound = wave_bytes(sounds.narrow, RATE), wave_bytes(sounds.wide, WIDE_RATE)
        write_whole(wide, wide_sound)
        write_whole(narrow, sound)
    for name in job.names:
        # Copied, not linked: whoever edits the PBX's file in place must not reach the cache through it.
        for path, content in (
            (booth.folder / name, sound),
            ((booth.folder / name).with_suffix(WIDE_ENDING), wide_sound),
        ):
            if _read(path) != content:
                write_whole(path, content)
    return fresh


def _sounds(job: _Job, booth: _Booth) -> Sounds:
    if not job.recorded:
        return telephone_sounds(booth.synthesiser.speak(job.text, job.language))
    if booth.recordings is None:
        raise PbxctlError(f"{job.recorded[0].file} was recorded, but no folder of recordings was named")
    return recorded_sounds(booth.recordings, job.recorded)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise PbxctlError(f"{path} cannot be read: {error.strerror or error}") from error


def _remove_stale(folder: Path, wanted: set[str]) -> list[str]:
    """Remove sounds of prompts nobody asks for; anything that is not named like one is not ours."""
    removed = []
    for language in LANGUAGES:
        for path in (folder / language).glob("*.wav"):
            name = f"{language}/{path.name}"
            if is_built(path.name) and name not in wanted:
                path.unlink(missing_ok=True)
                path.with_suffix(WIDE_ENDING).unlink(missing_ok=True)
                removed.append(name)
    return removed
