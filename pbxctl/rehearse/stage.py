"""What stands around the rendered dialplan on a private PBX: its trunk, phones, way out and mailboxes."""

from __future__ import annotations

from collections.abc import Mapping

from pbxctl.plan.flow import Dial, Voicemail
from pbxctl.plan.model import Plan
from pbxctl.render.rendering import Rendering
from pbxctl.render.shared import prefix_of

TRUNK_CONTEXT = "from-trunk"
PHONE = "201"
RING_S = 30


def stage_files(plan: Plan, rendering: Rendering) -> Mapping[str, str]:
    """The configuration files of a private PBX on which this rendering plays.

    The company's own dialplan is not at hand here: each ordinary context is stood in for by one
    that rings a desk phone, and the outbound context by one that calls out over the trunk.
    """
    return {
        "extensions.conf": _extensions(plan, rendering),
        "voicemail.conf": _voicemail(plan),
        **rendering.files,
    }


def _extensions(plan: Plan, rendering: Rendering) -> str:
    prefix = prefix_of(plan)
    ordinary = sorted({route.ordinary for route in plan.routes.values()})
    lines = ["[general]", "", f"[{TRUNK_CONTEXT}]", f"include => {prefix}-inbound"]
    lines += [f"include => {context}" for context in ordinary]
    lines += [f"include => {prefix}-unlisted", ""]
    for context in ordinary:
        lines.append(f"[{context}]")
        for route in plan.routes.values():
            if route.ordinary == context:
                for did in route.dids:
                    lines += [f"exten => {way},1,Dial(PJSIP/{PHONE},{RING_S})" for way in did.spellings]
        lines.append("")
    for context in sorted(_outbound(plan) - set(ordinary)):
        lines += [f"[{context}]"]
        lines += [f"exten => {pattern},1,Dial(PJSIP/${{EXTEN}}@trunk)" for pattern in ("_X.", "_+X.")]
        lines.append("")
    lines += [f"#include {name}" for name in sorted(rendering.files)]
    return "\n".join(lines) + "\n"


def _outbound(plan: Plan) -> set[str]:
    return {
        step.context
        for route in plan.routes.values()
        for flow in route.flows.values()
        for step in flow.steps
        if isinstance(step, Dial)
    }


def _voicemail(plan: Plan) -> str:
    contexts: dict[str, set[str]] = {}
    for route in plan.routes.values():
        for flow in route.flows.values():
            for step in flow.steps:
                if isinstance(step, Voicemail):
                    box, _, context = step.mailbox.partition("@")
                    contexts.setdefault(context, set()).add(box)
    lines = ["[general]", "format=wav", "mailcmd=/bin/true", ""]
    for context in sorted(contexts):
        lines += [f"[{context}]", *(f"{box} => 0000,rehearsal" for box in sorted(contexts[context])), ""]
    return "\n".join(lines) + "\n"
