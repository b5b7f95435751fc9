"""Rules between the parts of a configuration: what no single key can know to be wrong."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from pbxctl.config.dids import numbers_of
from pbxctl.config.modes import mode_mistakes
from pbxctl.config.problems import KeyPath, Mistake, did_you_mean, format_path, listed, quoted
from pbxctl.config.prompts import prompt_mistakes
from pbxctl.names import ANSWERING_SERVICE, MODES, ORDINARY
from pbxctl.numbers import EMERGENCY_NUMBERS, spellings

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
        *_numbers(config),
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


_Placed: TypeAlias = list[tuple[KeyPath, str]]
"""Numbers, each with the path where it stands."""


def _numbers(config: Config) -> Iterator[Mistake]:
    """Rules between numbers: two are the same when a trunk could spell them alike."""
    country = config.company.country
    dids: _Placed = []
    services: _Placed = []
    for name, route in config.routes.items():
        dids += _entries(("routes", name, "dids"), route.dids)
        if route.answering_service:
            path = ("routes", name, "answering_service", "number")
            services.append((path, route.answering_service.number))
    services += [
        (("modes", mode, place, "dial"), step.number)
        for mode, steps in config.modes.items()
        for place, step in enumerate(steps)
        if step.kind == "dial"
    ]
    guarded = _entries(("never_close",), config.never_close)
    passing = _entries(("callers", "always_pass"), config.callers.always_pass)
    blocked = _entries(("callers", "blocked"), config.callers.blocked)
    mobiles = _mobiles(config)
    for numbers in (dids, guarded, passing, blocked):
        yield from _twice(numbers, country)
    yield from _shared(dids, guarded, country, "no route may take it; take it out of one of the two")
    yield from _shared(blocked, passing, country, "a caller cannot be both; take it out of one of the two")
    yield from _shared(
        mobiles, blocked, country, "a colleague cannot be blocked; take it out of one of the two"
    )
    yield from _shared(
        services, dids, country, "calls would go round in a loop; write the service's own number"
    )
    if config.pbx.did_in is not None and config.pbx.did_in.extension.lstrip("+").isdigit():
        extension: _Placed = [(("pbx", "did_in", "extension"), config.pbx.did_in.extension)]
        yield from _extension_of_trunk(extension, dids, country)
    yield from _emergency(dids, "no route may take it; write the company's own number")
    yield from _emergency(services, "no call may be forwarded to it; write the service's own number")
    yield from _emergency(mobiles, "it is nobody's mobile; write the person's own number")
    yield from _internal(mobiles)
    yield from _emergency(blocked, "it must be able to call back; take it out")


def _extension_of_trunk(extension: _Placed, dids: _Placed, country: str) -> Iterator[Mistake]:
    places = {way: path for path, number in dids for way in spellings(number, country)}
    for path, number in extension:
        if number in places:
            message = (
                f"{number} is a spelling of {format_path(places[number])}, which calls come for by itself; "
            )
            yield Mistake(path, message + "write the account's name, or leave did_in out")


def _mobiles(config: Config) -> _Placed:
    return [
        (("staff", name, "mobile"), person.mobile)
        for name, person in config.staff.items()
        if person.mobile is not None
    ]


def _internal(numbers: _Placed) -> Iterator[Mistake]:
    for path, number in numbers:
        if not number.startswith("+") and number not in EMERGENCY_NUMBERS:
            message = (
                f"{number} is an internal number, which no mobile calls from; write extension: {number}, "
            )
            yield Mistake(path, message + "or the mobile's full number")


def _entries(base: KeyPath, numbers: tuple[str, ...]) -> _Placed:
    return [((*base, index), number) for index, entry in enumerate(numbers) for number in numbers_of(entry)]


class _Met:
    """Where two places of the configuration meet: a range is told of once, whatever it shares."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[KeyPath, KeyPath], list[str]] = {}

    def add(self, path: KeyPath, other: KeyPath, number: str) -> None:
        """A number that stands at both."""
        self._numbers.setdefault((path, other), []).append(number)

    def pairs(self) -> Iterator[tuple[KeyPath, KeyPath, str]]:
        """Each pair of places, and what stands at both as the beginning of a sentence."""
        for (path, other), numbers in self._numbers.items():
            more = len(numbers) - 1
            yield path, other, f"{numbers[0]} and {more} more stand" if more else f"{numbers[0]} stands"


def _twice(numbers: _Placed, country: str) -> Iterator[Mistake]:
    seen: dict[str, KeyPath] = {}
    met = _Met()
    for path, number in numbers:
        names = spellings(number, country)
        before = next((seen[name] for name in names if name in seen), None)
        if before is None:
            seen.update(dict.fromkeys(names, path))
        else:
            met.add(path, before, number)
    for path, before, shown in met.pairs():
        yield Mistake(path, f"{shown} at {format_path(before)} already; keep it once")


def _shared(numbers: _Placed, others: _Placed, country: str, why: str) -> Iterator[Mistake]:
    places = {name: path for path, number in others for name in spellings(number, country)}
    met = _Met()
    for path, number in numbers:
        other = next((places[name] for name in spellings(number, country) if name in places), None)
        if other is not None:
            met.add(path, other, number)
    for path, other, shown in met.pairs():
        yield Mistake(path, f"{shown} at {format_path(other)} as well: {why}")


def _emergency(numbers: _Placed, why: str) -> Iterator[Mistake]:
    told: set[KeyPath] = set()
    for path, number in numbers:
        if number in EMERGENCY_NUMBERS and path not in told:
            told.add(path)
            yield Mistake(path, f"{number} is an emergency number: {why}")
