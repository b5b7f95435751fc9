"""The closed day and public holidays: days that were meant otherwise, and days that come together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from pbxctl.checks.advice import Finding, Findings, Subject
from pbxctl.config.problems import KeyPath, format_path, quoted
from pbxctl.names import WEEKDAYS
from pbxctl.plan.model import Plan, TimelinePlan
from pbxctl.timeline import ORDINARY, WHOLE_DAYS, Rung, Window
from pbxctl.timeline.holidays import public_holidays

YEAR: Final = timedelta(days=366)
LONG_AGO: Final = timedelta(days=3653)
WHOLE_DAY_S: Final = 22 * 3600  # a day on which clocks are put forward is shorter than others


@dataclass(frozen=True, slots=True)
class _Change:
    """One change of a schedule's closed day; ``count`` is how many it has."""

    schedule: str
    path: KeyPath
    weekday: int
    since: date
    index: int
    count: int


def _changes(subject: Subject) -> Iterator[_Change]:
    """The changes of closed days that close one."""
    for name, schedule in subject.config.schedules.items():
        for index, (path, each) in enumerate(schedule.closed_days):
            if each.weekday is not None:
                where = ("schedules", name, *path)
                yield _Change(name, where, each.weekday, each.since, index, len(schedule.closed_days))


def _no_closed_day(subject: Subject) -> Findings:
    if not any(True for _ in _changes(subject)):
        name = next(iter(subject.config.schedules))
        since = _next(subject.today + timedelta(days=7), 3)
        yield Finding(
            "no-closed-day",
            ("schedules", name),
            "no schedule has a closed day, which is what pbxctl is for; "
            f"add closed_day: {{weekday: wednesday, since: {since}, mode: voicemail}}",
        )


def _in_a_row(subject: Subject) -> Findings:
    for name, timeline in subject.plan.timelines.items():
        changes = {format_path(each.path): each for each in _changes(subject) if each.schedule == name}
        zone = ZoneInfo(timeline.zone)
        # A holiday on a Sunday on which nobody works costs no caller anything.
        written = subject.config.schedules[name].hours
        hours = written.spans if written is not None else (((0, 1),),) * 7
        for stretch in _silences(timeline.windows):
            closed = [window for window in stretch if window.verdict.rung is Rung.CLOSED_DAY]
            others = [w for w in stretch if _is_day_off(w) and hours[_day(w, zone).weekday()]]
            if not closed or not others or not hours[_day(closed[0], zone).weekday()]:
                continue
            weekday = WEEKDAYS[_day(closed[0], zone).weekday()]
            own, other = _day(closed[0], zone), _day(others[0], zone)
            yield Finding(
                "closed-days-in-a-row",
                changes[closed[0].verdict.rule].path,
                f"{weekday} {own} and {_title(subject.plan, timeline, others[0], other)} on "
                f"{WEEKDAYS[other.isoweekday() - 1]} {other} come together: nobody answers from "
                f"{_moment(stretch[0].start, zone)} to {_moment(stretch[-1].end, zone)}; to answer on the "
                f"{weekday}, add to dates: {{on: {own}, ordinary_day: true}}",
            )


def _silences(windows: Sequence[Window]) -> Iterator[list[Window]]:
    """Windows that follow each other without an ordinary one between them."""
    silence: list[Window] = []
    for window in windows:
        if window.verdict.mode != ORDINARY:
            silence.append(window)
        elif silence:
            yield silence
            silence = []
    if silence:
        yield silence


def _is_day_off(window: Window) -> bool:
    of_a_day = window.verdict.rung in WHOLE_DAYS and window.verdict.rung is not Rung.CLOSED_DAY
    return of_a_day and window.end - window.start >= WHOLE_DAY_S


def _title(plan: Plan, timeline: TimelinePlan, window: Window, day: date) -> str:
    if window.verdict.rung is Rung.HOLIDAY:
        return quoted(timeline.holidays.get(day, "public holiday"))
    event = plan.rules.get(f"{window.verdict.rule}.{day:%Y%m%d}")
    if event is not None:
        return f"the {event.label}"
    return window.verdict.rule


def _far_off(subject: Subject) -> Findings:
    for day in _changes(subject):
        if day.index == 0 and day.since > subject.today + YEAR:
            yield Finding(
                "closed-day-far-off",
                (*day.path, "since"),
                f"{day.since} is more than a year ahead, and until then nothing changes; "
                f"check the year, such as {_next(subject.today + timedelta(days=7), day.weekday)}",
            )


def _long_ago(subject: Subject) -> Findings:
    for day in _changes(subject):
        # Of several changes, the earlier ones are history.
        if day.count == 1 and day.since < subject.today - LONG_AGO:
            yield Finding(
                "closed-day-long-ago",
                (*day.path, "since"),
                f"{day.since} lies more than ten years back; check the year: write the first closed day, "
                f"such as {_next(subject.today + timedelta(days=7), day.weekday)}",
            )


def _not_that_weekday(subject: Subject) -> Findings:
    for day in _changes(subject):
        if day.since.isoweekday() != day.weekday:
            yield Finding(
                "closed-day-since-other-weekday",
                (*day.path, "since"),
                f"{day.since} is a {WEEKDAYS[day.since.isoweekday() - 1]}, so the first closed day is "
                f"{WEEKDAYS[day.weekday - 1]} {_next(day.since, day.weekday)}; write that date",
            )


def _no_hours_then(subject: Subject) -> Findings:
    for day in _changes(subject):
        hours = subject.config.schedules[day.schedule].hours
        if hours is not None and any(hours.spans) and not hours.spans[day.weekday - 1]:
            weekday = WEEKDAYS[day.weekday - 1]
            yield Finding(
                "closed-day-has-no-hours",
                (*day.path, "weekday"),
                f"nobody answers on a {weekday} anyway, as the hours have none; choose another weekday, or "
                f"give {weekday} its hours",
            )


def _without_effect(subject: Subject) -> Findings:
    for name, schedule in subject.config.schedules.items():
        rules: list[tuple[KeyPath, str]] = [
            (path, each.mode) for path, each in schedule.closed_days if each.weekday is not None
        ]
        if schedule.holidays is not None:
            rules.append((("holidays",), schedule.holidays.mode))
        for path, mode in rules:
            if mode == ORDINARY:
                yield Finding(
                    "rule-without-effect",
                    ("schedules", name, *path, "mode"),
                    "ordinary means that phones ring as always; write voicemail, or leave the rule out",
                )


def _no_holidays(subject: Subject) -> Findings:
    country = subject.config.company.country
    last = subject.plan.first_day + timedelta(days=subject.plan.horizon_days)
    try:
        known = public_holidays(country, last.year)
    except ValueError:
        known = ()
    if not known:
        return  # nothing could be written that would help
    for name, schedule in subject.config.schedules.items():
        if schedule.holidays is None and (schedule.closed_day or schedule.hours):
            yield Finding(
                "no-holidays",
                ("schedules", name, "holidays"),
                "is left out, so phones ring on public holidays; "
                f"add holidays: {{regions: [{country}], mode: voicemail}}",
            )


def _other_country(subject: Subject) -> Findings:
    country = subject.config.company.country
    for name, schedule in subject.config.schedules.items():
        regions = schedule.holidays.regions if schedule.holidays else ()
        if regions and not any(region.partition("-")[0] == country for region in regions):
            yield Finding(
                "holidays-of-another-country",
                ("schedules", name, "holidays", "regions"),
                f"names no holidays of {country}, where the company is; add {country}",
            )


def _without_part(subject: Subject) -> Findings:
    for name, schedule in subject.config.schedules.items():
        regions = schedule.holidays.regions if schedule.holidays else ()
        for index, region in enumerate(regions):
            part = _part_with_more(region, subject.today.year)
            if part and not any(other.startswith(f"{region}-") for other in regions):
                yield Finding(
                    "holidays-without-part",
                    ("schedules", name, "holidays", "regions", index),
                    f"{region} has only the days that all of the country has, and each part of it has more; "
                    f"write the part where the company is, such as {part}",
                )


@cache
def _part_with_more(region: str, year: int) -> str:
    """A part of a country, if each part of it has more public holidays than the whole; else nothing."""
    import holidays  # half a second to load: only for those who ask

    parts: Sequence[str] = holidays.list_supported_countries(include_aliases=False).get(region, ())
    whole = {day for day, _ in public_holidays(region, year)}
    richer = [part for part in parts if {d for d, _ in public_holidays(f"{region}-{part}", year)} - whole]
    return f"{region}-{richer[0]}" if parts and len(richer) == len(parts) else ""


def _holidays_end(subject: Subject) -> Findings:
    first = subject.plan.first_day
    last = first + timedelta(days=subject.plan.horizon_days)
    for name, schedule in subject.config.schedules.items():
        for index, region in enumerate(schedule.holidays.regions if schedule.holidays else ()):
            unknown = [year for year in range(first.year, last.year + 1) if not public_holidays(region, year)]
            if unknown:
                yield Finding(
                    "holidays-end",
                    ("schedules", name, "holidays", "regions", index),
                    f"no public holidays of {region} are known for {unknown[0]}, which lies within the "
                    f"{subject.plan.horizon_days} days ahead; update the holidays package, or leave "
                    f"{region} out and write its days as dates",
                )


def _next(day: date, weekday: int) -> date:
    """The first such weekday on or after a day."""
    return day + timedelta(days=(weekday - day.isoweekday()) % 7)


def _day(window: Window, zone: ZoneInfo) -> date:
    return datetime.fromtimestamp(window.start, zone).date()


def _moment(epoch: int, zone: ZoneInfo) -> str:
    return f"{datetime.fromtimestamp(epoch, zone):%a %Y-%m-%d %H:%M}"


CHECKS: Final = {
    "no-closed-day": _no_closed_day,
    "closed-days-in-a-row": _in_a_row,
    "closed-day-far-off": _far_off,
    "closed-day-long-ago": _long_ago,
    "closed-day-since-other-weekday": _not_that_weekday,
    "closed-day-has-no-hours": _no_hours_then,
    "rule-without-effect": _without_effect,
    "no-holidays": _no_holidays,
    "holidays-of-another-country": _other_country,
    "holidays-without-part": _without_part,
    "holidays-end": _holidays_end,
}
