"""A file given by mistake may hold a secret: nothing of it is repeated."""

from __future__ import annotations

from pathlib import Path

import pytest

from pbxctl.config import ConfigError, load_config
from tests.foreign import FOREIGN, WORD


@pytest.mark.parametrize("text", FOREIGN.values(), ids=FOREIGN)
def test_nothing_of_a_file_that_is_no_configuration_is_repeated(text: str) -> None:
    encoded = text.encode("latin-1")

    with pytest.raises(ConfigError) as caught:
        load_config(encoded, "ami.secret")

    said = str(caught.value)
    assert WORD not in said
    assert len(said.splitlines()) == 1, "one line, however many there are"
    assert said.startswith("ami.secret:")


def test_what_it_is_and_what_to_do_is_said() -> None:
    with pytest.raises(ConfigError) as caught:
        load_config(b"# mine\npassword: hunter2\n", "ami.secret")

    assert str(caught.value) == (
        "ami.secret:2:1: yaml: is no configuration of pbxctl: no line of it begins with a key such as "
        "company: or routes:; name yours with --config"
    )


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("compny: {}\nroutes: {}\n", id="one key misspelt"),
        pytest.param('{"version": 1, "compny": {}}', id="as JSON"),
        pytest.param("  version: 1\n  compny: {}\n", id="indented"),
        pytest.param("'version': 1\ncompny: {}\n", id="in quotes"),
    ],
)
def test_a_configuration_with_a_slip_on_top_is_told_the_slip(text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_config(text.encode(), "pbxctl.yaml")

    assert 'compny: is no known key (did you mean "company"?)' in str(caught.value)


def test_of_a_configuration_no_message_repeats_more_than_some_sixty_characters() -> None:
    good = Path(__file__).with_name("good.yaml").read_text()
    with pytest.raises(ConfigError) as caught:
        load_config(f"{good}{'x' * 400}: y\n".encode(), "pbxctl.yaml")

    assert "x" * 61 not in str(caught.value)
