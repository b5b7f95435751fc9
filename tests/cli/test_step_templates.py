"""Files of dialplan that own modes run: read beside the configuration, and nowhere else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Pbxctl

QUIET = (Path(__file__).parents[1] / "checks" / "quiet.yaml").read_text()
GOOD = " same => n,Goto({{ exits.done }})\n"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A configuration whose mode reception runs a file beside it."""
    folder = tmp_path / "etc"
    folder.mkdir()
    file = folder / "pbxctl.yaml"
    steps = "    - {run: desk.conf.j2, exits: {done: next}}\n"
    assert "    - play: prompt\n" in QUIET
    file.write_text(QUIET.replace("    - play: prompt\n", steps))
    (folder / "desk.conf.j2").write_text(GOOD)
    return file


def place(config: Path) -> str:
    line = next(n for n, text in enumerate(config.read_text().splitlines(), 1) if "run:" in text)
    return f'{config}:{line}:13: modes.reception.0.run: "desk.conf.j2" '


def told(pbxctl: Pbxctl, config: Path) -> str:
    result = pbxctl("check", "--on", "2026-11-24", config=str(config))
    assert result.code == 2
    return result.err


def test_it_is_rendered_and_why_names_it(pbxctl: Pbxctl, config: Path) -> None:
    assert pbxctl("check", "--on", "2026-11-24", config=str(config)).code == 0
    call = ("--at", "2026-12-04 20:00", "--from", "0470112233", "--to", "092334455")
    why = pbxctl("why", *call, config=str(config))
    assert "is in the administrator's own step, template desk.conf.j2" in why.out


def test_a_mistake_in_it_is_told_by_its_own_file_and_line(pbxctl: Pbxctl, config: Path) -> None:
    (config.parent / "desk.conf.j2").write_text("; first\n[evil]\n")
    assert told(pbxctl, config).startswith(f"{config.parent}/desk.conf.j2:2: is no line of a step")


def test_a_file_that_is_not_there(pbxctl: Pbxctl, config: Path) -> None:
    (config.parent / "desk.conf.j2").unlink()
    assert told(pbxctl, config) == place(config) + "is not there; put the file beside the configuration\n"


def test_a_link_that_leads_elsewhere(pbxctl: Pbxctl, config: Path) -> None:
    (config.parent / "desk.conf.j2").unlink()
    (config.parent.parent / "elsewhere").write_text(GOOD)
    (config.parent / "desk.conf.j2").symlink_to("../elsewhere")
    assert "is a link out of the configuration's folder" in told(pbxctl, config)


@pytest.mark.parametrize(
    ("content", "what"), [(b";" * 65_537, "is larger than 64 KiB"), (b"\xff", "is no UTF-8")]
)
def test_a_file_that_cannot_be_a_step(pbxctl: Pbxctl, config: Path, content: bytes, what: str) -> None:
    (config.parent / "desk.conf.j2").write_bytes(content)
    assert place(config) + what in told(pbxctl, config)


def test_another_text_is_another_revision(pbxctl: Pbxctl, config: Path) -> None:
    def revision() -> str:
        found = pbxctl("check", "--on", "2026-11-24", "--json", config=str(config))
        return str(json.loads(found.out)["revision"])

    before = revision()
    (config.parent / "desk.conf.j2").write_text("; another\n" + GOOD)
    assert revision() != before
