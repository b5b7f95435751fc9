"""Interprets the plan for one call: what it meets, step by step, in the journal's own events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pbxctl.decision.decide import Call, Decision, decide
from pbxctl.decision.facts import Facts
from pbxctl.journal.events import Decided, Entered, JournalEvent, Misrouted, StepReached
from pbxctl.numbers import dialled_key
from pbxctl.plan.flow import UNCONFIRMED, Dial, Flow, Handover, Offer, Speak, Step, Template, Voicemail
from pbxctl.plan.model import Plan, Standing
from pbxctl.plan.modes import HANDOVERS_AT_ONCE, REFUSED
from pbxctl.prompts.needed import catalogue_of, prompt_of
from pbxctl.simulate.world import USUAL_EXITS, USUAL_WORLD, World


class End(StrEnum):
    """Who had the last word."""

    PBX = "pbx"  # the flow came to its hang-up
    CALLER = "caller"  # the caller left before that
    ORDINARY = "ordinary"  # the PBX's own dialplan took the call over


@dataclass(frozen=True, slots=True)
class StepTaken:
    """A step of the flow, and the exit by which the call left it (None: it was the last).

    ``language`` is what the caller was spoken to in.
    """

    step: Step
    exit: str | None
    language: str


@dataclass(frozen=True, slots=True)
class Story:
    """One simulated call. ``decision`` is None for a number on no route of ours."""

    events: tuple[JournalEvent, ...]
    decision: Decision | None
    taken: tuple[StepTaken, ...]
    end: End

    @property
    def mailbox(self) -> str | None:
        """Which mailbox takes the message: the dialled number's own, else the route's; None without one."""
        step = next((each.step for each in self.taken if isinstance(each.step, Voicemail)), None)
        return None if step is None else self.mailbox_of(step)

    def mailbox_of(self, step: Voicemail) -> str:
        """Which mailbox takes a message in this step."""
        own = None if step.fixed or self.decision is None else self.decision.mailbox
        return own or step.mailbox


def simulate(
    plan: Plan, call: Call, at: datetime, facts: Facts, world: World = USUAL_WORLD, *, diverted_from: str = ""
) -> Story:
    """Walk one call through the plan at ``at`` (aware).

    ``diverted_from`` is the number that diverted the call to us, if the trunk said so.
    """
    decision = decide(plan, call, at, facts)
    if decision is None:
        if world.ordinary_knows:
            return Story((), None, (), End.ORDINARY)
        return Story((Misrouted(dialled_key(call.did)),), None, (), End.PBX)
    caller = dialled_key(call.caller)
    standing = Standing(decision.mode, decision.rung, decision.rule, decision.answers)
    prompt = prompt_of(catalogue_of(plan), standing)
    events: list[JournalEvent] = [
        Entered(decision.route, call.did, caller),
        Decided(decision.mode, decision.rung, decision.rule, "" if prompt is None else prompt.stem),
    ]
    flow = plan.refused if decision.mode == REFUSED else plan.routes[decision.route].flows[decision.mode]
    numbers = {caller, _diverter(plan, call, diverted_from)} - {""}
    taken, end = _walk(flow, numbers, decision.spoken.language, world)
    if world.ordinary_loops and isinstance(flow.steps[0], Handover):
        events = [*events, StepReached(flow.mode, flow.steps[0].name)] * HANDOVERS_AT_ONCE + events
    events.extend(StepReached(flow.mode, each.step.name) for each in taken)
    return Story(tuple(events), decision, tuple(taken), end)


def _diverter(plan: Plan, call: Call, diverted_from: str) -> str:
    """The number that diverted the call; where the trunk names in Diversion who was dialled, not that one."""
    number = dialled_key(diverted_from)
    names_dialled = plan.did_in is not None and plan.did_in.header == "Diversion"
    return "" if names_dialled and number == dialled_key(call.did) else number


def _walk(flow: Flow, numbers: set[str], language: str, world: World) -> tuple[list[StepTaken], End]:
    taken: list[StepTaken] = []
    step = flow.steps[0]
    while True:
        exit_ = _exit(step, numbers, language, world)
        if step.name == world.gone_in:
            return [*taken, StepTaken(step, None, language)], End.CALLER
        taken.append(StepTaken(step, exit_, language))
        if exit_ is None:
            return taken, End.ORDINARY if isinstance(step, Handover) else End.PBX
        if isinstance(step, Speak):
            language = step.language
        step = flow.step(step.exits[exit_])


def _exit(step: Step, numbers: set[str], language: str, world: World) -> str | None:
    match step:
        case Dial():
            if numbers & set(step.loop):
                return "looped"
            if world.forwards >= step.max_calls:
                return "capped"
        case Handover():
            return None if world.ordinary_knows and not world.ordinary_loops else "missing"
        case Template():
            # The first that was declared is how it is meant to end.
            usual = next(iter(step.exits))
            return world.exits.get(f"{step.name}/{language}", world.exits.get(step.name, usual))
        case Offer() if step.language == language:
            return "done"
    usual_of_kind = world.exits.get(step.name, USUAL_EXITS.get(step.kind))
    exit_ = world.exits.get(f"{step.name}/{language}", usual_of_kind)
    if exit_ == "answered" and UNCONFIRMED in step.exits and not world.confirms:
        return UNCONFIRMED
    return exit_
