"""Moments of calls, crowded on the edges where a second decides."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from pbxctl.plan.model import Plan, TimelinePlan
from pbxctl.timeline import Rung
from pbxctl.timeline.instants import instant

from .places import clock_changes

NEVER_BEFORE = int(datetime(2000, 1, 1, tzinfo=UTC).timestamp())


def random_moment(random: Random, plan: Plan, route: str) -> int:
    """The epoch second of a call to ``route``."""
    timeline = plan.timelines[plan.routes[route].schedule]
    zone = ZoneInfo(timeline.zone)
    kind = random.choices(
        ["window", "change", "weekly", "midnight", "since", "horizon", "leap", "holiday", "event", "any"],
        [30, 20, 15, 8, 6, 8, 3, 8, 6, 10],
    )[0]
    second = random.choice([-1, -1, 0, 0, 1])
    last_day = plan.first_day + timedelta(days=plan.horizon_days)
    match kind:
        case "window":
            window = random.choice(timeline.windows)
            return random.choice([window.start, window.end]) + second
        case "change":
            return _near_change(random, timeline.zone, plan.first_day)
        case "weekly":
            return _weekly_edge(random, timeline, zone, plan.first_day) + second
        case "midnight":
            day = plan.first_day + timedelta(days=random.randint(-3, plan.horizon_days + 3))
            return instant(datetime.combine(day, time()), zone) + second
        case "since":
            since = random.choice([table.since for table in timeline.weekly])
            day = (since or plan.first_day) + timedelta(days=random.choice([-7, -1, 0, 1, 7]))
            return max(NEVER_BEFORE, instant(datetime.combine(day, time()), zone) + second)
        case "horizon":
            day = random.choice([plan.first_day, last_day])
            return instant(datetime.combine(day, time()), zone) + random.choice([second, second * 86_400])
        case "leap":
            hour = random.choice([time(), time(8, 30), time(12), time(23, 59, 59)])
            day = date(2028, 2, 29) + timedelta(days=random.choice([-1, 0, 1]))
            return instant(datetime.combine(day, hour), zone) + second
        case "holiday" if timeline.holidays:
            day = random.choice(sorted(timeline.holidays))
            hour = random.choice([time(), time(12), time(23, 59, 59)])
            return instant(datetime.combine(day, hour), zone)
        case "event" if events := [w for w in timeline.windows if w.verdict.rung == Rung.CALENDAR]:
            window = random.choice(events)
            return random.choice([window.start, window.end]) + second
    begin = int(datetime.combine(plan.first_day, time(), UTC).timestamp())
    return begin + random.randint(-30 * 86_400, (plan.horizon_days + 900) * 86_400)


def change_moments(change: int) -> tuple[int, ...]:
    """Seconds round a change of the clocks: both sides of it, and the hours that come twice or never."""
    around = (-86_400, -7200, -5400, -3600, -1800, 0, 1800, 3600, 5400, 7200, 86_400)
    return tuple(change + offset + second for offset in around for second in (-1, 0, 1))


def _near_change(random: Random, zone: str, first_day: date) -> int:
    begin = datetime.combine(first_day, time(), UTC).timestamp() - 30 * 86_400
    changes = [at for at in clock_changes(zone) if at >= begin][:4] or [int(begin)]
    return random.choice(change_moments(random.choice(changes)))


def _weekly_edge(random: Random, timeline: TimelinePlan, zone: ZoneInfo, first_day: date) -> int:
    """An edge of the weekly table, within the horizon or years beyond it."""
    day = first_day + timedelta(days=random.choice([-8, 3, 60, 500, 1500, 3000]) + random.randint(0, 6))
    parts = random.choice(timeline.weekly).days[day.weekday()]
    start = datetime.combine(day, time()) + timedelta(seconds=random.choice(parts).start)
    return instant(start, zone)
