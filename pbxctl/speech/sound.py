"""Sound as a telephone carries it: 8 kHz (and 16 beside it), mono, 16 bit, at one level, with quiet ends.

The level is taken after resampling: what a telephone cannot carry must not count.
"""

from __future__ import annotations

import io
import wave
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyloudnorm
import soxr

from pbxctl.errors import InputWrong
from pbxctl.speech.synthesiser import Samples, Speech

RATE = 8000  # samples a second
WIDE_RATE = 16_000  # of a .wav16, for telephones that can do more
TARGET_LUFS = -20.0
PEAK_DB = -3.0  # dBFS; 3 dB of room for µ-law, A-law and a transcoding on the way
FADE_S = 0.05
LEAD_S, TAIL_S = 0.1, 0.2  # of plain silence before and behind

# Part of what sounds are cached by: change it with anything that alters what comes out of here.
SETTINGS = f"2 {RATE} {WIDE_RATE} {TARGET_LUFS} {PEAK_DB} {FADE_S} {LEAD_S} {TAIL_S}"

_SILENCE_LUFS = -60.0
_SHORTEST_MEASURED_S = 0.5  # pyloudnorm measures blocks of 0.4 s
_EDGE_DB = -45.0  # below the loudest sample: what is softer at the ends is no speech
_LIMITER_REACH_HZ = 200  # the limiter moves within 5 ms

Pcm = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True, eq=False)
class Sounds:
    """One sound as PBXes play it: for telephones of 8 kHz, and for those that can do 16 kHz.

    ``wide`` has twice the samples of ``narrow`` exactly.
    """

    narrow: Pcm
    wide: Pcm


def telephone_sound(speech: Speech) -> Pcm:
    """Bring any mono sound to telephone form at ``TARGET_LUFS``, no sample above ``PEAK_DB``.

    Raises:
        InputWrong: there is nothing to hear in it, or its samples are no numbers.
    """
    return _finished(_trimmed(_resampled(speech, RATE), RATE), RATE)


def telephone_sounds(speech: Speech) -> Sounds:
    """The same at 8 and at 16 kHz, each at the level by its own measure.

    Raises:
        InputWrong: as for :func:`telephone_sound`.
    """
    narrow = _resampled(speech, RATE)
    start, end = _heard_span(narrow)
    wide = _resampled(speech, WIDE_RATE)
    return Sounds(
        _finished(_cut(narrow, start, end, RATE), RATE),
        # Cut where the telephone's own sound is cut, so that both are equally long.
        _finished(_cut(wide, 2 * start, 2 * end, WIDE_RATE), WIDE_RATE),
    )


def loudness(samples: Samples, rate: int = RATE) -> float:
    """The level in LUFS (ITU-R BS.1770); minus infinity for silence.

    A sound shorter than what can be measured is measured as if it were said again and again: with
    silence behind it, it would count as softer than it sounds.
    """
    shortest = int(_SHORTEST_MEASURED_S * rate)
    if 0 < len(samples) < shortest:
        samples = np.tile(samples, -(-shortest // len(samples)))
    elif not len(samples):
        return float("-inf")
    return float(pyloudnorm.Meter(rate).integrated_loudness(samples))


def levelled(samples: Samples, rate: int) -> Samples:
    """The sound at ``TARGET_LUFS``, its peaks turned down.

    Raises:
        InputWrong: it is silent.
    """
    level = loudness(samples, rate)
    if level < _SILENCE_LUFS:
        raise InputWrong("the sound is silent: there is nothing to hear in it")
    gain = 1.0
    found = samples
    for _ in range(6):  # the limiter takes some level away: give it back, and limit again
        gain *= 10 ** ((TARGET_LUFS - level) / 20)
        found = _limited(samples * gain, rate)
        level = loudness(found, rate)
        if abs(level - TARGET_LUFS) < 0.05:
            break
    return found


def _resampled(speech: Speech, rate: int) -> Samples:
    if not speech.samples.size or not np.isfinite(speech.samples).all():
        raise InputWrong("the sound is empty or broken: it holds no samples that can be played")
    centred = speech.samples.astype(np.float64) - speech.samples.mean()  # an offset would click at the ends
    found: Samples = soxr.resample(centred, speech.rate, rate, quality="VHQ")
    return found


def _finished(samples: Samples, rate: int) -> Pcm:
    faded = faded_ends(levelled(samples, rate), int(FADE_S * rate))
    whole = np.pad(faded, (int(LEAD_S * rate), int(TAIL_S * rate)))
    return np.round(whole * 32767).astype(np.int16)


def wave_bytes(pcm: Pcm, rate: int = RATE) -> bytes:
    """The sound as the bytes of a WAV file."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as stream:
        stream.setnchannels(1)
        stream.setsampwidth(2)
        stream.setframerate(rate)
        stream.writeframes(pcm.astype("<i2").tobytes())
    return buffer.getvalue()


def is_telephone_wave(data: bytes, rate: int = RATE) -> bool:
    """Whether the bytes are a whole WAV file as :func:`wave_bytes` makes them."""
    try:
        with wave.open(io.BytesIO(data)) as stream:
            form = (stream.getframerate(), stream.getsampwidth(), stream.getnchannels())
            return (
                form == (rate, 2, 1)
                and len(stream.readframes(stream.getnframes())) == 2 * stream.getnframes() > 0
            )
    except (wave.Error, EOFError):
        return False


def trimmed(speech: Speech, rate: int) -> Samples:
    """The sound at ``rate`` without the silence at both ends, but with ``FADE_S`` of room for the fades.

    Raises:
        InputWrong: its samples are none, or no numbers.
    """
    return _trimmed(_resampled(speech, rate), rate)


def faded_ends(samples: Samples, length: int) -> Samples:
    """The sound rising from nothing and falling to nothing over ``length`` samples, or half of it."""
    fade = np.linspace(0.0, 1.0, min(length, len(samples) // 2))
    faded = samples.copy()
    faded[: len(fade)] *= fade
    faded[len(faded) - len(fade) :] *= fade[::-1]
    return faded


def _trimmed(samples: Samples, rate: int) -> Samples:
    start, end = _heard_span(samples)
    return _cut(samples, start, end, rate)


def _heard_span(samples: Samples) -> tuple[int, int]:
    """Where the sound begins and ends, without the silence around it."""
    heard = np.flatnonzero(np.abs(samples) > np.abs(samples).max() * 10 ** (_EDGE_DB / 20))
    return (int(heard[0]), int(heard[-1]) + 1) if heard.size else (0, len(samples))


def _cut(samples: Samples, start: int, end: int, rate: int) -> Samples:
    """From ``start`` to ``end``, with room for the fades: of the sound where it goes on, else of silence."""
    room = int(FADE_S * rate)
    padded = np.pad(samples, (room, room + max(0, end - len(samples))))
    return padded[start : end + 2 * room]


def _limited(samples: Samples, rate: int) -> Samples:
    """Turn the gain down smoothly around peaks, so that none passes the ceiling and nothing is clipped."""
    ceiling = 10 ** (PEAK_DB / 20)
    needed = np.minimum(1.0, ceiling / np.maximum(np.abs(samples), 1e-9))
    half = rate // _LIMITER_REACH_HZ
    reach = 2 * half + 1
    # The least gain in reach, then the mean of those: never more than what each sample needs.
    least = np.lib.stride_tricks.sliding_window_view(np.pad(needed, 2 * half, mode="edge"), reach).min(axis=1)
    smooth = np.lib.stride_tricks.sliding_window_view(least, reach).mean(axis=1)
    return np.asarray(samples * smooth, dtype=np.float64)
