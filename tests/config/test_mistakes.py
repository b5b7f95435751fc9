"""One file per mistake, named after it, and beside it what a person is told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pbxctl.config import ConfigError, load_config

MISTAKES = sorted(Path(__file__).with_name("mistakes").glob("*.yaml"))
LINE = re.compile(r'[a-z-]+\.yaml:[1-9][0-9]*:[1-9][0-9]*: (?:[^\s"]|"[^"]*")+: \S.*')


def told(content: bytes, file: str) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        load_config(content, file)
    return caught.value


def test_every_mistake_has_its_message_and_no_message_is_left_over() -> None:
    texts = {path.stem for path in Path(__file__).with_name("mistakes").glob("*.txt")}
    assert texts == {path.stem for path in MISTAKES}
    assert len(texts) >= 45


@pytest.mark.parametrize("path", MISTAKES, ids=lambda path: path.stem)
def test_a_mistake_is_told_with_its_place_and_a_way_out(path: Path) -> None:
    error = told(path.read_bytes(), path.name)
    assert f"{error}\n" == path.with_suffix(".txt").read_text()
    assert all(LINE.fullmatch(line) for line in str(error).splitlines())


@pytest.mark.parametrize("path", MISTAKES, ids=lambda path: path.stem)
def test_problems_come_in_the_order_of_the_file(path: Path) -> None:
    places = [(p.origin.line, p.origin.column) for p in told(path.read_bytes(), path.name).problems]
    assert places == sorted(places)


@pytest.mark.parametrize("path", MISTAKES, ids=lambda path: path.stem)
def test_a_harmless_line_above_moves_every_place_by_one_line(path: Path) -> None:
    """Nothing else moves, so that a place is really that of the mistake."""
    before = told(path.read_bytes(), path.name).problems
    after = told(b"# a harmless line\n" + path.read_bytes(), path.name).problems
    by = 0 if path.stem == "yaml-only-comments" else 1  # where there is nothing, nothing moves
    assert [p.origin.line for p in after] == [p.origin.line + by for p in before]
    assert [(p.origin.column, p.origin.key) for p in after] == [
        (p.origin.column, p.origin.key) for p in before
    ]


@pytest.mark.parametrize("path", MISTAKES, ids=lambda path: path.stem)
def test_line_ends_of_another_system_change_nothing(path: Path) -> None:
    content = path.read_bytes()
    assert str(told(content.replace(b"\n", b"\r\n"), path.name)) == str(told(content, path.name))


def test_a_secret_written_in_place_of_its_file_is_not_repeated() -> None:
    content = Path(__file__).with_name("good.yaml").read_bytes()
    error = told(content.replace(b"{file: ami.secret}", b"hunter2"), "pbxctl.yaml")
    assert "hunter2" not in str(error)
    assert "secret: {file: ami.secret}" in str(error)
