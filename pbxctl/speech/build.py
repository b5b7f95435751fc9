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
from pbxctl.prompts.catalogue import STEM_LENGTH, Prompt
from pbxctl.prompts.words import LANGUAGES
from pbxctl.speech.files import sweep_unfinished, write_whole
from pbxctl.speech.sound import SETTINGS, is_telephone_wave, telephone_sound, wave_bytes
from pbxctl.speech.synthesiser import Synthesiser

_WORKERS = 4  # each waits for a program of its own; more gain nothing on a small machine
_SYNTHESISED = re.compile(rf"[0-9a-f]{{{STEM_LENGTH}}}\.wav")


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did: names below the folder (``nl/0123456789ab.wav``), sorted.

    ``built`` were spoken now; ``reused`` stood there or came from the cache; ``removed`` were asked to go.
    """

    built: tuple[str, ...]
    reused: tuple[str, ...]
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Job:
    """One text to be heard, and every file that says it."""

    text: str
    language: str
    names: tuple[str, ...]


def build_prompts(
    prompts: Iterable[Prompt],
    languages: Sequence[str],
    folder: Path,
    cache: Path,
    synthesiser: Synthesiser,
    *,
    remove_stale: bool = False,
) -> BuildReport:
    """Put the sound of each prompt in each language into ``folder``, as :meth:`Prompt.file` names it.

    ``cache`` keeps every sound by its text, language, voice and sound settings. Sounds that no prompt
    asks for stay, since calls in progress and older generations may still play them, unless
    ``remove_stale``. A build that fails leaves whole files only, and the next one goes on from there.

    Raises:
        KeyError: a prompt has no text in one of the languages.
        OutOfReach: the synthesiser is missing, failed, or took too long.
        InputWrong: it cannot speak a text or a language.
        PbxctlError: a folder cannot be written to.
    """
    jobs = _jobs(prompts, languages)
    built: list[str] = []
    reused: list[str] = []
    pool = ThreadPoolExecutor(max_workers=min(_WORKERS, os.cpu_count() or 1), thread_name_prefix="speech")
    try:
        results = pool.map(lambda job: _build(job, folder, cache, synthesiser), jobs)
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


def cache_key(text: str, language: str, voice: str) -> str:
    """What a sound is cached by: everything that decides how it sounds."""
    content = json.dumps([text, language, voice, SETTINGS], ensure_ascii=True)
    return hashlib.sha256(content.encode("ascii")).hexdigest()


def _jobs(prompts: Iterable[Prompt], languages: Sequence[str]) -> list[_Job]:
    names: dict[tuple[str, str], dict[str, None]] = {}
    for prompt in prompts:
        for language in languages:
            name = prompt.file(language)
            names.setdefault((prompt.texts[language], language), {})[name] = None
    return [_Job(text, language, tuple(files)) for (text, language), files in names.items()]


def _build(job: _Job, folder: Path, cache: Path, synthesiser: Synthesiser) -> bool:
    """Bring one text's files about; whether it had to be spoken for that."""
    cached = cache / f"{cache_key(job.text, job.language, synthesiser.voice)}.wav"
    sound = _read(cached)
    spoken = sound is None or not is_telephone_wave(sound)
    if sound is None or spoken:
        sound = wave_bytes(telephone_sound(synthesiser.speak(job.text, job.language)))
        write_whole(cached, sound)
    for name in job.names:
        # Copied, not linked: whoever edits the PBX's file in place must not reach the cache through it.
        if _read(folder / name) != sound:
            write_whole(folder / name, sound)
    return spoken


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise PbxctlError(f"{path} cannot be read: {error.strerror or error}") from error


def _remove_stale(folder: Path, wanted: set[str]) -> list[str]:
    """Remove synthesised sounds nobody asks for; anything that is not named like one is not ours."""
    removed = []
    for language in LANGUAGES:
        for path in (folder / language).glob("*.wav"):
            name = f"{language}/{path.name}"
            if _SYNTHESISED.fullmatch(path.name) and name not in wanted:
                path.unlink(missing_ok=True)
                removed.append(name)
    return removed
