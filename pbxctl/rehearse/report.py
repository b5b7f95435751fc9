"""What a rehearsal has to say: rows for a table, JUnit XML, recordings."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

import soundfile

from pbxctl.errors import InputWrong
from pbxctl.rehearse.sip.rtp import RATE_HZ
from pbxctl.rehearse.verdict import Verdict

HEAD = ("", "moment", "call", "expected", "heard")


def row(verdict: Verdict) -> tuple[str, ...]:
    """One line of the table: what was expected of the call, and what was heard and seen."""
    scenario = verdict.scenario
    service = f", the service {scenario.service}" if scenario.service is not None else ""
    waited = "" if verdict.answered_s is None else f"answered after {verdict.answered_s:.1f} s; "
    return (
        "ok" if verdict.good else "WRONG",
        f"{scenario.at:%a %Y-%m-%d %H:%M}",
        f"{scenario.caller} to {scenario.route} {scenario.did}",
        f"{scenario.mode}{service}{scenario.keys}",
        waited + "; ".join(check.found for check in verdict.checks),
    )


def as_json(verdict: Verdict) -> dict[str, object]:
    """The same for programs."""
    scenario = verdict.scenario
    return {
        "at": scenario.at,
        "route": scenario.route,
        "from": scenario.caller,
        "to": scenario.did,
        "mode": scenario.mode,
        "answering_service": scenario.service,
        "keys": dict(scenario.pressed),
        "answered_s": verdict.answered_s,
        "good": verdict.good,
        "checks": [
            {"expected": check.expected, "found": check.found, "good": check.good} for check in verdict.checks
        ],
    }


def junit(verdicts: Sequence[Verdict], seconds: float) -> str:
    """JUnit XML, one test case a call, for build servers."""
    wrong = sum(not verdict.good for verdict in verdicts)
    suite = ElementTree.Element(
        "testsuite",
        name="pbxctl rehearse",
        tests=str(len(verdicts)),
        failures=str(wrong),
        time=f"{seconds:.1f}",
    )
    for verdict in verdicts:
        took = verdict.evidence.result.ended_s
        case = ElementTree.SubElement(
            suite,
            "testcase",
            classname=verdict.scenario.route,
            name=verdict.scenario.title,
            time=f"{took:.1f}",
        )
        for check in verdict.checks:
            if not check.good:
                failure = ElementTree.SubElement(case, "failure", message=f"expected {check.expected}")
                failure.text = check.found
    ElementTree.indent(suite)
    return ElementTree.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def try_outputs(recordings: Path | None, junit_file: Path | None) -> None:
    """Whether both can be written, known before a call is placed. What was there stays as it is.

    Raises:
        InputWrong: one of them cannot; the text says which, and why.
    """
    if recordings is not None:
        try:
            recordings.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=recordings):
                pass
        except OSError as error:
            raise InputWrong(f"{recordings}: no recordings can be kept there: {error.strerror}") from error
    if junit_file is not None:
        is_new = not junit_file.exists()
        try:
            with junit_file.open("a"):
                pass
            if is_new:
                junit_file.unlink()
        except OSError as error:
            raise InputWrong(f"{junit_file}: cannot be written: {error.strerror}") from error


def keep_recordings(verdicts: Sequence[Verdict], folder: Path) -> None:
    """Write what each caller heard into ``folder``, named after the call."""
    folder.mkdir(parents=True, exist_ok=True)
    for verdict in verdicts:
        scenario = verdict.scenario
        name = re.sub(r"[^A-Za-z0-9]+", "-", scenario.title)
        path = folder / f"{scenario.number:02}-{name}.wav"
        soundfile.write(path, verdict.evidence.result.recording, RATE_HZ, subtype="PCM_16")
