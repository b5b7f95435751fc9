"""Sound files of any kind are decoded, and hostile ones end in one sentence, in bounded time and memory."""

from __future__ import annotations

import os
import resource
import struct
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from pbxctl.errors import InputWrong
from pbxctl.speech import decode as decode_module
from pbxctl.speech.decode import decode_sound
from pbxctl.speech.decoding_child import LONGEST_S

RATE = 44_100
KINDS = [
    pytest.param("WAV", "PCM_16", ".wav", id="wav"),
    pytest.param("WAV", "PCM_24", ".wav", id="wav 24 bit"),
    pytest.param("WAV", "FLOAT", ".wav", id="wav float"),
    pytest.param("WAV", "ULAW", ".wav", id="wav of a PBX"),
    pytest.param("WAVEX", "PCM_16", ".wav", id="extensible wav"),
    pytest.param("FLAC", "PCM_16", ".flac", id="flac"),
    pytest.param("OGG", "VORBIS", ".ogg", id="ogg vorbis"),
    pytest.param("MP3", "MPEG_LAYER_III", ".mp3", id="mp3"),
]


def tone(seconds: float = 1.0, rate: int = RATE) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return 0.3 * np.sin(2 * np.pi * 440 * np.arange(int(seconds * rate)) / rate)


@pytest.mark.parametrize(("kind", "subtype", "ending"), KINDS)
@pytest.mark.parametrize("channels", [1, 2])
def test_each_kind_of_file_is_heard(
    tmp_path: Path, kind: str, subtype: str, ending: str, channels: int
) -> None:
    path = tmp_path / f"voice{ending}"
    soundfile.write(path, np.column_stack([tone()] * channels), RATE, subtype=subtype, format=kind)
    speech = decode_sound(path)
    assert speech.rate == RATE
    assert len(speech.samples) / RATE == pytest.approx(1.0, abs=0.1)
    spectrum = np.abs(np.fft.rfft(speech.samples))
    assert np.argmax(spectrum) * RATE / len(speech.samples) == pytest.approx(440, abs=3)
    assert np.abs(speech.samples).max() == pytest.approx(0.3, abs=0.05)


def test_a_file_is_known_by_its_content_and_not_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "voice.mp3"
    soundfile.write(path, tone(), RATE, format="FLAC")
    assert decode_sound(path).rate == RATE


def bomb(path: Path) -> None:
    """Ten hours of silence in a few hundred kilobytes."""
    with soundfile.SoundFile(path, "w", 8000, 1, format="FLAC") as sound:
        block = np.zeros(8000 * 600)
        for _ in range(60):
            sound.write(block)
    assert path.stat().st_size < 2_000_000


def lying_header(path: Path) -> None:
    """A header that promises four gigabytes of samples."""
    soundfile.write(path, tone(0.01), RATE, format="WAV", subtype="PCM_16")
    data = bytearray(path.read_bytes())
    data[4:8] = data[40:44] = struct.pack("<I", 0xFFFFFFF0)
    del data[44:]
    path.write_bytes(data)


def many_channels(path: Path) -> None:
    soundfile.write(path, np.zeros((100, 200)), RATE, format="WAV")


def write(content: bytes):  # type: ignore[no-untyped-def]
    return lambda path: path.write_bytes(content)


HOSTILE = [
    pytest.param(bomb, "is longer than 3 minutes", id="a bomb"),
    pytest.param(lying_header, "holds no sound|is damaged", id="a header that lies"),
    pytest.param(many_channels, "in 200 channels", id="two hundred channels"),
    pytest.param(write(b""), "is empty", id="empty"),
    pytest.param(write(b"\0" * 5000), "is no WAV, FLAC, OGG or MP3", id="zeros"),
    pytest.param(write(b"RIFF\xff\xff\xff\xffWAVE" + os.urandom(5000)), "is damaged", id="garbage in a wav"),
    pytest.param(write(b"fLaC" + b"\xff" * 5000), "is damaged|broke the decoder", id="garbage in a flac"),
    pytest.param(write(b"OggS" + b"\xff" * 5000), "is damaged|broke the decoder", id="garbage in an ogg"),
    pytest.param(
        write(b"ID3" + b"\xff" * 5000), "is damaged|broke the decoder|no sound", id="garbage in an mp3"
    ),
    pytest.param(write(b"#!/bin/sh\necho hello\n"), "is no WAV", id="a program"),
    pytest.param(lambda path: path.mkdir(), "is not a file", id="a folder"),
    pytest.param(lambda path: os.mkfifo(path), "is not a file", id="a pipe that nobody writes to"),
    pytest.param(lambda path: path.symlink_to("/dev/zero"), "is not a file", id="an endless device"),
    pytest.param(
        lambda path: os.truncate(os.open(path, os.O_CREAT | os.O_WRONLY), 1 << 40), "MiB", id="a terabyte"
    ),
    pytest.param(lambda path: None, "No such file", id="nothing there"),
]


@pytest.mark.parametrize(("make", "told"), HOSTILE)
def test_what_is_no_sound_is_one_sentence_and_soon(tmp_path: Path, make, told: str) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "voice.wav"
    make(path)
    began = time.monotonic()
    with pytest.raises(InputWrong, match=told) as caught:
        decode_sound(path)
    assert time.monotonic() - began < 15
    assert str(caught.value).startswith(f"{path}: ")
    assert str(caught.value).endswith("; give a WAV, FLAC, OGG or MP3 file of at most 3 minutes")
    assert "\n" not in str(caught.value)


def test_a_bomb_takes_no_more_memory_than_a_sound_may(tmp_path: Path) -> None:
    """Measured from outside: the largest that any child of this process ever was."""
    bomb(tmp_path / "bomb.flac")
    probe = (
        "import resource, sys\nfrom pathlib import Path\nfrom pbxctl.speech.decode import decode_sound\n"
        "try:\n    decode_sound(Path(sys.argv[1]))\nexcept Exception as error:\n    pass\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    run = subprocess.run(
        [sys.executable, "-c", probe, str(tmp_path / "bomb.flac")], capture_output=True, text=True, check=True
    )
    assert int(run.stdout) < 250_000  # KiB


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
@pytest.mark.parametrize(
    ("kind", "ending"), [("FLAC", "flac"), ("OGG", "ogg"), ("MP3", "mp3"), ("WAV", "wav")]
)
def test_half_a_file_is_heard_in_part_or_refused(
    tmp_path: Path, kind: str, ending: str, share: float
) -> None:
    path = tmp_path / f"voice.{ending}"
    soundfile.write(path, tone(3.0), RATE, format=kind)
    data = path.read_bytes()
    path.write_bytes(data[: int(share * len(data))])
    heard, told = 0, f"{path}: "
    try:
        heard = len(decode_sound(path).samples)
    except InputWrong as error:
        told = str(error)
    assert heard <= 3.1 * RATE
    assert told.startswith(f"{path}: ")


def test_the_longest_sound_is_still_decoded(tmp_path: Path) -> None:
    path = tmp_path / "long.wav"
    soundfile.write(path, tone(LONGEST_S, 48_000), 48_000)
    assert len(decode_sound(path).samples) == LONGEST_S * 48_000


def test_a_decoder_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    soundfile.write(tmp_path / "voice.wav", tone(), RATE)
    child = tmp_path / "child.py"
    child.write_text("import time\ntime.sleep(600)\n")
    monkeypatch.setattr(decode_module, "_CHILD", child)
    with pytest.raises(InputWrong, match=r"could not be decoded within 0\.5 seconds"):
        decode_sound(tmp_path / "voice.wav", time_limit_s=0.5)


LIMITED = {
    "more time": "while True: pass",
    "more memory": "x = bytearray(4 << 30)",
    "a file": "open('written', 'w').write('x' * 10_000)",
}


@pytest.mark.parametrize("what", LIMITED)
def test_a_broken_decoder_cannot_take(tmp_path: Path, what: str) -> None:
    """The limits that the child puts on itself, seen by code that breaks out of the decoder."""
    import pbxctl.speech.decoding_child as child

    code = (
        "import runpy, sys\n"
        f"child = runpy.run_path({child.__file__!r})\n"
        "child['limit'].__globals__['CPU_S'] = 1\n"
        f"child['limit']()\n{LIMITED[what]}\nprint('taken')"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=30, check=False
    )
    assert run.returncode != 0
    assert "taken" not in run.stdout
    assert not (tmp_path / "written").exists() or (tmp_path / "written").stat().st_size == 0


def test_we_ourselves_are_not_limited() -> None:
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 0
