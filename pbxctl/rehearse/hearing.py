"""Did the caller hear the prompt? A recording compared with what should have been said.

The prompt is cut into windows of 300 ms, and each is looked for in the recording by normalised
cross-correlation. One correlation over the whole would fall to a half when a single packet is
lost; by windows, only the one with the gap suffers.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from pbxctl.errors import InputWrong
from pbxctl.rehearse.sip.rtp import RATE_HZ, Samples

WINDOW = 2400  # 300 ms
BLOCK = 8192
# Through µ-law, late and softer, a window correlates by 0.95 and more; another sentence of the same
# voice by 0.6 at most.
THRESHOLD = 0.75
# A window this much softer than the loudest one of its prompt is a pause: silence is found anywhere.
PAUSE_BELOW_DB = 30.0
# Below this, what a window holds is the line's own noise (16-bit units, root mean square).
NOISE_RMS = 3.0
# Peaks closer together than this are one place.
PLACE = 400
FULL_SCALE = 32768.0

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Heard:
    """How much of a prompt was heard, and where in the recording.

    ``share`` is the part of the prompt's windows, without its pauses, that were found in order.
    ``first_s`` and ``last_s`` are the beginning of the first and the end of the last one found, and
    ``level_dbfs`` how loud those were; None where none was.
    """

    share: float
    first_s: float | None
    last_s: float | None
    level_dbfs: float | None


def heard(recording: Samples, prompt: Samples, *, threshold: float = THRESHOLD) -> Heard:
    """How much of ``prompt`` is in ``recording``; both 16 bits at 8 kHz.

    Raises:
        ValueError: there is nothing but silence in the prompt.
    """
    windows = _sounding_windows(prompt)
    if not windows:
        raise ValueError("the prompt is silent")
    # Padded, so that a window whose first or last packet was lost has its place too.
    spectra, norms = _analyse(np.pad(recording.astype(np.float64), WINDOW))
    chain = _in_order([_places(spectra, norms, window, threshold) for window in windows])
    found = [place - WINDOW for place in chain]
    if not found:
        return Heard(0.0, None, None, None)
    sounding = np.concatenate([recording[max(0, place) : place + WINDOW] for place in found])
    first, end = max(0, found[0]), min(found[-1] + WINDOW, len(recording))
    return Heard(len(found) / len(windows), first / RATE_HZ, end / RATE_HZ, level(sounding))


def level(samples: Samples) -> float:
    """The root mean square level in dB below full scale; ``-inf`` for silence or nothing."""
    if not len(samples):
        return float("-inf")
    rms = float(np.sqrt(np.mean(np.square(samples.astype(np.float64)))))
    return 20 * float(np.log10(rms / FULL_SCALE)) if rms else float("-inf")


def duration_s(samples: Samples) -> float:
    """How long samples at 8 kHz last."""
    return len(samples) / RATE_HZ


def read_sound(path: Path) -> Samples:
    """A sound file as the telephone carries it: one channel, 16 bits, 8 kHz.

    Raises:
        InputWrong: it is missing or no sound.
    """
    try:
        samples, rate = soundfile.read(path, dtype="float64", always_2d=True)
    except (OSError, soundfile.LibsndfileError) as error:
        raise InputWrong(f"{path}: cannot be read as sound: {error}") from error
    mono = samples.mean(axis=1)
    if rate != RATE_HZ:
        mono = soxr.resample(mono, rate, RATE_HZ)
    whole: Samples = np.clip(np.rint(mono * FULL_SCALE), -32768, 32767).astype(np.int16)
    return whole


def _sounding_windows(prompt: Samples) -> list[Floats]:
    sound = prompt.astype(np.float64)
    windows = [sound[start : start + WINDOW] for start in range(0, len(sound) - WINDOW + 1, WINDOW)]
    if not windows and len(sound):
        windows = [np.pad(sound, (0, WINDOW - len(sound)))]  # A beep is shorter than a window.
    loudness = [float(np.sqrt(np.mean(window**2))) for window in windows]
    least = max(NOISE_RMS, max(loudness, default=0.0) * 10 ** (-PAUSE_BELOW_DB / 20))
    return [window for window, rms in zip(windows, loudness, strict=True) if rms >= least]


def _analyse(recording: Floats) -> tuple[NDArray[np.complex128], Floats]:
    """The spectra of overlapping blocks of a recording, and the norm of the window at each sample."""
    step = BLOCK - WINDOW + 1
    places = len(recording) - WINDOW + 1
    blocks = -(-places // step)
    padded = np.pad(recording, (0, blocks * step + WINDOW - len(recording)))
    cut = np.lib.stride_tricks.sliding_window_view(padded, BLOCK)[::step] if len(padded) >= BLOCK else None
    if cut is None:
        cut = np.pad(padded, (0, BLOCK - len(padded)))[np.newaxis]
    energy = np.concatenate(([0.0], np.cumsum(recording**2)))
    norms = np.sqrt(np.maximum(energy[WINDOW:] - energy[:-WINDOW], 0.0))
    # Where there is only noise, the quotient would be noise too.
    return np.fft.rfft(cut, axis=1), np.maximum(norms, NOISE_RMS * np.sqrt(WINDOW))


def _places(spectra: NDArray[np.complex128], norms: Floats, window: Floats, threshold: float) -> list[int]:
    """Where in the recording this window is heard, each place once."""
    step = BLOCK - WINDOW + 1
    spectrum = np.conj(np.fft.rfft(window, BLOCK))
    products = np.fft.irfft(spectra * spectrum, BLOCK, axis=1)[:, :step].ravel()[: len(norms)]
    likeness = products / (norms * np.linalg.norm(window))
    above = np.flatnonzero(likeness >= threshold)
    groups = np.split(above, np.flatnonzero(np.diff(above) > PLACE) + 1) if len(above) else []
    return [int(group[np.argmax(likeness[group])]) for group in groups]


def _in_order(candidates: list[list[int]]) -> list[int]:
    """One place for as many windows as possible, each after the one before (longest increasing chain)."""
    ends: list[int] = []  # the smallest last place of a chain of each length
    chains: list[tuple[int, int | None]] = []  # place, the chain it goes on from
    tips: list[int] = []
    for places in candidates:
        for place in sorted(places, reverse=True):  # Downwards, so that a window is taken once.
            length = bisect_left(ends, place)
            chains.append((place, tips[length - 1] if length else None))
            ends[length : length + 1] = [place]
            tips[length : length + 1] = [len(chains) - 1]
    found: list[int] = []
    at: int | None = tips[-1] if tips else None
    while at is not None:
        place, at = chains[at]
        found.append(place)
    return found[::-1]
