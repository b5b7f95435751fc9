"""Calls that leave the house: services nobody asks, forwards that ring long, cost extra or lead astray."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pbxctl.checks.advice import Finding, Findings, Subject
from pbxctl.config.checks import modes_of
from pbxctl.config.problems import KeyPath
from pbxctl.names import ANSWERING_SERVICE
from pbxctl.numbers import is_charged_more, is_mobile, spellings

LONGEST_RING_S: Final = 45
"""Whoever hears nothing but ringing for longer than this has hung up."""


@dataclass(frozen=True, slots=True)
class _Forward:
    """Where a configuration rings an outside number; ``who`` takes the call, ``then`` is what comes after.

    ``confirm`` is the key by which it is taken, if any.
    """

    number: str
    number_path: KeyPath
    ring_s: int
    ring_path: KeyPath
    confirm: str | None
    who: str
    then: str


def _all(subject: Subject) -> Iterator[_Forward]:
    """The answering services of the routes, and what modes of the administrator's own dial."""
    for name, route in subject.config.routes.items():
        if (service := route.answering_service) is not None:
            path: KeyPath = ("routes", name, "answering_service")
            yield _Forward(
                *(service.number, (*path, "number"), service.ring, (*path, "ring"), service.confirm),
                who="the service",
                then="before they can leave a message",
            )
    for name, steps in subject.config.modes.items():
        for place, step in enumerate(steps):
            if step.kind == "dial":
                path = ("modes", name, place)
                yield _Forward(
                    *(step.number, (*path, "dial"), step.ring, (*path, "ring"), step.confirm),
                    who="whoever is rung here",
                    then="before anything else happens",
                )


def _unasked(subject: Subject) -> Findings:
    for name, route in subject.config.routes.items():
        modes = {mode for _, mode in modes_of(route.schedule, subject.config.schedules[route.schedule])}
        if route.answering_service is not None and ANSWERING_SERVICE not in modes:
            yield Finding(
                "service-unasked",
                ("routes", name, "answering_service"),
                f"no rule of {route.schedule} forwards to it; write mode: answering_service there, "
                "or leave the service out",
            )


def _long_ring(subject: Subject) -> Findings:
    for forward in _all(subject):
        if forward.ring_s > LONGEST_RING_S:
            yield Finding(
                "service-rings-long",
                forward.ring_path,
                f"callers wait {forward.ring_s} s {forward.then}; "
                f"write at most {LONGEST_RING_S}s, such as 20s",
            )


def _waits(subject: Subject) -> Findings:
    """Whom we forward to, and who meets the closed door when calling back; each number is told of once."""
    callers, country = subject.config.callers, subject.config.company.country
    mobiles = (person.mobile for person in subject.config.staff.values() if person.mobile is not None)
    passing = {way for number in (*callers.always_pass, *mobiles) for way in spellings(number, country)}
    blocked = {way for number in callers.blocked for way in spellings(number, country)}
    told: set[str] = set()
    for forward in _all(subject):
        number = forward.number
        # An internal number does not call in over the trunk.
        if number in told or not number.startswith("+"):
            continue
        told.add(number)
        ways = set(spellings(number, country))
        if ways & blocked:
            message = f"{number} is blocked, so it cannot call back; take it out of callers.blocked"
        elif not ways & passing:
            message = (
                f"{forward.who} meets the closed door when calling back with something urgent; "
                f'add "{number}" to callers.always_pass'
            )
        else:
            continue
        yield Finding("service-not-passing", forward.number_path, message)


def _charged(subject: Subject) -> Findings:
    for forward in _all(subject):
        if is_charged_more(forward.number):
            yield Finding(
                "forward-charged",
                forward.number_path,
                f"{forward.number} costs extra, and the company pays for whoever calls; "
                "write an ordinary number of theirs",
            )


def _by_a_machine(subject: Subject) -> Findings:
    for forward in _all(subject):
        if is_mobile(forward.number) and not forward.confirm:
            yield Finding(
                "forward-unconfirmed",
                forward.number_path,
                f"{forward.number} is a mobile, whose voicemail would take the call as a person does; "
                "add confirm: 1 beside it, and nobody has the caller who has not pressed 1",
            )


def _out_by_the_way_in(subject: Subject) -> Findings:
    """Contexts for calls that come in, which are the one by which calls leave the house."""
    pbx = subject.config.pbx
    if pbx.dial_out is None:
        return
    inward: list[tuple[KeyPath, str]] = [
        (("routes", name, "ordinary"), route.ordinary) for name, route in subject.config.routes.items()
    ]
    if pbx.did_in is not None:
        inward.append((("pbx", "did_in", "ordinary"), pbx.did_in.ordinary))
    for path, context in inward:
        if context == pbx.dial_out.context:
            yield Finding(
                "ordinary-dials-out",
                path,
                f"{context} is where calls leave the house (pbx.dial_out) as well, so a caller from outside "
                "is let out again at your cost, or rings nobody; write the context that the trunk led into "
                "before pbxctl, which rings the phones",
            )


CHECKS: Final = {
    "service-unasked": _unasked,
    "service-rings-long": _long_ring,
    "service-not-passing": _waits,
    "forward-charged": _charged,
    "forward-unconfirmed": _by_a_machine,
    "ordinary-dials-out": _out_by_the_way_in,
}
