"""Rendered dialplan as data, and what its jumps lead to: as much of Asterisk's reading as our text needs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Context:
    """Extensions by name, each its applications in order; labels by extension."""

    extensions: dict[str, list[str]] = field(default_factory=dict)
    labels: dict[str, set[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Jump:
    """A place that a line may lead to. ``extension`` None means the one it stands in."""

    context: str
    extension: str
    label: str


def parse_dialplan(text: str) -> dict[str, Context]:
    """Contexts by name; every line must be one that we write."""
    contexts: dict[str, Context] = {}
    context, extension = "", ""
    for line in text.splitlines():
        if not line or line.startswith(";"):
            continue
        if header := re.fullmatch(r"\[([^\[\];]+)\]", line):
            context = header[1]
            assert context not in contexts, f"{context} stands twice"
            contexts[context] = Context()
            continue
        if first := re.fullmatch(r"exten => ([^,]+),1,(.+)", line):
            extension = first[1]
            assert extension not in contexts[context].extensions, f"{extension}@{context} stands twice"
            contexts[context].extensions[extension] = [first[2]]
            contexts[context].labels[extension] = set()
            continue
        same = re.fullmatch(r" same => n(?:\(([a-z_]+)\))?,(.+)", line)
        assert same, f"no line of a dialplan: {line!r}"
        if same[1]:
            contexts[context].labels[extension].add(same[1])
        contexts[context].extensions[extension].append(same[2])
    return contexts


def split_outside(text: str, separator: str) -> list[str]:
    """Split where no bracket of any kind is open and no quote."""
    parts, depth, quoted = [""], 0, False
    for character in text:
        quoted ^= character == '"'
        depth += (character in "([{") - (character in ")]}")
        if character == separator and depth == 0 and not quoted:
            parts.append("")
        else:
            parts[-1] += character
    return parts


def targets(application: str) -> list[str]:
    """The targets of a ``Goto`` or ``GotoIf``, as they are written; an empty branch falls through."""
    name, _, rest = application.partition("(")
    arguments = rest.removesuffix(")")
    if name == "Goto":
        return [arguments]
    if name == "GotoIf":
        _, branches = split_outside(arguments, "?")
        return [branch for branch in split_outside(branches, ":") if branch]
    return []


def jumps(contexts: dict[str, Context]) -> Iterator[tuple[str, str, Jump]]:
    """Every jump whose target holds no variable: where it stands, and where it leads."""
    for name, context in contexts.items():
        for extension, applications in context.extensions.items():
            for application in applications:
                for target in targets(application):
                    parts = split_outside(target, ",")
                    label = parts[-1]
                    there = parts[-2] if len(parts) > 1 else extension
                    where = parts[-3] if len(parts) > 2 else name
                    if "$" not in target:
                        yield name, application, Jump(where, there, label)


def ends_well(applications: list[str]) -> bool:
    """Whether control cannot run off the end of these lines."""
    last = applications[-1]
    if last.startswith("GotoIf("):
        return len(targets(last)) == 2
    return last.startswith(("Goto(", "Hangup("))
