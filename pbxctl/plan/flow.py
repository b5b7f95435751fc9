"""Flows: what a mode does with a call, as named steps with named exits.

A flow is data. ``render`` turns each step into dialplan, ``simulate`` walks it, tests read
it; none of them knows an order of steps of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from pbxctl.names import KEYS


class Sound(StrEnum):
    """Which sound a ``Play`` step plays."""

    PROMPT = "prompt"  # the prompt that the decision named
    NEUTRAL = "neutral"  # our own plain recording, true at any time for any company
    FELL_BACK = "fell_back"  # the answering service could not take the call
    MAILBOX_FULL = "mailbox_full"  # the mailbox could not take a message; a plain recording is tried
    BUILT_IN = "built_in"  # sentences that the PBX brings along: Asterisk has some, FreeSWITCH none


@dataclass(frozen=True, slots=True)
class Play:
    """Answer if need be and play a sound.

    Exits: ``done``, ``failed`` (the caller heard nothing); beside them may be keys, of which the first
    that the caller presses ends the sound. Any other key is passed over. Built-in sentences have none.
    """

    name: str
    sound: Sound
    exits: Mapping[str, str]
    kind: Literal["play"] = "play"

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that are listened to, in the order of their signs."""
        return _keys(self.exits)


@dataclass(frozen=True, slots=True)
class Collect:
    """Wait ``timeout_s`` for one key. Exits: each key listed, ``none`` (nothing, or another key)."""

    name: str
    timeout_s: int
    exits: Mapping[str, str]
    kind: Literal["collect"] = "collect"

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that are waited for, in the order of their signs."""
        return _keys(self.exits)


@dataclass(frozen=True, slots=True)
class Offer:
    """Say in ``language``, to whoever is spoken to in another, that ``key`` leads to it.

    Exits: ``done`` (all was said, or could not be, or is not for this caller), and keys as for ``Play``,
    ``key`` among them.
    """

    name: str
    language: str
    key: str
    exits: Mapping[str, str]
    kind: Literal["offer"] = "offer"

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that are listened to, in the order of their signs."""
        return _keys(self.exits)


@dataclass(frozen=True, slots=True)
class Speak:
    """Speak to the caller in ``language`` from here on. Exit: ``done``."""

    name: str
    language: str
    exits: Mapping[str, str]
    kind: Literal["speak"] = "speak"


@dataclass(frozen=True, slots=True)
class Confirm:
    """Whoever picks up is asked for ``key`` in ``language``, ``tries`` times with ``wait_s`` seconds each."""

    key: str
    language: str
    wait_s: int
    tries: int


@dataclass(frozen=True, slots=True)
class Dial:
    """Forward the call to an outside number, ringing ``ring_s`` at most, ``max_calls`` at once.

    ``numbers`` are the ways to dial it, in the order they are tried in ``context``; ``loop`` are
    the spellings by which a diversion back to us is recognised. ``shown`` is the number that the far
    end sees, with no name and never withheld; None for the caller's own, as it came. ``diverted`` is
    the number of ours that the call is told to be diverted from, None for a call of which nothing is told.

    Exits: ``answered`` (the talk is over), ``busy``, ``silent``, ``unreachable``, ``capped``
    (too many forwards already), ``looped`` (the call comes from where it would go); with ``confirm`` alone
    ``unconfirmed`` (somebody, or a machine, picked up and did not press the key).
    """

    name: str
    context: str
    numbers: tuple[str, ...]
    shown: str | None
    loop: tuple[str, ...]
    ring_s: int
    max_calls: int
    exits: Mapping[str, str]
    kind: Literal["dial"] = "dial"
    diverted: str | None = None
    confirm: Confirm | None = None


@dataclass(frozen=True, slots=True)
class Voicemail:
    """Take a message in a mailbox of the PBX. Exits: ``done``, ``failed`` (no message was possible).

    The dialled number's own mailbox comes first, if it has one, unless this one is ``fixed``.
    """

    name: str
    mailbox: str
    exits: Mapping[str, str]
    kind: Literal["voicemail"] = "voicemail"
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """Record the caller to a plain file, ``max_s`` at most. Exits: ``done``, ``failed``."""

    name: str
    max_s: int
    exits: Mapping[str, str]
    kind: Literal["record"] = "record"


@dataclass(frozen=True, slots=True)
class Handover:
    """Hand the call to the PBX's own dialplan, as if pbxctl were not there.

    Exits: ``missing`` (that context does not know the number, or leads the call back to us).
    """

    name: str
    context: str
    exits: Mapping[str, str]
    kind: Literal["handover"] = "handover"


@dataclass(frozen=True, slots=True)
class Hangup:
    """End the call; ``cause`` is a Q.850 cause."""

    name: str
    cause: int = 16
    exits: Mapping[str, str] = field(default_factory=dict)
    kind: Literal["hangup"] = "hangup"


@dataclass(frozen=True, slots=True)
class Template:
    """Dialplan of the administrator's own: what happens in it nobody but he knows.

    ``file`` is its name, ``digest`` the SHA-256 of its text. Exits: those he declared, of which the first is
    the usual one, and ``failed`` (it came to its end without taking any).
    """

    name: str
    file: str
    digest: str
    exits: Mapping[str, str]
    kind: Literal["template"] = "template"


Step = Play | Collect | Offer | Speak | Dial | Voicemail | Record | Handover | Hangup | Template

EXITS: Mapping[str, tuple[str, ...]] = {
    "play": ("done", "failed"),
    "collect": ("none",),
    "offer": ("done",),
    "speak": ("done",),
    "dial": ("answered", "busy", "silent", "unreachable", "capped", "looped"),
    "voicemail": ("done", "failed"),
    "record": ("done", "failed"),
    "handover": ("missing",),
    "hangup": (),
    "template": ("failed",),
}
"""The exits that a step of each kind must have wired; ``collect play offer`` may have keys beside
them, ``template`` what was declared, and ``dial`` has ``unconfirmed`` where it asks for a key."""

UNCONFIRMED = "unconfirmed"


def _keys(exits: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(key for key in sorted(exits) if key in KEYS)


_EXIT_NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")
_STEP_NAME = re.compile(r"[a-z][a-z0-9_]{2,30}")
"""A step's name becomes an extension: one or two letters, and ``fax``, mean something to a PBX."""


@dataclass(frozen=True, slots=True)
class Flow:
    """The steps of one mode on one route; the first is where a call enters.

    Raises:
        ValueError: two steps of one name, an exit to nowhere, an exit that the kind does not
            have or lacks, or a circle (a caller would be led round for ever).
    """

    mode: str
    steps: tuple[Step, ...]

    def __post_init__(self) -> None:
        by_name = {step.name: step for step in self.steps}
        if not self.steps or len(by_name) != len(self.steps):
            raise ValueError(f"flow {self.mode}: steps must be there and have names of their own")
        for step in self.steps:
            if not _STEP_NAME.fullmatch(step.name) or step.name == "fax":
                raise ValueError(f"flow {self.mode}: {step.name!r} is no name for a step")
            keys = set(step.exits) - set(EXITS[step.kind])
            allowed = all(_is_allowed(step, key) for key in keys)
            if not allowed or not {*EXITS[step.kind], *_asked(step)} <= set(step.exits):
                raise ValueError(f"flow {self.mode}: step {step.name} has the exits {sorted(step.exits)}")
            if isinstance(step, Offer) and step.key not in step.exits:
                raise ValueError(f"flow {self.mode}: step {step.name} names {step.key}, which leads nowhere")
            if not set(step.exits.values()) <= set(by_name):
                raise ValueError(f"flow {self.mode}: step {step.name} leads to a step that is not there")
        _refuse_circles(self.mode, by_name)

    def reachable(self) -> tuple[Step, ...]:
        """The steps that a call can come to, in the order of the flow."""
        found: set[str] = set()
        ahead = [self.steps[0].name]
        while ahead:
            name = ahead.pop()
            if name not in found:
                found.add(name)
                ahead += self.step(name).exits.values()
        return tuple(step for step in self.steps if step.name in found)

    def step(self, name: str) -> Step:
        """The step of that name (``KeyError`` if there is none)."""
        for step in self.steps:
            if step.name == name:
                return step
        raise KeyError(name)


def _asked(step: Step) -> tuple[str, ...]:
    return (UNCONFIRMED,) if isinstance(step, Dial) and step.confirm is not None else ()


def _is_allowed(step: Step, exit_: str) -> bool:
    """Whether a step may have that exit beside those that its kind must have."""
    match step:
        case Dial():
            return exit_ in _asked(step)
        case Play():
            return exit_ in KEYS and step.sound is not Sound.BUILT_IN
        case Collect() | Offer():
            return exit_ in KEYS
        case Template():
            return _EXIT_NAME.fullmatch(exit_) is not None
    return False


def _refuse_circles(mode: str, by_name: Mapping[str, Step]) -> None:
    finished: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in path:
            raise ValueError(f"flow {mode}: the steps {' > '.join((*path, name))} go round for ever")
        if name not in finished:
            for after in sorted(set(by_name[name].exits.values())):
                visit(after, (*path, name))
            finished.add(name)

    for name in by_name:
        visit(name, ())
