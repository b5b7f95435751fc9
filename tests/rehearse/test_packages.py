"""Getting hold of an Asterisk: what is whole is used, what is half there is not, what is missing is said."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from pbxctl.errors import OutOfReach
from pbxctl.rehearse import packages
from pbxctl.rehearse.packages import (
    BULLSEYE,
    FORKY,
    AsteriskInstall,
    Release,
    default_folder,
    fetch_install,
    find_install,
)


@pytest.fixture
def unpacked(asterisk_install: AsteriskInstall, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The root of a private Asterisk; the system's own is out of sight."""
    monkeypatch.setattr(packages, "system_install", lambda: None)
    if not asterisk_install.loader:
        pytest.fail("these tests need the private Asterisk: unset the system's for them")
    return asterisk_install.asterisk.parents[2]


def _put_stamp(folder: Path, **more: str) -> None:
    stamp = {"wanted": FORKY.digest, "version": "1.2.3", **more}
    (folder / "stamp.json").write_text(json.dumps(stamp))


def test_what_was_fetched_is_found_without_a_network(unpacked: Path, tmp_path: Path) -> None:
    (tmp_path / "root").symlink_to(unpacked)
    _put_stamp(tmp_path)
    install = find_install(tmp_path)
    assert (install.version, install.asterisk.exists(), install.faketime.exists()) == ("1.2.3", True, True)
    voice = install.voice("en")
    assert voice is not None
    assert (voice / "hello-world.wav").exists()
    assert install.voice("xx") is None


@pytest.mark.parametrize("stamp", ["", "{", "[]", '{"wanted": "something else", "version": "1"}'])
def test_what_is_half_there_or_of_another_make_is_not_used(
    unpacked: Path, tmp_path: Path, stamp: str
) -> None:
    (tmp_path / "root").symlink_to(unpacked)
    (tmp_path / "stamp.json").write_text(stamp)
    with pytest.raises(OutOfReach, match=f"run python -m pbxctl.rehearse.packages {tmp_path}"):
        find_install(tmp_path)


def test_a_folder_that_lost_a_part_is_not_used(unpacked: Path, tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    _put_stamp(tmp_path)
    with pytest.raises(OutOfReach, match="is incomplete"):
        find_install(tmp_path)


async def test_two_at_once_fetch_once(
    unpacked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched: list[Path] = []

    def fetch(folder: Path, progress: packages.Progress, release: Release) -> None:
        fetched.append(folder)
        (folder / "root").symlink_to(unpacked)
        _put_stamp(folder)

    monkeypatch.setattr(packages, "_fetch", fetch)
    said: list[str] = []
    both = [asyncio.to_thread(fetch_install, tmp_path / "new", said.append) for _ in range(2)]
    assert len({install.asterisk for install in await asyncio.gather(*both)}) == 1
    assert fetched == [tmp_path / "new"]
    assert len(said) == 2


@pytest.mark.parametrize(("arguments", "release"), [([], "forky"), (["bullseye"], "bullseye")])
def test_a_mirror_that_has_nothing_is_named_with_what_apt_says(
    unpacked: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    release: str,
) -> None:
    mirror = f"file:{tmp_path}/no-mirror/"
    monkeypatch.setattr(packages, "_debian_mirrors", lambda: [mirror])
    assert packages.main([str(tmp_path / "new"), *arguments]) == 3
    said = capsys.readouterr()
    assert f"from {mirror} {release}" in said.out
    assert f"Asterisk cannot be fetched from {mirror} {release}: E:" in said.err
    assert len(said.err.splitlines()) == 1
    assert not (tmp_path / "new" / "stamp.json").exists()


def test_a_release_that_nobody_knows_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert packages.main([str(tmp_path / "new"), "buster"]) == 2
    assert capsys.readouterr().err == "buster: no Asterisk is known there; give forky or bullseye\n"
    assert not (tmp_path / "new").exists()


def test_another_release_is_whole_beside_the_first(asterisk_16: AsteriskInstall) -> None:
    """Its libraries, modules and voicemail lie elsewhere, and voicemail is a package of its own."""
    assert asterisk_16.version.startswith("16.")
    assert (asterisk_16.modules / "app_voicemail.so").exists()
    assert asterisk_16.faketime.exists()
    voice = asterisk_16.voice("en")
    assert voice is not None
    assert (voice / "hello-world.wav").exists()


def test_neither_the_systems_own_nor_another_release_is_taken_for_it(
    unpacked: Path, asterisk_install: AsteriskInstall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "system_install", lambda: asterisk_install)
    (tmp_path / "root").symlink_to(unpacked)
    _put_stamp(tmp_path)
    assert find_install(tmp_path) is asterisk_install
    with pytest.raises(OutOfReach, match=f"run python -m pbxctl.rehearse.packages {tmp_path} bullseye"):
        find_install(tmp_path, BULLSEYE)


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ("mirror", "apt is not set up with a Debian mirror.*sudo apt-get install asterisk"),
        ("keyring", "install debian-archive-keyring, or .*sudo apt-get install asterisk"),
        ("apt", "apt-get is missing"),
        ("zones", "no time zones: sudo apt-get install tzdata"),
        ("right", "Asterisk cannot be fetched: .*Not a directory|Permission denied"),
    ],
)
def test_what_is_missing_is_said_with_a_way_out(
    unpacked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str, words: str
) -> None:
    folder = tmp_path / "new"
    match missing:
        case "mirror":
            monkeypatch.setattr(packages, "_debian_mirrors", list)
        case "keyring":
            monkeypatch.setattr(packages, "KEYRING", tmp_path / "none")
        case "apt":
            monkeypatch.setenv("PATH", str(tmp_path))
        case "zones":
            monkeypatch.setattr(packages, "ZONES", tmp_path)
        case _:
            (tmp_path / "file").touch()
            folder = tmp_path / "file" / "new"
    with pytest.raises(OutOfReach, match=words):
        fetch_install(folder, print)


@pytest.mark.parametrize(
    ("targets", "mirrors"),
    [
        (
            "http://a/debian/|Debian\nhttp://a/debian-security/|Debian\nhttp://a/debian/|Debian",
            ["http://a/debian/"],
        ),
        ("http://a/debian/|\nhttps://other/node/|\nhttp://a/debian-security/|", ["http://a/debian/"]),
        ("http://a/ubuntu/|Ubuntu", []),
        ("mirror+file:/etc/apt/mirrors/debian.list/|Debian", ["mirror+file:/etc/apt/mirrors/debian.list/"]),
        ("", []),
    ],
)
def test_the_machines_own_mirror_is_found(
    monkeypatch: pytest.MonkeyPatch, targets: str, mirrors: list[str]
) -> None:
    monkeypatch.setattr(packages, "run_program", lambda command, limit_s: targets)
    assert packages._debian_mirrors() == mirrors  # noqa: SLF001 (no fetch on this machine shows the others)


def test_the_folder_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PBXCTL_PRIVATE", str(tmp_path))
    assert default_folder() == tmp_path
    monkeypatch.delenv("PBXCTL_PRIVATE")
    assert default_folder().name == ".private"
