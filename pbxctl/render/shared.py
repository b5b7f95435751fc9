"""What the renderings for both PBXs have in common: names, digests, and the plan's texts for templates."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pbxctl.decision.decide import LADDER
from pbxctl.names import family_of
from pbxctl.plan.flow import Step
from pbxctl.plan.model import CallerRule, Part, Plan, Standing, TimelinePlan
from pbxctl.plan.modes import REFUSED
from pbxctl.prompts.catalogue import Catalogue
from pbxctl.prompts.needed import catalogue_of, prompt_of, prompt_of_step
from pbxctl.render.entries import format_standing
from pbxctl.timeline import ORDINARY

TIMELINE_RUNG = "timeline"
"""In a dialplan, the rungs that the calendar fills are one look-up: they were compiled together."""


@dataclass(frozen=True)
class PlanTexts:
    """The parts of a plan as texts, in the form that templates print."""

    plan: Plan
    catalogue: Catalogue = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "catalogue", catalogue_of(self.plan))

    def stem_of(self, standing: Standing) -> str:
        """The prompt that callers hear while it stands; empty where there is none."""
        prompt = prompt_of(self.catalogue, standing)
        return "" if prompt is None else prompt.stem

    def stem_of_step(self, step: Step) -> str:
        """The prompt that a step plays whatever was decided; empty where it plays none."""
        prompt = prompt_of_step(self.catalogue, step)
        return "" if prompt is None else prompt.stem

    def text_of(self, standing: Standing) -> str:
        """``1|MODE|RUNG|RULE|PROMPT``."""
        return format_standing(standing, self.stem_of(standing))

    def caller_lists(self) -> list[dict[str, Any]]:
        """The lists of callers, each entry with its spellings and what stands for it."""
        return [
            self._caller_list("blocked", REFUSED, self.plan.blocked),
            self._caller_list("always_pass", ORDINARY, self.plan.always_pass),
        ]

    def weeks(self) -> list[dict[str, Any]]:
        """The weekly tables of every schedule, the earliest first."""
        return [self._week(timeline) for timeline in self.plan.timelines.values()]

    def _caller_list(self, rung: str, mode: str, rules: tuple[CallerRule, ...]) -> dict[str, Any]:
        return {
            "rung": rung,
            "entries": [
                {
                    "number": rule.number,
                    "rule": rule.rule,
                    "spellings": rule.spellings,
                    "standing": self.text_of(Standing(mode, rung, rule.rule, None)),
                }
                for rule in rules
            ],
        }

    def _week(self, timeline: TimelinePlan) -> dict[str, Any]:
        return {
            "schedule": timeline.schedule,
            "zone": timeline.zone,
            "tables": [
                {
                    "name": f"t{index}",
                    "since": None if table.since is None else f"{table.since:%Y%m%d}",
                    "days": [self._weekday(weekday, parts) for weekday, parts in enumerate(table.days, 1)],
                }
                for index, table in enumerate(timeline.weekly)
            ],
        }

    def _weekday(self, weekday: int, parts: tuple[Part, ...]) -> dict[str, Any]:
        return {
            "weekday": weekday,
            "first": self.text_of(parts[0].standing),
            "later": [
                {"clock": _clock(part.start), "standing": self.text_of(part.standing)} for part in parts[1:]
            ],
        }


def prefix_of(plan: Plan) -> str:
    """What every context and the database family of this plan begin with."""
    return family_of(plan.instance)


def dialplan_rungs() -> list[Mapping[str, str]]:
    """The ladder as a dialplan has it, each rung with the ``next`` one; the last leads to ``standing``."""
    rungs: list[str] = []
    for rung in LADDER:
        name = rung if rung in ("psap", "blocked", "always_pass", "override") else TIMELINE_RUNG
        if name not in rungs:
            rungs.append(name)
    return [
        {"name": name, "next": after} for name, after in zip(rungs, [*rungs[1:], "standing"], strict=True)
    ]


def digest(text: str) -> str:
    """The SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def _clock(second: int) -> str:
    return f"{second // 3600:02}{second // 60 % 60:02}{second % 60:02}"
