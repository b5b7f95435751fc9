"""The tree keeps what was written, knows where, and refuses the rest with a place."""

from __future__ import annotations

import time

import pytest
import yaml

from pbxctl.config import ConfigError, loader
from pbxctl.config.loader import MAX_DEPTH, load_tree


@pytest.fixture(params=["CSafeLoader", "SafeLoader"], autouse=True)
def either_loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of this holds with libyaml and without it."""
    monkeypatch.setattr(loader, "LOADER", getattr(yaml, request.param))


def message(content: str | bytes) -> str:
    raw = content if isinstance(content, bytes) else content.encode()
    with pytest.raises(ConfigError) as caught:
        load_tree(raw, "f")
    return str(caught.value)


WRITTEN = (
    "0470123456 470123456 no yes on off true False null ~ 12:30 1:2:3 1e3 0x10 0o17 017 1_000 .inf .nan "
    "2026-12-02 =  <<x +32 1.0 -0 Ja é 日本 a#b a,b ${SHELL(rm)} a;b it's %x%"
)


@pytest.mark.parametrize("written", WRITTEN.split())
def test_a_scalar_stays_the_text_that_was_written(written: str) -> None:
    text = written if not written.startswith("%") else f"'{written}'"
    assert load_tree(f"key: {text}\n".encode(), "f").value == {"key": written}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("key: 'no'", "no"),
        ('key: "0470"', "0470"),
        ("key:", ""),
        ("key: ''", ""),
        ("key: a # not this", "a"),
        ("key: 'a # this'", "a # this"),
        ('key: "a\\u0000b\\nc"', "a\0b\nc"),
        ("key: |\n  a\n  b\n", "a\nb\n"),
        ("key: >-\n  a\n  b\n", "a b"),
        ("key: 'it''s'", "it's"),
        ("'key': x", "x"),
        ('"k\\x65y": x', "x"),
        ("--- {key: x}\n...\n", "x"),
        ("%YAML 1.1\n---\nkey: x\n", "x"),
    ],
)
def test_quotes_escapes_and_blocks_mean_what_yaml_says(written: str, value: str) -> None:
    assert load_tree(written.encode(), "f").value == {"key": value}


def test_an_alias_repeats_what_it_names_at_its_own_place() -> None:
    tree = load_tree(b"a: &x b\nc: *x\nd: [*x]\n", "f")
    assert tree.value == {"a": "b", "c": "b", "d": ["b"]}
    assert (tree.origins.of("c").line, tree.origins.of("d", 0).line) == (2, 3)
    tree = load_tree(b"a: &x {b: [c, d]}\ne: *x\n", "f")
    assert tree.value == {"a": {"b": ["c", "d"]}, "e": {"b": ["c", "d"]}}
    assert (tree.origins.of("e").line, tree.origins.of("e", "b", 1).line) == (2, 1)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", "f:1:1: yaml: is empty; pbxctl init writes one to begin with"),
        ("\n\n# x\n", "f:1:1: yaml: is empty; pbxctl init writes one to begin with"),
        ("text", "f:1:1: yaml: holds no keys; write lines of KEY: VALUE, beginning with version: 1"),
        ("# x\n- a", "f:2:1: yaml: holds no keys; write lines of KEY: VALUE, beginning with version: 1"),
        ("a: 1\nb: 2\na: 3\n", "f:3:1: a: is written twice, first in line 1; keep one of them"),
        ("a: {b: 1, 'b': 2}", "f:1:11: a.b: is written twice, first in line 1; keep one of them"),
        ("a: !x b", 'f:1:4: a: the tag "!x" has no meaning here; delete it'),
        ("a: !!python/object:os.system b", 'f:1:4: a: the tag "tag:yaml.org,2002:python/object:os.system" '),
        ("!x {a: b}", 'f:1:1: yaml: the tag "!x" has no meaning here; delete it'),
        ("!x a: b", "f:1:1: a: a key takes no tag and no anchor; delete it"),
        ("&x a: b", "f:1:1: a: a key takes no tag and no anchor; delete it"),
        ("? [a]\n: b", "f:1:3: yaml: a key must be a plain word, not a list, mapping or alias"),
        ("a: &x b\n*x : c", "f:2:1: yaml: a key must be a plain word, not a list, mapping or alias"),
        (
            "a: b\n---\nc: d",
            "f:2:1: yaml: a second document begins here; keep one, and no line of --- between",
        ),
        ("a: &x [*x]", 'f:1:8: a.0: the alias "x" stands within what it names; write the value itself'),
        ("a: &x {b: [1, {c: *x}]}", 'a.b.1.c: the alias "x" stands within what it names'),
        ("a: *x", 'f:1:4: a: no anchor "x" stands above this alias; write the value itself'),
        ("a: 1\n\tb: 2", "f:2:1: yaml: a tab indents this line; indent with spaces"),
        ("a:\n  \t- 2", "f:2:3: yaml: a tab indents this line; indent with spaces"),
        ("a: b\0", "f:1:5: yaml: the character U+0000 cannot be printed; delete it"),
        ("a: b\nc: \x1b[31m", "f:2:4: yaml: the character U+001B cannot be printed; delete it"),
        ("a: b\ufeff", "f:1:5: yaml: the character U+FEFF cannot be printed; delete it"),
        ("a: b\rc: d", "f:1:5: yaml: the line ends in U+000D; save it with line ends LF or CR LF"),
        ("a: b\u2028c: d", "f:1:5: yaml: the line ends in U+2028; save it with line ends LF or CR LF"),
        ("a: b\x85c: d", "f:1:5: yaml: the line ends in U+0085; save it with line ends LF or CR LF"),
        (b"\xef\xbb\xbfa: b", 'f:1:1: yaml: begins with a byte order mark; save it as UTF-8 without "BOM"'),
        ("a: b".encode("utf-16"), "f:1:1: yaml: is UTF-16; save it as UTF-8"),
        (b"a: b\n\xc3\xa9: caf\xe9\n", "f:2:7: yaml: the byte 0xe9 is no UTF-8; save the file as UTF-8"),
        (b"a: \xed\xa0\x80", "f:1:4: yaml: the byte 0xed is no UTF-8; save the file as UTF-8"),
        (b"a: " + b"x" * (1 << 20), "f:1:1: yaml: is larger than 1 MiB"),
        ('a: "b\n  c"', "f:1:4: a: the quote opened here is closed in line 2; keep a value in one line"),
        ("a: b\n  c", "f:1:4: a: the text goes on in line 2; keep a value in one line"),
    ],
)
def test_what_is_no_plain_tree_is_refused_with_its_place(content: str | bytes, expected: str) -> None:
    assert expected in message(content)


@pytest.mark.parametrize("escape", [r"\ud800", r"\U00110000", r"\UFFFFFFFF"])
def test_an_escape_that_is_no_character_is_refused(escape: str) -> None:
    assert message(f'a: "{escape}"').startswith("f:1:")


def test_several_slips_are_told_at_once() -> None:
    assert message("a: 1\na: 2\nb: !t x\nc: [").count("\n") == 2


def bomb(levels: int) -> str:
    lines = ["l0: &l0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"l{level}: &l{level} [{', '.join([f'*l{level - 1}'] * 10)}]" for level in range(1, levels)]
    return "\n".join(lines)


@pytest.mark.timeout(20)
@pytest.mark.parametrize("levels", [5, 9, 18])
def test_an_alias_bomb_costs_no_time(levels: int) -> None:
    began = time.perf_counter()
    assert "use fewer aliases" in message(bomb(levels))
    assert time.perf_counter() - began < 5


@pytest.mark.timeout(60)
@pytest.mark.parametrize("unit", ["[", "{", "- ", "? ", "a: [", "!!x [", "{a: ", "[a, "])
def test_deep_nesting_is_refused_not_followed(unit: str) -> None:
    assert message(unit * 50_000).startswith("f:")


def test_aliases_cannot_nest_deeper_than_brackets() -> None:
    lines = ["k0: &k0 [x]"] + [f"k{n}: &k{n} [*k{n - 1}]" for n in range(1, MAX_DEPTH + 1)]
    assert f"deeper than {MAX_DEPTH} levels" in message("\n".join(lines))
    assert load_tree("\n".join(lines[: MAX_DEPTH - 1]).encode(), "f").value


def test_nine_thousand_lines_take_a_moment() -> None:
    if loader.LOADER is yaml.SafeLoader:  # the slow stand-in is not held to it
        return
    content = "".join(f"key{n}: value\n" for n in range(9000)).encode()
    began = time.perf_counter()
    assert len(load_tree(content, "f").value) == 9000
    assert time.perf_counter() - began < 5
