"""What a run of cases gave: the differences, each to be made again by hand, and what was covered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from pbxctl.decision.decide import LADDER
from pbxctl.decision.language import Because
from pbxctl.journal.events import Misrouted
from pbxctl.plan.flow import EXITS, UNCONFIRMED
from pbxctl.simulate import End

from .cases import Case
from .channels import Heard

EVERY_EXIT = frozenset(f"{kind}.{exit_}" for kind, exits in EXITS.items() for exit_ in exits) | {
    "collect.KEY",
    "dial.unconfirmed",
    "hangup.end",
    "handover.end",
}
"""Each step kind with each of its exits; where a step may be the last, its ``end``."""


_COUNTED = ("rung", "mode", "exit", "end", "zone", "language", "passes", "mailbox")

PASSES = ("callers.always_pass", "callers.we_rang", "staff")
"""The parts of a configuration by which a caller always passes."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A case in which simulator and PBX do not tell one story."""

    case: Case
    heard: Heard

    def __str__(self) -> str:
        """All that is needed to see it again."""
        case = self.case
        configuration = case.configuration
        zone = ZoneInfo(next(iter(case.plan.timelines.values())).zone)
        route = case.plan.routes[case.route] if case.route is not None else None
        flows = () if route is None else tuple(route.flows.values())
        which = "current" if case.database.current else "default"
        return "\n".join(
            [
                "A DIFFERENCE" + (f" ({self.heard.trouble})" if self.heard.trouble else ""),
                f"  call      to {case.did!r} from {case.caller!r}, diverted from {case.diverted_from!r}",
                f"  moment    {case.at} = {datetime.fromtimestamp(case.at, zone):%a %F %T %z}",
                f"  database  {case.database}",
                f"  facts     {case.database.facts}",
                f"  caller    presses {case.key!r}, hangs up in {case.gone_in}",
                f"  service   {case.service}; {case.forwards} forwards already in {case.group}",
                f"  around    {configuration.surroundings}",
                f"  plan      {which}, from {case.plan.first_day} for {case.plan.horizon_days} days",
                *(f"  flow      {flow}" for flow in flows),
                f"  simulated {_lines(case.story.events)}, ordinary: {case.story.end is End.ORDINARY}",
                f"  heard     {_lines(self.heard.events)}, ordinary: {self.heard.ordinary}",
                configuration.current_text if case.database.current else configuration.text,
            ]
        )


@dataclass
class Report:
    """A whole run."""

    seed: int
    seconds: float = 0.0
    cases: int = 0
    differences: list[Difference] = field(default_factory=list)
    covered: dict[str, Counter[str]] = field(default_factory=lambda: {name: Counter() for name in _COUNTED})

    def add(self, cases: Sequence[Case], heard: Sequence[Heard]) -> None:
        """Compare what was simulated with what was heard."""
        for case, real in zip(cases, heard, strict=True):
            self.cases += 1
            _count(self.covered, case)
            if differs(case, real):
                self.differences.append(Difference(case, real))

    @property
    def missing(self) -> set[str]:
        """What no case met though it should have been."""
        rungs = {f"rung {name}" for name in LADDER if not self.covered["rung"][name]}
        exits = {f"exit {name}" for name in EVERY_EXIT if not self.covered["exit"][name]}
        ends = {f"end {end}" for end in (*End, "misrouted") if not self.covered["end"][end]}
        languages = {f"language {why}" for why in Because if not self.covered["language"][why]}
        passes = {f"passes {part}" for part in PASSES if not self.covered["passes"][part]}
        boxes = {f"mailbox {whose}" for whose in ("own", "route") if not self.covered["mailbox"][whose]}
        return boxes | passes | rungs | exits | ends | languages

    def __str__(self) -> str:
        """The summary, in a line for each kind of thing that was counted."""
        ran = f"{self.cases} cases, {len(self.differences)} differ, {self.seconds:.1f} s"
        lines = [f"differential: {ran}, seed {self.seed}"]
        for name, counted in self.covered.items():
            lines.append(
                f"  {name}: " + ", ".join(f"{key} {count}" for key, count in sorted(counted.items()))
            )
        return "\n".join(lines)


def unmet(case: Case) -> set[str]:
    """What must be met by some case, but is not by this one."""
    alone = Report(0)
    _count(alone.covered, case)
    return alone.missing


def differs(case: Case, heard: Heard) -> bool:
    """Whether the PBX told another story than the simulator."""
    same = case.story.events == heard.events and (case.story.end is End.ORDINARY) == heard.ordinary
    return not same or bool(heard.trouble)


def _count(covered: dict[str, Counter[str]], case: Case) -> None:
    story = case.story
    covered["zone"][next(iter(case.plan.timelines.values())).zone] += 1
    misrouted = any(isinstance(event, Misrouted) for event in story.events)
    covered["end"]["misrouted" if misrouted else story.end] += 1
    if story.decision is not None:
        covered["rung"][story.decision.rung] += 1
        covered["mode"][story.decision.mode] += 1
        covered["language"][story.decision.spoken.because] += 1
        if story.mailbox is not None:
            covered["mailbox"]["own" if story.decision.mailbox else "route"] += 1
        for part in PASSES:
            if f"{story.decision.rule}.".startswith(f"{part}."):
                covered["passes"][part] += 1
    for taken in story.taken:
        kind, exit_ = taken.step.kind, taken.exit or "end"
        known = exit_ in (*EXITS[kind], UNCONFIRMED, "end")
        covered["exit"][f"{kind}.{exit_ if known else 'KEY'}"] += 1


def _lines(events: Sequence[object]) -> str:
    return "".join(f"\n              {event}" for event in events) or "nothing"
