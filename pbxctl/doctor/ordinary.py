"""Whether a route's ordinary context is there, knows the DIDs, and does not lead back to us."""

from __future__ import annotations

from pbxctl.dialplan.asterisk import Dialplan, answer
from pbxctl.dialplan.asterisk.jumps import Place, places_reached
from pbxctl.doctor.entries import as_planned, is_freepbx, is_ours
from pbxctl.doctor.facts import Subject
from pbxctl.doctor.finding import Finding, Findings
from pbxctl.plan.model import RoutePlan

FREEPBX_ALONE = ("ext-did", "ext-did-0001", "ext-did-0002", "ext-did-catchall")


def ordinary(subject: Subject) -> Findings:
    """For each route; one context may serve several."""
    dialplan = subject.facts.dialplan
    if dialplan is None:
        return
    if is_freepbx(subject):
        yield Finding("freepbx", "FreePBX wrote this dialplan: only its custom files are to be edited")
    for route in subject.plan.routes.values():
        if route.ordinary in dialplan.contexts:
            yield from _leads_back(subject, dialplan, route)
            yield from _without_number(dialplan, route)
            if is_freepbx(subject) and route.ordinary in FREEPBX_ALONE:
                yield Finding(
                    "ordinary-ext-did",
                    f"route {route.name}: [{route.ordinary}] refuses numbers that have no route of their "
                    "own in FreePBX, and may pass over routes by caller",
                    f"ordinary: {route.ordinary}",
                    "extensions_custom.conf, and its name as the route's ordinary:\n[pbx-ordinary]\n"
                    "include => ext-did\ninclude => ext-did-post-custom\ninclude => from-did-direct\n"
                    "include => ext-did-catchall",
                )
        else:
            yield Finding(
                "ordinary-missing",
                f"route {route.name}: there is no context [{route.ordinary}], so on ordinary days callers "
                "hear that nobody can answer",
                f"dialplan show {route.ordinary}",
                f"write [{route.ordinary}] into extensions.conf, with what the PBX did so far, or name "
                f"another context as routes.{route.name}.ordinary",
            )


def _leads_back(subject: Subject, dialplan: Dialplan, route: RoutePlan) -> Findings:
    planned = as_planned(subject, dialplan)
    for did in route.dids:
        for spelling in did.spellings:
            for place, found, way in places_reached(planned, Place(route.ordinary, spelling)):
                if is_ours(subject, found.context):
                    steps = " -> ".join(f"[{each.context}] {each.number}" for each in way)
                    into = " -> ".join(f"[{name}]" for name in found.path)
                    yield Finding(
                        "ordinary-leads-back",
                        f"route {route.name}: [{route.ordinary}] leads {spelling} back to pbxctl, round and "
                        "round",
                        f"{steps}: {into}",
                        _out(subject, place.context),
                    )
                    return


def _out(subject: Subject, context: str) -> str:
    if is_freepbx(subject):
        return (
            "extensions_custom.conf, and its name as the route's ordinary (never from-pstn or from-trunk):\n"
            "[pbx-ordinary]\ninclude => ext-did\ninclude => ext-did-post-custom\ninclude => from-did-direct\n"
            "include => ext-did-catchall"
        )
    return (
        f"name a context as ordinary that does not include {subject.inbound} and goes to none that does; "
        f"look at: dialplan show {context}"
    )


def _without_number(dialplan: Dialplan, route: RoutePlan) -> Findings:
    known = {
        spelling
        for did in route.dids
        for spelling in did.spellings
        if answer(dialplan, spelling, route.ordinary)
    }
    lost = [did.number for did in route.dids if not known & set(did.spellings)]
    if lost:
        yield Finding(
            "ordinary-without-number",
            f"route {route.name}: [{route.ordinary}] answers none of the spellings of {', '.join(lost)}, so "
            "on ordinary days callers hear that nobody can answer",
            f"dialplan show {lost[0]}@{route.ordinary}",
            f"extensions.conf, [{route.ordinary}]: an extension for the number as the trunk spells it",
        )
