"""The child that decodes a sound: it takes a file as its input, and writes plain samples to its output.

Started by :mod:`pbxctl.speech.decode` as a program of its own, with no more rights, time and memory
than a sound needs: what a hostile file makes of the decoder ends here. It knows nothing of pbxctl.
Output: a line of JSON, ``{"rate": …}`` or ``{"wrong": …}``, then 32-bit floats of one channel.
"""

from __future__ import annotations

import json
import os
import resource
import sys

import numpy as np
import soundfile

CPU_S = 20
MEMORY_BYTES = 1_000_000_000
LONGEST_S = 180
MAX_CHANNELS = 8
RATES = range(4000, 192_001)
FORMATS = ("WAV", "WAVEX", "FLAC", "OGG", "MP3")
BLOCK = 65_536


class Wrong(Exception):
    """What is wrong with the file, in words for a person."""


def limit() -> None:
    """Give up what decoding does not need."""
    for what, most in (
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, 0),  # pipes are no files: nothing can be written but the answer
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def decode() -> tuple[int, bytes]:
    """The rate and the samples of the sound on standard input."""
    head = os.pread(0, 12, 0)
    if not (
        (head[:4] == b"RIFF" and head[8:12] == b"WAVE")
        or head[:4] in (b"fLaC", b"OggS")
        or head[:3] == b"ID3"
        or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0)
    ):
        raise Wrong("is no WAV, FLAC, OGG or MP3 file")
    try:
        with soundfile.SoundFile(0, closefd=False) as sound:
            if sound.format not in FORMATS:
                raise Wrong("is no WAV, FLAC, OGG or MP3 file")
            if sound.samplerate not in RATES or not 1 <= sound.channels <= MAX_CHANNELS:
                raise Wrong(f"has {sound.samplerate} samples a second in {sound.channels} channels")
            rate, left = sound.samplerate, LONGEST_S * sound.samplerate
            blocks = []
            while len(block := sound.read(BLOCK, dtype="float32", always_2d=True)):
                left -= len(block)
                if left < 0:
                    raise Wrong(f"is longer than {LONGEST_S // 60} minutes")
                blocks.append(block.mean(axis=1))
    except soundfile.LibsndfileError:
        raise Wrong("is damaged, or no sound at all") from None
    except MemoryError:
        raise Wrong("takes too much memory to be decoded") from None
    if not blocks:
        raise Wrong("holds no sound")
    return rate, np.concatenate(blocks).astype("<f4").tobytes()


def main() -> None:
    """Decode, and answer."""
    limit()
    answer: dict[str, object]
    try:
        rate, samples = decode()
        answer = {"rate": rate}
    except Wrong as wrong:
        answer, samples = {"wrong": str(wrong)}, b""
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + samples)


if __name__ == "__main__":
    main()
