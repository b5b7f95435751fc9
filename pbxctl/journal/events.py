"""The events of one call, in the words that ``simulate`` and the PBX's journal share.

A call's story is the ordered list of these. The rendered dialplan writes them as
user-defined CEL events (``CELGenUserEvent``), the simulator returns them; a
differential test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass

EVENT_VERSION = 1
CEL_EVENT_NAME = "PBXCTL"


@dataclass(frozen=True, slots=True)
class Entered:
    """A call reached one of our routes. ``did`` is as the trunk spelled it, ``caller`` only ``+0-9``."""

    route: str
    did: str
    caller: str


@dataclass(frozen=True, slots=True)
class Decided:
    """The decision: the mode, the rung that spoke, the rule (a configuration key) and the prompt's stem."""

    mode: str
    rung: str
    rule: str
    prompt: str


@dataclass(frozen=True, slots=True)
class StepReached:
    """The call reached a step of its mode's flow."""

    mode: str
    step: str


@dataclass(frozen=True, slots=True)
class Misrouted:
    """A call for a number that no route and no other dialplan knows; it was refused as unallocated."""

    did: str


JournalEvent = Entered | Decided | StepReached | Misrouted


def format_event(event: JournalEvent) -> str:
    """The text that stands in the journal: ``VERSION|KIND|FIELD|…``; no field holds a ``|``."""
    fields: tuple[str, ...]
    match event:
        case Entered(route, did, caller):
            fields = ("entered", route, did, caller)
        case Decided(mode, rung, rule, prompt):
            fields = ("decided", mode, rung, rule, prompt)
        case StepReached(mode, step):
            fields = ("step", mode, step)
        case Misrouted(did):
            fields = ("misrouted", did)
    return "|".join((str(EVENT_VERSION), *fields))


def parse_event(text: str) -> JournalEvent:
    """Read what :func:`format_event` wrote.

    Raises:
        ValueError: an unknown version or kind, or the wrong number of fields.
    """
    version, _, rest = text.partition("|")
    if version != str(EVENT_VERSION):
        raise ValueError(f"journal event of version {version!r}; this pbxctl reads version {EVENT_VERSION}")
    kind, *fields = rest.split("|")
    match kind, fields:
        case "entered", [route, did, caller]:
            return Entered(route, did, caller)
        case "decided", [mode, rung, rule, prompt]:
            return Decided(mode, rung, rule, prompt)
        case "step", [mode, step]:
            return StepReached(mode, step)
        case "misrouted", [did]:
            return Misrouted(did)
    raise ValueError(f"not a journal event: {text!r}")
