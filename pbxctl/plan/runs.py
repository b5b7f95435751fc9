"""Numbers that follow each other, told and tried as the ranges they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from pbxctl.plan.model import Did

SHORTEST_RUN: Final = 3
"""Fewer numbers than this are told one by one."""

TRIED_WHOLE: Final = 5
"""A longer run is tried at its beginning, in its middle and at its end."""


def follows(number: str, before: str) -> bool:
    """Whether ``number`` is the next one after ``before``."""
    return len(number) == len(before) and int(number) == int(before) + 1


def runs(dids: Iterable[Did]) -> Iterator[tuple[Did, ...]]:
    """The numbers in their order, those that follow each other together."""
    run: list[Did] = []
    for did in dids:
        if run and not follows(did.number, run[-1].number):
            yield tuple(run)
            run = []
        run.append(did)
    if run:
        yield tuple(run)


def told(dids: Iterable[Did]) -> str:
    """The numbers as a person lists them: ``+3292334400 to +3292334499 (100 numbers), +3292335500``."""
    return ", ".join(
        f"{run[0].number} to {run[-1].number} ({len(run)} numbers)"
        if len(run) >= SHORTEST_RUN
        else ", ".join(did.number for did in run)
        for run in runs(dids)
    )


def sampled(dids: Sequence[Did]) -> tuple[Did, ...]:
    """Some of each run: whoever tries a range does not try a thousand numbers."""
    return tuple(
        did
        for run in runs(dids)
        for did in (run if len(run) <= TRIED_WHOLE else (run[0], run[len(run) // 2], run[-1]))
    )
