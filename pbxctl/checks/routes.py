"""Routes and what they lead to: schedules nobody uses, routes nobody reaches."""

from __future__ import annotations

from typing import Final

from pbxctl.checks.advice import Finding, Findings, Subject
from pbxctl.config.checks import modes_of
from pbxctl.config.problems import listed
from pbxctl.timeline import ORDINARY


def _unused_schedule(subject: Subject) -> Findings:
    used = {route.schedule for route in subject.config.routes.values()}
    for name in subject.config.schedules:
        if name not in used:
            yield Finding(
                "schedule-unused",
                ("schedules", name),
                f"no route uses it, so it changes nothing; write schedule: {name} in a route, or delete it",
            )


def _unreachable(subject: Subject) -> Findings:
    for name, route in subject.config.routes.items():
        if all(not did.startswith("+") for did in route.dids):
            yield Finding(
                "route-unreachable",
                ("routes", name, "dids"),
                f"holds internal numbers only ({listed(route.dids)}), which nobody outside can dial; "
                "write the full number that callers dial",
            )


def _never_closes(subject: Subject) -> Findings:
    for name, route in subject.config.routes.items():
        modes = {mode for _, mode in modes_of(route.schedule, subject.config.schedules[route.schedule])}
        if not modes - {ORDINARY}:
            yield Finding(
                "route-never-closes",
                ("routes", name, "schedule"),
                f"{route.schedule} has no rule that closes it, so phones always ring; "
                f"give it a closed_day, or name another schedule",
            )


def _never_answers(subject: Subject) -> Findings:
    for name, route in subject.config.routes.items():
        hours = subject.config.schedules[route.schedule].hours
        windows = subject.plan.timelines[route.schedule].windows
        # Where the hours never open, that is what has to be said.
        if (hours is None or any(hours.spans)) and all(w.verdict.mode != ORDINARY for w in windows):
            yield Finding(
                "route-never-answers",
                ("routes", name, "schedule"),
                f"nobody answers in the {subject.plan.horizon_days} days ahead; shorten the dates "
                f"of {route.schedule}, or name another schedule",
            )


def _needless_language(subject: Subject) -> Findings:
    first, *others = subject.config.company.languages
    for name, route in subject.config.routes.items():
        # Where there are others, it keeps callers from abroad from hearing their own.
        if route.language == first and not others:
            yield Finding(
                "route-language-needless",
                ("routes", name, "language"),
                f"{first} is the only one of company.languages; delete the line, or add another there",
            )


CHECKS: Final = {
    "schedule-unused": _unused_schedule,
    "route-unreachable": _unreachable,
    "route-never-closes": _never_closes,
    "route-never-answers": _never_answers,
    "route-language-needless": _needless_language,
}
