"""Modes of the administrator's own: lists of steps, and where each of their exits leads.

The steps run in the order written. What a step leads to where nobody says so is said here, once; what the
ways out lead to, so that no caller meets silence whatever is missing, is said in ``plan``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final, TypeAlias

from pydantic import AfterValidator, Field

from pbxctl.config.fields import OwnModeName
from pbxctl.config.problems import KeyPath, Mistake, Mistakes, did_you_mean, listed, quoted
from pbxctl.config.steps import EXITS, UNCONFIRMED, OwnStep
from pbxctl.names import KEYS, MODES

if TYPE_CHECKING:
    from pbxctl.config.models import Config

NEXT: Final = "next"
NEUTRAL, VOICEMAIL, HANGUP = "neutral", "voicemail", "hangup"
WAYS_OUT: Final = (NEXT, NEUTRAL, VOICEMAIL, HANGUP)
"""Where an exit may lead beside the steps: the step below, and places of the safety net."""

BUILT_IN, RECORDING = "built in", "recording"
"""Places of the safety net that only exits lead to which nobody wrote."""

MAX_STEPS: Final = 30
EXAMPLE: Final = "[{play: prompt}, voicemail]"


@dataclass(frozen=True, slots=True)
class Wired:
    """A step under its full name; each exit with the place of the step, or the way out, that it leads to."""

    name: str
    step: OwnStep
    exits: Mapping[str, int | str]


def wired(steps: Sequence[OwnStep]) -> tuple[Wired, ...]:
    """The steps of a mode, each exit led somewhere. They hold together, or there is a ``KeyError``."""
    names = step_names(steps)
    places = {name: place for place, name in enumerate(names)}
    return tuple(
        Wired(name, step, {exit_: _target(place, exit_, steps, places) for exit_ in _exits(step)})
        for place, (name, step) in enumerate(zip(names, steps, strict=True))
    )


def step_names(steps: Sequence[OwnStep]) -> tuple[str, ...]:
    """The names of steps; one that has none is called after its kind and place, such as ``play_1``."""
    return tuple(step.name or f"{step.kind}_{place}" for place, step in enumerate(steps, 1))


def exit_path(step: OwnStep, exit_: str) -> KeyPath:
    """Where within the step that exit is written."""
    if step.kind == "run":
        return ("exits", exit_)
    if exit_ not in KEYS:
        return (exit_,)
    return ("ask" if step.kind == "ask" else "keys", exit_)


def _exits(step: OwnStep) -> tuple[str, ...]:
    more = (UNCONFIRMED,) if step.confirm else ()
    return tuple(dict.fromkeys((*step.exits, *EXITS[step.kind], *more)))


def _target(place: int, exit_: str, steps: Sequence[OwnStep], places: Mapping[str, int]) -> int | str:
    step = steps[place]
    target = step.exits.get(exit_, _usual(step, exit_))
    if target == NEXT:
        if place + 1 < len(steps):
            return place + 1
        # Behind the last step is voicemail; whom a forward has left unheard is spoken to before that.
        return NEUTRAL if step.kind == "dial" else VOICEMAIL
    return target if target in (NEUTRAL, VOICEMAIL, HANGUP, BUILT_IN, RECORDING) else places[target]


def _usual(step: OwnStep, exit_: str) -> str:
    """Where an exit leads that nobody wrote."""
    match step.kind, exit_:
        case ("voicemail" | "record", "done") | ("dial", "answered") | ("record", "failed"):
            return HANGUP
        case ("voicemail", "failed"):
            return RECORDING
        case ("play", "failed"):
            return BUILT_IN if step.sound == "neutral" else NEUTRAL
        case ("ordinary" | "run", _):
            return NEUTRAL
    return NEXT


def _hold_together(steps: tuple[OwnStep, ...]) -> tuple[OwnStep, ...]:
    """The steps of one mode, if their names and exits fit."""
    if len(steps) > MAX_STEPS:
        raise ValueError(f"has {len(steps)} steps; {MAX_STEPS} are the most that callers bear")
    names = step_names(steps)
    mistakes = [
        Mistake(
            (place, "name") if steps[place].name else (place,),
            f"{quoted(name)} is the name of another step as well; give each a name of its own",
        )
        for place, name in enumerate(names)
        if name in names[:place]
    ]
    mistakes.extend(
        Mistake((place, *exit_path(step, exit_)), _no_such_step(target, steps))
        for place, step in enumerate(steps)
        for exit_, target in step.exits.items()
        if target not in (*names, *WAYS_OUT)
    )
    if not mistakes:
        mistakes.extend(_circles(wired(steps)))
    if mistakes:
        raise Mistakes(mistakes)
    return steps


def _no_such_step(target: str, steps: Sequence[OwnStep]) -> str:
    known = [*(step.name for step in steps if step.name), *WAYS_OUT]
    return f"there is no step {quoted(target)}{did_you_mean(target, known)}; write {listed(known, 'or')}"


def _circles(steps: Sequence[Wired]) -> Iterator[Mistake]:
    """The exits that lead back to where the call has been."""
    finished: set[int] = set()

    def visit(place: int, way: tuple[int, ...]) -> Iterator[Mistake]:
        for exit_, target in steps[place].exits.items():
            if not isinstance(target, int):
                continue
            if target in (*way, place):
                message = (
                    f"leads back to {quoted(steps[target].name)}, so callers would go round for ever; "
                    "lead to a step that does not, or to hangup"
                )
                yield Mistake((place, *exit_path(steps[place].step, exit_)), message)
            elif target not in finished:
                yield from visit(target, (*way, place))
        finished.add(place)

    for place in range(len(steps)):
        if place not in finished:
            yield from visit(place, ())


Steps: TypeAlias = Annotated[
    tuple[OwnStep, ...],
    Field(min_length=1, examples=[EXAMPLE]),
    AfterValidator(_hold_together),
]
OwnModes: TypeAlias = Mapping[OwnModeName, Steps]
"""By name, the steps of each mode in the order they run."""


def mode_mistakes(config: Config) -> Iterator[Mistake]:
    """Modes that are ours already, and forwards without a way out of the house."""
    for name, steps in config.modes.items():
        if name in MODES:
            message = f"{quoted(name)} is a mode that pbxctl brings along; write another name"
            yield Mistake(("modes", name), message, at_key=True)
        for place, step in enumerate(steps):
            if step.kind == "dial" and config.pbx.dial_out is None:
                message = "cannot ring anybody without pbx.dial_out; add there dial_out: {context: outbound}"
                yield Mistake(("modes", name, place, "dial"), message)
