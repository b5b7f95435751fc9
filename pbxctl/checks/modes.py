"""Modes of the administrator's own: nobody meets them, they take nothing, or leave callers in silence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from pbxctl.checks.advice import Finding, Findings, Subject
from pbxctl.config.checks import modes_of
from pbxctl.config.modes import HANGUP, Wired, wired

_SPEAKS: Final = frozenset({"play", "run"})
"""What a template does nobody knows: it is believed to speak, and to take what it is there to take."""
_WANTS_AN_ANSWER: Final = frozenset({"ask", "voicemail", "record"})
_REACHES_SOMEBODY: Final = frozenset({"dial", "voicemail", "record", "ordinary", "run"})
_BROKEN: Final = frozenset({"failed", "missing"})
"""Exits that are taken where something is not there."""


def _all(subject: Subject) -> Iterator[tuple[str, Sequence[Wired]]]:
    for name, steps in subject.config.modes.items():
        yield name, wired(steps)


def _unused(subject: Subject) -> Findings:
    schedules = subject.config.schedules
    used = {mode for name, schedule in schedules.items() for _, mode in modes_of(name, schedule)}
    for name in subject.config.modes:
        if name not in used:
            yield Finding(
                "mode-unused",
                ("modes", name),
                f"no rule of a schedule names it, so no call meets it; "
                f"write mode: {name} in one, or delete it",
            )


def _takes_nothing(subject: Subject) -> Findings:
    for name, steps in _all(subject):
        met = {place for place, _ in _walk(steps, without=_BROKEN)}
        ways_out = {
            target
            for place in met
            for exit_, target in steps[place].exits.items()
            if isinstance(target, str) and exit_ not in _BROKEN
        }
        reaches = any(steps[place].step.kind in _REACHES_SOMEBODY for place in met)
        if not reaches and not ways_out - {HANGUP}:
            yield Finding(
                "mode-takes-nothing",
                ("modes", name),
                "neither takes a message nor reaches anybody, whatever callers do; let it end in voicemail",
            )


def _unspoken(subject: Subject) -> Findings:
    for name, steps in _all(subject):
        silent = sorted({place for place, heard in _walk(steps) if not heard})
        for place in silent:
            if steps[place].step.kind in _WANTS_AN_ANSWER:
                yield Finding(
                    "mode-unspoken",
                    ("modes", name, place),
                    "there are callers who come here before they have heard a word; "
                    "put {play: prompt} on every way to it",
                )


def _unreached(subject: Subject) -> Findings:
    for name, steps in _all(subject):
        met = {place for place, _ in _walk(steps)}
        for place in range(len(steps)):
            if place not in met:
                yield Finding(
                    "mode-step-unreached",
                    ("modes", name, place),
                    "no step leads here, so no caller comes to it; name it in an exit, or delete it",
                )


def _walk(steps: Sequence[Wired], without: frozenset[str] = frozenset()) -> set[tuple[int, bool]]:
    """The places that calls come to, and whether they were spoken to before that."""
    met: set[tuple[int, bool]] = set()
    ahead = [(0, False)]
    while ahead:
        place, heard = ahead.pop()
        if (place, heard) in met:
            continue
        met.add((place, heard))
        for exit_, target in steps[place].exits.items():
            if isinstance(target, int) and exit_ not in without:
                spoken = steps[place].step.kind in _SPEAKS and exit_ != "failed"
                ahead.append((target, heard or spoken))
    return met


CHECKS: Final = {
    "mode-unused": _unused,
    "mode-takes-nothing": _takes_nothing,
    "mode-unspoken": _unspoken,
    "mode-step-unreached": _unreached,
}
