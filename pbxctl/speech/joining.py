"""Recorded parts joined into one sound: silences trimmed and set, no click at any joint."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pbxctl.speech.sound import WIDE_RATE, faded_ends, levelled, trimmed
from pbxctl.speech.synthesiser import Samples, Speech

FADE_S = 0.015
PAUSE_S = 0.04  # between the words of a sentence, beside the 0.1 s of room that the trimmed parts keep
SENTENCE_PAUSE_S = 0.22

JOINING = f"1 {FADE_S} {PAUSE_S} {SENTENCE_PAUSE_S}"
"""Part of what sounds are cached by, as ``SETTINGS`` are."""


def part_sound(speech: Speech) -> Samples:
    """A part as it is joined: at 16 kHz, trimmed, at one level, rising from nothing and falling to it.

    Raises:
        InputWrong: there is nothing to hear in it.
    """
    return faded_ends(levelled(trimmed(speech, WIDE_RATE), WIDE_RATE), int(FADE_S * WIDE_RATE))


def joined(parts: Sequence[tuple[Samples, bool]]) -> Speech:
    """One sound of several :func:`part_sound`; True behind a part: a sentence ends there."""
    pieces: list[Samples] = []
    for number, (sound, ends_sentence) in enumerate(parts):
        pieces.append(sound)
        if number < len(parts) - 1:
            pieces.append(np.zeros(int((SENTENCE_PAUSE_S if ends_sentence else PAUSE_S) * WIDE_RATE)))
    return Speech(np.concatenate(pieces), WIDE_RATE)
