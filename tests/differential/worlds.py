"""What a call meets on this PBX, in the simulator's words: which exit each step must take."""

from __future__ import annotations

from dataclasses import replace

from pbxctl.decision.decide import Decision
from pbxctl.plan.flow import (
    UNCONFIRMED,
    Collect,
    Dial,
    Flow,
    Offer,
    Play,
    Record,
    Sound,
    Step,
    Template,
    Voicemail,
)
from pbxctl.plan.model import Plan
from pbxctl.prompts.needed import catalogue_of, prompt_of_step
from pbxctl.simulate import StepTaken, World

from .configurations import SPEAKING, Surroundings

SERVICES = {
    "answers": "answered",
    "presses-1-answers": "answered",
    "presses-5-answers": "answered",
    "busy": "busy",
    "rings": "silent",
    "unallocated": "unreachable",
    "no-route": "unreachable",
    "congested": "unreachable",
    "trunk-answers": "answered",
    "trunk-presses-1-answers": "answered",
    "trunk-busy": "busy",
    "trunk-rings": "silent",
    "trunk-404": "unreachable",
    "trunk-503": "unreachable",
}
"""How the far end takes a forwarded call, and which exit that must be; ``trunk-…`` by a real SIP call."""

PRESSED = {"presses-1-answers": "1", "presses-5-answers": "5", "trunk-presses-1-answers": "1"}
"""What it presses, once it has answered; the others press nothing."""

LASTING = {
    ("play", "done"),
    ("offer", "done"),
    ("collect", "none"),
    ("dial", "answered"),
    ("dial", "silent"),
    ("dial", "unconfirmed"),
    ("voicemail", "done"),
    ("record", "done"),
}
"""Steps in which a caller without patience has the time to hang up, if they end this way."""


def exits_of(
    plan: Plan,
    flow: Flow,
    decision: Decision,
    stem: str,
    service: str,
    key: str,
    surroundings: Surroundings,
) -> dict[str, str]:
    """The exit of every step whose exit the plan does not decide, by step and language."""
    found: dict[str, str] = {}
    for step in flow.steps:
        for language in plan.company.languages:
            exit_ = _exit(plan, step, decision, language, stem, service, key, surroundings)
            if exit_ is not None:
                found[f"{step.name}/{language}"] = exit_
    return found


def _exit(
    plan: Plan,
    step: Step,
    decision: Decision,
    language: str,
    stem: str,
    service: str,
    key: str,
    surroundings: Surroundings,
) -> str | None:
    match step:
        case Play() | Offer():
            sound = step.sound if isinstance(step, Play) else None
            if sound is Sound.BUILT_IN:
                return "done" if language in SPEAKING else "failed"
            own = prompt_of_step(catalogue_of(plan), step)
            name = own.stem if own else stem if sound is Sound.PROMPT else "neutral"
            spoken = step.language if isinstance(step, Offer) else language
            if f"{spoken}/{name}" not in surroundings.sounds:
                return "done" if isinstance(step, Offer) else "failed"
            # Sounds that are over at once leave nobody the time to press a key.
            pressed = surroundings.keyed and not surroundings.patient and key in step.keys
            return key if pressed else "done"
        case Collect():
            return key if surroundings.keyed and key in step.exits else "none"
        case Dial():
            known = any(number in surroundings.outbound_numbers for number in step.numbers)
            exit_ = SERVICES[service] if known else "unreachable"
            if exit_ == "answered" and step.confirm is not None and PRESSED.get(service) != step.confirm.key:
                return UNCONFIRMED
            return exit_
        case Voicemail():
            # The dialled number's own, and where that fails the route's; one that a step names alone.
            boxes = {step.mailbox} if step.fixed else {decision.mailbox, step.mailbox}
            return "done" if boxes & surroundings.mailboxes else "failed"
        case Template():
            return "done" if service == "busy" else "odd" if service == "trunk-404" else "failed"
        case Record():
            return "done" if surroundings.recordings_writable else "failed"
    return None


def is_heard(plan: Plan, taken: StepTaken, surroundings: Surroundings) -> bool:
    """Whether a step that plays a sound really plays it."""
    step = taken.step
    if isinstance(step, Offer):
        own = prompt_of_step(catalogue_of(plan), step)
        assert own is not None
        return taken.language != step.language and f"{step.language}/{own.stem}" in surroundings.sounds
    return taken.exit != "failed"


def lasts(plan: Plan, taken: StepTaken, surroundings: Surroundings) -> bool:
    """Whether a caller has the time to hang up in this step."""
    step = taken.step
    if isinstance(step, Play) and step.sound is Sound.BUILT_IN:
        return False
    if isinstance(step, Offer) and not is_heard(plan, taken, surroundings):
        return False
    return (step.kind, taken.exit) in LASTING and not (isinstance(step, Collect) and surroundings.keyed)


def gone(world: World, step: Step) -> World:
    """The same world, but that the caller hangs up in ``step``."""
    return replace(world, gone_in=step.name)
