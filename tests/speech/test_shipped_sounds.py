"""The sounds that come with pbxctl are what their list says, in the form every PBX plays."""

from __future__ import annotations

import io
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest

from pbxctl.names import LANGUAGES
from pbxctl.prompts.texts import fallback_text
from pbxctl.resources import resource_folder
from pbxctl.speech.espeak import Espeak
from pbxctl.speech.sound import RATE, TARGET_LUFS, Pcm, is_telephone_wave, loudness, telephone_sound

SOUNDS = resource_folder("sounds")
SCRIPT = Path(__file__).parents[2] / "scripts" / "make-sounds"


def read(path: Path) -> Pcm:
    """The samples of a sound, which has to be in telephone form."""
    data = path.read_bytes()
    assert is_telephone_wave(data)
    with wave.open(io.BytesIO(data)) as stream:
        return np.frombuffer(stream.readframes(stream.getnframes()), dtype="<i2").astype(np.int16)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_neutral_sound_says_its_text(espeak: Espeak, language: str) -> None:
    """It is as long, and as loud over time, as the text spoken now; versions of espeak-ng differ a little."""
    shipped = read(SOUNDS / language / "neutral.wav")
    spoken = telephone_sound(espeak.speak(fallback_text(language), language))
    assert len(shipped) == pytest.approx(len(spoken), rel=0.05)
    length = min(len(shipped), len(spoken)) // 800 * 800
    loud = [
        np.sqrt((pcm[:length].astype(float).reshape(-1, 800) ** 2).mean(axis=1)) for pcm in (shipped, spoken)
    ]
    assert np.corrcoef(*loud)[0, 1] > 0.8
    assert abs(loudness(shipped / 32768) - TARGET_LUFS) < 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_beep_is_short_and_pure(language: str) -> None:
    pcm = read(SOUNDS / language / "beep.wav")
    assert 0.3 < len(pcm) / RATE < 1
    assert np.argmax(np.abs(np.fft.rfft(pcm))) * RATE / len(pcm) == pytest.approx(1000, abs=5)


def test_every_language_and_nothing_else_is_there() -> None:
    found = sorted(str(path.relative_to(SOUNDS)) for path in SOUNDS.rglob("*") if path.is_file())
    wanted = [f"{language}/{name}.wav" for language in LANGUAGES for name in ("beep", "neutral")]
    assert found == sorted([*wanted, "README.md"])
    assert sum(path.stat().st_size for path in SOUNDS.rglob("*.wav")) < 1_000_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_shows_the_text(language: str) -> None:
    row = f"| `{language}/neutral.wav` | {fallback_text(language)} |"
    assert row in (SOUNDS / "README.md").read_text(encoding="utf-8").splitlines()


def test_the_script_makes_the_same_bytes_twice(espeak: Espeak, tmp_path: Path) -> None:
    program = tmp_path / "espeak-ng"
    quoted = " ".join(f"'{part}'" for part in espeak.command)
    assignments = "".join(f"export {name}='{value}'\n" for name, value in espeak.env.items())
    program.write_text(f'#!/bin/sh\n{assignments}exec {quoted} "$@"\n')
    program.chmod(0o755)
    made = []
    for run in ("one", "two"):
        folder = tmp_path / run
        subprocess.run(
            [sys.executable, str(SCRIPT), "--espeak", str(program), str(folder)],
            check=True,
            capture_output=True,
        )
        made.append({str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.wav")})
    assert made[0] == made[1]
    assert len(made[0]) == 2 * len(LANGUAGES)


def test_the_script_fails_in_one_sentence(tmp_path: Path) -> None:
    argv = [sys.executable, str(SCRIPT), "--espeak", "/nowhere/espeak-ng", str(tmp_path / "out")]
    run = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert run.stderr.count("\n") == 1
    assert "cannot be started" in run.stderr
    assert not (tmp_path / "out").exists()
