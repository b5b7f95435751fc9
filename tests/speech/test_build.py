"""Only what changed is spoken again, and every file is there whole or not at all."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from pbxctl.errors import OutOfReach, PbxctlError
from pbxctl.files import write_whole
from pbxctl.plan.answers import UNKNOWN, Answers, Relation
from pbxctl.prompts.catalogue import Catalogue, Prompt
from pbxctl.prompts.texts import PromptKind
from pbxctl.speech.build import BuildReport, build_prompts
from pbxctl.speech.espeak import Espeak
from pbxctl.speech.sound import RATE, WIDE_RATE, is_telephone_wave
from pbxctl.speech.synthesiser import Speech

LANGUAGES = ("nl", "fr")


def prompts(mail: str = "info@peeters.be") -> list[Prompt]:
    """Three prompts: the neutral one, tomorrow and Monday."""
    catalogue = Catalogue("Bakkerij Peeters", mail, LANGUAGES)
    return [
        catalogue.prompt(PromptKind.NEUTRAL, UNKNOWN),
        catalogue.prompt(PromptKind.CLOSED_DOOR, Answers(Relation.TOMORROW, 4)),
        catalogue.prompt(PromptKind.CLOSED_DOOR, Answers(Relation.WITHIN_WEEK, 1)),
    ]


def names(of: list[Prompt]) -> tuple[str, ...]:
    """The files of these prompts."""
    return tuple(sorted(prompt.file(language) for prompt in of for language in LANGUAGES))


def on_disk(files: tuple[str, ...]) -> set[str]:
    """What lies there for these: each at 8 and at 16 kHz."""
    return {*files, *(f"{name}16" for name in files)}


def files(folder: Path) -> dict[str, bytes]:
    """Every file below the folder, hidden ones too."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@dataclass
class ToneSynthesiser:
    """A real synthesiser of tones: another text, another pitch. ``asked`` is what it was asked to say."""

    voice: str = "tones"
    asked: list[tuple[str, str]] = field(default_factory=list)
    fail_on: str | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def speak(self, text: str, language: str) -> Speech:
        """A second of sound."""
        with self._lock:
            self.asked.append((language, text))
        if self.fail_on is not None and self.fail_on in text:
            raise OutOfReach("the tones are out of reach")
        pitch = 300 + sum(text.encode()) % 1000
        return Speech(0.3 * np.sin(2 * np.pi * pitch * np.arange(16_000) / 16_000), 16_000)


class Bench:
    """A folder, a cache and a synthesiser that counts."""

    def __init__(self, tmp_path: Path) -> None:
        self.folder, self.cache, self.tones = tmp_path / "sounds", tmp_path / "cache", ToneSynthesiser()

    def build(self, of: list[Prompt], *, remove_stale: bool = False) -> BuildReport:
        """Build, and return what was done."""
        return build_prompts(of, LANGUAGES, self.folder, self.cache, self.tones, remove_stale=remove_stale)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """Where a build is done."""
    return Bench(tmp_path)


def test_a_build_makes_every_file_and_a_second_one_nothing(bench: Bench) -> None:
    assert bench.build(prompts()) == BuildReport(names(prompts()), ())
    made = files(bench.folder)
    assert set(made) == on_disk(names(prompts()))
    assert_whole(bench)
    stamps = {name: (bench.folder / name).stat().st_mtime_ns for name in made}
    assert bench.build(prompts()) == BuildReport((), names(prompts()))
    assert len(bench.tones.asked) == 6
    assert {name: (bench.folder / name).stat().st_mtime_ns for name in made} == stamps


def test_another_address_rebuilds_exactly_its_texts(bench: Bench) -> None:
    bench.build(prompts())
    bench.tones.asked.clear()
    changed = prompts(mail="bestel@peeters.be")
    report = bench.build([*prompts(), *changed])
    assert report == BuildReport(names(changed), names(prompts()))
    expected = [(language, prompt.texts[language]) for prompt in changed for language in LANGUAGES]
    assert sorted(bench.tones.asked) == sorted(expected)


def test_a_text_in_one_language_leaves_the_others_sounds(bench: Bench) -> None:
    """The names change together, but what already was spoken comes from the cache."""
    bench.build(prompts())
    bench.tones.asked.clear()
    prompt = prompts()[0]
    changed = Prompt("0123456789ab", prompt.kind, prompt.answers, {**prompt.texts, "fr": "Bonjour."})
    assert bench.build([changed]) == BuildReport(("fr/0123456789ab.wav",), ("nl/0123456789ab.wav",))
    assert bench.tones.asked == [("fr", "Bonjour.")]


def test_the_same_prompt_asked_for_twice_is_spoken_once(bench: Bench) -> None:
    assert bench.build(prompts() * 2) == BuildReport(names(prompts()), ())
    assert len(bench.tones.asked) == 6


def test_the_same_words_in_another_language_are_another_sound(bench: Bench) -> None:
    same = Prompt("0123456789ab", PromptKind.NEUTRAL, UNKNOWN, {"nl": "Radio.", "fr": "Radio."})
    for language in LANGUAGES:
        build_prompts([same], [language], bench.folder, bench.cache, bench.tones)
    assert bench.tones.asked == [("nl", "Radio."), ("fr", "Radio.")]


def test_another_voice_speaks_everything_again(bench: Bench) -> None:
    bench.build(prompts())
    bench.tones.voice = "other tones"
    assert bench.build(prompts()).built == names(prompts())


def test_a_new_folder_is_filled_from_the_cache(bench: Bench) -> None:
    bench.build(prompts())
    made = files(bench.folder)
    bench.folder = bench.folder.with_name("elsewhere")
    assert bench.build(prompts()) == BuildReport((), names(prompts()))
    assert files(bench.folder) == made


def test_a_damaged_file_is_put_right_and_the_cache_untouched(bench: Bench) -> None:
    bench.build(prompts())
    made, cached = files(bench.folder), files(bench.cache)
    damaged = bench.folder / names(prompts())[0]
    with damaged.open("r+b") as stream:
        stream.write(b"garbage, written in place")
    assert files(bench.cache) == cached
    assert bench.build(prompts()).built == ()
    assert files(bench.folder) == made


def test_half_a_sound_in_the_cache_is_spoken_again(bench: Bench) -> None:
    bench.build(prompts())
    made = files(bench.folder)
    damaged = next(bench.cache.glob("*.wav"))
    damaged.write_bytes(damaged.read_bytes()[:1000])
    assert len(bench.build(prompts()).built) == 1
    assert files(bench.folder) == made


def test_stale_sounds_stay_unless_asked(bench: Bench) -> None:
    bench.build(prompts())
    (bench.folder / "nl" / "neutral.wav").write_bytes(b"ours, by another name")
    bench.build(prompts()[:1])
    assert set(names(prompts())) < set(files(bench.folder))
    assert bench.build(prompts()[:1], remove_stale=True).removed == names(prompts()[1:])
    assert set(files(bench.folder)) == on_disk(names(prompts()[:1])) | {"nl/neutral.wav"}


def test_a_failure_leaves_whole_files_and_the_next_build_goes_on(bench: Bench) -> None:
    bench.tones.fail_on = "lundi"
    with pytest.raises(OutOfReach, match="the tones are out of reach"):
        bench.build(prompts())
    assert_whole(bench)
    bench.tones.fail_on = None
    report = bench.build(prompts())
    assert set(report.built) | set(report.reused) == set(names(prompts()))
    assert set(files(bench.folder)) == on_disk(names(prompts()))


def test_a_missing_language_is_refused_before_anything_is_written(bench: Bench) -> None:
    with pytest.raises(KeyError):
        build_prompts(prompts(), ["nl", "de"], bench.folder, bench.cache, bench.tones)
    assert not bench.folder.exists()


def test_a_place_that_is_no_folder_is_named(bench: Bench) -> None:
    bench.folder.write_text("in the way")
    with pytest.raises(PbxctlError, match=r"sounds/.* cannot be (read|written): "):
        bench.build(prompts())


@pytest.mark.parametrize("at", range(1, 9))
def test_a_full_disk_leaves_nothing_half_written(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    """Each fsync in turn fails, the one of the folder included."""
    calls = iter(range(1, 1000))
    fsync = os.fsync

    def failing(handle: int) -> None:
        if next(calls) == at:
            raise OSError(errno.ENOSPC, "No space left on device")
        fsync(handle)

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(PbxctlError, match="cannot be written: No space left on device"):
        bench.build(prompts()[:1])
    assert_whole(bench)


def test_what_a_killed_run_left_is_swept_away_later(bench: Bench) -> None:
    bench.build(prompts())
    fresh, old = bench.cache / ".pbxctl-1.unfinished", bench.folder / "nl" / ".pbxctl-2.unfinished"
    for path in (fresh, old):
        path.write_bytes(b"half")
    os.utime(old, (time.time() - 7200,) * 2)
    bench.build(prompts())
    assert fresh.exists()  # another run may be writing it
    assert not old.exists()


def test_a_file_is_readable_by_the_pbx_whatever_our_mask(tmp_path: Path) -> None:
    mask = os.umask(0o077)
    try:
        write_whole(tmp_path / "x.wav", b"x")
    finally:
        os.umask(mask)
    assert (tmp_path / "x.wav").stat().st_mode & 0o777 == 0o644


def test_a_link_put_in_the_way_is_replaced_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "victim").write_bytes(b"precious")
    (tmp_path / "x.wav").symlink_to(tmp_path / "victim")
    write_whole(tmp_path / "x.wav", b"x")
    assert (tmp_path / "victim").read_bytes() == b"precious"
    assert not (tmp_path / "x.wav").is_symlink()


KILLED = """
import runpy, sys
from pathlib import Path
here = runpy.run_path(sys.argv[1])
some = [prompt for n in range(40) for prompt in here["prompts"](mail=f"info{n}@peeters.be")]
print("begun", flush=True)
folder, cache = Path(sys.argv[2]), Path(sys.argv[3])
here["build_prompts"](some, here["LANGUAGES"], folder, cache, here["ToneSynthesiser"]())
"""


@pytest.mark.parametrize("after", [0.02, 0.1, 0.2])
def test_a_killed_build_leaves_no_half_written_sound(bench: Bench, after: float) -> None:
    argv = [sys.executable, "-c", KILLED, __file__, str(bench.folder), str(bench.cache)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"begun\n"
        time.sleep(after)
        process.send_signal(signal.SIGKILL)
    assert_whole(bench, was_killed=True)


def test_real_speech_is_built_in_parallel_and_heard(espeak: Espeak, bench: Bench) -> None:
    report = build_prompts(prompts(), LANGUAGES, bench.folder, bench.cache, espeak)
    assert report.built == names(prompts())
    assert_whole(bench)


def test_a_hanging_synthesiser_ends_the_build_and_leaves_nothing(bench: Bench, script: Path) -> None:
    script.write_text("#!/bin/sh\nsleep 600\n")
    with pytest.raises(OutOfReach, match="did not end within"):
        build_prompts(prompts(), LANGUAGES, bench.folder, bench.cache, Espeak([str(script)], time_limit=0.3))
    assert files(bench.folder) == files(bench.cache) == {}


def assert_whole(bench: Bench, *, was_killed: bool = False) -> None:
    """Every sound that is there is whole; and nothing unfinished lies about, unless we were killed."""
    for name, sound in {**files(bench.folder), **files(bench.cache)}.items():
        if name.endswith(".unfinished"):
            assert was_killed, name
        else:
            assert is_telephone_wave(sound, WIDE_RATE if name.endswith("16") else RATE), name
