"""Asterisk's dialplan as data: one model, whether it came out of files or out of a running PBX."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

HINT = -1
"""The number of the line that names a hint's device; it is never carried out."""


@dataclass(frozen=True, slots=True)
class Priority:
    """One line of an extension. ``label`` is empty where there is none, ``data`` for a hint."""

    number: int
    label: str
    app: str
    data: str


@dataclass(frozen=True, slots=True)
class Extension:
    """An extension or pattern, with its lines in the order of their numbers.

    ``caller`` is the pattern that the caller's number must match as well (``exten => 100/0470X.``),
    ``None`` where any caller will do.
    """

    name: str
    priorities: tuple[Priority, ...]
    caller: str | None = None


@dataclass(frozen=True)
class Context:
    """A context; extensions in the order Asterisk tries them, includes and switches as written.

    An include may bear a time after its name (``night,18:00-08:00,*,*,*``); a switch is
    ``NAME/DATA``. ``ignored`` are the patterns that keep the dial tone.
    """

    name: str
    extensions: tuple[Extension, ...] = ()
    includes: tuple[str, ...] = ()
    switches: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()

    @cached_property
    def by_number(self) -> Mapping[str, tuple[Extension, ...]]:
        """The extensions that are no patterns, by their number without hyphens."""
        # Worked out when first asked for; no field, so contexts that are compared know nothing of it.
        found: dict[str, tuple[Extension, ...]] = {}
        for extension in self.extensions:
            if not extension.name.startswith("_"):
                number = extension.name.replace("-", "")
                found[number] = (*found.get(number, ()), extension)
        return found

    @cached_property
    def patterns(self) -> tuple[Extension, ...]:
        """The extensions that are patterns."""
        return tuple(extension for extension in self.extensions if extension.name.startswith("_"))


@dataclass(frozen=True, slots=True)
class Dialplan:
    """Contexts by name, and global variables.

    A context that holds nothing is left out: the manager interface does not tell of it, and no call
    can be answered there.
    """

    contexts: Mapping[str, Context]
    globals: Mapping[str, str]


def include_context(include: str) -> str:
    """The context that an include names, without its time."""
    return include.replace("|", ",").partition(",")[0]
