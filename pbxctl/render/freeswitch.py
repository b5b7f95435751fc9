"""A plan as FreeSWITCH's XML dialplan and database entries.

Reached by tests only: the configuration takes ``pbx.kind: asterisk`` alone. It is here so that the
plan stays neutral: what two PBXs can say of it is not one PBX's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pbxctl.decision.facts import OVERRIDE, PSAP
from pbxctl.errors import InputWrong
from pbxctl.plan.flow import Flow
from pbxctl.plan.model import Plan, RoutePlan, Standing
from pbxctl.prompts.needed import needed_prompts, neutral_prompt
from pbxctl.render.entries import (
    DAY,
    HORIZON,
    MAX_PARTS,
    POINTER,
    STANDING,
    date_entries,
    horizon_entry,
    nth_part,
)
from pbxctl.render.freeswitch_flows import flow_view, mailbox_view
from pbxctl.render.landing_xml import FREESWITCH_FILTERS, expression, refuse_unreadable
from pbxctl.render.rendering import Entry, Rendering
from pbxctl.render.shared import PlanTexts, dialplan_rungs, digest, prefix_of
from pbxctl.render.templates import Templates
from pbxctl.timeline import NOTHING_SAID, ORDINARY

_SET_ON_ENTRY = frozenset({"PBXCTL_DID", "PBXCTL_NOW"})
_KEPT_ON_ENTRY = frozenset({"PBXCTL_HANDED"})
"""By this, a call that the ordinary dialplan leads back to us is known again."""

_VARIABLE = re.compile(r"\bPBXCTL_[A-Z0-9_]+")


@dataclass(frozen=True, slots=True)
class FreeswitchSettings:
    """Where things lie on that PBX, and which older generations the pointer may still name.

    Without ``flows`` the ladder alone is rendered: calls are transferred to the flows' contexts,
    which are not there. For whoever looks at decisions and nothing else.
    """

    sounds: str = "/var/lib/freeswitch/sounds/pbxctl"
    kept: tuple[str, ...] = ()
    flows: bool = True


@dataclass(frozen=True)
class _Freeswitch:
    """One rendering under way."""

    plan: Plan
    settings: FreeswitchSettings
    templates: Templates
    texts: PlanTexts = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "texts", PlanTexts(self.plan))

    @property
    def prefix(self) -> str:
        return prefix_of(self.plan)

    def generation(self, generation: str) -> str:
        """The code of one generation, under the name given."""
        here = f"{self.prefix}-{generation}"
        text_of = self.texts.text_of
        nothing = Standing(NOTHING_SAID.mode, NOTHING_SAID.rung, NOTHING_SAID.rule, None)
        return self._render(
            "generation.xml.j2",
            prefix=self.prefix,
            generation=generation,
            here=here,
            routes=[self._route(route) for route in self.plan.routes.values()],
            rungs=dialplan_rungs(),
            refused=self.plan.refused,
            expressions=_EXPRESSIONS,
            parts=[expression(nth_part(number)) for number in range(MAX_PARTS)],
            standings={
                "psap": text_of(Standing(ORDINARY, "psap", "psap", None)),
                "override_ordinary": text_of(Standing(ORDINARY, "override", "override", None)),
                "ordinary": text_of(nothing),
            },
            neutral_stem=neutral_prompt(self.texts.catalogue).stem,
            caller_lists={each["rung"]: each["entries"] for each in self.texts.caller_lists()},
            weeks=self.texts.weeks(),
            flows=self._flows(here) if self.settings.flows else [],
            sounds=self.settings.sounds,
        )

    def entry(self, generation: str, revision: str, code: str) -> tuple[str, str]:
        """What the trunk's context includes, and the contexts whose names never change."""
        view = {
            "prefix": self.prefix,
            "revision": revision,
            "generation": generation,
            "generations": (generation, *self.settings.kept),
            "routes": [self._route(route) for route in self.plan.routes.values()],
            "expressions": _EXPRESSIONS,
            "variables": sorted(
                {*_VARIABLE.findall(code), "PBXCTL_POINTER"} - _SET_ON_ENTRY - _KEPT_ON_ENTRY
            ),
        }
        return self._render("inbound.xml.j2", **view), self._render("entry.xml.j2", **view)

    def entries(self, revision: str) -> tuple[Entry, ...]:
        dates = (
            entry
            for timeline in self.plan.timelines.values()
            for entry in date_entries(self.prefix, revision, timeline, self.texts.stem_of, between=".")
        )
        first, days = self.plan.first_day, self.plan.horizon_days
        return (*dates, horizon_entry(self.prefix, revision, first, days, between="."))

    def _render(self, template: str, **view: Any) -> str:
        text = self.templates.render(template, view)
        refuse_unreadable(template, text)
        return text

    def _route(self, route: RoutePlan) -> dict[str, Any]:
        return {
            "name": route.name,
            "schedule": route.schedule,
            "language": route.language or self.plan.company.languages[0],
            "spellings": sorted({spelling for did in route.dids for spelling in did.spellings}),
            "own_mailboxes": [
                {"spellings": did.spellings, **mailbox_view(did.mailbox)}
                for did in route.dids
                if did.mailbox is not None
            ],
            "modes": [(mode, flow.steps[0].name) for mode, flow in sorted(route.flows.items())],
            "mode_names": sorted(route.flows),
            "otherwise": route.flows[ORDINARY].steps[0].name,
        }

    def _flows(self, here: str) -> list[dict[str, Any]]:
        refused: Flow = self.plan.refused
        return [
            flow_view(f"{here}-{refused.mode}", refused, "blocked callers", self.texts.stem_of_step),
            *(
                flow_view(
                    f"{here}-flow-{flow.mode}-{route.name}",
                    flow,
                    f"route {route.name}",
                    self.texts.stem_of_step,
                    route.dids,
                )
                for route in self.plan.routes.values()
                for flow in route.flows.values()
            ),
        ]


_EXPRESSIONS = {
    name: expression(text)
    for name, text in {
        "psap": PSAP,
        "override": OVERRIDE,
        "day": DAY,
        "standing": STANDING,
        "horizon": HORIZON,
        "pointer": POINTER,
    }.items()
}


def render_freeswitch(plan: Plan, templates: Mapping[str, str], settings: FreeswitchSettings) -> Rendering:
    """Render a plan; the same plan, templates and settings give the same bytes.

    ``templates`` are the texts of ``dialplans/freeswitch/``, by their path below it.

    Raises:
        InputWrong: a value cannot stand in a dialplan, a template is missing or wrong, or a flow
            has a step that FreeSWITCH is not known to carry out.
    """
    if plan.we_rang_s is not None:
        raise InputWrong(
            "callers.we_rang is not supported on FreeSWITCH by this version: "
            "its dialplan cannot take a number's last digits; leave it out"
        )
    if plan.did_in is not None:
        raise InputWrong("pbx.did_in is not supported on FreeSWITCH by this version; leave it out")
    freeswitch = _Freeswitch(plan, settings, Templates(templates, FREESWITCH_FILTERS))
    # As for Asterisk: the name of the code is a digest of the code, in which the name stands.
    generation = digest(freeswitch.generation("0" * 8))[:8]
    code = freeswitch.generation(generation)
    stems = tuple(prompt.stem for prompt in needed_prompts(plan, freeswitch.texts.catalogue))
    dates = [[entry.key, entry.value] for entry in freeswitch.entries("0" * 12)]
    draft = freeswitch.entry(generation, "0" * 12, code)
    revision = digest(json.dumps([generation, draft, dates, stems]))[:12]
    prefix = freeswitch.prefix
    inbound, entry = freeswitch.entry(generation, revision, code)
    return Rendering(
        generation=generation,
        revision=revision,
        files={
            f"{prefix}-inbound.xml": inbound,
            f"{prefix}.xml": entry,
            f"{prefix}-{generation}.xml": code,
        },
        entries=freeswitch.entries(revision),
        pointer=Entry(prefix, "current", f"1|{generation}|{revision}"),
        prompts=stems,
    )
