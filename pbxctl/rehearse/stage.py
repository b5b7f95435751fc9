"""What stands around the rendered dialplan on a private PBX: its trunk, phones, way out and mailboxes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumberFormat

from pbxctl.numbers import is_canonical
from pbxctl.plan.flow import Dial, Voicemail
from pbxctl.plan.model import Plan
from pbxctl.render.rendering import Rendering
from pbxctl.render.shared import prefix_of

# No configuration may name a context like this, so it is none of the company's.
TRUNK_CONTEXT = "pbxctl-stage-trunk"
PHONE = "201"
RING_S = 30


def stage_files(plan: Plan, rendering: Rendering) -> Mapping[str, str]:
    """The configuration files of a private PBX on which this rendering plays.

    The company's own dialplan is not at hand here: each ordinary context is stood in for by one
    that rings a desk phone, and the outbound context by one that calls out over the trunk, if the
    number is spelled as people of that country dial it. A context may be both.
    Where the trunk sends every call to one extension, the ordinary contexts have that as well.
    """
    return {
        "extensions.conf": _extensions(plan, rendering),
        "voicemail.conf": _voicemail(plan),
        **rendering.files,
    }


def _extensions(plan: Plan, rendering: Rendering) -> str:
    prefix = prefix_of(plan)
    did_in = plan.did_in
    ordinary = sorted(
        {route.ordinary for route in plan.routes.values()} | ({did_in.ordinary} if did_in else set())
    )
    lines = ["[general]", "", f"[{TRUNK_CONTEXT}]", f"include => {prefix}-inbound"]
    lines += [f"include => {context}" for context in ordinary]
    lines += [f"include => {prefix}-unlisted", ""]
    for context in sorted({*ordinary, *(dial.context for dial in _dials(plan))}):
        lines.append(f"[{context}]")
        if did_in is not None and context in ordinary:
            lines.append(f"exten => {did_in.extension},1,Dial(PJSIP/{PHONE},{RING_S})")
        for route in plan.routes.values():
            if route.ordinary == context:
                for did in route.dids:
                    lines += [f"exten => {way},1,Dial(PJSIP/{PHONE},{RING_S})" for way in did.spellings]
        ways = {way for dial in _dials(plan) if dial.context == context for way in _taken(dial, plan)}
        lines += [f"exten => {way},1,Dial(PJSIP/${{EXTEN}}@trunk)" for way in sorted(ways)]
        lines.append("")
    lines += [f"#include {name}" for name in sorted(rendering.files)]
    return "\n".join(lines) + "\n"


def _taken(dial: Dial, plan: Plan) -> set[str]:
    """The spellings of the service's number that an outbound context of the company's country takes."""
    return accepted_ways(next(way for way in dial.numbers if is_canonical(way)), plan.company.country)


def accepted_ways(number: str, country: str) -> set[str]:
    """How ``number`` (canonical) is dialled in ``country``, through an outbound context as strict as any.

    Not what pbxctl dials, but how phonenumbers formats it, so that the one is held against the
    other: a number of the country itself in its national form, a foreign one with the
    international prefix or ``+``.
    """
    if not number.startswith("+"):
        return {number}
    parsed = phonenumbers.parse(number)
    written = {phonenumbers.format_out_of_country_calling_number(parsed, country)}
    if parsed.country_code == phonenumbers.country_code_for_region(country):
        metadata = PhoneMetadata.metadata_for_region(country)
        prefix = (metadata.national_prefix if metadata is not None else None) or ""
        written.add(phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL))
        written.add(prefix + phonenumbers.national_significant_number(parsed))
    else:
        written.add(number)
    return {re.sub(r"[^+0-9]", "", each) for each in written}


def _dials(plan: Plan) -> Iterator[Dial]:
    for route in plan.routes.values():
        for flow in route.flows.values():
            yield from (step for step in flow.steps if isinstance(step, Dial))


def _mailboxes(plan: Plan) -> Iterator[str]:
    for route in plan.routes.values():
        yield from (did.mailbox for did in route.dids if did.mailbox is not None)
        for flow in route.flows.values():
            yield from (step.mailbox for step in flow.steps if isinstance(step, Voicemail))


def _voicemail(plan: Plan) -> str:
    contexts: dict[str, set[str]] = {}
    for mailbox in _mailboxes(plan):
        box, _, context = mailbox.partition("@")
        contexts.setdefault(context, set()).add(box)
    lines = ["[general]", "format=wav", "mailcmd=/bin/true", ""]
    for context in sorted(contexts):
        lines += [f"[{context}]", *(f"{box} => 0000,rehearsal" for box in sorted(contexts[context])), ""]
    return "\n".join(lines) + "\n"
