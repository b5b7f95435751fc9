"""What our dialplan needs of the PBX, read out of the rendered text itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pbxctl.dialplan.asterisk import Dialplan

_INNER = re.compile(r"([A-Za-z][A-Za-z0-9_]*)\(")
_READ = re.compile(r"\$\{([A-Z][A-Z0-9_]*)\(")
_WRITTEN = re.compile(r"Set\(([A-Z][A-Z0-9_]*)\(")
_RUNNERS = {"tryexec", "exec", "execif"}
_PLAYERS = {"playback", "background"}


def used_applications(dialplan: Dialplan) -> frozenset[str]:
    """The applications that are called, in lower case, by name or through another one."""
    return frozenset(name.lower() for name, _ in _calls(dialplan))


def used_functions(dialplan: Dialplan) -> frozenset[str]:
    """The functions that are read or written, in lower case."""
    found: set[str] = set()
    for app, data in _lines(dialplan):
        found.update(_READ.findall(data))
        found.update(_WRITTEN.findall(f"{app}({data}"))
    return frozenset(name.lower() for name in found)


def used_sounds(dialplan: Dialplan) -> frozenset[str]:
    """The sounds that are played by a name without variables; those with a path are ours."""
    found: set[str] = set()
    for name, data in _calls(dialplan):
        if name.lower() in _PLAYERS:
            found.update(sound for sound in data.partition(",")[0].split("&") if "$" not in sound)
    return frozenset(found - {""})


def _calls(dialplan: Dialplan) -> Iterator[tuple[str, str]]:
    for app, data in _lines(dialplan):
        yield app, data
        if app.lower() in _RUNNERS:
            # ExecIf(condition?Yes(…):No(…)): whatever stands where an application may.
            body = data.rpartition("?")[2] if app.lower() == "execif" else data
            if found := _INNER.match(body):
                yield found[1], _inside(body[found.end() :])


def _inside(text: str) -> str:
    return text.rpartition(")")[0]


def _lines(dialplan: Dialplan) -> Iterator[tuple[str, str]]:
    for context in dialplan.contexts.values():
        for extension in context.extensions:
            for line in extension.priorities:
                yield line.app, line.data
