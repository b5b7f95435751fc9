"""A reason can point at its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from pbxctl.config import ConfigError, load_config
from pbxctl.origin import Origin

FILE = Path(__file__).with_name("good.yaml")
CONTENT = FILE.read_bytes()
LINES = CONTENT.decode().splitlines()


@pytest.mark.parametrize(
    ("path", "begins"),
    [
        (("version",), "1"),
        (("company",), "company:"),
        (("company", "name"), "Bakkerij Peeters"),
        (("company", "languages"), "languages: [nl, fr]"),
        (("company", "languages", 1), "fr]"),
        (("pbx", "ami", "secret"), "secret: {file"),
        (("pbx", "ami", "secret", "file"), "ami.secret}"),
        (("schedules", "office"), "office:"),
        (("schedules", "office", "closed_day"), "closed_day: {"),
        (("schedules", "office", "closed_day", "weekday"), "wednesday"),
        (("schedules", "office", "hours", "mon-fri"), "08:30-17:30"),
        (("schedules", "office", "dates", 0), "{on: 2027"),
        (("schedules", "office", "dates", 0, "reason"), "trade fair"),
        (("routes", "orders", "dids", 0), '"09 233 44 66"'),
        (("never_close", 0), '"+32 9 233 44 99"'),
    ],
)
def test_an_origin_is_where_an_editor_finds_it(path: tuple[str | int, ...], begins: str) -> None:
    origin = load_config(CONTENT, "pbxctl.yaml").origins.of(*path)
    assert LINES[origin.line - 1][origin.column - 1 :].startswith(begins)
    assert origin.key == ".".join(map(str, path))
    assert origin.file == "pbxctl.yaml"


@pytest.mark.parametrize(
    ("path", "begins"),
    [
        (("schedules", "office", "closed_day", "until"), "closed_day: {"),
        (("routes", "main", "language"), "main:"),
        (("schedules", "office", "dates", 7, "reason"), "dates:"),
        (("callers", "blocked", 9), "blocked:"),
    ],
)
def test_what_was_left_out_is_looked_for_around_it(path: tuple[str | int, ...], begins: str) -> None:
    origin = load_config(CONTENT, "pbxctl.yaml").origins.of(*path)
    assert LINES[origin.line - 1][origin.column - 1 :].startswith(begins)
    assert origin.key == ".".join(map(str, path))


def test_what_is_nowhere_is_at_the_first_key() -> None:
    origins = load_config(CONTENT, "pbxctl.yaml").origins
    assert origins.of("web", "listen") == Origin("pbxctl.yaml", 2, 1, "web.listen")


def test_a_key_and_its_value_have_places_of_their_own() -> None:
    origins = load_config(CONTENT, "pbxctl.yaml").origins
    key, value = origins.of_key("company", "name"), origins.of("company", "name")
    assert (key.line, key.column, value.column) == (value.line, 3, 9)


def test_columns_count_characters_not_bytes() -> None:
    content = CONTENT.replace(b"ordinary_day: true, reason: trade fair", "reason: éé日, mode: fair".encode())
    with pytest.raises(ConfigError) as caught:
        load_config(content, "pbxctl.yaml")
    (problem,) = caught.value.problems
    line = content.decode().splitlines()[problem.origin.line - 1]
    assert line[problem.origin.column - 1 :] == "fair}"
