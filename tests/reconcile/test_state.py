"""What a host remembers is kept for as long as it can be needed, and no longer."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from pbxctl.reconcile import state
from pbxctl.reconcile.state import StateFolder
from tests.reconcile.world import NOW, revisions


def folder_with_two_revisions(path: Path) -> StateFolder:
    """The older has a sound of its own, and both have one; a stranger's lies beside them."""
    folder = StateFolder(path)
    first = revisions()["first"]
    for age, (id_, sounds) in enumerate(
        [("bbbbbbbbbbbb", ("nl/both.wav",)), ("aaaaaaaaaaaa", ("nl/both.wav", "nl/old.wav"))]
    ):
        folder.keep(replace(first, id=id_, sounds=dict.fromkeys(sounds, "digest")), {})
        os.utime(path / "revisions" / id_, (NOW - age, NOW - age))
    for name in ("nl/both.wav", "nl/old.wav", "nl/nobody.wav", ".cache/fresh.wav", ".cache/old.wav"):
        (folder.sounds / name).parent.mkdir(parents=True, exist_ok=True)
        (folder.sounds / name).write_bytes(b"RIFF")
    os.utime(folder.speech / "old.wav", (0, 0))
    return folder


def names(folder: StateFolder) -> list[str]:
    return sorted(str(each.relative_to(folder.sounds)) for each in folder.sounds.rglob("*.wav"))


def test_the_sounds_of_a_revision_go_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "KEPT", 1)
    folder = folder_with_two_revisions(tmp_path)
    folder.forget_old()
    assert folder.kept() == ("bbbbbbbbbbbb",)
    assert names(folder) == [".cache/fresh.wav", "nl/both.wav"]


def test_one_that_was_in_force_of_late_is_kept_with_its_sounds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state, "KEPT", 1)
    folder = folder_with_two_revisions(tmp_path)
    folder.remember("aaaaaaaaaaaa", NOW)
    folder.forget_old()
    assert folder.kept() == ("aaaaaaaaaaaa", "bbbbbbbbbbbb")
    assert "nl/old.wav" in names(folder)
