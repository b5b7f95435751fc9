"""Rules between numbers: on whose list, on which route, and what none of them may be."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, TypeAlias

from pbxctl.config.dids import numbers_of, without
from pbxctl.config.problems import KeyPath, Mistake, format_path, listed, quoted
from pbxctl.numbers import EMERGENCY_NUMBERS, spellings

if TYPE_CHECKING:
    from pbxctl.config.models import Config, Route

_Placed: TypeAlias = list[tuple[KeyPath, str]]
"""Numbers, each with the path where it stands."""


def number_mistakes(config: Config) -> Iterator[Mistake]:
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
    yield from _guarded(config, guarded)
    yield from _shared(blocked, passing, country, "a caller cannot be both; take it out of one of the two")
    yield from _shared(
        mobiles, blocked, country, "a colleague cannot be blocked; take it out of one of the two"
    )
    yield from _shared(
        services, dids, country, "calls would go round in a loop; write the service's own number"
    )
    yield from _shared(
        services, guarded, country, "a line that must never be closed takes no forwards; write another number"
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


def _guarded(config: Config, guarded: _Placed) -> Iterator[Mistake]:
    """Numbers of routes that must never be closed; of a range, what is left is told as it is written."""
    country = config.company.country
    places = {way: path for path, number in guarded for way in spellings(number, country)}
    for name, route in config.routes.items():
        for index, entry in enumerate(route.dids):
            met = {
                number: next(places[way] for way in ways if way in places)
                for number in numbers_of(entry)
                if not places.keys().isdisjoint(ways := spellings(number, country))
            }
            if met:
                first, more = next(iter(met)), len(met) - 1
                where = "in never_close" if more else f"at {format_path(met[first])}"
                shown = f"{first} and {more} more stand" if more else f"{first} stands"
                yield Mistake(
                    ("routes", name, "dids", index),
                    f"{shown} {where} as well: no route may take it; {_way_out(route, entry, met)}",
                )


def _way_out(route: Route, entry: str, taken: Collection[str]) -> str:
    left = without(entry, taken)
    if not left:
        return "take it out of one of the two"
    beside = {
        "mailboxes": route.mailboxes,
        "languages": [each for of in route.languages.values() for one in of for each in numbers_of(one)],
    }
    keys = [key for key, numbers in beside.items() if not set(taken).isdisjoint(numbers)]
    too = f", and take it out of {listed(keys, 'and')} as well" if keys else ""
    return f"write {', '.join(quoted(each) for each in left)} in place of the range{too}"


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
