"""A plan as Asterisk dialplan and database entries."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from pbxctl.decision.facts import LANGUAGE, OVERRIDE, PSAP, RANG
from pbxctl.errors import InputWrong
from pbxctl.plan.flow import Dial, Flow, Template
from pbxctl.plan.model import WE_RANG, Plan, RoutePlan, Standing
from pbxctl.plan.modes import HANDOVERS_AT_ONCE
from pbxctl.prompts.needed import needed_prompts, neutral_prompt
from pbxctl.render.entries import DAY, HORIZON, POINTER, STANDING, date_entries, horizon_entry
from pbxctl.render.own_step import own_step, own_texts
from pbxctl.render.rendering import Entry, Rendering
from pbxctl.render.shared import PlanTexts, dialplan_rungs, digest, prefix_of
from pbxctl.render.templates import Templates
from pbxctl.timeline import ORDINARY

_SET_ON_ENTRY = frozenset({"PBXCTL_CALLED", "PBXCTL_DID", "PBXCTL_MOMENT", "PBXCTL_NOW"})
_KEPT_ON_ENTRY = frozenset({"PBXCTL_HANDED", "PBXCTL_HANDED_AT"})
"""By these, a call that the ordinary dialplan leads back to us is known again."""

_VARIABLE = re.compile(r"\bPBXCTL_[A-Z0-9_]+")

MAX_CONTEXT = 79
MAX_LINE_BYTES = 8_000
"""Asterisk cuts the names of contexts, and leaves out lines of 8 KiB with nothing but a word in its log."""


@dataclass(frozen=True, slots=True)
class AsteriskSettings:
    """Where things lie on that PBX. ``rehearsal`` adds the context whose callers name their moment.

    ``spoken`` are the names of its sounds with the digests of their bytes: others are another revision.
    """

    sounds: str = "/var/lib/asterisk/sounds/pbxctl"
    recordings: str = "/var/spool/asterisk/pbxctl"
    rehearsal: bool = False
    spoken: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class _Asterisk:
    """One rendering under way."""

    plan: Plan
    settings: AsteriskSettings
    templates: Templates
    own: Mapping[str, str]
    texts: PlanTexts = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "texts", PlanTexts(self.plan))

    @property
    def prefix(self) -> str:
        return prefix_of(self.plan)

    def generation(self, generation: str, entrance: str) -> str:
        """The code of one generation, under the name given, for the contexts named by ``entrance``."""
        here = f"{self.prefix}-{generation}"
        return self._render(
            "generation.conf.j2",
            prefix=self.prefix,
            generation=generation,
            here=here,
            entrance=entrance,
            routes=[self._route(route) for route in self.plan.routes.values()],
            rungs=dialplan_rungs(),
            refused=self.plan.refused,
            expressions=_EXPRESSIONS,
            plan=self.plan,
            standings={
                "psap": self.texts.text_of(Standing(ORDINARY, "psap", "psap", None)),
                "override_ordinary": self.texts.text_of(Standing(ORDINARY, "override", "override", None)),
                "we_rang": self.texts.text_of(Standing(ORDINARY, "always_pass", WE_RANG, None)),
            },
            neutral_stem=neutral_prompt(self.texts.catalogue).stem,
            caller_lists=self.texts.caller_lists(),
            weeks=self.texts.weeks(),
            flows=[self._refused(here), *self._flows(here)],
            legs=(legs := list(self._legs(here))),
            confirms=any(step.confirm is not None for leg in legs for step in leg["steps"]),
            sounds=self.settings.sounds,
            recordings=self.settings.recordings,
            handovers=HANDOVERS_AT_ONCE,
            stem_of=self.texts.stem_of_step,
        )

    def entry(self, generation: str, revision: str, code: str, entrance: str) -> str:
        """The file with the contexts whose names never change."""
        return self._render(
            "entry.conf.j2",
            prefix=self.prefix,
            revision=revision,
            entrance=entrance,
            generation_prefix=(here := f"{self.prefix}-{generation}"),
            routes=[
                {**self._route(route), "flow": _flow(here, route, route.flows[ORDINARY])}
                for route in self.plan.routes.values()
            ],
            sounds=self.settings.sounds,
            recordings=self.settings.recordings,
            handovers=HANDOVERS_AT_ONCE,
            stem_of=self.texts.stem_of_step,
            rehearsal=self.settings.rehearsal,
            plan=self.plan,
            expressions=_EXPRESSIONS,
            variables=sorted(set(_VARIABLE.findall(code)) - _SET_ON_ENTRY - _KEPT_ON_ENTRY),
        )

    def entrance(self) -> str:
        """What names the numbers and the routes that they enter by."""
        numbers = {route.name: route.dids for route in self.plan.routes.values()}
        spelled = {name: [did.spellings for did in dids] for name, dids in numbers.items()}
        return digest(json.dumps(spelled))[:8]

    def entries(self, revision: str) -> tuple[Entry, ...]:
        dates = (
            entry
            for timeline in self.plan.timelines.values()
            for entry in date_entries(self.prefix, revision, timeline, self.texts.stem_of)
        )
        return (*dates, horizon_entry(self.prefix, revision, self.plan.first_day, self.plan.horizon_days))

    def _render(self, template: str, **view: Any) -> str:
        text = self.templates.render(template, view)
        _refuse_overlong(template, text)
        return text

    def _route(self, route: RoutePlan) -> dict[str, Any]:
        return {
            "name": route.name,
            "schedule": route.schedule,
            "zone": self.plan.timelines[route.schedule].zone,
            "language": route.language or self.plan.company.languages[0],
            "said": route.language is not None,
            "own_dids": [did for did in route.dids if did.language is not None or did.mailbox is not None],
            "ordinary": route.ordinary,
            "spellings": sorted({spelling for did in route.dids for spelling in did.spellings}),
        }

    def _refused(self, here: str) -> dict[str, Any]:
        flow = self.plan.refused
        return {"context": f"{here}-{flow.mode}", "mode": flow.mode, "steps": flow.steps, "ordinary": None}

    def _flows(self, here: str) -> list[dict[str, Any]]:
        return [
            {**_flow(here, route, flow), "own": self._own(here, route, flow)}
            for route in self.plan.routes.values()
            for flow in route.flows.values()
        ]

    def _own(self, here: str, route: RoutePlan, flow: Flow) -> dict[str, Markup]:
        """The lines of the steps that are a template of the administrator's own."""
        context = f"{here}-flow-{flow.mode}-{route.name}"
        return {
            step.name: own_step(
                step,
                self.own,
                {
                    "exits": {
                        exit_: Markup(f"{context},{target},1")  # noqa: S704 - names of ours, checked
                        for exit_, target in step.exits.items()
                    },
                    "route": route.name,
                    "mode": flow.mode,
                    "prefix": self.prefix,
                    "sounds": self.settings.sounds,
                },
            )
            for step in flow.steps
            if isinstance(step, Template)
        }

    def _legs(self, here: str) -> list[dict[str, Any]]:
        return [
            {
                "context": _leg_context(here, route, flow),
                "route": route.name,
                "steps": steps,
            }
            for route in self.plan.routes.values()
            for flow in route.flows.values()
            if (steps := [step for step in flow.steps if isinstance(step, Dial)])
        ]


_EXPRESSIONS = {
    name: Markup(text)  # noqa: S704 - our own
    for name, text in {
        "language": LANGUAGE,
        "psap": PSAP,
        "rang": RANG,
        "override": OVERRIDE,
        "day": DAY,
        "standing": STANDING,
        "horizon": HORIZON,
        "pointer": POINTER,
    }.items()
}


def render_asterisk(plan: Plan, templates: Mapping[str, str], settings: AsteriskSettings) -> Rendering:
    """Render a plan; the same plan, templates and settings give the same bytes.

    ``templates`` are the texts of ``dialplans/asterisk/``, by their path below it; an
    administrator's own in place of any of them; below ``own/`` those that steps of his modes run.

    Raises:
        InputWrong: a value cannot stand in a dialplan, or a template is missing or wrong.
    """
    own = own_texts(templates)
    ours = {name: text for name, text in templates.items() if name not in own}
    readable = Templates(ours)
    for name in ours:
        readable.compile(name)
    asterisk = _Asterisk(plan, settings, readable, own)
    # The name of the code is a digest of the code, in which the name stands: so it is rendered twice.
    entrance = asterisk.entrance()
    draft = asterisk.generation("0" * 8, entrance)
    generation = digest(draft)[:8]
    code = asterisk.generation(generation, entrance)
    stems = tuple(prompt.stem for prompt in needed_prompts(plan, asterisk.texts.catalogue))
    dates = [[entry.key, entry.value] for entry in asterisk.entries("0" * 12)]
    draft = asterisk.entry(generation, "0" * 12, code, entrance)
    spoken = json.dumps([*settings.spoken] or stems)
    revision = digest(json.dumps([generation, draft, dates, spoken]))[:12]
    prefix = asterisk.prefix
    return Rendering(
        generation=generation,
        revision=revision,
        files={
            f"{prefix}.conf": asterisk.entry(generation, revision, code, entrance),
            f"{prefix}-{generation}.conf": code,
        },
        entries=asterisk.entries(revision),
        pointer=Entry(prefix, "current", f"1|{generation}|{revision}"),
        entrance=entrance,
        prompts=stems,
    )


def _refuse_overlong(template: str, text: str) -> None:
    for line in text.splitlines():
        if line.startswith("[") and len(line) > MAX_CONTEXT + 2:
            raise InputWrong(
                f"{template}: the context {line} is longer than the {MAX_CONTEXT} characters that Asterisk "
                "keeps; shorten the name of the route, the schedule or the mode"
            )
        if len(line.encode()) > MAX_LINE_BYTES:
            raise InputWrong(
                f"{template}: a line of {len(line)} characters is more than Asterisk reads: {line[:60]}…"
            )


def _flow(here: str, route: RoutePlan, flow: Flow) -> dict[str, Any]:
    return {
        "context": f"{here}-flow-{flow.mode}-{route.name}",
        "mode": flow.mode,
        "steps": flow.steps,
        "ordinary": route.ordinary,
        "own_mailboxes": any(did.mailbox is not None for did in route.dids),
        "group": f"{flow.mode}-{route.name}",
        "leg": _leg_context(here, route, flow),
    }


def _leg_context(here: str, route: RoutePlan, flow: Flow) -> str:
    return f"{here}-leg-{flow.mode}-{route.name}"
