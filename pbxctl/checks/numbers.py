"""Numbers: like an emergency number, without a guard, or before a closed door that was not meant for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pbxctl.checks.advice import Finding, Findings, Subject
from pbxctl.config.dids import numbers_of
from pbxctl.config.problems import KeyPath, quoted
from pbxctl.numbers import emergency_numbers, spellings


def _placed(subject: Subject) -> Iterator[tuple[KeyPath, str]]:
    """Every number of our own, with its place."""
    for name, route in subject.config.routes.items():
        for index, entry in enumerate(route.dids):
            for did in numbers_of(entry):
                yield ("routes", name, "dids", index), did
    for index, number in enumerate(subject.config.never_close):
        yield ("never_close", index), number


def _shadows(subject: Subject) -> Findings:
    country = subject.config.company.country
    emergency = {*emergency_numbers(country), "112"}
    told: set[KeyPath] = set()
    for path, number in _placed(subject):
        if path in told:
            continue
        for shadowed in sorted(emergency):
            if any(way == shadowed for way in spellings(number, country)) or (
                not number.startswith("+") and number.startswith(shadowed)
            ):
                told.add(path)
                yield Finding(
                    "number-shadows-emergency",
                    path,
                    f"{quoted(number)} begins like the emergency number {shadowed}: a phone that sends each "
                    "digit at once reaches one for the other; write the full number, or give it another",
                )
                break


def _never_close(subject: Subject) -> Findings:
    if not subject.config.never_close:
        yield Finding(
            "never-close-empty",
            ("never_close",),
            "is empty, so nothing guards fax, alarm, lift and payment lines against being put on a route by "
            'mistake; write their numbers: never_close: ["…"]',
        )


def _own_passes(subject: Subject) -> Findings:
    country = subject.config.company.country
    own = {way for path, number in _placed(subject) for way in spellings(number, country)}
    callers, passes = subject.config.callers, "whoever forges it gets through"
    listed: list[tuple[KeyPath, str, str]] = [
        *(
            (("callers", "always_pass", index), each, passes)
            for index, each in enumerate(callers.always_pass)
        ),
        *(
            (("callers", "blocked", index), each, "colleagues cannot call in")
            for index, each in enumerate(callers.blocked)
        ),
        *(
            (("staff", name, "mobile"), person.mobile, passes)
            for name, person in subject.config.staff.items()
            if person.mobile is not None
        ),
    ]
    for path, number, what in listed:
        if set(spellings(number, country)) & own:
            message = f"{number} is one of the company's own numbers, and {what}; take it out"
            yield Finding("own-number-listed", path, message)


def _mobile_twice(subject: Subject) -> Findings:
    country = subject.config.company.country
    listed = subject.config.callers.always_pass
    seen = {
        way: f"callers.always_pass.{index}"
        for index, number in enumerate(listed)
        for way in spellings(number, country)
    }
    for name, person in subject.config.staff.items():
        ways = () if person.mobile is None else spellings(person.mobile, country)
        before = next((seen[way] for way in ways if way in seen), None)
        if before is not None:
            yield Finding(
                "staff-mobile-twice",
                ("staff", name, "mobile"),
                f"{person.mobile} stands at {before} already, which is what a call is then explained by; "
                "keep it once",
            )
        seen |= dict.fromkeys(ways, f"staff.{name}.mobile")


def _nobody_reachable(subject: Subject) -> Findings:
    for name, person in subject.config.staff.items():
        if person.mobile is None and person.extension is None:
            yield Finding(
                "staff-unreachable",
                ("staff", name),
                f"has neither a mobile nor an extension, so it changes nothing; "
                f'write mobile: "…" or extension: 201, or leave {name} out',
            )


CHECKS: Final = {
    "number-shadows-emergency": _shadows,
    "never-close-empty": _never_close,
    "own-number-listed": _own_passes,
    "staff-mobile-twice": _mobile_twice,
    "staff-unreachable": _nobody_reachable,
}
