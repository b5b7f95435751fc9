"""The text of ``extensions.conf`` as the dialplan that Asterisk makes of it (``pbx_config``)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from pbxctl.dialplan.asterisk.conf import Conf, LeftOut, ReadFiles, Setting, parse_conf
from pbxctl.dialplan.asterisk.globals import NotRead, set_global, substitute
from pbxctl.dialplan.asterisk.model import HINT, Context, Dialplan, Extension, Priority
from pbxctl.dialplan.asterisk.patterns import Key, clean, matches, sort_key

_NUMBER = re.compile(r"\s*([+-]?[0-9]{1,30})")
_NO_LINE_YET = -2


@dataclass(frozen=True, slots=True)
class ReadDialplan:
    """What Asterisk would load, and which lines it would leave out, in silence but for its log."""

    dialplan: Dialplan
    left_out: tuple[LeftOut, ...]


def parse_extensions(text: str, name: str, read_files: ReadFiles) -> ReadDialplan:
    """The dialplan of ``text``, the file called ``name``, with all that it includes.

    Extension names, includes and switches may hold global variables of the same text; what would
    need a running PBX to be known (``${ENV(…)}``, ``$[…]``) is left out here, and said.

    Raises:
        ConfRefused: Asterisk would refuse it all and keep the dialplan it has.
    """
    conf = parse_conf(text, name, read_files)
    return ExtensionsReader(conf).read()


@dataclass(slots=True)
class _Lines:
    """An extension that fills up. It is called as its first line calls it, ``_x.`` or ``_X.``."""

    name: str
    caller: str | None
    priorities: list[Priority] = field(default_factory=list)


@dataclass(slots=True)
class _Building:
    """A context that fills up, over all sections of its name."""

    name: str
    lines: dict[Key, _Lines] = field(default_factory=dict)
    includes: list[str] = field(default_factory=list)
    switches: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)

    def is_empty(self) -> bool:
        return not (self.lines or self.includes or self.switches or self.ignored)

    def built(self) -> Context:
        extensions = tuple(
            Extension(lines.name, tuple(lines.priorities), lines.caller)
            for _, lines in sorted(self.lines.items(), key=lambda item: item[0])
        )
        return Context(self.name, extensions, tuple(self.includes), tuple(self.switches), tuple(self.ignored))


class ExtensionsReader:
    """One walk through the sections."""

    def __init__(self, conf: Conf) -> None:
        self._conf = conf
        self._left_out = list(conf.left_out)
        self._globals: dict[str, str] = {}
        self._contexts: dict[str, _Building] = {}

    def read(self) -> ReadDialplan:
        for setting in self._conf.section("globals").settings:
            try:
                set_global(self._globals, setting.name, substitute(setting.value, self._globals))
            except NotRead as error:
                self._leave_out(setting, str(error))
        for section in self._conf.sections:
            if section.name.lower() not in ("general", "globals"):
                context = self._contexts.setdefault(section.name, _Building(section.name))
                self._context(context, section.settings)
        contexts = {
            name: building.built() for name, building in self._contexts.items() if not building.is_empty()
        }
        return ReadDialplan(Dialplan(contexts, self._globals), tuple(self._left_out))

    def _context(self, context: _Building, settings: Iterable[Setting]) -> None:
        extension = ""
        number = _NO_LINE_YET
        for setting in settings:
            name = setting.name.lower()
            try:
                if name.startswith("same"):
                    if not extension:
                        raise _Wrong(f"'{setting.name}' without an extension before it")
                    number = self._line(context, extension, setting.value, number)
                elif name == "exten":
                    first, rest = _up_to_comma(setting.value)
                    extension = substitute(first, self._globals)
                    number = self._line(context, extension, rest, number)
                else:
                    self._other(context, name, setting)
            except _Numbered as error:
                number = error.number
                self._leave_out(setting, str(error))
            except (NotRead, _Wrong) as error:
                self._leave_out(setting, str(error))

    def _line(self, context: _Building, extension: str, text: str, before: int) -> int:
        """Add one line of an extension, and give its number."""
        name, slash, caller = extension.partition("/")
        from_caller = _shrunk(caller) if slash else None
        written, _, rest = text.partition(",")
        number, label = _number_and_label(written, before, context, name, from_caller)
        if number == 0:
            # After a hint, "n" counts on from -1: such a line vanishes without a word.
            raise _Wrong("a line after a hint would be number 0, and is lost")
        where = written.partition("(")[0].partition("+")
        number += _leading_number(where[2]) if where[1] else 0
        app, data = _application(rest)
        if number == HINT:
            data = ""
            if "${" in app and not name.startswith("_"):
                # A hint's device is worked out once, when it is loaded.
                app = substitute(app, {**self._globals, "EXTEN": name, "CONTEXT": context.name})
        try:
            _add(context, name, from_caller, Priority(number, label, app, data))
        except _Wrong as error:
            raise _Numbered(str(error), number) from error
        return number

    def _other(self, context: _Building, name: str, setting: Setting) -> None:
        value = setting.value
        if name in ("include", "ignorepat", "switch"):
            value = substitute(value, self._globals)
        if name in ("switch", "lswitch", "eswitch"):
            switch, _, data = value.partition("/")
            _add_once(context.switches, f"{switch}/{data}", "switch")
        elif name == "include":
            _add_once(context.includes, value, "include")
        elif name == "ignorepat":
            _add_once(context.ignored, value, "ignorepat")
        elif name != "autohints":
            raise _Wrong(f"'{setting.name}' is no word of a dialplan")

    def _leave_out(self, setting: Setting, why: str) -> None:
        self._left_out.append(LeftOut(setting.file, setting.line, why))


class _Wrong(Exception):
    """Why a line is left out."""


class _Numbered(_Wrong):
    """A line that is left out, and yet counts for the numbers of those after it."""

    def __init__(self, why: str, number: int) -> None:
        super().__init__(why)
        self.number = number


def _number_and_label(
    written: str, before: int, context: _Building, name: str, caller: str | None
) -> tuple[int, str]:
    place, bracket, label = written.strip().partition("(")
    if bracket:
        label, closed, _ = label.partition(")")
        if not closed:
            raise _Wrong("the label lacks its ')'")
    place = place.partition("+")[0]
    if place == "hint":
        return HINT, label
    if place in ("n", "next", "s", "same"):
        if before <= _NO_LINE_YET:
            raise _Wrong(f"'{place}' where no line comes before")
        return before + (1 if place in ("n", "next") else 0), label
    if found := _NUMBER.match(place):
        if (number := int(found[1])) < 1:
            raise _Wrong(f"{number} is no number of a line")
        return number, label
    for lines in context.lines.values():
        if matches(lines.name, name) and lines.caller == caller:
            for priority in lines.priorities:
                if priority.label == place and priority.number > 0:
                    return priority.number, label
    raise _Wrong(f"{place!r} is neither a number nor a label that stands before")


def _application(text: str) -> tuple[str, str]:
    app, bracket, data = text.partition("(")
    if bracket and ("${" in app or "$[" in app):
        # A device in a hint, such as PJSIP/${GLOBAL(me)}.
        app, data = text, ""
    elif ")" in data:
        data = data.rpartition(")")[0]
    return app.lstrip("".join(map(chr, range(1, 33)))), data


def _add(context: _Building, name: str, caller: str | None, line: Priority) -> None:
    name = clean(name)
    if not name:
        raise _Wrong("the extension has no name")
    lines = context.lines.setdefault(sort_key(name, caller), _Lines(name, caller))
    label, at = line.label, 0
    for other in lines.priorities:
        if label and other.label == label and other.number != line.number:
            label = ""  # The first to bear a label keeps it.
        if other.number >= line.number:
            break
        at += 1
    if at < len(lines.priorities) and lines.priorities[at].number == line.number:
        raise _Wrong(f"line {line.number} of {name} stands twice; the first counts")
    lines.priorities.insert(at, Priority(line.number, label, line.app, line.data))
    if at == 0:
        lines.name, lines.caller = name, caller


def _add_once(values: list[str], value: str, word: str) -> None:
    if value.lower() in (other.lower() for other in values):
        raise _Wrong(f"{word} {value} stands twice")
    values.append(value)


def _up_to_comma(text: str) -> tuple[str, str]:
    """Up to a comma outside of ``[ ]``, and what comes after it; a backslash hides the next character."""
    depth, at = 0, 0
    while at < len(text):
        if text[at] == "[":
            depth += 1
        elif text[at] == "]":
            depth = max(0, depth - 1)
        elif text[at] == "\\":
            at += 1
        elif text[at] == "," and not depth:
            return text[:at], text[at + 1 :]
        at += 1
    return text, ""


def _shrunk(number: str) -> str:
    """A caller's number without what only makes it easier to read."""
    kept, depth = [], 0
    for at, sign in enumerate(number):
        depth += (sign == "[") - (sign == "]")
        if (sign == "-" and not depth) or (sign == "." and at + 1 < len(number)) or sign in "( )":
            continue
        kept.append(sign)
    return "".join(kept)


def _leading_number(text: str) -> int:
    found = _NUMBER.match(text)
    return int(found[1]) if found else 0
