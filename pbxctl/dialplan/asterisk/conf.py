"""Asterisk's configuration files as data: sections, comments, templates, includes (``main/config.c``)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from pbxctl.errors import PbxctlError

MAX_INCLUDES = 10
LINE_BYTES = 8191
SECTION_CHARACTERS = 79
_NESTED_COMMENTS = 128
_SPACE = "".join(map(chr, range(1, 33)))

ReadFiles = Callable[[str], Sequence[tuple[str, str]]]
"""What gives the files that the argument of an ``#include`` (a name or a glob) stands for, as names
and texts in the order of their names; none where there are none."""


class ConfRefused(PbxctlError):
    """Asterisk refuses a file like this as a whole, and goes on with what it had."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A line that Asterisk leaves out, saying so only in its log."""

    file: str
    line: int
    why: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.why}"


@dataclass(slots=True)
class Setting:
    """``name = value`` or ``name => value``."""

    name: str
    value: str
    file: str
    line: int


@dataclass(slots=True)
class Section:
    """``[name]`` and the settings in it. A template only serves others."""

    name: str
    template: bool = False
    settings: list[Setting] = field(default_factory=list)

    def get(self, name: str) -> str | None:
        """The value that counts for a setting that stands once; names are read without regard to case."""
        found = [setting.value for setting in self.settings if setting.name.lower() == name.lower()]
        return found[-1] if found else None


@dataclass(frozen=True, slots=True)
class Conf:
    """A configuration with all that it includes. A section may come several times."""

    sections: tuple[Section, ...]
    left_out: tuple[LeftOut, ...]
    includes: tuple[tuple[str, str], ...]
    """Each ``#include`` and ``#tryinclude`` met, as the word and what it names."""

    def section(self, name: str) -> Section:
        """All sections of this name as one, empty where there is none."""
        return Section(name, settings=[s for part in self.named(name) for s in part.settings])

    def named(self, name: str) -> Iterator[Section]:
        """The sections of this name, without regard to case."""
        return (section for section in self.sections if section.name.lower() == name.lower())


def parse_conf(text: str, name: str, read_files: ReadFiles) -> Conf:
    """Read ``text`` and what it includes.

    Raises:
        ConfRefused: Asterisk would refuse it all; FILE:LINE and why.
    """
    reader = _Reader(read_files)
    reader.read(((name, text),), 1)
    sections = tuple(section for section in reader.sections if not section.template)
    return Conf(sections, tuple(reader.left_out), tuple(reader.includes))


class _Reader:
    def __init__(self, read_files: ReadFiles) -> None:
        self.sections: list[Section] = []
        self.left_out: list[LeftOut] = []
        self.includes: list[tuple[str, str]] = []
        self._read_files = read_files
        self._last: Section | None = None
        self._place = ("", 0)

    def read(self, files: Sequence[tuple[str, str]], depth: int) -> None:
        """Files of one include: section and open comments go on from one to the next."""
        section, comment = self._last, 0
        for file, text in files:
            # A byte order mark is passed over, where the first file begins.
            text = text.removeprefix("\ufeff") if file == files[0][0] else text
            for number, line in enumerate(_lines(text), 1):
                self._place = (file, number)
                if len(line.encode("utf-8", "surrogateescape")) > LINE_BYTES:
                    self._leave_out("the line is too long")
                    continue
                content, comment = _without_comments(line, comment)
                if content := content.strip(_SPACE):
                    section = self._line(content, section, depth)

    def _line(self, line: str, section: Section | None, depth: int) -> Section | None:
        if line.startswith("["):
            return self._header(line)
        if line.startswith("#"):
            self._directive(line[1:], depth)
        else:
            self._setting(line, section)
        return section

    def _header(self, line: str) -> Section:
        name, closed, rest = line[1:].partition("]")
        if not closed:
            raise self._refused("no closing ']'")
        new = current = Section(name[:SECTION_CHARACTERS])
        if rest.startswith("("):
            options, closed, _ = rest[1:].partition(")")
            if not closed:
                raise self._refused("no closing ')'")
            for option in options.split(","):
                if option == "!":
                    current.template = True
                elif option.startswith("+"):
                    current = self._find(name, templates="TEMPLATES=" in option)
                    current.template |= new.template
                    current.settings += new.settings
                    new.settings = []
                else:
                    base = self._find(option, templates=True)
                    current.settings += [replace(setting) for setting in base.settings]
        if current is new:
            self.sections.append(new)
        self._last = current
        return current

    def _find(self, name: str, *, templates: bool) -> Section:
        for section in self.sections:
            if section.name.lower() == name.lower() and (templates or not section.template):
                return section
        raise self._refused(f"there is no [{name}] before this line")

    def _directive(self, line: str, depth: int) -> None:
        end = next((at for at, sign in enumerate(line) if ord(sign) <= 32), len(line))
        word, argument = line[:end].lower(), line[end:].strip(_SPACE)
        if word not in ("include", "tryinclude"):
            self._leave_out("#exec is not carried out here" if word == "exec" else f"#{word} is unknown")
            return
        if not argument:
            self._leave_out(f"#{word} names no file")
            return
        if argument[0] in '"<' and argument[-1] == (">" if argument[0] == "<" else '"'):
            argument = argument[1:-1]
        self.includes.append((word, argument))
        place = self._place
        files = self._read_files(argument) if depth <= MAX_INCLUDES else ()
        if not files and word == "include":
            raise self._refused(f"#include names {argument}, which does not exist")
        try:
            self.read(files, depth + 1)
        except ConfRefused as error:
            # Only the file at the top is refused as a whole; of an included one, the rest is lost.
            self.left_out.append(LeftOut(*self._place, f"the rest of this file is left out: {error}"))
        self._place = place

    def _setting(self, line: str, section: Section | None) -> None:
        if section is None:
            raise self._refused("a setting stands before any [section]")
        if escaped := line.startswith("\\"):
            line = line[1:]
            if not line or ord(line[0]) <= 32:
                raise self._refused("a backslash before nothing")
        at = line.find("=", int(escaped))
        if at < 0:
            self._leave_out("there is no '='")
            return
        name, value = line[:at], line[at + 1 :]
        if adding := at > int(escaped) and name.endswith("+"):
            name = name[:-1]
        elif value.startswith(">"):
            value = value[1:]
        name = name.strip(_SPACE)
        if adding and (before := [setting for setting in section.settings if setting.name == name]):
            before[-1].value = (before[-1].value + value).strip(_SPACE)
        elif not name:
            self._leave_out("there is no name before '='")
        else:
            section.settings.append(Setting(name, value.strip(_SPACE), *self._place))

    def _leave_out(self, why: str) -> None:
        self.left_out.append(LeftOut(*self._place, why))

    def _refused(self, why: str) -> ConfRefused:
        file, line = self._place
        return ConfRefused(f"{file}:{line}: {why}")


def _lines(text: str) -> Iterator[str]:
    start = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        yield text[start:end]
        start = end


def _without_comments(line: str, comment: int) -> tuple[str, int]:
    r"""What is left of a line, and how many ``;--`` are open after it; ``\;`` is a semicolon.

    A ``--;`` that closes nothing opens something there, down to a count of its own.
    """
    new = 0
    start: int | None = None if comment else 0
    while (at := line.find(";", new)) >= 0:
        if at > new and line[at - 1] == "\\":
            line = line[: at - 1] + line[at:]
            new = at
        elif line[at + 1 : at + 3] == "--" and line[at + 3 : at + 4] != "-" and comment < _NESTED_COMMENTS:
            line = f"{line[:at]}\0{line[at + 1 :]}"
            new = at + 3
            comment += 1
        elif at >= new + 2 and line[at - 2 : at] == "--":
            comment -= 1
            new = at + 1
            if not comment and start is None:
                start = new
            elif not comment and start is not None:
                # What the comment cut apart is joined again.
                end = start + len(_to_nul(line[start:]))
                line = line[:end] + line[new:]
                new = end
        elif not comment:
            line = line[:at]
        else:
            new = at + 1
    return ("" if start is None else _to_nul(line[start:])), comment


def _to_nul(text: str) -> str:
    return text.partition("\0")[0]
