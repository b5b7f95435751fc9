"""What a person recorded comes before what is synthesised, at the level of all others."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import soundfile

from pbxctl.errors import InputWrong, PbxctlError
from pbxctl.plan.answers import UNKNOWN, Answers, Relation
from pbxctl.plan.model import Recording
from pbxctl.prompts.catalogue import Catalogue
from pbxctl.prompts.texts import PromptKind
from pbxctl.speech.build import BuildReport, build_prompts
from pbxctl.speech.espeak import Espeak
from pbxctl.speech.recorded import best_file, file_sounds, import_recording
from pbxctl.speech.scan import scan_recordings
from pbxctl.speech.sound import PEAK_DB, RATE, TARGET_LUFS, WIDE_RATE, loudness

THURSDAY, MONDAY = Answers(Relation.TOMORROW, 4), Answers(Relation.WITHIN_WEEK, 1)
NOBODY = Espeak(["/nowhere/espeak-ng"])


def record(
    path: Path, *, gain: float = 0.5, pitch: float = 440, rate: int = 44_100, seconds: float = 2
) -> None:
    """A sound that stands for a person's voice."""
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, gain * np.sin(2 * np.pi * pitch * np.arange(int(seconds * rate)) / rate), rate)


def catalogue(folder: Path, languages: tuple[str, ...] = ("nl",)) -> Catalogue:
    found = tuple(Recording(file, digest) for file, digest in scan_recordings(folder).items())
    return Catalogue("Bakkerij Peeters", "info@peeters.be", languages, recordings=found)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of recordings."""
    path = tmp_path / "recordings"
    path.mkdir()
    return path


def pitch_of(path: Path) -> float:
    samples, rate = soundfile.read(path)
    return float(np.argmax(np.abs(np.fft.rfft(samples))) * rate / len(samples))


class Bench:
    """Builds what the folder serves."""

    def __init__(self, tmp_path: Path, folder: Path) -> None:
        self.out, self.cache, self.folder = tmp_path / "out", tmp_path / "cache", folder

    def build(self, synthesiser: Espeak = NOBODY) -> tuple[BuildReport, Path]:
        """The report, and the closed-door prompt of tomorrow, Thursday."""
        prompt = catalogue(self.folder).prompt(PromptKind.CLOSED_DOOR, THURSDAY)
        report = build_prompts([prompt], ["nl"], self.out, self.cache, synthesiser, recordings=self.folder)
        return report, self.out / prompt.file("nl")


@pytest.fixture
def bench(tmp_path: Path, folder: Path) -> Bench:
    return Bench(tmp_path, folder)


def test_a_recording_is_played_and_nothing_is_spoken(bench: Bench) -> None:
    record(bench.folder / "nl" / "closed_door.mp3", pitch=700)
    report, path = bench.build()
    assert report.built == (f"nl/{path.name}",)
    assert pitch_of(path) == pytest.approx(700, abs=3)
    assert bench.build()[0] == BuildReport((), report.built), "a second build does nothing"


def test_another_recording_is_another_file_and_the_old_one_stays(bench: Bench) -> None:
    record(bench.folder / "nl" / "closed_door.wav", pitch=700)
    _, old = bench.build()
    before = old.read_bytes()
    record(bench.folder / "nl" / "closed_door.wav", pitch=900)
    _, new = bench.build()
    assert new != old
    assert pitch_of(new) == pytest.approx(900, abs=3)
    assert old.read_bytes() == before, "a call in progress may be playing it"


@pytest.mark.parametrize("gain", [0.005, 0.1, 0.99])
@pytest.mark.parametrize("rate", [8_000, 48_000])
def test_recordings_are_as_loud_as_what_is_synthesised(
    espeak: Espeak, folder: Path, gain: float, rate: int
) -> None:
    record(folder / "voice.wav", gain=gain, rate=rate)
    recorded = import_recording(folder / "voice.wav", folder, "nl/closed_door")
    from pbxctl.speech.sound import telephone_sounds

    spoken = telephone_sounds(espeak.speak("Welkom bij Bakkerij Peeters.", "nl"))
    for ours, theirs, at in (
        (recorded.narrow, spoken.narrow, RATE),
        (recorded.wide, spoken.wide, WIDE_RATE),
    ):
        assert abs(loudness(ours / 32768, at) - loudness(theirs / 32768, at)) < 1
        assert abs(loudness(ours / 32768, at) - TARGET_LUFS) < 1
        assert np.abs(ours).max() <= int(10 ** (PEAK_DB / 20) * 32767) + 1


def test_an_import_writes_both_rates_equally_long(folder: Path) -> None:
    record(folder / "voice.ogg")
    import_recording(folder / "voice.ogg", folder, "nl/welcome")
    narrow, wide = (soundfile.info(folder / "nl" / name) for name in ("welcome.wav", "welcome.wav16"))
    assert (narrow.samplerate, wide.samplerate, wide.frames) == (RATE, WIDE_RATE, 2 * narrow.frames)
    assert {narrow.subtype, wide.subtype} == {"PCM_16"}
    assert set(scan_recordings(folder)) == {"nl/welcome.wav", "nl/welcome.wav16"}


def test_an_import_does_not_replace_unless_asked(folder: Path) -> None:
    record(folder / "one.wav", pitch=500)
    record(folder / "nl" / "neutral.flac", pitch=800)
    with pytest.raises(InputWrong, match=r"neutral\.flac: is there already; add --replace"):
        import_recording(folder / "one.wav", folder, "nl/neutral")
    import_recording(folder / "one.wav", folder, "nl/neutral", replace=True)
    assert sorted(path.name for path in (folder / "nl").iterdir()) == ["neutral.wav", "neutral.wav16"]
    assert pitch_of(folder / "nl" / "neutral.wav") == pytest.approx(500, abs=3)


def test_an_import_that_fails_leaves_the_old_one(folder: Path) -> None:
    record(folder / "nl" / "neutral.wav")
    before = (folder / "nl" / "neutral.wav").read_bytes()
    (folder / "broken.wav").write_bytes(b"RIFF" + bytes(100))
    with pytest.raises(InputWrong):
        import_recording(folder / "broken.wav", folder, "nl/neutral", replace=True)
    assert (folder / "nl" / "neutral.wav").read_bytes() == before


def test_the_better_of_two_that_belong_together_is_used(folder: Path) -> None:
    record(folder / "voice.wav")
    import_recording(folder / "voice.wav", folder, "nl/neutral")
    path = folder / "nl" / "neutral.wav"
    assert best_file(path).name == "neutral.wav16"
    record(path, rate=8000, pitch=300)  # recorded anew by a telephone, say
    assert best_file(path) == path
    assert np.argmax(np.abs(np.fft.rfft(file_sounds(best_file(path)).narrow))) > 0


SILENT = {"silence": np.zeros(16_000), "constant": np.full(16_000, 0.4)}


@pytest.mark.parametrize("what", SILENT)
def test_a_silent_recording_is_named(bench: Bench, what: str) -> None:
    (bench.folder / "nl").mkdir()
    soundfile.write(bench.folder / "nl" / "closed_door.wav", SILENT[what], 8000)
    with pytest.raises(InputWrong, match=r"recordings/nl/closed_door\.wav: the sound is silent"):
        bench.build()


def test_what_nobody_recorded_is_spoken(bench: Bench, espeak: Espeak) -> None:
    record(bench.folder / "nl" / "closed_door-within_week-monday.wav", pitch=700)
    _, path = bench.build(espeak)
    assert soundfile.info(path).duration > 8


def test_every_language_has_its_own_recordings(tmp_path: Path, folder: Path, espeak: Espeak) -> None:
    record(folder / "fr" / "neutral.wav", pitch=600)
    prompt = catalogue(folder, ("nl", "fr")).prompt(PromptKind.NEUTRAL, UNKNOWN)
    build_prompts([prompt], ["nl", "fr"], tmp_path / "out", tmp_path / "cache", espeak, recordings=folder)
    assert pitch_of(tmp_path / "out" / prompt.file("fr")) == pytest.approx(600, abs=3)
    assert soundfile.info(tmp_path / "out" / prompt.file("nl")).duration > 8


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        InputWrong, match=r"nowhere: there is no such folder; make it, or take prompts\.folder out"
    ):
        scan_recordings(tmp_path / "nowhere")


def test_what_is_no_recording_is_not_looked_at(folder: Path) -> None:
    record(folder / "nl" / "neutral.wav")
    (folder / "nl" / "notes.txt").write_text("speak slowly")
    (folder / "nl" / ".pbxctl-1.wav").write_bytes(b"half")
    (folder / "rough").mkdir()
    (folder / "rough" / "take1.wav").write_bytes(b"x")
    assert list(scan_recordings(folder)) == ["nl/neutral.wav"]


def test_a_device_or_giant_in_the_folder_is_refused(folder: Path) -> None:
    (folder / "nl").mkdir()
    (folder / "nl" / "neutral.wav").symlink_to("/dev/zero")
    with pytest.raises(PbxctlError, match="is no file of at most"):
        scan_recordings(folder)
    (folder / "nl" / "neutral.wav").unlink()
    with (folder / "nl" / "neutral.wav").open("wb") as stream:
        os.truncate(stream.fileno(), 1 << 40)
    with pytest.raises(PbxctlError, match="is no file of at most"):
        scan_recordings(folder)
