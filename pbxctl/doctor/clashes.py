"""Names of ours that somebody else uses."""

from __future__ import annotations

import re

from pbxctl.decision.facts import LANGUAGE, OVERRIDE, PSAP, RANG
from pbxctl.doctor.entries import is_ours
from pbxctl.doctor.facts import Subject
from pbxctl.doctor.files import FOLDER
from pbxctl.doctor.finding import Finding, Findings
from pbxctl.render.entries import DAY, HORIZON, POINTER, STANDING

_KEYS = (
    ("current", POINTER),
    ("override/.+", OVERRIDE),
    ("psap", PSAP),
    ("language/.+", LANGUAGE),
    ("rang/[0-9]{4}", RANG),
    ("[0-9a-f]{12}/horizon", HORIZON),
    ("[0-9a-f]{12}/day/.+", DAY),
    ("[0-9a-f]{12}/window/.+", STANDING),
)


def clashes(subject: Subject) -> Findings:
    """Contexts and database keys."""
    yield from _contexts(subject)
    yield from _keys(subject)


def _contexts(subject: Subject) -> Findings:
    files = subject.facts.files
    if files is None or files.extensions is None:
        return
    for section in files.extensions.sections:
        if not is_ours(subject, section.name):
            continue
        theirs = [setting for setting in section.settings if not _in_our_file(subject, setting.file)]
        if theirs:
            place = f"{theirs[0].file}:{theirs[0].line}"
            yield Finding(
                "context-clash",
                f"[{section.name}] is pbxctl's, and yet somebody else writes into it: both are loaded as "
                "one context",
                place,
                f"rename [{section.name}] in {theirs[0].file}",
            )


def _in_our_file(subject: Subject, file: str) -> bool:
    folder, _, name = file.rpartition("/")
    ours = name.startswith(subject.prefix) and name.endswith(".conf")
    return ours or folder.endswith(f"/{FOLDER}") or folder == FOLDER


def _keys(subject: Subject) -> Findings:
    odd = [key for key, value in (subject.facts.database or {}).items() if not _is_known(key, value)]
    if odd:
        yield Finding(
            "database-clash",
            f"keys below {subject.prefix} in Asterisk's database are none that pbxctl writes, or hold what "
            "it does not; they count as not there",
            ", ".join(sorted(odd)[:5]) + (" …" if len(odd) > 5 else ""),
            "\n".join(f'asterisk -rx "database del {subject.prefix} {key}"' for key in sorted(odd)[:5]),
        )


def _is_known(key: str, value: str) -> bool:
    return any(re.fullmatch(name, key) and re.fullmatch(text, value) for name, text in _KEYS)
