"""How every benchmark measures and prints: interleaved rounds, medians, a table, the machine."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def machine_line() -> str:
    """The machine that the figures are of, and how busy it was in the last minute, in one line."""
    model = platform.machine()
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    cores = len(os.sched_getaffinity(0))
    system = f"{platform.system()} {platform.release()}"
    load = os.getloadavg()[0]
    return f"{model}, {cores} cores (load {load:.1f}), {system}, Python {platform.python_version()}"


def seconds(work: Callable[[], object]) -> float:
    """How long one run of ``work`` takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def interleaved(subjects: Mapping[Key, Callable[[], object]], rounds: int) -> dict[Key, float]:
    """The median time of each subject; every round runs all of them, each round in the other direction.

    So what disturbs the machine for a while disturbs all subjects alike.
    """
    taken: dict[Key, list[float]] = {name: [] for name in subjects}
    for each in range(rounds):
        for name in _turned(list(subjects), each):
            taken[name].append(seconds(subjects[name]))
    return {name: statistics.median(times) for name, times in taken.items()}


def print_table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table that reads well and can be pasted into a document as it is."""
    widths = [max(len(row[column]) for row in (heads, *rows)) for column in range(len(heads))]

    def line(cells: Sequence[str]) -> str:
        padded = [cells[0].ljust(widths[0])]
        padded += [cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True)]
        return f"| {' | '.join(padded)} |"

    rule = [f"{'-' * widths[0]}", *(f"{'-' * (width - 1)}:" for width in widths[1:])]
    print(f"\n{title}\n")
    print("\n".join((line(heads), line(rule), *map(line, rows))))


def times(ratio: float) -> str:
    """A ratio to three figures: ``0.0123``, ``4.56``, ``1,230``."""
    if ratio == 0:
        return "0"
    digits = 2
    magnitude = abs(ratio)
    while magnitude >= 10 and digits > 0:
        magnitude /= 10
        digits -= 1
    while magnitude < 1 and digits < 5:
        magnitude *= 10
        digits += 1
    return f"{ratio:,.{digits}f}"


def _turned(names: list[Key], each: int) -> list[Key]:
    return names[::-1] if each % 2 else names
