"""Keys that callers may press: every way through a flow that takes each of them once. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence

from pbxctl.plan.flow import Collect, Play
from pbxctl.simulate.simulate import StepTaken

Pressed = Mapping[str, str]
"""The key that is pressed in a step, by the step's name."""


def ways_by_keys(walk: Callable[[Pressed], Sequence[StepTaken]]) -> Iterator[Pressed]:
    """What to press so that each key of each step is pressed in one of the ways at least.

    ``walk`` tells which steps are taken when these keys are pressed. Steps behind one that the caller
    cannot tell the end of by ear, such as a forward, are left out.
    """
    seen: set[tuple[str, str]] = set()
    ahead: deque[Pressed] = deque([{}])
    while ahead:
        pressed = ahead.popleft()
        for each in walk(pressed):
            step = each.step
            if not isinstance(step, Play | Collect):
                break
            if step.name in pressed:
                continue
            for key in step.keys:
                if (step.name, key) not in seen:
                    seen.add((step.name, key))
                    way = {**pressed, step.name: key}
                    ahead.append(way)
                    yield way
