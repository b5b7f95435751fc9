"""Warnings with a way out: what is allowed in a configuration, and yet hardly what was meant.

A mistake stops everything (``config``); a warning stops nothing. Each is one sentence with its
place and an id that stays, and following what it says silences it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from pbxctl.checks import company, days, hours, numbers, owndates, prompts, routes
from pbxctl.checks.advice import Advice, Findings, Subject
from pbxctl.config import LoadedConfig
from pbxctl.plan.model import Plan

__all__ = ["WARNINGS", "Advice", "find_warnings"]

_CHECKS: dict[str, Callable[[Subject], Findings]] = {
    **company.CHECKS,
    **days.CHECKS,
    **hours.CHECKS,
    **owndates.CHECKS,
    **routes.CHECKS,
    **numbers.CHECKS,
    **prompts.CHECKS,
}

WARNINGS: tuple[str, ...] = tuple(_CHECKS)
"""The ids of all warnings there are."""


def find_warnings(loaded: LoadedConfig, plan: Plan, today: date) -> tuple[Advice, ...]:
    """All that is odd about a configuration on a day, in the order of the file.

    ``plan`` is that configuration worked out from ``today`` on, a local day of the company.
    """
    subject = Subject(loaded, plan, today)
    found = [
        Advice(finding.id, loaded.origins.of(*finding.path), finding.message)
        for check in _CHECKS.values()
        for finding in check(subject)
    ]
    return tuple(sorted(found, key=lambda each: (each.origin.line, each.origin.column, each.id)))
