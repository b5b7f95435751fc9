"""Recordings: what they sound like, alone or in parts, and how one gets into the folder."""

from __future__ import annotations

import wave
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pbxctl.errors import InputWrong
from pbxctl.files import write_whole
from pbxctl.prompts.recordings import ENDINGS, WIDE_ENDING, Spoken
from pbxctl.speech.decode import decode_sound
from pbxctl.speech.joining import joined, part_sound
from pbxctl.speech.sound import WIDE_RATE, Sounds, telephone_sounds, wave_bytes


def recorded_sounds(folder: Path, spoken: Sequence[Spoken]) -> Sounds:
    """What a prompt sounds like that these recordings say.

    Raises:
        InputWrong: one of them is gone, is no sound, or has nothing to hear in it.
    """
    if len(spoken) == 1:
        return file_sounds(best_file(folder / spoken[0].file))
    parts = []
    for each in spoken:
        path = best_file(folder / each.file)
        with _named(path):
            parts.append((part_sound(decode_sound(path)), each.ends_sentence))
    return telephone_sounds(joined(parts))


def file_sounds(path: Path) -> Sounds:
    """A sound file of any kind in telephone form.

    Raises:
        InputWrong: it is no sound, or has nothing to hear in it.
    """
    with _named(path):
        return telephone_sounds(decode_sound(path))


def best_file(path: Path) -> Path:
    """The same sound at 16 kHz, if it was written together with this one; else this one.

    Both were if one has exactly twice the samples of the other: whoever records the ``.wav`` anew
    by other means is not overruled by what lies beside it.
    """
    wide = path.with_suffix(WIDE_ENDING)
    if path.suffix == ".wav" and wide.is_file():
        try:
            with wave.open(str(path)) as narrow_wave, wave.open(str(wide)) as wide_wave:
                if wide_wave.getnframes() == 2 * narrow_wave.getnframes():
                    return wide
        except (wave.Error, EOFError, OSError):
            return path
    return path


def import_recording(source: Path, folder: Path, name: str, *, replace: bool = False) -> Sounds:
    """Bring a file's sound to telephone form and put it into the folder as ``name`` (``nl/closed_door``).

    Raises:
        InputWrong: it is no sound, or there is a recording of that name and it is not to be replaced.
        PbxctlError: the folder cannot be written to.
    """
    there = [path for ending in ENDINGS if (path := folder / (name + ending)).exists()]
    if there and not replace:
        raise InputWrong(f"{there[0]}: is there already; add --replace to put the new one in its place")
    sounds = file_sounds(source)
    write_whole(folder / (name + WIDE_ENDING), wave_bytes(sounds.wide, WIDE_RATE))
    write_whole(folder / f"{name}.wav", wave_bytes(sounds.narrow))
    for path in there:
        if path.suffix != ".wav":
            path.unlink()  # or it would be a second recording of that name
    return sounds


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Whatever is wrong with a sound is said with the name of its file."""
    try:
        yield
    except InputWrong as error:
        text = str(error)
        raise InputWrong(text if text.startswith(f"{path}:") else f"{path}: {text}") from error
