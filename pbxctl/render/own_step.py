"""Steps that are a template of the administrator's own: rendered by itself, and held to what a step may be.

Its text becomes lines of one extension. It can open no other, and whatever it does, the line behind it
leads on: who wrote it need not think of what may be missing on the PBX.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from markupsafe import Markup

from pbxctl.errors import FileWrong
from pbxctl.plan.flow import Template
from pbxctl.render.shared import digest
from pbxctl.render.templates import Templates

OWN: Final = "own/"
"""Where the texts of these templates lie among the others: ``own/reception.conf.j2``."""

_LINE = re.compile(r"\s*same\s*=>?\s*n(?:\([a-z0-9_]+\))?\s*,\s*(\S.*)")
_CALL = re.compile(r"([A-Za-z]+)(?:\(.*\))?")
_COMMENT = re.compile(r"(?<!\\);.*")
_OURS = re.compile(r"M?Set\(_{0,2}PBXCTL_", re.IGNORECASE)
_ALWAYS_THERE: Final = frozenset(
    {"answer", "background", "busy", "congestion", "goto", "gotoif", "hangup", "incomplete", "mset", "noop"}
    | {"proceeding", "progress", "ringing", "sayalpha", "saydigits", "saynumber", "sayphonetic", "set"}
    | {"tryexec", "wait", "waitexten"}
)
"""Of Asterisk's core, and the one that ours lean on: where any other is missing, the call is dropped."""


def own_texts(templates: Mapping[str, str]) -> dict[str, str]:
    """Of all templates those that steps run."""
    return {name: text for name, text in templates.items() if name.startswith(OWN)}


def own_step(step: Template, texts: Mapping[str, str], view: Mapping[str, Any]) -> Markup:
    """The lines of a step's template, each checked. ``view`` is what the template may print.

    Raises:
        FileWrong: it is not there, is another one than was planned, fails, or is more than a step.
    """
    name = OWN + step.file
    if name not in texts:
        raise FileWrong(name, "is not there any more; put it back, or take the step out")
    if digest(texts[name]) != step.digest:
        raise FileWrong(name, "was changed meanwhile; begin again")
    # By itself: it includes none of ours, and none of ours includes it.
    text = Templates({name: texts[name]}, boxed=True).render(name, view)
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    for line in lines:
        if (wrong := _wrong(line)) is not None:
            raise FileWrong(name, f"{wrong}: {line.strip()[:60]}", _place(texts[name], line))
    return Markup("\n".join(lines))  # noqa: S704 - each line was held to what a step may be


def _wrong(line: str) -> str | None:
    """What is wrong with a line, if anything."""
    if ";--" in line or "--;" in line:
        return "begins or ends a comment of several lines; write one ; a line"
    code = _COMMENT.sub("", line).rstrip()
    if not code:
        return None
    found = _LINE.fullmatch(code)
    if found is None:
        return "is no line of a step; each begins with: same => n,"
    called = _CALL.fullmatch(found[1])
    if called is None:
        return "is no application with its brackets closed"
    if called[1].lower() not in _ALWAYS_THERE:
        return f"drops the call where {called[1]} is not loaded; write TryExec({called[1]}(…))"
    if _OURS.search(code):
        return "sets a variable of pbxctl's; call it otherwise"
    return None


def _place(text: str, line: str) -> int | None:
    """The line of the template that a rendered line stands in, where it stands as it is."""
    lines = [each.strip() for each in text.splitlines()]
    return lines.index(line.strip()) + 1 if line.strip() in lines else None
