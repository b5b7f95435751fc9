"""Sound as a telephone carries it: 8 kHz, mono, 16 bit, all at one level, with quiet ends.

The level is taken after resampling: what a telephone cannot carry must not count.
"""

from __future__ import annotations

import io
import wave

import numpy as np
import numpy.typing as npt
import pyloudnorm
import soxr

from pbxctl.errors import InputWrong
from pbxctl.speech.synthesiser import Samples, Speech

RATE = 8000  # samples a second
TARGET_LUFS = -20.0
PEAK_DB = -3.0  # dBFS; 3 dB of room for µ-law, A-law and a transcoding on the way
FADE_S = 0.05
LEAD_S, TAIL_S = 0.1, 0.2  # of plain silence before and behind

# Part of what sounds are cached by: change it with anything that alters what comes out of here.
SETTINGS = f"1 {RATE} {TARGET_LUFS} {PEAK_DB} {FADE_S} {LEAD_S} {TAIL_S}"

_SILENCE_LUFS = -60.0
_SHORTEST_MEASURED_S = 0.5  # pyloudnorm measures blocks of 0.4 s
_EDGE_DB = -45.0  # below the loudest sample: what is softer at the ends is no speech
_LIMITER_REACH = RATE // 200  # samples (5 ms) over which the limiter moves

Pcm = npt.NDArray[np.int16]


def telephone_sound(speech: Speech) -> Pcm:
    """Bring any mono sound to telephone form at ``TARGET_LUFS``, no sample above ``PEAK_DB``.

    Raises:
        InputWrong: there is nothing to hear in it, or its samples are no numbers.
    """
    if not speech.samples.size or not np.isfinite(speech.samples).all():
        raise InputWrong("the sound is empty or broken: it holds no samples that can be played")
    centred = speech.samples.astype(np.float64) - speech.samples.mean()  # an offset would click at the ends
    narrow = _trimmed(soxr.resample(centred, speech.rate, RATE, quality="VHQ"))
    level = loudness(narrow)
    if level < _SILENCE_LUFS:
        raise InputWrong("the sound is silent: there is nothing to hear in it")
    gain = 1.0
    levelled = narrow
    for _ in range(6):  # the limiter takes some level away: give it back, and limit again
        gain *= 10 ** ((TARGET_LUFS - level) / 20)
        levelled = _limited(narrow * gain)
        level = loudness(levelled)
        if abs(level - TARGET_LUFS) < 0.05:
            break
    return _with_quiet_ends(levelled)


def loudness(samples: Samples) -> float:
    """The level in LUFS (ITU-R BS.1770) at 8 kHz; minus infinity for silence."""
    missing = int(_SHORTEST_MEASURED_S * RATE) - len(samples)
    if missing > 0:
        samples = np.pad(samples, (0, missing))
    return float(pyloudnorm.Meter(RATE).integrated_loudness(samples))


def wave_bytes(pcm: Pcm) -> bytes:
    """The sound as the bytes of a WAV file."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as stream:
        stream.setnchannels(1)
        stream.setsampwidth(2)
        stream.setframerate(RATE)
        stream.writeframes(pcm.astype("<i2").tobytes())
    return buffer.getvalue()


def is_telephone_wave(data: bytes) -> bool:
    """Whether the bytes are a whole WAV file as :func:`wave_bytes` makes them."""
    try:
        with wave.open(io.BytesIO(data)) as stream:
            form = (stream.getframerate(), stream.getsampwidth(), stream.getnchannels())
            return (
                form == (RATE, 2, 1)
                and len(stream.readframes(stream.getnframes())) == 2 * stream.getnframes() > 0
            )
    except (wave.Error, EOFError):
        return False


def _trimmed(samples: Samples) -> Samples:
    """Without the silence at both ends, but with room for the fades."""
    heard = np.flatnonzero(np.abs(samples) > np.abs(samples).max() * 10 ** (_EDGE_DB / 20))
    if not heard.size:
        return samples
    room = int(FADE_S * RATE)
    padded = np.pad(samples[heard[0] : heard[-1] + 1], room)
    before = samples[max(0, heard[0] - room) : heard[0]]
    behind = samples[heard[-1] + 1 : heard[-1] + 1 + room]
    padded[room - len(before) : room] = before
    padded[len(padded) - room : len(padded) - room + len(behind)] = behind
    return padded


def _limited(samples: Samples) -> Samples:
    """Turn the gain down smoothly around peaks, so that none passes the ceiling and nothing is clipped."""
    ceiling = 10 ** (PEAK_DB / 20)
    needed = np.minimum(1.0, ceiling / np.maximum(np.abs(samples), 1e-9))
    reach = 2 * _LIMITER_REACH + 1
    # The least gain in reach, then the mean of those: never more than what each sample needs.
    least = np.lib.stride_tricks.sliding_window_view(
        np.pad(needed, 2 * _LIMITER_REACH, mode="edge"), reach
    ).min(axis=1)
    smooth = np.lib.stride_tricks.sliding_window_view(least, reach).mean(axis=1)
    return np.asarray(samples * smooth, dtype=np.float64)


def _with_quiet_ends(samples: Samples) -> Pcm:
    fade = np.linspace(0.0, 1.0, min(int(FADE_S * RATE), len(samples) // 2))
    faded = samples.copy()
    faded[: len(fade)] *= fade
    faded[len(faded) - len(fade) :] *= fade[::-1]
    whole = np.pad(faded, (int(LEAD_S * RATE), int(TAIL_S * RATE)))
    return np.round(whole * 32767).astype(np.int16)
