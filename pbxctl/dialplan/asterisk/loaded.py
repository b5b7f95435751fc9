"""The dialplan that runs, out of what the manager interface tells of it.

The action ``ShowDialPlan`` answers with an event ``ListDialplan`` for each line, include, switch
and ignored pattern; their headers are the same from Asterisk 16 to 22. It does not tell for which
callers an extension is, nor the global variables: those come from the commands ``dialplan show`` and
``dialplan show globals``. That command in turn cuts long lines off.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pbxctl.dialplan.asterisk.globals import set_global
from pbxctl.dialplan.asterisk.model import HINT, Context, Dialplan, Extension, Priority

Event = Mapping[str, str | list[str]]

_CONTEXT = re.compile(r"\[ Context '(.*)' created by '.*' \]")
_FIRST_LINE = re.compile(r"  '(.*?)'(?: \(CID match '(.*?)'\))? => +(?:[0-9]+\. |hint: )")
_NEXT_LINE = re.compile(r"  (?: {17}|   \[[^\]]*\] *) (?:[0-9]+\. |hint: )")
_GLOBAL = re.compile(r"   ([^=]+)=(.*)")


@dataclass(slots=True)
class _Shown:
    """An extension as ``dialplan show`` tells of it."""

    name: str
    caller: str | None
    lines: int = 1


def loaded_dialplan(
    events: Iterable[Event],
    shown: Sequence[str] = (),
    global_lines: Sequence[str] = (),
    *,
    registrars: Container[str] | None = None,
) -> Dialplan:
    """The running dialplan.

    Args:
        events: of the answer to ``ShowDialPlan``, in their order.
        shown: the lines of ``dialplan show``, read for the callers of extensions. Without them, every
            extension counts as one for any caller.
        global_lines: the lines of ``dialplan show globals``.
        registrars: whose parts count, such as ``{"pbx_config"}`` for what stands in files; all without it.
    """
    building: dict[str, _Building] = defaultdict(_Building)
    for event in events:
        if name := _text(event, "Context"):
            counts = registrars is None or _text(event, "Registrar") in registrars
            building[name].take(event, counts)
    extensions = _shown_extensions(shown)
    contexts = {
        name: context
        for name, parts in building.items()
        if (context := parts.built(name, extensions.get(name, ()))) != Context(name)
    }
    return Dialplan(contexts, _globals(global_lines))


class _Building:
    """The parts of a context as they come."""

    def __init__(self) -> None:
        self._lines: list[tuple[str, Priority, bool]] = []
        self._parts: dict[str, list[str]] = {"IncludeContext": [], "Switch": [], "IgnorePattern": []}

    def take(self, event: Event, counts: bool) -> None:
        if "Extension" in event:
            self._lines.append((_text(event, "Extension"), _line(event), counts))
        elif counts:
            for name, values in self._parts.items():
                if name in event:
                    values.append(_text(event, name))

    def built(self, name: str, shown: Sequence[_Shown]) -> Context:
        # Both come from one walk in one order; where they do not agree, the dialplan changed between.
        lines = [extension for extension, _, _ in self._lines]
        if lines != [extension.name for extension in shown for _ in range(extension.lines)]:
            shown = self._guessed()
        extensions, at = [], 0
        for extension in shown:
            part = self._lines[at : at + extension.lines]
            at += extension.lines
            if part[0][2]:
                lines_of = tuple(line for _, line, _ in part)
                extensions.append(Extension(extension.name, lines_of, extension.caller))
        return Context(name, tuple(extensions), *map(tuple, self._parts.values()))

    def _guessed(self) -> Sequence[_Shown]:
        """Extensions for different callers bear one name: known apart by their numbers alone, mostly."""
        guessed: list[_Shown] = []
        before = 0
        for name, line, _ in self._lines:
            if guessed and guessed[-1].name == name and before < line.number:
                guessed[-1].lines += 1
            else:
                guessed.append(_Shown(name, None))
            before = line.number
        return guessed


def _line(event: Event) -> Priority:
    number = _text(event, "Priority")
    return Priority(
        HINT if number == "hint" else int(number),
        _text(event, "ExtensionLabel"),
        _text(event, "Application"),
        _text(event, "AppData"),
    )


def _shown_extensions(shown: Sequence[str]) -> Mapping[str, Sequence[_Shown]]:
    extensions: dict[str, list[_Shown]] = defaultdict(list)
    context = ""
    for line in shown:
        if header := _CONTEXT.fullmatch(line):
            context = header[1]
        elif found := _FIRST_LINE.match(line):
            extensions[context].append(_Shown(found[1], found[2]))
        elif extensions[context] and _NEXT_LINE.match(line):
            extensions[context][-1].lines += 1
    return extensions


def _globals(lines: Sequence[str]) -> Mapping[str, str]:
    variables: dict[str, str] = {}
    for line in lines:
        if found := _GLOBAL.fullmatch(line):
            set_global(variables, found[1], found[2])
    return variables


def _text(event: Event, name: str) -> str:
    value = event.get(name, "")
    return value if isinstance(value, str) else value[0]
