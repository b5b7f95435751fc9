"""What callers hear: stand-ins for a person, recordings that are missing, stale or doubled, days in texts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from pbxctl.checks.advice import Finding, Findings, Subject
from pbxctl.config.checks import modes_of
from pbxctl.prompts.findings import FINDINGS, prompt_findings
from pbxctl.timeline import ORDINARY


def _of(id_: str, subject: Subject) -> Findings:
    for found in prompt_findings(subject.plan):
        if found.id == id_:
            yield Finding(found.id, found.path, found.message)


def _keys(subject: Subject) -> Findings:
    """Keys that no caller can press to any effect."""
    config = subject.config
    used = {route.schedule for route in config.routes.values()}
    closing = {mode for name in used for _, mode in modes_of(name, config.schedules[name])} - {ORDINARY}
    keys = {"skip_key": config.prompts.skip_key, "language_keys": config.prompts.language_keys}
    for name in (name for name, value in keys.items() if value):
        if not closing:
            message = "has no effect, since no route ever plays a prompt; leave it out"
        elif name == "language_keys" and len(config.company.languages) == 1:
            message = (
                f"is offered to nobody, since all callers are spoken to in {config.company.languages[0]}; "
                "add a language to company.languages, or leave it out"
            )
        else:
            continue
        yield Finding("key-without-effect", ("prompts", name), message)


CHECKS: Final[dict[str, Callable[[Subject], Findings]]] = {
    **{id_: partial(_of, id_) for id_ in FINDINGS},
    "key-without-effect": _keys,
}
