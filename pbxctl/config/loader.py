"""YAML text -> a tree of plain texts, with the place of every value and key.

Every scalar stays the text that was written, so that ``0470123456`` stays a telephone
number, ``no`` a language and ``12:30`` a time. PyYAML's events are read one by one rather
than composed, since its composer recurses as deep as the text nests and repeats what an
alias names before anybody could count it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol, TypeAlias

import yaml

from pbxctl.config.origins import Origins, Place
from pbxctl.config.problems import ConfigError, KeyPath, Problem, format_path, quoted
from pbxctl.config.source import FILE_KEY, file_error, read_source
from pbxctl.origin import Origin

Value: TypeAlias = "str | list[Value] | dict[str, Value]"

MAX_NODES: Final = 50_000  # counted as if every alias were written out
MAX_DEPTH: Final = 20

# libyaml is ten times faster; a PyYAML that was built without it reads the same.
LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# What YAML's own messages mean for somebody who does not know YAML, by a part of the message; and
# whether the place to look at is where the value began, rather than where it went wrong.
_MEANINGS: Final = (
    ("mapping values are not", 'a second ": " in the line; put quotes around the text that holds it', False),
    ("unexpected end of stream", "a quote is opened and never closed; close it", True),
    ("',' or ']'", "a list in [ ] is not finished; part its entries by commas and close it", True),
    ("',' or '}'", "a mapping in { } is not finished; part its entries by commas and close it", True),
    ("cannot start any token", "no value can begin like this; put quotes around it", False),
    ("could not find expected ':'", "a key without a colon; write KEY: VALUE", False),
    ("escape", "no such escape; write \\\\ for a backslash, or use single quotes", False),
    ("<document start>", "text behind the end of the configuration; delete it", False),
    ("incompatible YAML", "asks for another YAML than pbxctl reads; delete this line", False),
    ("directive", "YAML has no such directive; delete this line", False),
    ("nesting depth", f"is nested deeper than {MAX_DEPTH} levels; check the brackets", False),
    ("", "the line does not fit the ones above it; check its indentation, quotes and brackets", False),
)


@dataclass(frozen=True, slots=True)
class Tree:
    """What a file says: the top-level mapping, and where each part of it stands."""

    value: dict[str, Value]
    origins: Origins


@dataclass(frozen=True, slots=True)
class _Node:
    """A value as it was written; ``size`` and ``depth`` count what lies below it, aliases written out."""

    place: Place
    content: str | tuple[_Node, ...] | dict[str, tuple[Place, _Node]]
    size: int = 1
    depth: int = 0


class _Mark(Protocol):
    """A place as PyYAML tells it, be it written in C or in Python."""

    @property
    def line(self) -> int: ...

    @property
    def column(self) -> int: ...


def load_tree(content: bytes, file: str) -> Tree:
    """Read one YAML document whose top level is a mapping.

    Raises:
        ConfigError: whatever the bytes are, nothing else is raised.
    """
    builder = _Builder(file)
    try:
        node = builder.read(yaml.parse(read_source(content, file), Loader=LOADER))
    except yaml.MarkedYAMLError as error:
        raise ConfigError([*builder.problems, _syntax_problem(error, file)]) from None
    except (yaml.YAMLError, ValueError, OverflowError):
        # The loader written in Python lets chr() complain of "\\UFFFFFFFF".
        raise file_error(file, (1, 1), "is no YAML; look for odd characters and escapes") from None
    if builder.problems:
        raise ConfigError(builder.problems)
    values: dict[KeyPath, Place] = {}
    keys: dict[KeyPath, Place] = {}
    tree = _flatten(node, (), values, keys)
    if not isinstance(tree, dict):
        message = "holds no keys; write lines of KEY: VALUE, beginning with version: 1"
        raise file_error(file, node.place, message)
    return Tree(tree, Origins(file, values, keys))


class _Builder:
    """Reads events into nodes; collects the mistakes after which reading can go on."""

    def __init__(self, file: str) -> None:
        self.problems: list[Problem] = []
        self._file = file
        self._anchors: dict[str, _Node | None] = {}  # None while what it names is still being read
        self._count = 0

    def read(self, events: Iterator[yaml.Event]) -> _Node:
        """The top-level node of the only document."""
        next(events)  # the stream begins
        if isinstance(next(events), yaml.StreamEndEvent):
            raise file_error(self._file, (1, 1), "is empty; pbxctl init writes one to begin with")
        node = self._node(next(events), events, ())
        next(events)  # the document ends
        end = next(events)
        if isinstance(end, yaml.DocumentStartEvent):
            message = "a second document begins here; keep one, and no line of --- between"
            raise file_error(self._file, _place(end), message)
        return node

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], path: KeyPath) -> _Node:
        if isinstance(event, yaml.AliasEvent):
            return self._aliased(event, path)
        if not isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent):
            raise TypeError(f"YAML's grammar has no {event!r} where a value stands")
        anchor, tag = event.anchor, event.tag
        self._spend(_Node(_place(event), ""), path)
        if anchor is not None:
            self._anchors[anchor] = None
        if tag is not None:
            self._note(_place(event), path, f"the tag {quoted(tag)} has no meaning here; delete it")
        if isinstance(event, yaml.ScalarEvent):
            node = _Node(_place(event), self._text(event, path))
        elif isinstance(event, yaml.MappingStartEvent):
            node = self._mapping(event, events, path)
        else:
            node = self._sequence(event, events, path)
        if anchor is not None:
            self._anchors[anchor] = node
        return node

    def _text(self, event: yaml.ScalarEvent, path: KeyPath) -> str:
        text: str = event.value
        last_line = _at_mark(event.end_mark)[0]
        # Block texts (| and >) end in a line of their own; all others that do hide a slip.
        if event.style not in ("|", ">") and text and last_line > _place(event)[0]:
            what = "the quote opened here is closed" if event.style else "the text goes on"
            message = (
                f"{what} in line {last_line}; keep a value in one line, and check quotes and indentation"
            )
            self._note(_place(event), path, message)
        if any("\ud800" <= character <= "\udfff" for character in text):
            self._note(
                _place(event), path, "holds half a character (a surrogate); write the character itself"
            )
        return text

    def _sequence(self, start: yaml.Event, events: Iterator[yaml.Event], path: KeyPath) -> _Node:
        entries: list[_Node] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            entries.append(self._node(event, events, (*path, len(entries))))
        return _collection(_place(start), tuple(entries), entries)

    def _mapping(self, start: yaml.Event, events: Iterator[yaml.Event], path: KeyPath) -> _Node:
        fields: dict[str, tuple[Place, _Node]] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                message = "a key must be a plain word, not a list, mapping or alias"
                raise ConfigError([self._problem(_place(event), path, message)])
            key, place = self._text(event, path), _place(event)
            if event.tag is not None or event.anchor is not None:
                self._note(place, (*path, key), "a key takes no tag and no anchor; delete it")
            value = self._node(next(events), events, (*path, key))
            if key in fields:
                line = fields[key][0][0]
                message = f"is written twice, first in line {line}; keep one of them"
                self._note(place, (*path, key), message)
            fields.setdefault(key, (place, value))
        return _collection(_place(start), fields, [node for _, node in fields.values()])

    def _aliased(self, event: yaml.AliasEvent, path: KeyPath) -> _Node:
        name, place = event.anchor or "", _place(event)
        if name not in self._anchors:
            message = f"no anchor {quoted(name)} stands above this alias; write the value itself"
            raise ConfigError([self._problem(place, path, message)])
        node = self._anchors[name]
        if node is None:
            message = f"the alias {quoted(name)} stands within what it names; write the value itself"
            raise ConfigError([self._problem(place, path, message)])
        self._spend(node, path)
        return replace(node, place=place)

    def _spend(self, node: _Node, path: KeyPath) -> None:
        """Account for a node before it is taken in."""
        self._count += node.size
        if self._count > MAX_NODES:
            message = f"holds more than {MAX_NODES} values, aliases written out; use fewer aliases"
            raise ConfigError([self._problem(node.place, (), message)])
        if len(path) + node.depth > MAX_DEPTH:
            message = f"is nested deeper than {MAX_DEPTH} levels; check the brackets"
            raise ConfigError([self._problem(node.place, path[:3], message)])

    def _note(self, place: Place, path: KeyPath, message: str) -> None:
        self.problems.append(self._problem(place, path, message))

    def _problem(self, place: Place, path: KeyPath, message: str) -> Problem:
        return Problem(Origin(self._file, *place, format_path(path) or FILE_KEY), message)


def _collection(
    place: Place, content: tuple[_Node, ...] | dict[str, tuple[Place, _Node]], below: Sequence[_Node]
) -> _Node:
    size = 1 + sum(node.size for node in below)
    depth = max((node.depth + 1 for node in below), default=0)
    return _Node(place, content, size, depth)


def _flatten(node: _Node, path: KeyPath, values: dict[KeyPath, Place], keys: dict[KeyPath, Place]) -> Value:
    """The value of a node; the places of all below it are added to ``values`` and ``keys``."""
    if isinstance(node.content, str):
        values[path] = node.place
        return node.content
    values.setdefault(path, node.place)
    if isinstance(node.content, tuple):
        return [_flatten(entry, (*path, index), values, keys) for index, entry in enumerate(node.content)]
    tree: dict[str, Value] = {}
    for key, (place, value) in node.content.items():
        # A mapping or list is found by its name; only a scalar is replaced by where it stands itself.
        values[*path, key] = keys[*path, key] = place
        tree[key] = _flatten(value, (*path, key), values, keys)
    return tree


def _place(event: yaml.Event) -> Place:
    return _at_mark(event.start_mark)


def _at_mark(mark: _Mark | None) -> Place:
    """A mark's place; YAML counts from 0. Every event of a parser has one, an error may have none."""
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _syntax_problem(error: yaml.MarkedYAMLError, file: str) -> Problem:
    told = error.problem or ""
    meaning, at_start = next((meaning, start) for part, meaning, start in _MEANINGS if part in told)
    mark = error.context_mark if at_start and error.context_mark else error.problem_mark
    return Problem(Origin(file, *_at_mark(mark), FILE_KEY), meaning)
