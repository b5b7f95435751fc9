"""The ladder, told rung by rung: which one spoke, and what those below it would have said.

Nothing is decided here: the decision is asked once more without the rung that spoke, and the calendar
tells all that its rules say of the moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

from pbxctl.decision.decide import LADDER, Call, Decision, decide, worked_out
from pbxctl.decision.facts import Facts
from pbxctl.origin import Origin
from pbxctl.plan.model import Plan
from pbxctl.timeline import ORDINARY, Calendar, Rules, Rung, Said

NO_RULES: Mapping[str, Rules] = MappingProxyType({})

# True whatever the rules: only the PBX knows its facts.
SILENT_RUNGS = {
    "psap": "none is known of here",
    "blocked": "the caller is not blocked",
    "always_pass": "the caller is not among those who always pass",
    "override": "none is known of here",
    "date": "none of the company's own decides",
    "calendar": "no event decides",
    "holiday": "none decides",
    "closed_day": "it does not decide",
    "hours": "they do not decide",
}

CALENDAR_RUNGS = tuple(rung.value for rung in Rung)


class Part(StrEnum):
    """What a rung had to do with a decision."""

    SPOKE = "spoke"
    SILENT = "silent"  # it had nothing to say
    OPENED = "opened"  # it made the day an ordinary one, on which another rung then spoke
    LIFTED = "lifted"  # an ordinary day took its word away
    WOULD_HAVE = "would_have"  # it would have spoken, were those above it silent


@dataclass(frozen=True, slots=True)
class Reason:
    """One rung of the ladder: its part, in a sentence, and the configuration's line behind it.

    ``mode`` and ``rule`` are what it says or would have said, None for a rung that is silent. ``lifts``
    are the rules that an ordinary day takes the word from; each is a reason of its own besides.
    """

    rung: str
    part: Part
    sentence: str
    mode: str | None = None
    rule: str | None = None
    origin: Origin | None = None
    lifts: tuple[str, ...] = ()

    @property
    def spoke(self) -> bool:
        """Whether it is the rung that decided."""
        return self.part is Part.SPOKE


@dataclass(frozen=True, slots=True)
class _Voice:
    """What a rung says, or would say; whether it opens an ordinary day, or is lifted by one."""

    rung: str
    mode: str
    rule: str
    opens: bool = False
    lifted: bool = False


def reasons_of(
    plan: Plan,
    call: Call,
    at: datetime,
    facts: Facts,
    decision: Decision,
    rules: Mapping[str, Rules] = NO_RULES,
) -> tuple[Reason, ...]:
    """Every rung that was asked, in the ladder's order, and below the one that spoke all that would have.

    ``rules`` are those of each schedule, which the plan was worked out from; without them only the
    first that would have spoken is told. ``at`` is aware.
    """
    local = at.astimezone(ZoneInfo(plan.timelines[plan.routes[decision.route].schedule].zone))
    voices = list(_voices(plan, call, local, facts, decision, rules))
    return tuple(_told(plan, local, decision, voices))


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


def _voices(
    plan: Plan, call: Call, at: datetime, facts: Facts, decision: Decision, rules: Mapping[str, Rules]
) -> Iterator[_Voice]:
    """What each rung says, from the one that spoke on down."""
    route, spoke = decision.route, decision
    while spoke.rung not in CALENDAR_RUNGS:
        yield _Voice(spoke.rung, spoke.mode, spoke.rule)
        plan, facts = _without(plan, facts, route, spoke.rung)
        again = decide(plan, call, at, facts)
        if again is None or again.rung == spoke.rung:
            return  # nobody here knows how to take that rung away: what it silences stays untold
        spoke = again
    schedule = plan.routes[route].schedule
    if schedule in rules and facts.dates_present and worked_out(plan.timelines[schedule], at.date()):
        yield from _calendar_voices(Calendar(rules[schedule]).said(int(at.timestamp())))
    elif spoke.rung != Rung.ORDINARY:
        yield _Voice(spoke.rung, spoke.mode, spoke.rule)


def _without(plan: Plan, facts: Facts, route: str, rung: str) -> tuple[Plan, Facts]:
    """Plan and facts as they would be, had a rung about the caller or an override nothing to say."""
    match rung:
        case "psap":
            return plan, replace(facts, psap=None)
        case "override":
            others = {name: each for name, each in facts.overrides.items() if name != route}
            return plan, replace(facts, overrides=others)
        case "blocked":
            return replace(plan, blocked=()), facts
    return replace(plan, always_pass=(), we_rang_s=None), facts


def _calendar_voices(said: tuple[Said, ...]) -> Iterator[_Voice]:
    opened = False
    for each in said:
        if each.own is not None and each.own.mode is None:
            # Its hours, if it is outside of them, speak for themselves: they come last.
            yield _Voice(Rung.DATE, ORDINARY, each.own.rule, opens=True, lifted=opened)
            opened = True
        else:
            verdict = each.verdict
            lifted = opened and verdict.rung is not Rung.HOURS
            yield _Voice(verdict.rung, verdict.mode, verdict.rule, lifted=lifted)


def _told(plan: Plan, at: datetime, decision: Decision, voices: list[_Voice]) -> Iterator[Reason]:
    schedule = plan.routes[decision.route].schedule

    lifted = {voice.rule: _label(plan, schedule, voice, at) for voice in voices if voice.lifted}

    def reason(voice: _Voice, part: Part) -> Reason:
        note = plan.rules.get(voice.rule)
        label = _label(plan, schedule, voice, at)
        opens = voice.opens and not voice.lifted
        return Reason(
            rung=voice.rung,
            part=part,
            sentence=_sentence(voice, part, _opening(label, lifted.values()) if opens else label),
            mode=voice.mode,
            rule=voice.rule,
            origin=None if note is None else note.origin,
            lifts=tuple(lifted) if opens else (),
        )

    for rung in LADDER:
        of_rung = list(dict.fromkeys(voice for voice in voices if voice.rung == rung))
        if rung == decision.rung:
            spoke = next((each for each in of_rung if each.rule == decision.rule), None)
            yield reason(spoke or _Voice(rung, decision.mode, decision.rule), Part.SPOKE)
            of_rung = [each for each in of_rung if each.rule != decision.rule]
        elif rung in decision.passed and not of_rung:
            yield Reason(rung, Part.SILENT, SILENT_RUNGS[rung])
        for voice in of_rung:
            if voice.lifted:
                yield reason(voice, Part.LIFTED)
            else:
                yield reason(voice, Part.OPENED if rung in decision.passed else Part.WOULD_HAVE)


def _label(plan: Plan, schedule: str, voice: _Voice, at: datetime) -> str:
    return label_of(plan, schedule, voice.rung, voice.rule, at)


def _opening(label: str, lifts: Iterable[str]) -> str:
    named = "an ordinary day" if label == "ordinary day" else f"{label}: an ordinary day"
    return f"{named} (lifts: {'; '.join(lifts) or 'nothing'})"


def _sentence(voice: _Voice, part: Part, label: str) -> str:
    match part:
        case Part.LIFTED:
            return f"lifted, else {voice.mode} ({label})"
        case Part.WOULD_HAVE:
            return f"would have said {voice.mode} ({label})"
    return label
