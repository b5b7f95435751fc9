"""What a change of the configuration alters: two plans of the same period, compared.

What callers meet is compared, not how it is written: a line that moved, or a rule that was named
otherwise, is no difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from zoneinfo import ZoneInfo

from pbxctl.origin import Origin
from pbxctl.plan.flow import Confirm, Flow
from pbxctl.plan.model import CallerRule, DidIn, Plan, RoutePlan
from pbxctl.plan.runs import SHORTEST_RUN, follows, told
from pbxctl.simulate.reasons import label_of
from pbxctl.timeline import Rung, Window

MANY = 20
"""Of more values than this in one place, only the count is told: they are a range's, told of elsewhere."""


@dataclass(frozen=True, slots=True)
class Side:
    """What stands on one side of a comparison, why, and where that was written."""

    mode: str
    rung: str
    because: str
    origin: Origin | None

    @property
    def meets(self) -> tuple[str, str, str]:
        """What a caller can tell apart: the mode, the kind of reason, and the reason of an own date."""
        return self.mode, self.rung, self.because if self.rung == Rung.DATE else ""


@dataclass(frozen=True, slots=True)
class WindowChange:
    """A stretch of time ``[start, end)``, aware, in which a route does something else than before."""

    route: str
    start: datetime
    end: datetime
    before: Side
    after: Side


@dataclass(frozen=True, slots=True)
class Alteration:
    """Anything else that changed: where, what it was and what it is; None where there was, or is, nothing.

    ``what`` is ``route``, ``did``, ``mailbox``, ``always_pass``, ``blocked``, ``never_close``, ``flow``
    or ``company``; whoever knows more than plans may add what else is different. Numbers that follow
    each other and changed alike are one alteration.
    """

    what: str
    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Difference:
    """All that a change alters."""

    windows: tuple[WindowChange, ...]
    others: tuple[Alteration, ...]


def compare(old: Plan, new: Plan) -> Difference:
    """What is different between two plans. Windows are compared where both plans have worked them out."""
    both = [name for name in old.routes if name in new.routes]
    return Difference(
        tuple(change for name in both for change in _windows(old, new, name)),
        (
            *_alterations("route", _routes(old), _routes(new)),
            *_joined(_alterations("did", _dids(old), _dids(new))),
            *_joined(_alterations("mailbox", _mailboxes(old), _mailboxes(new))),
            *_alterations("always_pass", _passing(old), _passing(new)),
            *_alterations("blocked", _callers(old.blocked), _callers(new.blocked)),
            *_alterations("never_close", _guarded(old), _guarded(new)),
            *(each for name in both for each in _flows(old, new, name)),
            *_alterations("company", _company(old), _company(new)),
        ),
    )


def _windows(old: Plan, new: Plan, route: str) -> Iterator[WindowChange]:
    ours = old.timelines[old.routes[route].schedule].windows
    theirs = new.timelines[new.routes[route].schedule].windows
    zone = ZoneInfo(new.timelines[new.routes[route].schedule].zone)
    first, last = max(ours[0].start, theirs[0].start), min(ours[-1].end, theirs[-1].end)
    edges = {edge for window in (*ours, *theirs) for edge in (window.start, window.end)}
    in_order = [first, *sorted(edge for edge in edges if first < edge < last), last]
    found: WindowChange | None = None
    for start, before, after in _pairs(in_order, ours, theirs):
        was, will = _side(old, route, before, start), _side(new, route, after, start)
        begin = datetime.fromtimestamp(start, zone)
        end = datetime.fromtimestamp(min(before.end, after.end, last), zone)
        if was.meets == will.meets:
            continue
        if found is not None and found.end == begin and (found.before, found.after) == (was, will):
            found = WindowChange(route, found.start, end, found.before, found.after)
        else:
            if found is not None:
                yield found
            found = WindowChange(route, begin, end, was, will)
    if found is not None:
        yield found


def _pairs(
    edges: list[int], ours: tuple[Window, ...], theirs: tuple[Window, ...]
) -> Iterator[tuple[int, Window, Window]]:
    """For each stretch between two edges, its start and the window of each side that covers it."""
    left, right = 0, 0
    for start in edges[:-1]:
        while ours[left].end <= start:
            left += 1
        while theirs[right].end <= start:
            right += 1
        yield start, ours[left], theirs[right]


def _side(plan: Plan, route: str, window: Window, at: int) -> Side:
    timeline = plan.timelines[plan.routes[route].schedule]
    verdict = window.verdict
    note = plan.rules.get(verdict.rule)
    local = datetime.fromtimestamp(at, ZoneInfo(timeline.zone))
    because = label_of(plan, timeline.schedule, verdict.rung, verdict.rule, local)
    return Side(verdict.mode, verdict.rung, because, None if note is None else note.origin)


def _alterations(what: str, old: dict[str, str], new: dict[str, str]) -> Iterator[Alteration]:
    for name in dict.fromkeys((*old, *new)):
        if old.get(name) != new.get(name):
            yield Alteration(what, name, old.get(name), new.get(name))


def _routes(plan: Plan) -> dict[str, str]:
    return {name: told(route.dids) for name, route in plan.routes.items()}


def _dids(plan: Plan) -> dict[str, str]:
    return {did.number: name for name, route in plan.routes.items() for did in route.dids}


def _mailboxes(plan: Plan) -> dict[str, str]:
    dids = (did for route in plan.routes.values() for did in route.dids)
    return {did.number: did.mailbox for did in dids if did.mailbox is not None}


def _joined(alterations: Iterable[Alteration]) -> Iterator[Alteration]:
    """Alterations of numbers that follow each other as one; mailboxes that follow each other, too."""
    run: list[Alteration] = []
    for each in (*alterations, None):
        if run and (each is None or not _goes_on(run[-1], each)):
            if len(run) < SHORTEST_RUN:
                yield from run
            else:
                first, last = run[0], run[-1]
                name = f"{first.name} to {last.name}"
                yield Alteration(
                    first.what, name, _ends(first.before, last.before), _ends(first.after, last.after)
                )
            run = []
        if each is not None:
            run.append(each)


def _goes_on(before: Alteration, each: Alteration) -> bool:
    sides = ((before.before, each.before), (before.after, each.after))
    alike = all((was is None) == (now is None) for was, now in sides)
    same = each.what == "mailbox" or all(was == now for was, now in sides)
    return alike and same and follows(each.name, before.name)


def _ends(first: str | None, last: str | None) -> str | None:
    return first if first == last else f"{first} to {last}"


def _callers(rules: Iterable[CallerRule]) -> dict[str, str]:
    return {rule.number: "listed" for rule in rules}


def _passing(plan: Plan) -> dict[str, str]:
    rang = {} if plan.we_rang_s is None else {"whoever we rang": f"for {plan.we_rang_s // 3600} h"}
    return {**_callers(plan.always_pass), **rang}


def _guarded(plan: Plan) -> dict[str, str]:
    return {did.number: "listed" for did in plan.never_close}


def _company(plan: Plan) -> dict[str, str]:
    company = plan.company
    return {
        "name": company.name,
        "mail": company.mail,
        "country": company.country,
        "languages": ", ".join(company.languages),
        "number dialled": _number_dialled(plan.did_in),
    }


def _number_dialled(known: DidIn | None) -> str:
    if known is None:
        return "in the request"
    return f"in {known.header} of calls to {known.extension}, else {known.ordinary}"


def _flows(old: Plan, new: Plan, name: str) -> Iterator[Alteration]:
    """What the modes of a route do otherwise, step by step."""
    before, after = old.routes[name], new.routes[name]
    yield from _alterations("flow", _languages(before), _languages(after))
    for mode in dict.fromkeys((*before.flows, *after.flows)):
        ours, theirs = before.flows.get(mode), after.flows.get(mode)
        if ours is None or theirs is None:
            yield Alteration("flow", f"{name}: {mode}", _there(ours), _there(theirs))
        elif ours != theirs:
            yield from _alterations("flow", _steps(name, ours), _steps(name, theirs))


def _languages(route: RoutePlan) -> dict[str, str]:
    own = {f"{did.number}: language": did.language for did in route.dids if did.language is not None}
    return {f"{route.name}: language": route.language or "depends on the caller", **own}


def _there(flow: Flow | None) -> str | None:
    return None if flow is None else "possible"


def _steps(route: str, flow: Flow) -> dict[str, str]:
    """Each value of each step of a flow, by its name."""
    return {
        f"{route}: {flow.mode}, {step.name}, {field.name}": _plain(getattr(step, field.name))
        for step in flow.steps
        for field in fields(step)
        if field.name != "name"
    }


def _plain(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} to {target}" for name, target in sorted(value.items())) or "none"
    if isinstance(value, Confirm):
        return f"{value.key}, asked for {value.tries} times in {value.language}, {value.wait_s} s each"
    if isinstance(value, tuple) and len(value) > MANY:
        return f"{len(value)} of them"
    if isinstance(value, tuple):
        return ", ".join(str(each) for each in value)
    return "none" if value is None else str(value)
