"""All sounds are at one level, unclipped, with quiet ends, whatever they came from."""

from __future__ import annotations

import io
import wave
from datetime import date, time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbxctl.errors import InputWrong
from pbxctl.names import LANGUAGES
from pbxctl.plan.answers import UNKNOWN, Answers, answers_on
from pbxctl.prompts.catalogue import Catalogue
from pbxctl.prompts.texts import PromptKind
from pbxctl.speech.espeak import Espeak
from pbxctl.speech.sound import (
    LEAD_S,
    PEAK_DB,
    RATE,
    TAIL_S,
    TARGET_LUFS,
    Pcm,
    is_telephone_wave,
    loudness,
    telephone_sound,
    wave_bytes,
)
from pbxctl.speech.synthesiser import Speech

CATALOGUE = Catalogue("Bakkerij Peeters", "bestel@bakkerij-peeters.example", LANGUAGES)
WEDNESDAY = date(2026, 12, 23)
CEILING = int(10 ** (PEAK_DB / 20) * 32767) + 1


def level(pcm: Pcm) -> float:
    """The level of a finished sound, in LUFS."""
    return loudness(pcm / 32768)


def tone(*, seconds: float = 2.0, rate: int = 22_050, gain: float = 0.3, pitch: float = 440.0) -> Speech:
    """A plain tone."""
    return Speech(gain * np.sin(2 * np.pi * pitch * np.arange(int(seconds * rate)) / rate), rate)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("kind", "answers"),
    [
        (PromptKind.NEUTRAL, UNKNOWN),
        (PromptKind.CLOSED_DOOR, UNKNOWN),
        (PromptKind.CLOSED_DOOR, answers_on(WEDNESDAY, WEDNESDAY, time(17, 25))),
        (PromptKind.CLOSED_DOOR, answers_on(WEDNESDAY, date(2026, 12, 24), time(8, 30))),
        (PromptKind.CLOSED_DOOR, answers_on(WEDNESDAY, date(2027, 9, 22), time(8, 30))),
    ],
)
def test_a_prompt_is_heard_well(espeak: Espeak, language: str, kind: PromptKind, answers: Answers) -> None:
    pcm = telephone_sound(espeak.speak(CATALOGUE.prompt(kind, answers).texts[language], language))
    assert 6 < len(pcm) / RATE < 20
    assert abs(level(pcm) - TARGET_LUFS) < 1
    assert abs(pcm).max() <= CEILING
    assert not pcm[: int(LEAD_S * RATE)].any()
    assert not pcm[-int(TAIL_S * RATE) :].any()


@pytest.mark.parametrize("gain", [0.003, 0.05, 0.99])
@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 48_000])
def test_soft_and_loud_sounds_come_out_alike(gain: float, rate: int) -> None:
    pcm = telephone_sound(tone(gain=gain, rate=rate))
    assert abs(level(pcm) - TARGET_LUFS) < 1
    assert len(pcm) / RATE == pytest.approx(2 + LEAD_S + TAIL_S, abs=0.15)


def test_what_a_telephone_cannot_carry_does_not_count() -> None:
    """A loud whistle above 4 kHz must not leave the speech below it soft."""
    heard = tone(rate=48_000, gain=0.05)
    whistle = tone(rate=48_000, gain=0.9, pitch=9_000)
    pcm = telephone_sound(Speech(heard.samples + whistle.samples, 48_000))
    assert abs(level(pcm) - TARGET_LUFS) < 1
    spectrum = np.abs(np.fft.rfft(pcm))
    assert np.argmax(spectrum) * RATE / len(pcm) == pytest.approx(440, abs=2)


def test_peaks_are_turned_down_and_not_cut_off() -> None:
    speech = tone(gain=0.05)
    speech.samples[20_000:20_200] *= 18
    pcm = telephone_sound(speech)
    assert abs(level(pcm) - TARGET_LUFS) < 1
    assert abs(pcm).max() <= CEILING
    assert np.count_nonzero(abs(pcm) == abs(pcm).max()) < 5  # a cut-off peak would be flat


def test_silence_around_the_speech_is_taken_away() -> None:
    speech = tone()
    padded = Speech(np.pad(speech.samples, (22_050, 44_100)), 22_050)
    assert len(telephone_sound(padded)) / RATE == pytest.approx(2 + LEAD_S + TAIL_S, abs=0.15)


def test_the_first_and_last_sound_of_the_speech_survive_the_fades() -> None:
    pcm = telephone_sound(tone(seconds=1.0))
    heard = np.flatnonzero(abs(pcm) > abs(pcm).max() * 0.9)
    assert (heard[-1] - heard[0]) / RATE > 0.98


@pytest.mark.parametrize("seconds", [0.05, 0.2, 0.39])
def test_a_very_short_sound_is_padded_and_not_refused(seconds: float) -> None:
    pcm = telephone_sound(tone(seconds=seconds))
    assert np.isfinite(level(pcm))
    assert 1000 < abs(pcm).max() <= CEILING


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(0),
        np.zeros(22_050),
        np.full(22_050, 0.5),
        np.full(22_050, np.nan),
        7e-4 * np.sin(np.arange(22_050) / 5),
    ],
    ids=["empty", "silence", "constant", "no numbers", "next to nothing"],
)
def test_a_sound_with_nothing_to_hear_is_refused(
    samples: np.ndarray[tuple[int], np.dtype[np.float64]],
) -> None:
    with pytest.raises(InputWrong, match="the sound is"):
        telephone_sound(Speech(samples, 22_050))


@given(st.integers(0, 2**32 - 1), st.floats(0.01, 1.0), st.integers(2_000, 20_000))
def test_noise_of_any_kind_is_never_clipped(seed: int, gain: float, length: int) -> None:
    samples = np.random.default_rng(seed).laplace(scale=gain, size=length)
    pcm = telephone_sound(Speech(samples, 16_000))
    assert abs(pcm.astype(int)).max() <= CEILING


def test_the_file_is_plain_16_bit_mono() -> None:
    pcm = telephone_sound(tone())
    data = wave_bytes(pcm)
    with wave.open(io.BytesIO(data)) as stream:
        assert stream.getparams()[:4] == (1, 2, 8000, len(pcm))
        assert stream.readframes(len(pcm)) == pcm.tobytes()
    assert is_telephone_wave(data)


@pytest.mark.parametrize("length", [0, 10, 44, 1000, -2])
def test_half_a_file_is_noticed(length: int) -> None:
    data = wave_bytes(telephone_sound(tone()))
    assert not is_telephone_wave(data[:length])
