"""Rules between the parts of a configuration: what no single key can know to be wrong."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from pbxctl.config.dids import numbers_of
from pbxctl.config.modes import mode_mistakes
from pbxctl.config.number_checks import number_mistakes
from pbxctl.config.problems import KeyPath, Mistake, did_you_mean, format_path, listed, quoted
from pbxctl.config.prompts import prompt_mistakes
from pbxctl.names import ANSWERING_SERVICE, MODES, ORDINARY

if TYPE_CHECKING:
    from pbxctl.config.models import Config, Route
    from pbxctl.config.schedules import DateRule, Schedule


def find_mistakes(config: Config) -> list[Mistake]:
    """Every contradiction in a configuration whose parts are each right by themselves."""
    return [
        *_languages(config),
        *_routes(config),
        *mode_mistakes(config),
        *_modes(config),
        *_changes(config),
        *_half_days(config),
        *_openings(config),
        *_regions(config),
        *number_mistakes(config),
        *prompt_mistakes(config),
    ]


def modes_of(name: str, schedule: Schedule) -> Iterator[tuple[KeyPath, str]]:
    """The modes that a schedule names, with the path of the rule that names it."""
    base: KeyPath = ("schedules", name)
    for place, closed_day in schedule.closed_days:
        yield (*base, *place), closed_day.mode
    for index, calendar in enumerate(schedule.calendars):
        yield (*base, "calendars", index), calendar.mode
    if schedule.holidays:
        yield (*base, "holidays"), schedule.holidays.mode
    if schedule.hours:
        yield (*base, "hours", "outside"), schedule.hours.outside
    for index, rule in enumerate(schedule.dates):
        if mode := mode_of_date(rule, schedule):
            yield (*base, "dates", index), mode


def mode_of_date(rule: DateRule, schedule: Schedule) -> str | None:
    """The mode of an own date, outside of its hours if it has any; None for an ordinary day."""
    if rule.mode is None and rule.hours is not None and schedule.hours is not None:
        return schedule.hours.outside
    return rule.mode


def _modes(config: Config) -> Iterator[Mistake]:
    """Modes that nobody knows; in a file they are told where they are read."""
    known = (*MODES, *config.modes)
    for name, schedule in config.schedules.items():
        for path, mode in modes_of(name, schedule):
            if mode not in known:
                guess = did_you_mean(mode, known)
                yield Mistake(path, f"there is no mode {quoted(mode)}{guess}; write {listed(known, 'or')}")


def _languages(config: Config) -> Iterator[Mistake]:
    languages = config.company.languages
    for index, language in enumerate(languages):
        if language in languages[:index]:
            yield Mistake(("company", "languages", index), f"{quoted(language)} is named twice; name it once")
    for name, route in config.routes.items():
        if route.language and route.language not in languages:
            known = listed(languages, "or")
            message = (
                f"{quoted(route.language)} is not among company.languages; write {known}, or add it there"
            )
            yield Mistake(("routes", name, "language"), message)
        yield from _did_languages(name, route, languages)


def _did_languages(name: str, route: Route, languages: tuple[str, ...]) -> Iterator[Mistake]:
    """What is wrong with the languages of single DIDs."""
    base: KeyPath = ("routes", name, "languages")
    seen: set[str] = set()
    ours = set(route.numbers)
    for language, entries in route.languages.items():
        if language not in languages:
            known = listed(languages, "or")
            message = f"{quoted(language)} is not among company.languages; write {known}, or add it there"
            yield Mistake((*base, language), message, at_key=True)
        for index, entry in enumerate(entries):
            path, numbers = (*base, language, index), numbers_of(entry)
            foreign = next((number for number in numbers if number not in ours), None)
            doubled = next((number for number in numbers if number in seen), None)
            if foreign is not None:
                yield Mistake(
                    path, f"{foreign} is not among routes.{name}.dids; add it there, or take it out"
                )
            elif doubled is not None:
                yield Mistake(path, f"{doubled} has a language already; name it once")
            seen.update(numbers)


def _changes(config: Config) -> Iterator[Mistake]:
    """The changes of a closed day follow each other."""
    for name, schedule in config.schedules.items():
        for (_, before), (path, after) in pairwise(schedule.closed_days):
            if after.since <= before.since:
                message = (
                    f"{after.since} does not lie behind {before.since}, the change written above it; "
                    "write the changes in the order of their dates"
                )
                yield Mistake(("schedules", name, *path, "since"), message)


def _half_days(config: Config) -> Iterator[Mistake]:
    """Hours of a date need a mode for the rest of it."""
    for name, schedule in config.schedules.items():
        for index, rule in enumerate(schedule.dates):
            if rule.hours is not None and mode_of_date(rule, schedule) is None:
                message = "says not what happens outside of its hours; add mode: voicemail"
                yield Mistake(("schedules", name, "dates", index), message)


def _openings(config: Config) -> Iterator[Mistake]:
    """A calendar closes: whoever writes into it must not be able to make phones ring at night."""
    for name, schedule in config.schedules.items():
        for index, calendar in enumerate(schedule.calendars):
            if calendar.mode == "ordinary":
                message = (
                    "ordinary would let others open the company; write voicemail here, and an opening "
                    "yourself in dates: {on: 2027-01-06, ordinary_day: true}"
                )
                yield Mistake(("schedules", name, "calendars", index, "mode"), message)


def _regions(config: Config) -> Iterator[Mistake]:
    for name, schedule in config.schedules.items():
        regions = schedule.holidays.regions if schedule.holidays else ()
        for index, region in enumerate(regions):
            if region in regions[:index]:
                path = ("schedules", name, "holidays", "regions", index)
                yield Mistake(path, f"{quoted(region)} is named twice; name it once")


def _routes(config: Config) -> Iterator[Mistake]:
    for name, route in config.routes.items():
        schedule = config.schedules.get(route.schedule)
        if schedule is None:
            known = list(config.schedules)
            guess = did_you_mean(route.schedule, known)
            message = f"there is no schedule {quoted(route.schedule)}{guess}; write {listed(known, 'or')}"
            yield Mistake(("routes", name, "schedule"), message)
        else:
            yield from _needs(name, route, schedule)
        if route.answering_service and config.pbx.dial_out is None:
            message = "cannot be reached without pbx.dial_out; add there dial_out: {context: outbound}"
            yield Mistake(("routes", name, "answering_service"), message)


def _needs(name: str, route: Route, schedule: Schedule) -> Iterator[Mistake]:
    """What a route must have for the modes of its schedule; one mistake a key."""
    closing = {mode: format_path(path) for path, mode in reversed(list(modes_of(route.schedule, schedule)))}
    closing.pop(ORDINARY, None)
    if closing and route.mailbox is None:
        mode, rule = next(reversed(closing.items()))
        message = f"is missing, and {rule} names {mode}: callers must be able to leave a message; "
        yield Mistake(("routes", name, "mailbox"), message + "add mailbox: 100@default")
    if ANSWERING_SERVICE in closing and route.answering_service is None:
        message = f"is missing, and {closing[ANSWERING_SERVICE]} names it; "
        message += 'add answering_service: {number: "…", ring: 20s}'
        yield Mistake(("routes", name, "answering_service"), message)
