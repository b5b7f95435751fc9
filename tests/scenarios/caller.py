"""A caller: listens, speaks after the tone, hangs up; and what came of it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from pbxctl.rehearse.hearing import heard, level
from pbxctl.rehearse.people import voice
from pbxctl.rehearse.sip.call import Call, CallResult
from pbxctl.rehearse.sip.rtp import RATE_HZ, Samples

MELODY_S = 1.2
ENOUGH = 0.9
LISTENED_EVERY_S = 0.2
PATIENCE_S = 25.0
"""A caller who hears no tone for so long gives up: no call here is meant to last as long."""

GENERATED_TONE: Samples = (
    5000 * np.sin(2 * np.pi * 1000 / RATE_HZ * np.arange(round(RATE_HZ * 0.3)))
).astype(np.int16)
"""What Asterisk makes itself where it has no file for it."""

UNEASY_S = 5.5
"""A caller who has heard nothing for so long speaks without a tone."""

_BREATH: Samples = np.zeros(RATE_HZ * 4 // 10, dtype=np.int16)
_AUDIBLE = 200


def melody(name: str) -> Samples:
    """What nobody else says."""
    return voice(name)[: round(RATE_HZ * MELODY_S)]


@dataclass(frozen=True, slots=True)
class Ears:
    """Every sound that a caller may come to hear, by name, and the tones after which he speaks."""

    sounds: Mapping[str, Samples]
    tones: tuple[Samples, ...]

    def is_tone(self, recording: Samples) -> bool:
        """Whether one of the tones is in it."""
        return any(
            len(recording) > len(tone) and heard(recording, tone).share >= ENOUGH for tone in self.tones
        )

    def recognise(self, recording: Samples) -> dict[str, tuple[float, float]]:
        """Share and level (dB below full scale) of each sound that could be understood."""
        found = {}
        if len(recording):
            for name, sound in self.sounds.items():
                listened = heard(recording, sound)
                if listened.share >= ENOUGH and listened.level_dbfs is not None:
                    found[name] = (listened.share, listened.level_dbfs)
        return found


async def speak_after_tone(call: Call, ears: Ears, words: Samples) -> CallResult:
    """Wait for the answer and the tone, say ``words``, hang up. Whoever hangs up first ends it."""
    answered = asyncio.ensure_future(call.answered(PATIENCE_S))
    await asyncio.wait([answered])
    if answered.exception() is None and await tone_heard(call, ears):
        call.play(np.concatenate([_BREATH, words, _BREATH]))
        await unless_over(call, call.said(PATIENCE_S))
    return await call.hang_up()


async def tone_heard(call: Call, ears: Ears) -> bool:
    """Wait for the tone, or for a long silence in which one would speak anyway; whether either came."""
    loop = asyncio.get_running_loop()
    began = audible = loop.time()
    listened = 0
    while not call.is_over and loop.time() - began < PATIENCE_S:
        await unless_over(call, call.heard(listened / RATE_HZ + LISTENED_EVERY_S, LISTENED_EVERY_S * 2))
        recording = call.recording
        # Once more what the tone may have begun in.
        if ears.is_tone(recording[max(0, listened - RATE_HZ // 2) :]):
            return True
        if np.any(np.abs(recording[listened:].astype(np.int32)) > _AUDIBLE):
            audible = loop.time()
        elif loop.time() - audible > UNEASY_S:
            return True
        listened = len(recording)
    return False


async def unless_over(call: Call, wait: object) -> None:
    """Wait for this, but no longer than the call lasts or patience does."""
    assert asyncio.iscoroutine(wait)
    tasks = [asyncio.ensure_future(wait), asyncio.ensure_future(call.ended(PATIENCE_S * 2))]
    with contextlib.suppress(TimeoutError):
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED, timeout=PATIENCE_S)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def first_sound_s(result: CallResult) -> float | None:
    """Seconds from the INVITE to the first audible sample, None where there was nothing but silence."""
    audible = np.flatnonzero(np.abs(result.recording.astype(np.int32)) > _AUDIBLE)
    if not len(audible) or result.first_packet_s is None:
        return None
    return result.first_packet_s + float(audible[0]) / RATE_HZ


def longest_silence_s(samples: Samples) -> float:
    """The longest stretch without an audible sample."""
    audible = np.flatnonzero(np.abs(samples.astype(np.int32)) > _AUDIBLE)
    edges = np.concatenate(([0], audible, [len(samples)]))
    return float(np.max(np.diff(edges))) / RATE_HZ


__all__ = [
    "Ears",
    "first_sound_s",
    "level",
    "longest_silence_s",
    "melody",
    "speak_after_tone",
    "tone_heard",
    "unless_over",
]
