"""The core takes the moment as an argument: it reads no clock, opens no file and prints nothing.

The import contracts in ``pyproject.toml`` keep the modules out; this looks for what needs no import.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "pbxctl"
CORE = (
    *("checks", "config", "decision", "dialplan", "journal", "plan", "prompts", "render", "simulate"),
    "timeline",
    *("errors.py", "numbers.py", "origin.py"),
)
READINGS = frozenset({"now", "today", "utcnow", "time_ns", "monotonic", "perf_counter", "getenv", "environ"})
BUILT_IN = frozenset({"open", "print", "input", "exec", "eval", "__import__", "breakpoint"})


def files() -> list[Path]:
    return [
        file
        for name in CORE
        for file in ([PACKAGE / name] if name.endswith(".py") else sorted((PACKAGE / name).rglob("*.py")))
    ]


def impurities(code: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(code)):
        match node:
            case ast.Attribute(ast.Name("datetime" | "date"), attr) if attr in READINGS:
                yield f"line {node.lineno}: .{attr}"
            case ast.Call(ast.Attribute(attr=attr)) if attr in READINGS:
                yield f"line {node.lineno}: .{attr}()"
            case ast.Call(ast.Name(name)) if name in BUILT_IN:
                yield f"line {node.lineno}: {name}()"


def test_every_room_of_the_core_is_looked_at() -> None:
    assert len(files()) > 40
    assert all((PACKAGE / name).exists() for name in CORE)


@pytest.mark.parametrize("file", files(), ids=lambda file: file.relative_to(PACKAGE).as_posix())
def test_a_module_of_the_core_has_neither_clock_nor_files(file: Path) -> None:
    assert list(impurities(file.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "code",
    [
        "datetime.now(UTC)",
        "date.today()",
        "import datetime as d; d.datetime.utcnow()",
        "moment = datetime.now",
        "open('x')",
        "print('x')",
    ],
)
def test_and_each_of_these_would_be_seen(code: str) -> None:
    assert list(impurities(code))
