"""``prompts build``, ``play`` and ``import`` as a person uses them."""

from __future__ import annotations

import json
import re
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from pbxctl.cli import prompts
from pbxctl.speech.espeak import Espeak
from tests.cli.conftest import Pbxctl

THURSDAY = "nl/closed_door-tomorrow-thursday"


@pytest.fixture
def spoken(pbxctl: Pbxctl, tmp_path: Path) -> Pbxctl:
    """The bakery in one language, with a folder of recordings that is not there yet."""
    file = tmp_path / "pbxctl.yaml"
    text = file.read_text().replace("languages: [nl, fr, en]", "languages: [nl]")
    assert text != file.read_text()
    file.write_text(f"{text}\nprompts: {{folder: recordings}}\n")
    (tmp_path / "recordings").mkdir()
    return pbxctl


def listed(spoken: Pbxctl) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(spoken("prompts", "list", "--from", "2026-11-30", "--json").out)
    return found


def record(path: Path, *, pitch: float = 440, seconds: float = 2) -> None:
    """A sound that stands for a person's voice."""
    samples = 0.5 * np.sin(2 * np.pi * pitch * np.arange(int(seconds * 44_100)) / 44_100)
    soundfile.write(path, samples, 44_100)


def length_s(path: Path, rate: int) -> float:
    with wave.open(str(path)) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (rate, 1, 2)
        return int(sound.getnframes()) / rate


def test_build_makes_each_prompt_that_list_shows_once_and_at_both_rates(
    spoken: Pbxctl, tmp_path: Path
) -> None:
    assert not any(prompt["built"] for prompt in listed(spoken)["prompts"])

    first = spoken("prompts", "build", "--from", "2026-11-30")
    again = spoken("prompts", "build", "--from", "2026-11-30")

    rows = listed(spoken)["prompts"]
    many = len(rows)
    assert (first.code, again.code) == (0, 0)
    # How many of them lay in this machine's cache of speech is no affair of this test.
    told = re.match(r"prompts: (\d+) built, (\d+) as before, 0 removed\n", first.out)
    assert told is not None
    assert int(told[1]) + int(told[2]) == many > 5
    assert again.out == f"prompts: 0 built, {many} as before, 0 removed\n"
    assert all(prompt["built"] for prompt in rows)
    for prompt in rows:
        narrow = tmp_path / "prompts" / prompt["file"]
        assert length_s(narrow, 8_000) == pytest.approx(prompt["seconds"], abs=0.1)
        assert length_s(narrow.with_suffix(".wav16"), 16_000) == pytest.approx(prompt["seconds"], abs=0.1)


def test_what_is_not_needed_any_more_stays_until_it_is_asked_for(spoken: Pbxctl, tmp_path: Path) -> None:
    spoken("prompts", "build", "--out", "sounds", "--from", "2026-11-30")
    file = tmp_path / "pbxctl.yaml"
    file.write_text(file.read_text().replace("name: Bakkerij Peeters", "name: Bakkerij Janssens"))
    kept = spoken("prompts", "build", "--out", "sounds", "--from", "2026-11-30")
    stale = spoken("prompts", "list", "--out", "sounds", "--from", "2026-11-30").out.count("stale: ")

    removed = spoken("prompts", "build", "--out", "sounds", "--from", "2026-11-30", "--remove-stale")

    assert kept.out.splitlines()[0].endswith(" 0 removed")
    assert stale > 0
    assert not removed.out.splitlines()[0].endswith(" 0 removed")
    assert "stale" not in spoken("prompts", "list", "--out", "sounds", "--from", "2026-11-30").out


def test_play_writes_a_prompt_by_its_name_and_by_its_file(spoken: Pbxctl, tmp_path: Path) -> None:
    by_name = spoken("prompts", "play", THURSDAY, "--from", "2026-11-30", "--out", "one.wav")
    stem = next(prompt["file"] for prompt in listed(spoken)["prompts"] if prompt["name"] == THURSDAY)
    by_file = spoken("prompts", "play", stem.removesuffix(".wav"), "--from", "2026-11-30", "--out", "two.wav")

    assert by_name.out == f"one.wav: {THURSDAY}\n"
    assert by_file.code == 0
    assert (tmp_path / "one.wav").read_bytes() == (tmp_path / "two.wav").read_bytes()
    assert length_s(tmp_path / "one.wav", 16_000) > 5


@pytest.fixture
def player(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A player that is the only one, and notes how long the sound is that it was given."""
    folder = tmp_path / "player"
    folder.mkdir()
    program = folder / "aplay"
    program.write_text(f'#!/bin/sh\n/usr/bin/stat -c %s "$2" > {folder}/played\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    return program


def test_play_hands_the_sound_to_the_machines_player(spoken: Pbxctl, player: Path) -> None:
    outcome = spoken("prompts", "play", THURSDAY, "--from", "2026-11-30")

    assert (outcome.code, outcome.err) == (0, "")
    assert int((player.parent / "played").read_text()) > 5 * 16_000 * 2


def test_a_player_that_fails_is_told_with_its_own_words(spoken: Pbxctl, player: Path) -> None:
    player.write_text("#!/bin/sh\necho 'no sound card' >&2\nexit 1\n")

    outcome = spoken("prompts", "play", THURSDAY, "--from", "2026-11-30")

    assert outcome.code == 1
    assert "could not play it: no sound card; write it with --out prompt.wav" in outcome.err


def test_without_a_player_the_way_out_is_told(spoken: Pbxctl, player: Path) -> None:
    player.unlink()

    outcome = spoken("prompts", "play", THURSDAY, "--from", "2026-11-30")

    assert outcome.code == 3
    assert f"pbxctl prompts play {THURSDAY} --out prompt.wav" in outcome.err


def test_without_a_synthesiser_nothing_is_built_and_it_is_named(
    spoken: Pbxctl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PBXCTL_PRIVATE", str(tmp_path / "private"))  # no cache of speech either
    monkeypatch.setattr(prompts, "synthesiser", lambda: Espeak(["/nowhere/espeak-ng"]))

    outcome = spoken("prompts", "build", "--from", "2026-11-30")

    assert outcome.code == 3
    assert "espeak-ng" in outcome.err
    assert not list((tmp_path / "prompts").rglob("*.wav"))


def test_an_imported_recording_is_what_callers_hear(spoken: Pbxctl, tmp_path: Path) -> None:
    record(tmp_path / "voice.flac")

    outcome = spoken("prompts", "import", "voice.flac", "--as", THURSDAY)
    played = spoken("prompts", "play", THURSDAY, "--from", "2026-11-30", "--out", "heard.wav")

    assert (outcome.code, played.code) == (0, 0)
    assert outcome.out.startswith(f"recordings/{THURSDAY}.wav and .wav16: 2.")
    [row] = [prompt for prompt in listed(spoken)["prompts"] if prompt["name"] == THURSDAY]
    assert row["voice"] == "recorded"
    samples, rate = soundfile.read(tmp_path / "heard.wav")
    assert np.argmax(np.abs(np.fft.rfft(samples))) * rate / len(samples) == pytest.approx(440, abs=2)


def test_a_recording_is_replaced_only_when_that_is_asked_for(spoken: Pbxctl, tmp_path: Path) -> None:
    record(tmp_path / "one.wav", pitch=440)
    record(tmp_path / "two.wav", pitch=880)
    target = tmp_path / "recordings" / f"{THURSDAY}.wav"
    spoken("prompts", "import", "one.wav", "--as", THURSDAY)
    before = target.read_bytes()

    refused = spoken("prompts", "import", "two.wav", "--as", THURSDAY)
    kept = target.read_bytes()
    taken = spoken("prompts", "import", "two.wav", "--as", THURSDAY, "--replace")

    assert (refused.code, taken.code) == (2, 0)
    assert "is there already; add --replace" in refused.err
    assert kept == before != target.read_bytes()


MISTAKES = {
    "a prompt of no day ahead": (
        ["play", "nl/closed_door-tomorow-thursday", "--from", "2026-11-30"],
        f"no prompt of the days ahead is called so; did you mean '{THURSDAY}'?",
    ),
    "a prompt in a language that is not spoken": (
        ["play", "fr/closed_door-tomorrow-thursday", "--from", "2026-11-30"],
        "no prompt of the days ahead is called so",
    ),
    "a day that is none": (["build", "--from", "monday"], "'monday' is not a date"),
    "a recording of no prompt": (
        ["import", "voice.wav", "--as", "nl/closed_dor"],
        "nl/closed_dor: no prompt or part is called so; did you mean 'nl/closed_door'?",
    ),
    "a recording in a language that is not spoken": (
        ["import", "voice.wav", "--as", "fr/closed_door"],
        "begins with no language of the company's; there is nl",
    ),
    "a path in place of a name": (
        ["import", "voice.wav", "--as", "nl/../../closed_door"],
        "no prompt or part is called so",
    ),
    "a file that is not there": (["import", "nowhere.wav", "--as", THURSDAY], "nowhere.wav: "),
    "a file that is no sound": (["import", "pbxctl.yaml", "--as", THURSDAY], "pbxctl.yaml: "),
    "no name": (["import", "voice.wav"], "Missing option '--as'"),
    "no file": (["import", "--as", THURSDAY], "Missing argument 'FILE'"),
    "no such command": (["bild"], "No such command 'bild'"),
}


@pytest.mark.parametrize(("arguments", "message"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_exit_code_2_and_changes_nothing(
    spoken: Pbxctl, tmp_path: Path, arguments: list[str], message: str
) -> None:
    record(tmp_path / "voice.wav")

    outcome = spoken("prompts", *arguments)

    assert outcome.code == 2
    assert message in outcome.err
    assert "Traceback" not in outcome.err
    assert list((tmp_path / "recordings").iterdir()) == []
    assert not (tmp_path / "prompts").exists()


def test_nothing_is_imported_before_a_folder_of_recordings_is_named(pbxctl: Pbxctl, tmp_path: Path) -> None:
    record(tmp_path / "voice.wav")

    outcome = pbxctl("prompts", "import", "voice.wav", "--as", "nl/closed_door")

    assert outcome.code == 2
    assert "pbxctl.yaml: prompts.folder: is missing; write prompts: {folder: recordings}" in outcome.err


def test_a_folder_of_sounds_that_is_a_file_is_told(spoken: Pbxctl, tmp_path: Path) -> None:
    (tmp_path / "prompts").write_text("mine")

    outcome = spoken("prompts", "build", "--from", "2026-11-30")

    assert outcome.code in (1, 2)
    assert outcome.err.startswith("prompts")
    assert "Traceback" not in outcome.err
    assert (tmp_path / "prompts").read_text() == "mine"
