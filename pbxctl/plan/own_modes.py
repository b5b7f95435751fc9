"""Flows of the administrator's own modes: their steps as written, with our safety net below them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence

from pbxctl.config import LoadedConfig
from pbxctl.config.models import Route
from pbxctl.config.modes import BUILT_IN, HANGUP, NEUTRAL, RECORDING, VOICEMAIL, Wired, wired
from pbxctl.plan.flow import Collect, Flow, Handover, Hangup, Play, Record, Sound, Step, Template, Voicemail
from pbxctl.plan.forward import forward
from pbxctl.plan.keys import Keys, offered, offering, skippable
from pbxctl.plan.modes import safety_net

NET = "net_"
"""What the names of the safety net's steps begin with: no step of an administrator's own does."""

_WAYS_OUT: Mapping[str, str] = {
    NEUTRAL: f"{NET}neutral",
    BUILT_IN: f"{NET}built_in",
    VOICEMAIL: f"{NET}message",
    RECORDING: f"{NET}full",  # said first: the mailbox could not take it
    HANGUP: f"{NET}end",
}


def own_flows(route: Route, mailbox: str, loaded: LoadedConfig, keys: Keys) -> Iterator[Flow]:
    """The flows of the configuration's own modes on a route that has that mailbox."""
    for mode, steps in loaded.config.modes.items():
        linked = wired(steps)
        names = [_entry(place, each, keys) for place, each in enumerate(linked)]
        own = (
            step
            for place, each in enumerate(linked)
            for step in _keyed(_step(each, names, mailbox, route, loaded), place, keys)
        )
        # Steps that no call comes to are left out, of the safety net's too.
        yield Flow(mode, Flow(mode, (*own, *safety_net(mailbox, NET, keys))).reachable())


def _entry(place: int, each: Wired, keys: Keys) -> str:
    """The name of the step at which a call enters what was written there."""
    first = next(iter(offered(each.exits, keys)), None) if each.step.sound == "prompt" else None
    return each.name if first is None else _beside(place)(f"offer_{first}")


def _beside(place: int) -> Callable[[str], str]:
    return lambda name: f"{NET}{name}_{place + 1}"


def _keyed(step: Step, place: int, keys: Keys) -> tuple[Step, ...]:
    """The step, and those beside it that keys for all modes take."""
    match step:
        case Play(sound=Sound.PROMPT):
            return offering(step, keys, _beside(place))
        case Play():
            return (skippable(step, keys),)
    return (step,)


def _step(each: Wired, names: Sequence[str], mailbox: str, route: Route, loaded: LoadedConfig) -> Step:
    step, name = each.step, each.name
    exits = {
        exit_: names[target] if isinstance(target, int) else _WAYS_OUT[target]
        for exit_, target in each.exits.items()
    }
    match step.kind:
        case "play":
            return Play(name, Sound(step.sound), exits)
        case "ask":
            return Collect(name, step.wait, exits)
        case "dial":
            return forward(name, step, exits, route, loaded.config)
        case "voicemail":
            return Voicemail(name, step.mailbox or mailbox, exits, fixed=bool(step.mailbox))
        case "record":
            return Record(name, step.longest, exits)
        case "ordinary":
            return Handover(name, route.ordinary, exits)
        case "hangup":
            return Hangup(name, step.cause)
        case "run":
            digest = hashlib.sha256(loaded.templates[step.template].encode()).hexdigest()
            return Template(name, step.template, digest, exits)
