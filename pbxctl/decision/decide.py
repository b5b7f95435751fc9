"""The decision: which mode a call meets, and because of which rule. The only implementation of the ladder.

The rendered dialplan is its compiled form; a differential test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pbxctl.decision.facts import Facts
from pbxctl.decision.language import Spoken, language_of
from pbxctl.numbers import dialled_key, last_eight
from pbxctl.plan.answers import Answers
from pbxctl.plan.model import WE_RANG, CallerRule, Part, Plan, Standing, TimelinePlan
from pbxctl.plan.modes import REFUSED
from pbxctl.plan.timelines import table_for
from pbxctl.timeline import ORDINARY
from pbxctl.timeline.instants import instant, local

LADDER = (
    *("psap", "blocked", "always_pass"),
    *("override", "date", "calendar", "holiday", "closed_day", "hours", "ordinary"),
)
"""The rungs in order; the first that speaks wins. Up to ``always_pass`` they ask about the caller."""

CALLER_RUNGS = LADDER[:3]


@dataclass(frozen=True, slots=True)
class Call:
    """A call from outside: the number dialled and the caller's, both as the trunk spells them."""

    did: str
    caller: str


@dataclass(frozen=True, slots=True)
class RouteState:
    """What a route does with a call at a moment.

    ``until`` is the moment another verdict takes over, ``answers_from`` the next moment people
    answer; both are aware, in the schedule's zone, and None where nothing is known. Where the dates are
    not known, ``until`` is the weekly rule's, and when people answer nobody can say.
    """

    mode: str
    rung: str
    rule: str
    answers: Answers | None
    until: datetime | None
    answers_from: datetime | None


@dataclass(frozen=True, slots=True)
class Decision:
    """What one call meets. ``passed`` are the rungs above, which had nothing to say.

    ``mailbox`` is that of the number dialled, None where it has none of its own.
    """

    route: str
    mode: str
    rung: str
    rule: str
    answers: Answers | None
    passed: tuple[str, ...]
    spoken: Spoken
    mailbox: str | None


def route_state(plan: Plan, route: str, at: datetime, facts: Facts) -> RouteState:
    """What ``route`` does at ``at`` (aware) with a caller about whom nothing is known."""
    timeline = plan.timelines[plan.routes[route].schedule]
    zone = ZoneInfo(timeline.zone)
    now = int(at.timestamp())
    overridden = _standing_override(plan, route, now, facts)
    if overridden is not None:
        ends = _moment(facts.overrides[route].until, zone)
        return RouteState(overridden.mode, overridden.rung, overridden.rule, None, ends, None)
    standing = timeline_standing(timeline, at, dates_present=facts.dates_present)
    changes = _changes(timeline, at, zone, dates_present=facts.dates_present)
    until: datetime | None = None
    answers_from: datetime | None = None
    for start, later in changes:
        if until is None and (later.mode, later.rung, later.rule) != (
            standing.mode,
            standing.rung,
            standing.rule,
        ):
            until = start
        if answers_from is None and standing.answers is not None and later.answers is None:
            answers_from = start
        if until is not None and (answers_from is not None or standing.answers is None):
            break
    return RouteState(standing.mode, standing.rung, standing.rule, standing.answers, until, answers_from)


def decide(plan: Plan, call: Call, at: datetime, facts: Facts) -> Decision | None:
    """What ``call`` meets at ``at`` (aware); None when its number is on no route of ours."""
    route = plan.route_of(call.did)
    if route is None:
        return None
    now = int(at.timestamp())
    standing = _about_caller(plan, dialled_key(call.caller), now, facts)
    if standing is None:
        standing = _standing_override(plan, route.name, now, facts)
    if standing is None:
        timeline = plan.timelines[route.schedule]
        standing = timeline_standing(timeline, at, dates_present=facts.dates_present)
    passed = LADDER[: LADDER.index(standing.rung)]
    spoken = language_of(plan, route, call.did, call.caller, facts)
    did = plan.did_of(call.did)
    return Decision(
        route=route.name,
        mode=standing.mode,
        rung=standing.rung,
        rule=standing.rule,
        answers=standing.answers,
        passed=passed,
        spoken=spoken,
        mailbox=None if did is None else did.mailbox,
    )


def timeline_standing(timeline: TimelinePlan, at: datetime, *, dates_present: bool = True) -> Standing:
    """What the timeline alone says at ``at``: its dated entry, else the weekly table by the wall clock.

    Of the week, only mode and rule hold for ever: where the dates are lost, or on a day that nobody has
    worked out, the next day may be a holiday, so ``answers`` is None and no day is promised.
    """
    wall = at.astimezone(ZoneInfo(timeline.zone))
    dated = timeline.dates.get(wall.date()) if dates_present else None
    if dated is not None:
        return _in_force(dated, int(at.timestamp()))
    table = table_for(timeline.weekly, wall.date())
    standing = _in_force(table.days[wall.weekday()], wall.hour * 3600 + wall.minute * 60 + wall.second)
    if standing.answers is None or (dates_present and worked_out(timeline, wall.date())):
        return standing
    return replace(standing, answers=None)


def worked_out(timeline: TimelinePlan, day: date) -> bool:
    """Whether the local ``day`` lies within the timeline's horizon."""
    zone = ZoneInfo(timeline.zone)
    first, end = timeline.windows[0].start, timeline.windows[-1].end
    return local(first, zone).date() <= day <= local(end - 1, zone).date()


def _about_caller(plan: Plan, caller: str, now: int, facts: Facts) -> Standing | None:
    if facts.psap is not None and facts.psap.until > now:
        return Standing(ORDINARY, "psap", "psap", None)
    blocked = _listed(plan.blocked, caller)
    if blocked is not None:
        return Standing(REFUSED, "blocked", blocked.rule, None)
    passes = _listed(plan.always_pass, caller)
    if passes is not None:
        return Standing(ORDINARY, "always_pass", passes.rule, None)
    rang = facts.rang.get(last_eight(caller))
    # A moment ahead of us is none: a clock was put back, and nobody would ever be closed out again.
    if plan.we_rang_s is not None and rang is not None and rang <= now < rang + plan.we_rang_s:
        return Standing(ORDINARY, "always_pass", WE_RANG, None)
    return None


def _listed(rules: Iterable[CallerRule], caller: str) -> CallerRule | None:
    return next((rule for rule in rules if caller in rule.spellings), None)


def _standing_override(plan: Plan, route: str, now: int, facts: Facts) -> Standing | None:
    override = facts.overrides.get(route)
    if override is None or override.until <= now or override.mode not in plan.routes[route].flows:
        return None
    # Nobody knows when people answer again after a person's exception: nothing is promised.
    return Standing(override.mode, "override", "override", None)


def _in_force(parts: tuple[Part, ...], at: int) -> Standing:
    standing = parts[0].standing
    for part in parts:
        if part.start > at:
            break
        standing = part.standing
    return standing


def _changes(
    timeline: TimelinePlan, at: datetime, zone: ZoneInfo, *, dates_present: bool
) -> Iterator[tuple[datetime, Standing]]:
    """Every later part in order, for as long as one may matter: the horizon, and a week by the table."""
    now = int(at.timestamp())
    first = at.astimezone(zone).date()
    tables = [table.since for table in timeline.weekly if table.since is not None]
    last = max([first, *timeline.dates, *tables]) + timedelta(days=16)
    for ahead in range((last - first).days):
        day = first + timedelta(days=ahead)
        dated = timeline.dates.get(day) if dates_present else None
        parts = dated if dated is not None else _placed(timeline, day, zone)
        for part in parts:
            if part.start > now:
                yield datetime.fromtimestamp(part.start, zone), part.standing


def _placed(timeline: TimelinePlan, day: date, zone: ZoneInfo) -> Iterator[Part]:
    """The weekly table's parts of ``day`` as instants; one within a skipped hour does not take place."""
    midnight = datetime.combine(day, time())
    parts = table_for(timeline.weekly, day).days[day.weekday()]
    starts = [instant(midnight + timedelta(seconds=part.start), zone) for part in parts]
    for part, start, after in zip(parts, starts, [*starts[1:], None], strict=True):
        if start != after:
            yield Part(start, part.standing)


def _moment(epoch: int, zone: ZoneInfo) -> datetime | None:
    """The local time of an epoch second; None for one that no calendar has."""
    try:
        return datetime.fromtimestamp(epoch, zone)
    except (OverflowError, ValueError, OSError):
        return None
