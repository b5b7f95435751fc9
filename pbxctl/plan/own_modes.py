"""Flows of the administrator's own modes: their steps as written, with our safety net below them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence

from pbxctl.config import LoadedConfig
from pbxctl.config.models import Route
from pbxctl.config.modes import BUILT_IN, HANGUP, NEUTRAL, RECORDING, VOICEMAIL, Wired, wired
from pbxctl.plan.flow import Collect, Flow, Handover, Hangup, Play, Record, Sound, Step, Template, Voicemail
from pbxctl.plan.forward import forward
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


def own_flows(route: Route, mailbox: str, loaded: LoadedConfig) -> Iterator[Flow]:
    """The flows of the configuration's own modes on a route that has that mailbox."""
    for mode, steps in loaded.config.modes.items():
        linked = wired(steps)
        own = (_step(each, linked, mailbox, route, loaded) for each in linked)
        # Steps that no call comes to are left out, of the safety net's too.
        yield Flow(mode, Flow(mode, (*own, *safety_net(mailbox, NET))).reachable())


def _step(each: Wired, all_: Sequence[Wired], mailbox: str, route: Route, loaded: LoadedConfig) -> Step:
    step, name = each.step, each.name
    exits = {
        exit_: all_[target].name if isinstance(target, int) else _WAYS_OUT[target]
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
