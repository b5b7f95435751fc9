"""Calendars that others write: those that cannot be had, that end, and events that wait for a person."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from pbxctl.checks.advice import Advice, Finding, Findings, Subject
from pbxctl.config import CalendarSource, Config, LoadedConfig
from pbxctl.config.problems import KeyPath, quoted
from pbxctl.plan.build import zone_of
from pbxctl.plan.calendars import held_events
from pbxctl.timeline.calendars import Occurrence, ReadCalendar
from pbxctl.timeline.held import Held, merged, spans
from pbxctl.timeline.instants import day_start, instant, local


@dataclass(frozen=True, slots=True)
class _Look:
    """What these checks look at: the calendars that were read for so many days from the first one on."""

    config: Config
    first_day: date
    horizon_days: int
    today: date
    calendars: Mapping[str, Sequence[ReadCalendar]]

    @property
    def beyond(self) -> date:
        """The day after the last one."""
        return self.first_day + timedelta(days=self.horizon_days)


def _all(look: _Look) -> Iterator[tuple[KeyPath, ZoneInfo, ReadCalendar]]:
    """Each calendar that was read; none where nobody has read them."""
    for name, schedule in look.config.schedules.items():
        zone = ZoneInfo(zone_of(look.config, schedule))
        for index, read in enumerate(look.calendars.get(name, ())):
            yield ("schedules", name, "calendars", index), zone, read


def _missing(look: _Look) -> Findings:
    for path, _, read in _all(look):
        if read.unread and read.copied is None:
            yield Finding(
                "calendar-missing",
                path,
                f"{read.shown}: {read.unread}, and there is no copy of it, so it closes nothing; "
                "mend the path or address, or take it out",
            )


def _copied(look: _Look) -> Findings:
    for path, _, read in _all(look):
        if read.unread and read.copied is not None:
            days = (look.today - read.copied).days
            since = f" of {read.copied}, {days} days ago," if days > 1 else ""
            yield Finding(
                "calendar-copy",
                path,
                f"{read.shown}: {read.unread}, so its last good copy{since} counts; "
                "mend the path or address, or take it out",
            )


def _over(look: _Look) -> Findings:
    for path, zone, read in _all(look):
        today = day_start(look.today, zone)
        if not (read.unread and read.copied is None) and not any(
            each.end > today for each in read.occurrences
        ):
            yield Finding(
                "calendar-over",
                path,
                f"{read.shown} holds no event from {look.today} on, so it closes nothing any more; "
                "write the days to come into it, or take it out",
            )


def _ends(look: _Look) -> Findings:
    for path, zone, read in _all(look):
        last = max((each.end for each in read.occurrences), default=0)
        if day_start(look.today, zone) < last <= day_start(look.beyond, zone):
            day = local(last - 1, zone).date()
            yield Finding(
                "calendar-ends",
                path,
                f"{read.shown} closes nothing after {day}, within the {look.horizon_days} days ahead; "
                "write the days after it into the calendar",
            )


def _held(look: _Look) -> Findings:
    for name, schedule in look.config.schedules.items():
        zone = ZoneInfo(zone_of(look.config, schedule))
        calendars = look.calendars.get(name, ())
        begins, ends = day_start(look.first_day, zone), day_start(look.beyond, zone)
        own = merged((instant(rule.start, zone), instant(rule.end, zone)) for rule in schedule.dates)
        events = [each.occurrences for each in calendars]
        for index, held in held_events(schedule, zone.key, events):
            # What a date of the administrator's own covers is decided, whatever the calendar says.
            waiting = [
                each
                for each in held.events
                if each.end > begins
                and each.start < ends
                and not any(start <= each.start and each.end <= end for start, end in own)
            ]
            if waiting:
                source = schedule.calendars[index]
                allow = f"write max_days: {held.max_days} here, or " if held.max_days else ""
                yield Finding(
                    "calendar-held",
                    ("schedules", name, "calendars", index),
                    f"{calendars[index].shown} would close {_told(waiting, zone)}: "
                    f"{_too_much(held, source)}, so none of that closes until you say so; {allow}"
                    f"write in dates {_as_date(waiting, source.mode, zone)}",
                )


def _too_much(held: Held, source: CalendarSource) -> str:
    if held.times_a_day:
        return f"more than {held.times_a_day} times on one day"
    return f"more than {source.max_days} of {2 * source.max_days} days"


def _told(events: list[Occurrence], zone: ZoneInfo) -> str:
    """``"Summer" from 2027-07-24 to 2027-08-15``, however many events there are."""
    titles = list(dict.fromkeys(each.title for each in events))
    others = f" and {len(titles) - 1} other events" if len(titles) > 1 else ""
    closed = merged(spans(events))
    times = f", {len(closed)} times" if len(closed) > 1 else ""
    first, last = local(closed[0][0], zone).date(), local(closed[-1][1] - 1, zone).date()
    return f"{quoted(titles[0])}{others} from {first} to {last}{times}"


def _as_date(events: list[Occurrence], mode: str, zone: ZoneInfo) -> str:
    """The first time of them as an administrator would write it."""
    start, end = merged(spans(events))[0]
    begins, ends = local(start, zone), local(end, zone)
    if (begins.hour, begins.minute, ends.hour, ends.minute) == (0, 0, 0, 0):
        return f"{{from: {begins:%Y-%m-%d}, to: {ends - timedelta(days=1):%Y-%m-%d}, mode: {mode}}}"
    return f'{{from: "{begins:%Y-%m-%d %H:%M}", to: "{ends:%Y-%m-%d %H:%M}", mode: {mode}}}'


_CHECKS: Final[Mapping[str, Callable[[_Look], Findings]]] = {
    "calendar-missing": _missing,
    "calendar-copy": _copied,
    "calendar-held": _held,
    "calendar-over": _over,
    "calendar-ends": _ends,
}
_ALWAYS_TOLD: Final = ("calendar-missing", "calendar-copy", "calendar-held")


def _of_subject(check: Callable[[_Look], Findings]) -> Callable[[Subject], Findings]:
    def find(subject: Subject) -> Findings:
        plan = subject.plan
        look = _Look(subject.config, plan.first_day, plan.horizon_days, subject.today, subject.calendars)
        return check(look)

    return find


CHECKS: Final = {name: _of_subject(check) for name, check in _CHECKS.items()}


def always_told(
    loaded: LoadedConfig,
    first_day: date,
    horizon_days: int,
    today: date,
    calendars: Mapping[str, Sequence[ReadCalendar]],
) -> Iterator[Advice]:
    """What a plan leaves out or takes from a copy: told whenever one is made, and not by ``check`` alone."""
    look = _Look(loaded.config, first_day, horizon_days, today, calendars)
    for name in _ALWAYS_TOLD:
        for finding in _CHECKS[name](look):
            yield Advice(finding.id, loaded.origins.of(*finding.path), finding.message)
