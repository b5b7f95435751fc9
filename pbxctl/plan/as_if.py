"""A configuration as if its closed day had begun on another date; for looking back, never for a PBX."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from pbxctl.config import ClosedDay, LoadedConfig, Schedule


def closed_since(loaded: LoadedConfig, since: date) -> LoadedConfig:
    """The same configuration, the closed day of each schedule in force from ``since`` on.

    Of several changes it is the last that names a weekday. What came before it counts up to ``since``
    as it was, what ends it later still does.
    """
    schedules = {name: _since(schedule, since) for name, schedule in loaded.config.schedules.items()}
    return replace(loaded, config=loaded.config.model_copy(update={"schedules": schedules}))


def _since(schedule: Schedule, since: date) -> Schedule:
    written = schedule.closed_day
    if written is None:
        return schedule
    if isinstance(written, ClosedDay):
        return schedule.model_copy(update={"closed_day": _moved(written, since)})
    # Every entry keeps its place, since its place is the name of its rule; of equal dates the last counts.
    last = max((index for index, each in enumerate(written) if each.weekday is not None), default=0)
    moved = tuple(
        _moved(
            each,
            since if index == last else min(each.since, since) if index < last else max(each.since, since),
        )
        for index, each in enumerate(written)
    )
    return schedule.model_copy(update={"closed_day": moved})


def _moved(day: ClosedDay, since: date) -> ClosedDay:
    return day.model_copy(update={"since": since})
