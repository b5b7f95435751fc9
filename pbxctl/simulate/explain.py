"""Why a call meets what it meets: the walk through the ladder and the flow, as data.

Terminal, JSON and page print the same object; nothing is decided here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from pbxctl.decision.decide import Call, Decision, route_state
from pbxctl.decision.facts import Facts
from pbxctl.decision.language import Because, Spoken
from pbxctl.origin import Origin
from pbxctl.plan.flow import Dial, Handover, Hangup, Play, Record, Sound, Step, Voicemail
from pbxctl.plan.model import Plan, Standing
from pbxctl.prompts.needed import catalogue_of, prompt_of
from pbxctl.simulate.simulate import Story, simulate
from pbxctl.simulate.world import USUAL_WORLD, World

# True whatever the rules: an ordinary day may have lifted a holiday, and only the PBX knows its facts.
SILENT_RUNGS = {
    "psap": "none is known of here",
    "blocked": "the caller is not blocked",
    "always_pass": "the caller is not on the list that always passes",
    "override": "none is known of here",
    "date": "none of the company's own decides",
    "calendar": "no event decides",
    "holiday": "none decides",
    "closed_day": "it does not decide",
    "hours": "they do not decide",
}


CHOSE_LANGUAGE = {
    Because.MARK: "the caller's mark",
    Because.DID: "the number dialled",
    Because.ROUTE: "the route",
    Because.COUNTRY: "the country that the caller's number belongs to",
    Because.COMPANY: "the company's first language",
}
"""What chose a language, towards a person."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One rung of the ladder: whether it spoke, in a sentence, and the configuration's line behind it."""

    rung: str
    spoke: bool
    sentence: str
    origin: Origin | None


@dataclass(frozen=True, slots=True)
class Happening:
    """One step of the flow: its name, what the caller meets in it, and how it ended (None: the last)."""

    step: str
    sentence: str
    exit: str | None


@dataclass(frozen=True, slots=True)
class Trace:
    """The whole explanation of one call. Moments are aware, in the schedule's zone.

    ``heard`` is the text of the prompt, if one is played; ``until`` and ``answers_from`` speak of
    the route, not of this caller. ``spoken`` is None for a number on no route of ours.
    """

    at: datetime
    call: Call
    story: Story
    reasons: tuple[Reason, ...]
    happenings: tuple[Happening, ...]
    heard: str | None
    until: datetime | None
    answers_from: datetime | None
    spoken: Spoken | None


def explain(plan: Plan, call: Call, at: datetime, facts: Facts, world: World = USUAL_WORLD) -> Trace:
    """Walk one call through the plan at ``at`` (aware), and say why at each point."""
    story = simulate(plan, call, at, facts, world)
    decision = story.decision
    if decision is None:
        return Trace(at, call, story, (), (), None, None, None, None)
    route = plan.routes[decision.route]
    zone = ZoneInfo(plan.timelines[route.schedule].zone)
    state = route_state(plan, route.name, at, facts)
    prompt = prompt_of(
        catalogue_of(plan), Standing(decision.mode, decision.rung, decision.rule, decision.answers)
    )
    heard = None
    if prompt is not None and any(
        isinstance(each.step, Play) and each.step.sound is Sound.PROMPT for each in story.taken
    ):
        heard = prompt.texts[decision.spoken.language]
    return Trace(
        at=at.astimezone(zone),
        call=call,
        story=story,
        reasons=_reasons(plan, decision, at.astimezone(zone)),
        happenings=tuple(Happening(each.step.name, _sentence(each.step), each.exit) for each in story.taken),
        heard=heard,
        until=state.until,
        answers_from=state.answers_from,
        spoken=decision.spoken,
    )


def label_of(plan: Plan, schedule: str, rung: str, rule: str, at: datetime) -> str:
    """What to call a rule towards a person; a holiday by its name. ``at`` is in the schedule's zone."""
    if rung == "holiday":
        name = plan.timelines[schedule].holidays.get(at.date())
        return f"public holiday: {name}" if name else "public holiday"
    # An event of a calendar bears its own title, by its day.
    note = plan.rules.get(f"{rule}.{at:%Y%m%d}") or plan.rules.get(rule)
    if note is not None:
        return note.label
    return {"psap": "an emergency number was dialled", "override": "an exception that somebody set"}.get(
        rung, "no rule closes it"
    )


def _reasons(plan: Plan, decision: Decision, at: datetime) -> tuple[Reason, ...]:
    route = plan.routes[decision.route]
    silent = [Reason(rung, spoke=False, sentence=SILENT_RUNGS[rung], origin=None) for rung in decision.passed]
    note = plan.rules.get(decision.rule)
    label = label_of(plan, route.schedule, decision.rung, decision.rule, at)
    speaks = Reason(decision.rung, spoke=True, sentence=label, origin=None if note is None else note.origin)
    return (*silent, speaks)


def _sentence(step: Step) -> str:
    match step:
        case Play(sound=Sound.PROMPT):
            return "hears the prompt"
        case Play(sound=Sound.NEUTRAL):
            return "hears the plain recording"
        case Play():
            return "hears the sentences that every Asterisk brings along"
        case Dial():
            return f"is forwarded to {step.numbers[0]}, which rings for {step.ring_s} s at most"
        case Voicemail():
            return f"can leave a message in {step.mailbox}"
        case Record():
            return "is recorded to a plain file"
        case Handover():
            return f"goes to the PBX's own dialplan, context {step.context}"
        case Hangup(cause=cause):
            return "is refused" if cause != 16 else "the PBX hangs up"
    return "is asked for a key"
