"""Each benchmark runs as its README says, with tiny sizes, and prints its tables."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]

TINY = {
    "apply_until_in_force": ["--sizes", "1"],
    "decision_in_dialplan": ["--sizes", "1,2", "--rounds", "1", "--count", "5"],
    "events_per_second": ["--count", "100", "--rounds", "1"],
    "history_per_second": ["--lines", "30", "--rounds", "1"],
    "plan_compile": ["--schedules", "2", "--rounds", "1"],
    "why_per_second": ["--sizes", "1,3", "--rounds", "1", "--count", "5"],
}

TITLES = {
    "apply_until_in_force": ["Seconds until verified in force"],
    "decision_in_dialplan": ["One decision, from entry to the flow", "What it is compared with", "Growth"],
    "events_per_second": ["Events handed on in a second"],
    "history_per_second": ["Lines of a history read in a second"],
    "plan_compile": ["both give the same", "Working out one schedule"],
    "why_per_second": ["Questions answered in a second"],
}


@pytest.mark.parametrize("name", TINY)
def test_it_runs_and_prints_its_tables(name: str) -> None:
    """What it prints is told by its titles alone: times depend on the machine."""
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{name}", *TINY[name]],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert [title for title in TITLES[name] if title not in done.stdout] == []
    assert "cores" in done.stdout.splitlines()[0]


def test_the_readme_names_every_benchmark() -> None:
    """A benchmark is a module with a ``main`` that the README says how to run."""
    modules = (CHECKOUT / "benchmarks").glob("*.py")
    named = {module.stem for module in modules if "def main(" in module.read_text(encoding="utf-8")}
    readme = (CHECKOUT / "benchmarks" / "README.md").read_text(encoding="utf-8")
    assert named == set(TINY)
    assert {name for name in named if f"benchmarks.{name}" not in readme} == set()
