"""What callers hear: stand-ins for a person, recordings that are missing, stale or doubled, days in texts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from pbxctl.checks.advice import Finding, Findings, Subject
from pbxctl.prompts.findings import FINDINGS, prompt_findings


def _of(id_: str, subject: Subject) -> Findings:
    for found in prompt_findings(subject.plan):
        if found.id == id_:
            yield Finding(found.id, found.path, found.message)


CHECKS: Final[dict[str, Callable[[Subject], Findings]]] = {id_: partial(_of, id_) for id_ in FINDINGS}
