"""The synthesiser is a program that may be missing, broken, hung; and the text is only ever text."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from pbxctl.errors import InputWrong, OutOfReach
from pbxctl.names import LANGUAGES
from pbxctl.prompts.texts import fallback_text
from pbxctl.speech.espeak import TEXT_LIMIT, Espeak


def write_script(path: Path, *lines: str) -> Espeak:
    """A synthesiser whose program is this shell script."""
    path.write_text("\n".join(("#!/bin/sh", *lines, "")))
    return Espeak([str(path)], time_limit=10)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_is_spoken(espeak: Espeak, language: str) -> None:
    speech = espeak.speak(fallback_text(language), language)
    assert 5 < len(speech.samples) / speech.rate < 15
    assert 0.2 < abs(speech.samples).max() <= 1.0


def test_languages_sound_different(espeak: Espeak) -> None:
    lengths = {len(espeak.speak("information 2026", language).samples) for language in LANGUAGES}
    assert len(lengths) == len(LANGUAGES)


def test_the_same_text_sounds_the_same_again(espeak: Espeak) -> None:
    once, again = (espeak.speak(fallback_text("nl"), "nl").samples.tobytes() for _ in range(2))
    assert once == again


@pytest.mark.parametrize(
    ("hostile", "plain"),
    [
        ("-f /etc/passwd", None),
        ("--version", None),
        ("-w /tmp/x.wav", None),
        ("[[h@l'oU]] yes", "h@l'oU yes"),
        ("<break time='5s'/> yes", "break time='5s'/ yes"),
        ("yes\x01 200S\x00 no", "yes 200S no"),
        ("yes\u202e no\u200f\ud800", "yes no"),
        ("$(reboot) `reboot` ${HOME} ; | & yes", None),
    ],
)
def test_hostile_texts_are_only_text(script: Path, espeak: Espeak, hostile: str, plain: str | None) -> None:
    """The program's arguments are ours alone; what it reads is the text without its markup."""
    recorder = write_script(script, f'printf "%s\\n" "$@" > {script}.argv; cat > {script}.stdin; exit 9')
    with pytest.raises(OutOfReach):
        recorder.speak(hostile, "en")
    argv = Path(f"{script}.argv").read_text().splitlines()
    assert argv == ["-v", "en-gb", "-s", "160", "-b", "1", "--stdin", "--stdout"]
    assert Path(f"{script}.stdin").read_text() == (plain or hostile)
    assert espeak.speak(hostile, "en").samples.size > 1000


def test_the_environment_is_bare(script: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMI_SECRET", "swordfish")
    speaker = write_script(script, f"env > {script}.env; exit 9")
    with pytest.raises(OutOfReach):
        Espeak(speaker.command, {"ESPEAK_DATA_PATH": "/x"}).speak("yes", "en")
    seen = Path(f"{script}.env").read_text()
    assert "ESPEAK_DATA_PATH=/x" in seen
    assert "swordfish" not in seen


@pytest.mark.parametrize("text", ["", " \n", "\u202e\x00", "[[]] <>", "x" * (TEXT_LIMIT + 1)])
def test_nothing_and_too_much_are_refused(espeak: Espeak, text: str) -> None:
    with pytest.raises(InputWrong):
        espeak.speak(text, "nl")


def test_a_language_without_a_voice_is_refused(espeak: Espeak) -> None:
    with pytest.raises(InputWrong, match="'it'"):
        espeak.speak("si", "it")


def test_a_missing_program_is_named_with_a_way_out() -> None:
    with pytest.raises(
        OutOfReach, match=r"/nowhere/espeak-ng: No such file .* install the package espeak-ng"
    ):
        Espeak(["/nowhere/espeak-ng"]).speak("ja", "nl")


FAULTS = [
    ("kill -9 $$", "was killed by SIGKILL"),
    ("echo no voices >&2; exit 3", "exit code 3: no voices"),
    ("exit 1", "exit code 1: without a word"),
    ("exit 0", "gave no sound"),
    ("echo RIFFxxxxWAVE", "gave no sound"),
    ("cat", "gave no sound"),
]


@pytest.mark.parametrize(("line", "said"), FAULTS)
def test_a_broken_program_is_one_clear_sentence(script: Path, line: str, said: str) -> None:
    with pytest.raises(OutOfReach, match=said) as caught:
        write_script(script, line).speak("ja", "nl")
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("espeak-ng ")


@pytest.mark.parametrize("line", ["sleep 600", "sleep 600 & wait", "sleep 600 &"])
def test_a_hanging_program_is_ended_with_all_it_started(script: Path, line: str) -> None:
    hanging = write_script(script, f"echo $$ > {script}.pid", line)
    started = time.monotonic()
    with pytest.raises(OutOfReach, match=r"did not end within 0\.5 seconds"):
        Espeak(hanging.command, time_limit=0.5).speak("ja", "nl")
    assert time.monotonic() - started < 5
    group = int(Path(f"{script}.pid").read_text())
    assert wait_until_gone(group)


def wait_until_gone(group: int) -> bool:
    """Whether no process of the group runs any more; a killed one may be unreaped for a moment."""
    for _ in range(100):
        if not any(is_running(entry, group) for entry in Path("/proc").glob("[0-9]*/stat")):
            return True
        time.sleep(0.02)
    return False


def is_running(stat: Path, group: int) -> bool:
    """Whether the process of this ``/proc/PID/stat`` belongs to the group and is no zombie."""
    try:
        state, _parent, process_group, *_ = stat.read_text().rpartition(")")[2].split()
    except OSError:
        return False
    return int(process_group) == group and state != "Z" and group != os.getpgrp()
