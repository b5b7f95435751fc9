"""Whatever stands in a file, it is read as it was written or refused with its place."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pbxctl.config import Config, ConfigError, load_config
from pbxctl.config.loader import load_tree

GOOD = Path(__file__).with_name("good.yaml").read_bytes()
TREE: Any = load_tree(GOOD, "pbxctl.yaml").value

HOSTILE = {
    "comma": "a,b",
    "shell": "${SHELL(rm -rf /)}",
    "expression": "$[1 + 1]",
    "comment": "a;b",
    "newline": "a\nb",
    "return": "a\rb",
    "tab": "a\tb",
    "nul": "a\0b",
    "escape": "\x1b[31m",
    "quote": 'a"b',
    "apostrophe": "x's y",
    "backslash": "a\\b",
    "long": "x" * 10_000,
    "right-to-left override": "abc\u202edef",
    "right-to-left mark": "abc\u200fdef",
    "isolate": "abc\u2066def",
    "line separator": "a\u2028b",
    "next line": "a\x85b",
    "zero width space": "a\u200bb",
    "soft hyphen": "a\u00adb",
    "half a character": "private \ue000",
    "blank": "   ",
    "page": "<script>alert(1)</script>",
    "template": "{{ x }} {% y %} %s {0}",
    "path": "../../etc/passwd",
    "formula": "=1+1 | x",
    "accents": "Crème brûlée & Söhne",
    "emoji": "\U0001f469\u200d\U0001f373",
    "no-break space": "a\u00a0b",
}
PLAIN = {"comma", "shell", "expression", "comment", "quote", "apostrophe", "backslash", "page", "template"}
PLAIN |= {"path", "formula", "accents", "emoji", "no-break space"}
FREE_TEXT = {
    ("company", "name"),
    ("schedules", "office", "dates", 0, "reason"),
    ("pbx", "ami", "secret", "file"),
}


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if isinstance(value, str):
        yield path
        return
    for key, below in value.items() if isinstance(value, dict) else enumerate(value):
        yield from leaves(below, (*path, key))


def put(path: tuple[str | int, ...], text: str) -> bytes:
    """The good configuration with another text at a path; JSON is YAML."""
    tree = copy.deepcopy(TREE)
    place: Any = tree
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = text
    return json.dumps(tree, ensure_ascii=False, indent=1).encode()


def value_at(config: Config, path: tuple[str | int, ...]) -> Any:
    value: Any = config
    for part in path:
        value = getattr(value, part) if isinstance(part, str) and hasattr(value, part) else value[part]
    return value


def refusal(content: bytes) -> ConfigError:
    """The refusal of a content, which is fit for a terminal and a log."""
    with pytest.raises(ConfigError) as caught:
        load_config(content, "pbxctl.yaml")
    text = str(caught.value)
    lines = text.split("\n")
    assert len(lines) == len(caught.value.problems) > 0
    assert all(line.isprintable() and len(line) < 700 for line in lines)
    assert "is wrong: " not in text  # no message is left in pydantic's words
    return caught.value


ALL_LEAVES = sorted(leaves(TREE), key=str)


def test_the_good_configuration_has_every_kind_of_text() -> None:
    assert set(ALL_LEAVES) >= FREE_TEXT
    assert len(ALL_LEAVES) > 30


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("path", ALL_LEAVES, ids=lambda path: ".".join(map(str, path)))
def test_a_hostile_text_is_kept_as_it_is_or_refused_where_it_stands(
    path: tuple[str | int, ...], name: str
) -> None:
    content = put(path, HOSTILE[name])
    if path in FREE_TEXT and name in PLAIN:
        config = load_config(content, "pbxctl.yaml").config
        assert value_at(config, path) == HOSTILE[name]
        return
    problem = refusal(content).problems[0]
    assert problem.origin.key in (".".join(map(str, path)), "yaml")
    line = content.decode().split("\n")[problem.origin.line - 1]
    assert json.dumps(HOSTILE[name], ensure_ascii=False)[1:4] in line


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize(
    "path",
    [(), ("company",), ("schedules",), ("routes",), ("schedules", "office", "hours"), ("pbx", "ami")],
    ids=str,
)
def test_a_hostile_key_is_refused(path: tuple[str, ...], name: str) -> None:
    refusal(put((*path, HOSTILE[name]), "x"))


@pytest.mark.parametrize("path", [(), *[leaf[:-1] for leaf in ALL_LEAVES if leaf[:-1]]], ids=str)
@pytest.mark.parametrize("key", ["[key]", "", "0", "spans", "start", "model_config", "__class__", "self"])
def test_a_key_that_means_something_inside_is_refused_all_the_same(path: Any, key: str) -> None:
    place: Any = TREE
    for part in path:
        place = place[part]
    if isinstance(place, dict):
        refusal(put((*path, key), "x"))


def loads_or_is_refused(content: bytes) -> None:
    try:
        load_config(content, "pbxctl.yaml")
    except ConfigError:
        refusal(content)


FUZZ = settings(
    max_examples=300, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)


@FUZZ
@given(st.binary(max_size=200))
def test_random_bytes_raise_nothing_else(content: bytes) -> None:
    loads_or_is_refused(content)


@FUZZ
@given(st.text(alphabet="ab:-[]{},&*!|>'\"%@`#? \n\t\\u0\u2028\U0001f600", max_size=80))
def test_yaml_like_noise_raises_nothing_else(text: str) -> None:
    loads_or_is_refused(text.encode())


@FUZZ
@given(
    st.lists(
        st.tuples(
            st.integers(0, len(GOOD)),
            st.integers(0, 12),
            st.sampled_from(
                [b"", b" ", b"\n", b"'", b'"', b"[", b"}", b": ", b"- ", b"&a ", b"*a", b"!", b"\t", b"#"]
            )
            | st.binary(max_size=4),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_a_good_file_with_slips_raises_nothing_else(slips: list[tuple[int, int, bytes]]) -> None:
    content = GOOD
    for at, length, put_in in slips:
        content = content[:at] + put_in + content[at + length :]
    loads_or_is_refused(content)


KEYS = sorted(
    {str(part) for leaf in ALL_LEAVES for part in leaf}
    | {"from", "to", "mode", "max_calls", "instance", "sun"}
)
TEXTS = ["", "~", "1", "112", "closed", "2027-01-06 12:00"]
TREES = st.recursive(
    st.sampled_from(TEXTS) | st.text(max_size=5),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.sampled_from(KEYS), below, max_size=5),
    max_leaves=12,
)


@FUZZ
@given(st.sampled_from([leaf[:length] for leaf in ALL_LEAVES for length in range(1, len(leaf) + 1)]), TREES)
def test_a_good_file_with_another_shape_somewhere_raises_nothing_else(path: Any, tree: Any) -> None:
    loads_or_is_refused(put(path, tree))
