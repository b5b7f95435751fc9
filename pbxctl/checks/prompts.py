"""What callers hear: stand-ins for a person, recordings that are missing, stale or doubled, days in texts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from pbxctl.checks.advice import Finding, Findings, Subject
from pbxctl.config.checks import modes_of
from pbxctl.config.modes import exit_path
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


def _taken(subject: Subject) -> Findings:
    """Keys for all modes that mean something else in a mode of the administrator's own."""
    prompts = subject.config.prompts
    meanings = {key: f"prompts.language_keys.{language}" for language, key in prompts.language_keys.items()}
    if prompts.skip_key is not None:
        meanings[prompts.skip_key] = "prompts.skip_key"
    for mode, steps in subject.config.modes.items():
        prompted = any(step.kind == "play" and step.sound == "prompt" for step in steps)
        for place, step in enumerate(steps):
            for key in (key for key in step.exits if key in meanings):
                path = ("modes", mode, place, *exit_path(step, key))
                if step.kind == "play" and (step.sound == "prompt" or key == prompts.skip_key):
                    what = f"comes before {meanings[key]}, which callers cannot press here"
                elif step.kind == "ask" and prompted:
                    what = f"is {meanings[key]} as well: pressed too early, it leads elsewhere"
                else:
                    continue
                yield Finding("key-taken", path, f"{what}; write another key there or here")


CHECKS: Final[dict[str, Callable[[Subject], Findings]]] = {
    **{id_: partial(_of, id_) for id_ in FINDINGS},
    "key-without-effect": _keys,
    "key-taken": _taken,
}
