"""Why a call meets what it meets: the walk through the ladder and the flow, as data.

Terminal, JSON and page print the same object; nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from pbxctl.decision.decide import Call, route_state
from pbxctl.decision.facts import Facts
from pbxctl.decision.language import Because, Spoken
from pbxctl.plan.flow import (
    Dial,
    Flow,
    Handover,
    Hangup,
    Offer,
    Play,
    Record,
    Sound,
    Speak,
    Step,
    Template,
    Voicemail,
)
from pbxctl.plan.model import Plan, Standing
from pbxctl.plan.modes import REFUSED
from pbxctl.prompts.needed import catalogue_of, prompt_of
from pbxctl.simulate.reasons import NO_RULES, Reason, reasons_of
from pbxctl.simulate.simulate import StepTaken, Story, simulate
from pbxctl.simulate.world import USUAL_WORLD, World
from pbxctl.timeline import Rules

CHOSE_LANGUAGE = {
    Because.MARK: "the caller's mark",
    Because.DID: "the number dialled",
    Because.ROUTE: "the route",
    Because.COUNTRY: "the country that the caller's number belongs to",
    Because.COMPANY: "the company's first language",
}
"""What chose a language, towards a person."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One step of the flow: its name, what the caller meets in it, and how it ended (None: the last)."""

    step: str
    sentence: str
    exit: str | None


@dataclass(frozen=True, slots=True)
class Trace:
    """The whole explanation of one call. Moments are aware, in the schedule's zone.

    ``happenings`` are what the caller meets, and ``fallback`` what follows where nobody takes a forwarded
    call. ``heard`` is the text of the prompt, if one is played; ``until`` and ``answers_from`` speak of
    the route, not of this caller. ``spoken`` is None for a number on no route of ours.
    """

    at: datetime
    call: Call
    story: Story
    reasons: tuple[Reason, ...]
    happenings: tuple[Happening, ...]
    fallback: tuple[Happening, ...]
    heard: str | None
    until: datetime | None
    answers_from: datetime | None
    spoken: Spoken | None


def explain(
    plan: Plan,
    call: Call,
    at: datetime,
    facts: Facts,
    world: World = USUAL_WORLD,
    rules: Mapping[str, Rules] = NO_RULES,
) -> Trace:
    """Walk one call through the plan at ``at`` (aware), and say why at each point.

    ``rules`` are those of each schedule; with them, silent rungs tell what they would have said.
    """
    story = simulate(plan, call, at, facts, world)
    decision = story.decision
    if decision is None:
        return Trace(at, call, story, (), (), (), None, None, None, None)
    route = plan.routes[decision.route]
    zone = ZoneInfo(plan.timelines[route.schedule].zone)
    state = route_state(plan, route.name, at, facts)
    prompt = prompt_of(
        catalogue_of(plan), Standing(decision.mode, decision.rung, decision.rule, decision.answers)
    )
    flow = plan.refused if decision.mode == REFUSED else route.flows[decision.mode]
    heard = None
    if prompt is not None:
        played = (each.language for each in story.taken if _plays_prompt(each.step))
        heard = next((prompt.texts[language] for language in played), None)
    return Trace(
        at=at.astimezone(zone),
        call=call,
        story=story,
        reasons=reasons_of(plan, call, at, facts, decision, rules),
        happenings=_happenings(story, flow, story.taken),
        fallback=_fallback(story, flow, lambda world: simulate(plan, call, at, facts, world), world),
        heard=heard,
        until=state.until,
        answers_from=state.answers_from,
        spoken=decision.spoken,
    )


def _happenings(story: Story, flow: Flow, taken: Iterable[StepTaken]) -> tuple[Happening, ...]:
    """What the caller meets. A language that he is spoken to in already is not offered to him."""
    return tuple(
        Happening(each.step.name, _sentence(each, story, flow), each.exit)
        for each in taken
        if not (isinstance(each.step, Offer) and each.step.language == each.language)
    )


def _fallback(
    story: Story, flow: Flow, told: Callable[[World], Story], world: World
) -> tuple[Happening, ...]:
    """What follows the first forward that was taken, if it were not."""
    places = [place for place, each in enumerate(story.taken) if isinstance(each.step, Dial)]
    if not places or story.taken[places[0]].exit != "answered":
        return ()
    silent = {step.name: "silent" for step in flow.steps if isinstance(step, Dial)}
    other = told(replace(world, exits={**world.exits, **silent}))
    return _happenings(other, flow, other.taken[places[0] + 1 :])


def _sentence(taken: StepTaken, story: Story, flow: Flow) -> str:
    step = taken.step
    match step:
        case Play():
            return f"hears {_SOUNDS[step.sound]}{_keys(step, flow, taken.language)}"
        case Offer():
            return f"hears in {step.language} that {step.key} leads to it"
        case Speak():
            return f"is spoken to in {step.language} from here on"
        case Dial() if taken.exit == "looped":
            return f"comes from where the call would go, and is not forwarded to {step.numbers[0]}"
        case Dial():
            by_key = f"; whoever picks up takes the call by {step.confirm.key}" if step.confirm else ""
            return f"is forwarded to {step.numbers[0]}, which rings for {step.ring_s} s at most{by_key}"
        case Voicemail():
            mailbox = story.mailbox_of(step)
            own = not step.fixed and story.decision is not None and story.decision.mailbox is not None
            return f"can leave a message in {mailbox}" + (", the dialled number's own" if own else "")
        case Template():
            return f"is in the administrator's own step, template {step.file}"
        case Record():
            return "is recorded to a plain file"
        case Handover():
            return f"goes to the PBX's own dialplan, context {step.context}"
        case Hangup(cause=cause):
            return "is refused" if cause != 16 else "the PBX hangs up"
    return "is asked for a key"


def _plays_prompt(step: Step) -> bool:
    return isinstance(step, Play) and step.sound is Sound.PROMPT


def _keys(step: Play, flow: Flow, language: str) -> str:
    """The keys that lead the caller somewhere, and where; his own language is no news to him."""
    leads = []
    for key in step.keys:
        target = flow.step(step.exits[key])
        if not isinstance(target, Speak):
            leads.append(f"{key} (on to {target.name})")
        elif target.language != language:
            leads.append(f"{key} ({target.language})")
    return f", and may press {' or '.join(leads)}" if leads else ""


_SOUNDS = {
    Sound.PROMPT: "the prompt",
    Sound.FELL_BACK: "that the answering service cannot take the call",
    Sound.MAILBOX_FULL: "that the mailbox could not take a message",
    Sound.NEUTRAL: "the plain recording",
    Sound.BUILT_IN: "the sentences that every Asterisk brings along",
}
