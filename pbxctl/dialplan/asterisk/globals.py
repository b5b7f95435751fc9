"""Global variables, as far as they can be known without a running PBX."""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping

_NAME = re.compile(r"[A-Za-z0-9_]+")


class NotRead(Exception):
    """A text holds an expression whose value only the running PBX knows; it says which."""


def set_global(variables: MutableMapping[str, str], name: str, value: str) -> None:
    """Set a global variable; underscores in front, which mean something on channels only, are not kept.

    Raises:
        NotRead: the name is a function, to be written to.
    """
    if name.endswith(")"):
        raise NotRead(f"{name} writes to a function")
    for _ in range(2):
        name = name.removeprefix("_")
    variables.pop(name, None)
    variables[name] = value


def substitute(text: str, variables: Mapping[str, str]) -> str:
    """``text`` with each ``${NAME}`` replaced; a variable that is not there is empty.

    Raises:
        NotRead: a function, a part of a value or ``$[ ]``.
    """
    parts, at = [], 0
    while (start := text.find("$", at)) >= 0:
        kind = text[start + 1 : start + 2]
        if kind == "[":
            raise NotRead("$[ ] is worked out by the running PBX only")
        if kind != "{":
            parts.append(text[at : start + 1])
            at = start + 1
            continue
        end = _closing(text, start + 2)
        name = substitute(text[start + 2 : end], variables)
        if not _NAME.fullmatch(name):
            raise NotRead(f"${{{name}}} is worked out by the running PBX only")
        parts += [text[at:start], variables.get(name, "")]
        at = end + 1
    return "".join(parts) + text[at:]


def _closing(text: str, at: int) -> int:
    depth = 1
    for place in range(at, len(text)):
        depth += (text[place] == "{") - (text[place] == "}")
        if not depth:
            return place
    raise NotRead("${ without its }")
