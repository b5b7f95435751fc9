"""What counts as heard, and what does not."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from pbxctl.errors import InputWrong
from pbxctl.rehearse.hearing import duration_s, heard, level, read_sound
from pbxctl.rehearse.packages import AsteriskInstall
from pbxctl.rehearse.sip.rtp import RATE_HZ, Samples, ulaw_decode, ulaw_encode

TEXT = (
    "Goedendag, u belt naar bakkerij Peeters. Vandaag werken wij achter gesloten deuren."
    " Morgen zijn wij er weer vanaf half negen."
)
OTHER_TEXT = (
    "Welkom bij garage Janssens. Alle medewerkers zijn in gesprek, blijf aan de lijn alstublieft."
    " U kunt ons ook een bericht sturen."
)
RANDOM = np.random.default_rng(7)


@pytest.fixture(scope="module")
def say(
    asterisk_install: AsteriskInstall, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., Samples]:
    """Any text, spoken."""
    folder = tmp_path_factory.mktemp("speech")

    def speak(text: str, *, voice: str = "nl") -> Samples:
        path = folder / "speech.wav"
        subprocess.run(
            [*asterisk_install.espeak, "-v", voice, "-w", str(path), text],
            env=dict(asterisk_install.espeak_env),
            check=True,
            timeout=10,
        )
        return read_sound(path)

    return speak


@pytest.fixture(scope="module")
def prompt(say: Callable[..., Samples]) -> Samples:
    return say(TEXT)


def _through_ulaw(samples: Samples) -> Samples:
    return ulaw_decode(ulaw_encode(samples))


def _scaled(samples: Samples, decibel: float) -> Samples:
    scaled: Samples = np.rint(samples * 10 ** (decibel / 20)).astype(np.int16)
    return scaled


def _noise(seconds: float, rms: float) -> Samples:
    noise: Samples = RANDOM.normal(0, rms, round(seconds * RATE_HZ)).astype(np.int16)
    return noise


def _late(samples: Samples) -> Samples:
    return np.concatenate([_noise(1.23, 2), samples, _noise(0.5, 2)])


def _packet_lost(samples: Samples) -> Samples:
    holed = samples.copy()
    holed[16_000:16_160] = 0
    return holed


def _every_fifth_second_lost(samples: Samples) -> Samples:
    holed = samples.copy()
    for start in range(0, len(holed), 5 * RATE_HZ):
        holed[start : start + RATE_HZ] = 0
    return holed


@pytest.mark.parametrize(
    ("case", "change", "least", "most"),
    [
        ("itself", lambda s: s, 1.0, 1.0),
        ("through µ-law", _through_ulaw, 1.0, 1.0),
        ("late", _late, 1.0, 1.0),
        ("softer by 20 dB", lambda s: _through_ulaw(_scaled(s, -20)), 1.0, 1.0),
        ("softer by 30 dB", lambda s: _through_ulaw(_scaled(s, -30)), 0.95, 1.0),
        ("one packet lost", _packet_lost, 1.0, 1.0),
        ("the first packet lost", lambda s: s[160:], 1.0, 1.0),
        (
            "late, softer, µ-law, one packet lost",
            lambda s: _packet_lost(_late(_through_ulaw(_scaled(s, -12)))),
            1,
            1,
        ),
        ("on a noisy line", lambda s: s + _noise(len(s) / RATE_HZ, 200), 0.95, 1.0),
        ("twice", lambda s: np.concatenate([s, s]), 1.0, 1.0),
        (
            "interrupted for a second",
            lambda s: np.concatenate([s[:24_000], _noise(1, 2), s[24_000:]]),
            0.9,
            1.0,
        ),
        ("every fifth second lost", _every_fifth_second_lost, 0.6, 0.9),
        ("cut in the middle", lambda s: s[: len(s) // 2], 0.4, 0.55),
        ("only its end", lambda s: s[len(s) // 2 :], 0.4, 0.6),
        ("its halves swapped", lambda s: np.concatenate([s[len(s) // 2 :], s[: len(s) // 2]]), 0.4, 0.65),
        ("backwards", lambda s: s[::-1], 0.0, 0.1),
        ("noise", lambda s: _noise(10, 3000), 0.0, 0.0),
        ("silence", lambda s: np.zeros_like(s), 0.0, 0.0),
        ("nothing", lambda s: s[:0], 0.0, 0.0),
    ],
)
def test_how_much_was_heard(
    prompt: Samples, case: str, change: Callable[[Samples], Samples], least: float, most: float
) -> None:
    assert least <= heard(change(prompt), prompt).share <= most


@pytest.mark.parametrize(
    ("voice", "text"), [("nl", OTHER_TEXT), ("nl+f3", TEXT), ("nl+f3", OTHER_TEXT), ("de", TEXT)]
)
def test_another_text_or_voice_is_not_the_prompt(
    say: Callable[..., Samples], prompt: Samples, voice: str, text: str
) -> None:
    assert heard(_through_ulaw(say(text, voice=voice)), prompt).share < 0.3


def test_one_changed_word_is_noticed(say: Callable[..., Samples], prompt: Samples) -> None:
    other = say(TEXT.replace("half negen", "kwart over tien"))
    assert 0.3 < heard(other, prompt).share < 0.95


def test_where_and_how_loud_it_was(prompt: Samples) -> None:
    found = heard(_late(_scaled(prompt, -6)), prompt)
    assert found.first_s == pytest.approx(1.23, abs=0.35)
    assert found.last_s == pytest.approx(1.23 + duration_s(prompt), abs=0.7)
    assert found.level_dbfs == pytest.approx(level(prompt) - 6, abs=1.5)


def test_a_beep_shorter_than_a_window_is_heard() -> None:
    beep = (8000 * np.sin(2 * np.pi * 1000 * np.arange(800) / RATE_HZ)).astype(np.int16)
    assert heard(np.concatenate([_noise(0.4, 2), beep, _noise(0.4, 2)]), beep).share == 1.0
    assert heard(_noise(1.0, 100), beep).share == 0.0


def test_a_silent_prompt_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="silent"):
        heard(_noise(1, 100), np.zeros(8000, np.int16))


def test_a_long_recording_takes_no_time(prompt: Samples) -> None:
    long_prompt = np.resize(prompt, 15 * RATE_HZ)
    recording = np.concatenate([_noise(20, 500), long_prompt, _noise(5, 500)])
    began = time.process_time()
    assert heard(recording, long_prompt).share == 1.0
    assert time.process_time() - began < 0.5


def test_levels() -> None:
    assert level(np.zeros(10, np.int16)) == level(np.zeros(0, np.int16)) == float("-inf")
    assert level(np.full(10, 3277, np.int16)) == pytest.approx(-20, abs=0.01)


def test_any_sound_file_is_read_as_the_telephone_carries_it(tmp_path: Path, prompt: Samples) -> None:
    stereo = np.repeat(prompt, 2).reshape(-1, 2)
    soundfile.write(tmp_path / "8.wav", stereo, 8000)
    assert (read_sound(tmp_path / "8.wav") == prompt).all()
    soundfile.write(tmp_path / "16.wav", np.repeat(prompt, 2), 16000)
    assert heard(read_sound(tmp_path / "16.wav"), prompt).share > 0.95


def test_what_is_no_sound_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_text("no sound")
    for name in ("a.wav", "missing.wav"):
        with pytest.raises(InputWrong, match=f"{name}: cannot be read as sound"):
            read_sound(tmp_path / name)
