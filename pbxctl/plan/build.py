"""Where configuration meets timeline: the plan is built here, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from pbxctl.config import LoadedConfig
from pbxctl.config.checks import mode_of_date
from pbxctl.config.dids import numbers_of
from pbxctl.config.models import ClosedDay as ClosedDayConfig
from pbxctl.config.models import Config, Route, Schedule
from pbxctl.names import WEEKDAYS
from pbxctl.numbers import spellings
from pbxctl.plan.calendars import CalendarEvents, counting_events
from pbxctl.plan.flow import Flow
from pbxctl.plan.forward import forward
from pbxctl.plan.keys import keys_of
from pbxctl.plan.languages import languages_abroad
from pbxctl.plan.model import (
    PLAN_VERSION,
    WE_RANG,
    CallerRule,
    Company,
    Did,
    DidIn,
    OwnText,
    Plan,
    Recording,
    RoutePlan,
    RuleNote,
)
from pbxctl.plan.modes import (
    answering_service_flow,
    ordinary_flow,
    refused_flow,
    service_exits,
    voicemail_flow,
)
from pbxctl.plan.own_modes import own_flows
from pbxctl.plan.timelines import build_timeline
from pbxctl.timeline import CalendarEvent, ClosedDay, Holiday, Hours, OwnDate, Rules
from pbxctl.timeline.calendars import Occurrence
from pbxctl.timeline.held import merged, spans
from pbxctl.timeline.holidays import public_holidays
from pbxctl.timeline.instants import days_of

HORIZON_DAYS = 400


def build_plan(
    loaded: LoadedConfig,
    first_day: date,
    horizon_days: int = HORIZON_DAYS,
    calendars: CalendarEvents = MappingProxyType({}),
) -> Plan:
    """Work out a configuration for ``horizon_days`` local days from ``first_day`` on.

    ``calendars`` are the events that somebody else has read (:func:`period_to_read`); without them it is as
    if there were none. Those that wait for a person are left out here.
    """
    config = loaded.config
    notes = _Notes(loaded)
    rules = _all_rules(config, first_day, horizon_days, calendars, notes)
    timelines = {name: build_timeline(name, rules[name], first_day, horizon_days) for name in rules}
    return Plan(
        version=PLAN_VERSION,
        instance=config.pbx.instance,
        first_day=first_day,
        horizon_days=horizon_days,
        company=_company(loaded),
        routes={name: _route(name, route, loaded, notes) for name, route in config.routes.items()},
        timelines=timelines,
        always_pass=(
            *_callers(config, config.callers.always_pass, "always_pass", notes),
            *_colleagues(config, notes),
        ),
        blocked=_callers(config, config.callers.blocked, "blocked", notes),
        never_close=tuple(_did(number, config) for number in config.never_close),
        refused=refused_flow(),
        rules=notes.rules,
        languages_abroad=languages_abroad(config.company.country, config.company.languages),
        we_rang_s=_we_rang(config, notes),
        did_in=_did_in(config),
    )


def build_rules(
    loaded: LoadedConfig,
    first_day: date,
    horizon_days: int = HORIZON_DAYS,
    calendars: CalendarEvents = MappingProxyType({}),
) -> Mapping[str, Rules]:
    """By schedule, the rules that :func:`build_plan` works out: for asking what they would have said."""
    return _all_rules(loaded.config, first_day, horizon_days, calendars, _Notes(loaded))


def _all_rules(
    config: Config, first_day: date, horizon_days: int, calendars: CalendarEvents, notes: _Notes
) -> dict[str, Rules]:
    return {
        name: replace(
            _rules(name, schedule, zone_of(config, schedule), notes),
            holidays=_holidays(name, schedule, first_day, horizon_days, notes),
            events=_events(
                name,
                schedule,
                zone_of(config, schedule),
                counting_events(
                    schedule, zone_of(config, schedule), calendars.get(name, ()), first_day, horizon_days
                ),
                notes,
            ),
        )
        for name, schedule in config.schedules.items()
    }


def _company(loaded: LoadedConfig) -> Company:
    company, prompts = loaded.config.company, loaded.config.prompts
    return Company(
        name=company.name,
        mail=company.mail,
        country=company.country,
        languages=tuple(company.languages),
        texts=tuple(
            OwnText(language, kind, texts[kind])
            for language, texts in sorted(prompts.texts.items())
            for kind in sorted(texts)
        ),
        recordings=tuple(Recording(file, digest) for file, digest in sorted(loaded.recordings.items())),
    )


class _Notes:
    """Collects where each rule was written and what to call it."""

    def __init__(self, loaded: LoadedConfig) -> None:
        self._origins = loaded.origins
        self.rules: dict[str, RuleNote] = {}

    def name(self, label: str, day: str, *path: str | int) -> None:
        """What a rule is called on one day; the first name counts."""
        key = ".".join((*(str(part) for part in path), day))
        self.rules.setdefault(key, RuleNote(self._origins.of(*path), label))

    def note(self, label: str, *path: str | int) -> str:
        origin = self._origins.of(*path)
        key = ".".join(str(part) for part in path)
        self.rules[key] = RuleNote(origin, label)
        return key


def zone_of(config: Config, schedule: Schedule) -> str:
    """The clock of a schedule: its own zone, else the company's."""
    return schedule.timezone or config.company.timezone


def _rules(name: str, schedule: Schedule, zone: str, notes: _Notes) -> Rules:
    """All that the schedule says by itself."""
    where = ("schedules", name)
    hours, dates = None, []
    closed_days = tuple(
        ClosedDay(day.weekday, day.since, day.mode, notes.note(_closed_label(day), *where, *path))
        for path, day in schedule.closed_days
    )
    if schedule.hours is not None:
        rule = notes.note("outside office hours", *where, "hours")
        hours = Hours(schedule.hours.spans, schedule.hours.outside, rule)
    for index, own in enumerate(schedule.dates):
        label = own.reason or ("ordinary day" if own.ordinary_day else "own date")
        rule = notes.note(label, *where, "dates", index)
        dates.append(OwnDate(own.start, own.end, mode_of_date(own, schedule), rule, own.hours))
    return Rules(
        zone=zone,
        closed_days=closed_days,
        hours=hours,
        dates=tuple(dates),
    )


def _events(
    name: str,
    schedule: Schedule,
    zone: str,
    calendars: Iterable[tuple[int, Sequence[Occurrence]]],
    notes: _Notes,
) -> tuple[CalendarEvent, ...]:
    """The events of the schedule's calendars; each title is noted for the days it is in force."""
    found: list[CalendarEvent] = []
    for index, occurrences in calendars:
        where = ("schedules", name, "calendars", index)
        rule = notes.note("event of a calendar", *where)
        mode = schedule.calendars[index].mode
        # Events that overlap close once: thousands of them on one day are one.
        found += (CalendarEvent(start, end, mode, rule) for start, end in merged(spans(occurrences)))
        for each in occurrences:
            for day in days_of(each.start, each.end, ZoneInfo(zone)):
                notes.name(f"event of a calendar: {each.title}", f"{day:%Y%m%d}", *where)
    return tuple(found)


def _closed_label(day: ClosedDayConfig) -> str:
    if day.weekday is None:
        return f"no closed day, since {day.since}"
    return f"behind closed doors on {WEEKDAYS[day.weekday - 1]}, since {day.since}"


def _holidays(
    name: str, schedule: Schedule, first_day: date, horizon_days: int, notes: _Notes
) -> tuple[Holiday, ...]:
    """The holidays of every region, from the first year of the plan to the one after its last."""
    if schedule.holidays is None:
        return ()
    rule = notes.note("public holiday", "schedules", name, "holidays")
    last_day = first_day + timedelta(days=horizon_days + 31)
    found: dict[date, Holiday] = {}
    for region in schedule.holidays.regions:
        for year in range(first_day.year, last_day.year + 1):
            for day, title in public_holidays(region, year):
                found.setdefault(day, Holiday(day, title, schedule.holidays.mode, rule))
    return tuple(found[day] for day in sorted(found))


def _route(name: str, route: Route, loaded: LoadedConfig, notes: _Notes) -> RoutePlan:
    config = loaded.config
    keys = keys_of(config)
    flows: list[Flow] = [ordinary_flow(route.ordinary, route.mailbox, keys)]
    if route.mailbox is not None:
        flows.append(voicemail_flow(route.mailbox, keys))
        if route.answering_service is not None and config.pbx.dial_out is not None:
            service = route.answering_service
            exits = service_exits(confirmed=service.confirm is not None)
            dial = forward("service", service, exits, route, config)
            flows.append(answering_service_flow(dial, route.mailbox, keys))
        flows.extend(own_flows(route, route.mailbox, loaded, keys))
    spoken = {
        number: language
        for language, entries in route.languages.items()
        for entry in entries
        for number in numbers_of(entry)
    }
    return RoutePlan(
        name=name,
        rule=notes.note(f"route {name}", "routes", name),
        dids=tuple(
            _did(number, config, spoken.get(number), route.mailboxes.get(number)) for number in route.numbers
        ),
        schedule=route.schedule,
        ordinary=route.ordinary,
        language=route.language,
        flows={flow.mode: flow for flow in flows},
    )


def _colleagues(config: Config, notes: _Notes) -> Iterator[CallerRule]:
    """The mobiles of the staff, who reach each other on every day."""
    for name, person in config.staff.items():
        if person.mobile is not None:
            rule = notes.note(f"the mobile of {name}, who belongs to the staff", "staff", name, "mobile")
            yield CallerRule(person.mobile, spellings(person.mobile, config.company.country), rule)


def _we_rang(config: Config, notes: _Notes) -> int | None:
    seconds = config.callers.we_rang
    if seconds is not None:
        notes.note(f"we rang this caller within the last {seconds // 3600} h", *WE_RANG.split("."))
    return seconds


def _did_in(config: Config) -> DidIn | None:
    known = config.pbx.did_in
    return None if known is None else DidIn(known.header, known.extension, known.ordinary)


def _did(number: str, config: Config, language: str | None = None, mailbox: str | None = None) -> Did:
    return Did(number, spellings(number, config.company.country), language, mailbox)


def _callers(config: Config, numbers: Iterable[str], which: str, notes: _Notes) -> tuple[CallerRule, ...]:
    labels: dict[str, Callable[[str], str]] = {
        "always_pass": lambda number: f"{number} always passes",
        "blocked": lambda number: f"{number} is blocked",
    }
    return tuple(
        CallerRule(
            number,
            spellings(number, config.company.country),
            notes.note(labels[which](number), "callers", which, index),
        )
        for index, number in enumerate(numbers)
    )
