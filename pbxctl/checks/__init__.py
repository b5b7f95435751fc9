"""Warnings with a way out: what is allowed in a configuration, and yet hardly what was meant.

A mistake stops everything (``config``); a warning stops nothing. Each is one sentence with its
place and an id that stays, and following what it says silences it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from pbxctl.checks import calendars as read_calendars
from pbxctl.checks import company, days, forwards, hours, modes, numbers, owndates, prompts, routes
from pbxctl.checks.advice import Advice, Findings, Subject
from pbxctl.config import LoadedConfig
from pbxctl.plan.model import Plan
from pbxctl.timeline.calendars import ReadCalendar

__all__ = ["WARNINGS", "Advice", "find_warnings"]

_CHECKS: dict[str, Callable[[Subject], Findings]] = {
    **company.CHECKS,
    **days.CHECKS,
    **hours.CHECKS,
    **owndates.CHECKS,
    **read_calendars.CHECKS,
    **modes.CHECKS,
    **routes.CHECKS,
    **forwards.CHECKS,
    **numbers.CHECKS,
    **prompts.CHECKS,
}

WARNINGS: tuple[str, ...] = tuple(_CHECKS)
"""The ids of all warnings there are."""


def find_warnings(
    loaded: LoadedConfig,
    plan: Plan,
    today: date,
    calendars: Mapping[str, Sequence[ReadCalendar]] = MappingProxyType({}),
    among: Iterable[str] = WARNINGS,
) -> tuple[Advice, ...]:
    """All that is odd about a configuration on a day, in the order of the file.

    ``plan`` is that configuration worked out from ``today`` on, a local day of the company, and with
    ``calendars``; ``among`` are the ids that are looked for.
    """
    subject = Subject(loaded, plan, today, calendars)
    found = [
        Advice(finding.id, loaded.origins.of(*finding.path), finding.message)
        for name in among
        for finding in _CHECKS[name](subject)
    ]
    return tuple(sorted(found, key=lambda each: (each.origin.line, each.origin.column, each.id)))
