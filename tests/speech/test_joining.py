"""Parts joined: no click and no long gap at a joint, all at one level, nothing of the words lost."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from pbxctl.names import LANGUAGES
from pbxctl.plan.answers import UNKNOWN, Answers, Relation
from pbxctl.plan.model import Recording
from pbxctl.prompts.catalogue import Catalogue, Prompt
from pbxctl.prompts.parts import prompt_parts
from pbxctl.prompts.texts import PromptKind
from pbxctl.speech.build import build_prompts
from pbxctl.speech.espeak import Espeak
from pbxctl.speech.joining import joined, part_sound
from pbxctl.speech.scan import scan_recordings
from pbxctl.speech.sound import RATE, TARGET_LUFS, WIDE_RATE, Sounds, loudness, telephone_sounds
from pbxctl.speech.synthesiser import Samples, Speech

COMPANY, MAIL = "Bakkerij Peeters", "info@peeters.be"

LARGEST_STEP = 0.01
"""Of full scale, from one sample to the next, anywhere in the gap of a joint: a click is ten times that."""

LONGEST_GAP_S = 0.4
SOFT = 10 ** (-45 / 20)


def speech(
    seconds: float, pitch: float, gain: float, rate: int, silence: tuple[float, float], offset: float
) -> Speech:
    """A part as people record it: too loud or soft, with silence around it, cut in mid-wave, off centre."""
    sound = gain * np.sin(2 * np.pi * pitch * np.arange(int(seconds * rate)) / rate + 1.0)
    before, behind = (np.zeros(int(length * rate)) for length in silence)
    return Speech(np.concatenate([before, sound, behind]) + offset, rate)


parts = st.lists(
    st.tuples(
        st.builds(
            speech,
            st.floats(0.3, 0.8),
            st.floats(150, 2500),
            st.floats(0.02, 0.95),
            st.sampled_from([8_000, 16_000, 22_050, 44_100]),
            st.tuples(st.floats(0, 0.7), st.floats(0, 0.7)),
            st.floats(-0.03, 0.03),
        ),
        st.booleans(),
    ),
    min_size=3,
    max_size=6,
)


def gaps(samples: Samples, rate: int) -> list[tuple[int, int]]:
    """Where it is silent between two sounds, 20 ms or longer."""
    loud = np.flatnonzero(np.abs(samples) > SOFT * np.abs(samples).max())
    ends = np.flatnonzero(np.diff(loud) > rate // 50)
    return [(int(loud[end]) + 1, int(loud[end + 1])) for end in ends]


def whole(of: list[tuple[Speech, bool]]) -> Sounds:
    return telephone_sounds(joined([(part_sound(each), ends) for each, ends in of]))


@settings(max_examples=25, deadline=None)
@given(parts)
def test_no_click_and_no_long_gap_at_any_joint(recorded: list[tuple[Speech, bool]]) -> None:
    sounds = whole(recorded)
    for pcm, rate in ((sounds.narrow, RATE), (sounds.wide, WIDE_RATE)):
        samples = pcm / 32767
        found = gaps(samples, rate)
        assert len(found) == len(recorded) - 1
        for start, end in found:
            assert (end - start) / rate < LONGEST_GAP_S
            assert np.abs(np.diff(samples[start:end])).max() < LARGEST_STEP


def test_without_fades_a_joint_clicks() -> None:
    """The measure is one that can be failed: the same parts, laid end to end as they are."""
    a, b = (speech(0.5, pitch, 0.8, WIDE_RATE, (0, 0), 0.0) for pitch in (300.0, 800.0))
    raw = np.concatenate([a.samples, np.zeros(1600), b.samples])
    start, end = gaps(raw, WIDE_RATE)[0]
    assert np.abs(np.diff(raw[start - 1 : end + 1])).max() > 10 * LARGEST_STEP


@settings(max_examples=15, deadline=None)
@given(parts)
def test_soft_and_loud_parts_come_out_alike(recorded: list[tuple[Speech, bool]]) -> None:
    levels = [loudness(part_sound(each), WIDE_RATE) for each, _ in recorded]
    assert max(levels) - min(levels) < 1
    sounds = whole(recorded)
    assert abs(loudness(sounds.narrow / 32768) - TARGET_LUFS) < 1
    assert abs(loudness(sounds.wide / 32768, WIDE_RATE) - TARGET_LUFS) < 1
    assert len(sounds.wide) == 2 * len(sounds.narrow)


def test_a_sentence_ends_in_a_longer_pause() -> None:
    part = speech(0.4, 440, 0.5, WIDE_RATE, (0.2, 0.2), 0.0)
    sounds = whole([(part, False), (part, True), (part, False)])
    within, between = ((end - start) / RATE for start, end in gaps(sounds.narrow / 32767, RATE))
    assert between - within == pytest.approx(0.18, abs=0.01)


WHEN = {
    "tomorrow": Answers(Relation.TOMORROW, 4),
    "monday": Answers(Relation.WITHIN_WEEK, 1),
    "unknown": UNKNOWN,
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_real_speech_in_parts_is_one_sentence(espeak: Espeak, tmp_path: Path, language: str) -> None:
    """Every part spoken by itself, loud and soft by turns, then joined for each day: numbers as above."""
    folder = tmp_path / "recordings"
    (folder / language).mkdir(parents=True)
    for number, part in enumerate(_all_parts(language)):
        spoken = espeak.speak(part[1], language)
        gain = 0.1 if number % 2 else 0.9
        soundfile.write(folder / language / f"{part[0]}.flac", spoken.samples * gain, spoken.rate)
    recordings = tuple(Recording(file, digest) for file, digest in scan_recordings(folder).items())
    books = Catalogue(COMPANY, MAIL, (language,), recordings=recordings)
    prompts = [books.prompt(PromptKind.CLOSED_DOOR, answers) for answers in WHEN.values()]
    assert all(len(prompt.recorded[language]) > 4 for prompt in prompts)
    build_prompts(prompts, [language], tmp_path / "out", tmp_path / "cache", espeak, recordings=folder)
    for prompt in prompts:
        _judge(tmp_path / "out" / prompt.file(language), len(prompt.recorded[language]))


def _all_parts(language: str) -> list[tuple[str, str]]:
    found = {
        part.name: part.text
        for answers in WHEN.values()
        for part in prompt_parts(PromptKind.CLOSED_DOOR, language, COMPANY, MAIL, answers)
    }
    return list(found.items())


def _judge(path: Path, parts: int) -> None:
    samples, rate = soundfile.read(path)
    assert rate == RATE
    assert abs(loudness(samples) - TARGET_LUFS) < 1
    found = gaps(samples, rate)
    assert len(found) >= parts - 1
    for start, end in found:
        assert (end - start) / rate < LONGEST_GAP_S
        assert np.abs(np.diff(samples[start:end])).max() < LARGEST_STEP
    wide, wide_rate = soundfile.read(path.with_suffix(".wav16"), samplerate=None, format=None)
    assert (wide_rate, len(wide)) == (WIDE_RATE, 2 * len(samples))


def test_recorded_and_synthesised_never_meet_in_one_sentence(espeak: Espeak) -> None:
    """One part that is lacking, and the whole prompt is synthesised."""
    parts = prompt_parts(PromptKind.CLOSED_DOOR, "nl", COMPANY, MAIL, WHEN["tomorrow"])
    for lacking in parts:
        there = tuple(Recording(f"nl/{part.name}.wav", part.name) for part in parts if part is not lacking)
        prompt: Prompt = Catalogue(COMPANY, MAIL, ("nl",), recordings=there).prompt(
            PromptKind.CLOSED_DOOR, WHEN["tomorrow"]
        )
        assert not prompt.recorded
