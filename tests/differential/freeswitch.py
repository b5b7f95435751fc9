"""The same random calls on FreeSWITCH's rendering, evaluated offline, against ``decide``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from random import Random

from pbxctl.decision.decide import Call, decide
from pbxctl.dialplan.freeswitch import Dialplan, Trace
from pbxctl.plan.model import Standing
from pbxctl.prompts.needed import catalogue_of, prompt_of
from pbxctl.render.freeswitch import FreeswitchSettings
from pbxctl.render.rendering import Rendering
from tests.render.freeswitch import OWN, database_of, installed, place, render

from .cases import Case
from .configurations import Configuration
from .database import Pointed

Outcome = tuple[str, str, str, str]
"""Mode, rung, rule and prompt."""

NOT_OURS: Outcome = ("", "", "", "")


@dataclass(frozen=True)
class Installed:
    """A configuration on FreeSWITCH: the default generation, and the one that the pointer may name."""

    configuration: Configuration
    default: Rendering
    current: Rendering
    dialplan: Dialplan
    database: Mapping[tuple[str, str], str]

    @property
    def pointed(self) -> Pointed:
        return Pointed(self.current.generation, self.current.revision)


def install(configuration: Configuration, changed: Mapping[str, str] | None = None) -> Installed:
    """Both generations and the dates of both revisions."""
    # It does not know whom we rang, and its rendering refuses to be asked.
    plans = (configuration.default, configuration.current)
    default_plan, current_plan = (replace(plan, we_rang_s=None) for plan in plans)
    configuration = replace(configuration, default=default_plan, current=current_plan)
    current = render(configuration.current, changed)
    settings = FreeswitchSettings(kept=(current.generation,), flows=False)
    default = render(configuration.default, changed, settings)
    dialplan = installed(default, current)
    return Installed(
        configuration, default, current, dialplan, database_of((*default.entries, *current.entries))
    )


def wanted(case: Case) -> Outcome:
    """What ``decide`` says of the call."""
    moment = datetime.fromtimestamp(case.at, UTC)
    decision = decide(case.plan, Call(case.did, case.caller.number), moment, case.database.facts)
    if decision is None:
        return NOT_OURS
    standing = Standing(decision.mode, decision.rung, decision.rule, decision.answers)
    prompt = prompt_of(catalogue_of(case.plan), standing)
    return decision.mode, decision.rung, decision.rule, "" if prompt is None else prompt.stem


def found(case: Case, on: Installed) -> Outcome:
    """What the rendered dialplan sets, and where it sends the call: to the flow of the mode it names."""
    trace = place(
        on.dialplan,
        case.did,
        case.caller.number,
        _clock_read_once(case.at),
        _database(case, on),
        variables=STALE,
    )
    if any(done.application == OWN for done in trace.executed):
        return NOT_OURS
    outcome = outcome_of(trace)
    _, _, context = trace.channel.context.partition(f"-{_in_force(case, on).generation}-")
    route = case.plan.route_of(case.did)
    assert trace.end == "transfer"
    assert route is not None
    assert context == (outcome[0] if outcome[0] == "refused" else f"flow-{outcome[0]}-{route.name}")
    return outcome


def outcome_of(trace: Trace) -> Outcome:
    variables = trace.channel.variables
    mode, rung, rule, prompt = (
        variables.get(f"PBXCTL_{name}", "") for name in ("MODE", "RUNG", "RULE", "PROMPT")
    )
    return mode, rung, rule, prompt


STALE = {
    f"PBXCTL_{name}": "1|refused|blocked|x|"
    for name in ("STANDING", "FOUND", "WINDOW", "DAY", "TABLE", "CERTAIN")
}
"""What a call brings along that was here before."""


def _clock_read_once(at: int) -> Callable[[], int]:
    """A clock that is right when it is first looked at, and days off after that."""
    random = Random(at)  # noqa: S311 - a test
    readings = iter([at])
    return lambda: next(readings, at + random.randint(-(10**6), 10**6))


def _in_force(case: Case, on: Installed) -> Rendering:
    return on.current if case.database.current else on.default


def _database(case: Case, on: Installed) -> Mapping[tuple[str, str], str]:
    database = dict(on.database)
    family = on.default.pointer.family
    for name, value in case.database.values.items():
        database.pop((family, name.replace("/", ".")), None)
        if value is not None:
            database[family, name.replace("/", ".")] = value
    day = case.day_key()
    if case.database.day_touched and day is not None:
        key = (family, f"{_in_force(case, on).revision}.{day.replace('/', '.')}")
        database.pop(key, None)
        if case.database.day is not None:
            database[key] = case.database.day
        if not case.database.day:
            # Entries get lost together, and with them the mark that they are there.
            database.pop((family, f"{_in_force(case, on).revision}.horizon"), None)
    return database
