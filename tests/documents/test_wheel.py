"""The wheel is whole: it works in a folder where no checkout is near."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's contents in a folder, as an installation lays them out."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder / "dist"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    [wheel] = (folder / "dist").glob("*.whl")
    zipfile.ZipFile(wheel).extractall(folder / "site")
    return folder / "site"


def installed(unpacked: Path, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pbxctl", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(unpacked)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_wheel_brings_its_templates_sounds_and_examples(unpacked: Path) -> None:
    data = unpacked / "pbxctl" / "_data"

    for room in ("dialplans", "sounds", "examples"):
        here = {str(path.relative_to(data)) for path in (data / room).rglob("*") if path.is_file()}
        there = {str(path.relative_to(ROOT)) for path in (ROOT / room).rglob("*") if path.is_file()}
        assert here == there
    assert (unpacked / "pbxctl" / "py.typed").is_file()


def test_the_installed_command_works_without_the_checkout(unpacked: Path, tmp_path: Path) -> None:
    example = unpacked / "pbxctl" / "_data" / "examples" / "bakery" / "pbxctl.yaml"

    outcome = installed(unpacked, "--config", str(example), "check", folder=tmp_path)

    assert (outcome.returncode, outcome.stderr) == (0, "")
    assert "route main" in outcome.stdout
    where = subprocess.run(
        [sys.executable, "-c", "import pbxctl; print(pbxctl.__file__)"],
        env={**os.environ, "PYTHONPATH": str(unpacked)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert where.stdout.startswith(str(unpacked))
