"""The text of an XML dialplan as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

from pbxctl.errors import InputWrong

MAX_DEPTH = 64
MAX_CHARACTERS = 64_000_000


@dataclass(frozen=True, slots=True)
class Action:
    """An application with its data; ``inline`` ones run while the dialplan is still being searched."""

    application: str
    data: str
    inline: bool


@dataclass(frozen=True, slots=True)
class Test:
    """What a ``condition`` or a ``regex`` looks at: a field, the clock, both or neither (always true).

    ``times`` are its time attributes by name, such as ``wday``.
    """

    field: str | None
    expression: str
    times: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition. ``regexes`` count by ``rule`` (``any``, ``all``, ``xor``) where that is set."""

    test: Test
    break_: str
    rule: str | None
    regexes: tuple[Test, ...]
    actions: tuple[Action, ...]
    anti_actions: tuple[Action, ...]
    nested: tuple[Condition, ...]
    require_nested: bool


@dataclass(frozen=True, slots=True)
class Extension:
    """An extension; with ``continues`` those after it are looked at too."""

    name: str
    continues: bool
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Dialplan:
    """Contexts by name, each its extensions in order."""

    contexts: Mapping[str, tuple[Extension, ...]]


@dataclass(frozen=True, slots=True)
class Context:
    """A context as it stands in a file."""

    name: str
    extensions: tuple[Extension, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A file: its contexts in order, extensions outside of any, and every expression in it."""

    contexts: tuple[Context, ...]
    extensions: tuple[Extension, ...]
    expressions: tuple[str, ...]


BREAKS = frozenset({"on-false", "on-true", "always", "never"})

TIME_ATTRIBUTES = frozenset(
    {"date-time", "year", "yday", "mon", "mday", "week", "mweek", "wday", "hour", "minute"}
    | {"minute-of-day", "time-of-day", "tz-offset", "dst"}
)

_TRUE = frozenset({"yes", "on", "true", "t", "enabled", "active", "allow"})


def parse_dialplan(*texts: str, name: str = "dialplan") -> Dialplan:
    """Read files of a dialplan in their order; of two contexts of one name the first counts.

    Raises:
        InputWrong: it is no XML, has a document type (where entities come from), is nested too
            deeply, or includes files, which whoever reads it must put in place first.
    """
    contexts: dict[str, tuple[Extension, ...]] = {}
    for text in texts:
        for context in parse_document(text, name).contexts:
            contexts.setdefault(context.name, context.extensions)
    return Dialplan(contexts)


def parse_document(text: str, name: str = "dialplan") -> Document:
    """Read one file.

    Raises:
        InputWrong: as :func:`parse_dialplan`.
    """
    root = _root(text, name)
    return Document(
        tuple(
            Context(found.get("name", ""), tuple(_extension(each) for each in _children(found, "extension")))
            for found in root.iter("context")
        ),
        tuple(_extension(found) for found in _children(root, "extension")),
        tuple(_test(found).expression for found in root.iter() if found.tag in ("condition", "regex")),
    )


class _Bounded(ElementTree.TreeBuilder):
    """Builds the tree, but for what could make it grow without end."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise InputWrong("a document type is not taken; delete <!DOCTYPE …>, a dialplan needs none")

    def start(self, tag: str, attrs: dict[str, str], /) -> ElementTree.Element:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise InputWrong(f"it is nested more than {MAX_DEPTH} deep; no dialplan needs that")
        if tag == "X-PRE-PROCESS":
            raise InputWrong("X-PRE-PROCESS stands in it; put the files that it includes in place first")
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> ElementTree.Element:
        self._depth -= 1
        return super().end(tag)


def _root(text: str, name: str) -> ElementTree.Element:
    if len(text) > MAX_CHARACTERS:
        raise InputWrong(f"{name}: it has {len(text)} characters; {MAX_CHARACTERS} are the most that is read")
    parser = ElementTree.XMLParser(target=_Bounded())  # noqa: S314 - bounded, and without entities
    try:
        parser.feed(text)
        root = parser.close()
    except ElementTree.ParseError as error:
        line, column = error.position
        raise InputWrong(f"{name}:{line}:{column + 1}: this is no XML: {error.msg}; mend that line") from None
    except InputWrong as error:
        raise InputWrong(f"{name}: {error}") from None
    assert isinstance(root, ElementTree.Element)  # noqa: S101 - what a TreeBuilder builds
    return root


def _extension(element: ElementTree.Element) -> Extension:
    return Extension(
        element.get("name", "_anon_"),
        _is_true(element.get("continue", "")),
        tuple(_condition(found) for found in _children(element, "condition")),
    )


def _condition(element: ElementTree.Element) -> Condition:
    break_ = element.get("break", "").lower()
    rule = element.get("regex")
    return Condition(
        test=_test(element),
        break_=break_ if break_ in BREAKS else "on-false",
        rule=None if rule is None else rule.lower(),
        regexes=tuple(_test(found) for found in _children(element, "regex")),
        actions=tuple(_action(found) for found in _children(element, "action")),
        anti_actions=tuple(_action(found) for found in _children(element, "anti-action")),
        nested=tuple(_condition(found) for found in _children(element, "condition")),
        require_nested=_is_true(element.get("require-nested", "true")),
    )


def _test(element: ElementTree.Element) -> Test:
    inner = element.find("expression")
    expression = element.get("expression", "") if inner is None else (inner.text or "")
    times = {key: value for key, value in element.attrib.items() if key in TIME_ATTRIBUTES}
    return Test(element.get("field"), expression, times)


def _action(element: ElementTree.Element) -> Action:
    data = element.text or element.get("data") or ""
    return Action(element.get("application", ""), data, _is_true(element.get("inline", "")))


def _children(element: ElementTree.Element, tag: str) -> Iterator[ElementTree.Element]:
    return (child for child in element if child.tag == tag)


def _is_true(text: str) -> bool:
    return text.lower() in _TRUE or (text.isascii() and text.isdigit() and int(text) != 0)
