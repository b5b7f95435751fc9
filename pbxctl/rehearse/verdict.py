"""Expected against heard: what each rehearsed call is judged by. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np

from pbxctl.journal.events import JournalEvent, format_event
from pbxctl.plan.flow import Sound
from pbxctl.plan.modes import REFUSED
from pbxctl.rehearse.hearing import heard
from pbxctl.rehearse.people import KNOWN_BY_S, voice
from pbxctl.rehearse.scenarios import Scenario
from pbxctl.rehearse.sip.call import CallResult
from pbxctl.rehearse.sip.rtp import RATE_HZ, Samples

ENOUGH = 0.9
"""Part of a sound's windows that must be found for it to count as heard."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known of a call after it: our side, the box, the phones that rang, the journal."""

    result: CallResult
    prompt: Samples | None
    message: Samples | None
    rang: bool
    events: Sequence[JournalEvent]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was to be seen or heard."""

    expected: str
    found: str
    good: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """The checks of one call. ``answered_s`` is how long the caller waited."""

    scenario: Scenario
    checks: tuple[Check, ...]
    answered_s: float | None
    evidence: Evidence

    @property
    def good(self) -> bool:
        return all(check.good for check in self.checks)


def judge(scenario: Scenario, evidence: Evidence) -> Verdict:
    """Hold what happened against what the simulator said."""
    checks = [*_heard(scenario, evidence), *_phones(scenario, evidence), _journal(scenario, evidence)]
    return Verdict(scenario, tuple(checks), evidence.result.answered_s, evidence)


def _heard(scenario: Scenario, evidence: Evidence) -> list[Check]:
    recording = evidence.result.recording
    if scenario.mode == REFUSED:
        code = evidence.result.code
        return [Check("refused", f"SIP {code}", evidence.result.answered_s is None and code is not None)]
    checks = []
    if evidence.prompt is not None:
        what = "the prompt" if scenario.heard_first is Sound.PROMPT else "the plain recording"
        checks.append(
            _cut_short(what, recording, evidence.prompt)
            if scenario.cuts_short
            else _sound(what, recording, evidence.prompt)
        )
    if scenario.reaches_colleague:
        checks.append(_sound("a colleague", recording, voice("colleague")))
    if scenario.is_answered_by_service:
        checks.append(_sound("the answering service", recording, voice("answering service")))
    box = scenario.trace.story.mailbox
    if box is not None:
        what = f"a message in {box}"
        if evidence.message is None:
            checks.append(Check(what, "no message", good=False))
        else:
            checks.append(_sound(what, evidence.message, voice(scenario.caller)))
    return checks


def _sound(what: str, recording: Samples, sound: Samples) -> Check:
    share = heard(recording, sound).share if len(recording) else 0.0
    return Check(what, f"{what} {share:.0%}", share >= ENOUGH)


def _cut_short(what: str, recording: Samples, sound: Samples) -> Check:
    """Its beginning was heard, and a key ended it."""
    begun = heard(recording, sound[: KNOWN_BY_S * RATE_HZ]).share >= ENOUGH
    share = heard(recording, sound).share
    return Check(f"{what}, ended by the key", f"{what} {share:.0%}", begun and share < ENOUGH)


def _phones(scenario: Scenario, evidence: Evidence) -> list[Check]:
    if scenario.reaches_colleague:
        return [Check("a desk phone rings", "rang" if evidence.rang else "silent", evidence.rang)]
    return [
        Check("the desk phones stay silent", "rang" if evidence.rang else "phones silent", not evidence.rang)
    ]


def _journal(scenario: Scenario, evidence: Evidence) -> Check:
    expected = [format_event(event) for event in scenario.trace.story.events]
    found = [format_event(event) for event in evidence.events]
    for number, (wanted, came) in enumerate(zip_longest(expected, found, fillvalue="nothing more"), 1):
        if wanted != came:
            what = f"event {number} of the journal:"
            return Check(f"{what} {wanted}", f"{what} {came}", good=False)
    return Check("the journal tells it so", "journal agrees", good=True)


def broken_off(scenario: Scenario, error: Exception) -> Verdict:
    """The verdict on a call that could not be placed or judged."""
    check = Check("a call", f"no call: {type(error).__name__}: {error}", good=False)
    silence = np.zeros(0, dtype=np.int16)
    result = CallResult(None, "", (), "us", None, None, 0.0, silence, 0.0, 0, "", "", "")
    return Verdict(scenario, (check,), None, Evidence(result, None, None, rang=False, events=()))
