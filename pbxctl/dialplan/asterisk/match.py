"""Which extension answers a number, in the order Asterisk looks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pbxctl.dialplan.asterisk.model import Context, Dialplan, Extension, include_context
from pbxctl.dialplan.asterisk.patterns import matches

MAX_CONTEXTS = 128
"""Asterisk looks no further than through so many contexts."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An extension that would answer, were there none before it.

    ``path`` are the contexts that led there, the first the one asked for. ``timed`` says that an
    include on the way counts at certain times only. ``extension`` is ``None`` where a switch (another
    server, a database, Lua) is asked, which may or may not know the number; it is then ``switch``.
    """

    context: str
    extension: Extension | None
    path: tuple[str, ...]
    timed: bool = False
    switch: str = ""


def answers(dialplan: Dialplan, number: str, context: str, caller: str | None = None) -> Iterator[Answer]:
    """Everything that matches, first what is asked first; nothing where the context does not exist.

    With a ``caller`` (a number, or empty for a withheld one), extensions for other callers are left
    out; without, all are given, and the caller decides. Only those with a first line count.
    """
    seen: set[str] = set()
    yield from _search(dialplan, number, caller, (context,), False, seen)


def answer(dialplan: Dialplan, number: str, context: str, caller: str = "") -> Answer | None:
    """What answers this number from this caller; includes are taken as if their time had come."""
    return next(answers(dialplan, number, context, caller), None)


def contexts_within(dialplan: Dialplan, context: str) -> tuple[str, ...]:
    """The context and all that it includes, near and far, in the order they are asked, there or not."""
    found: list[str] = []

    def visit(name: str) -> None:
        if name in found:
            return
        found.append(name)
        if (there := dialplan.contexts.get(name)) is not None:
            for include in there.includes:
                visit(include_context(include))

    visit(context)
    return tuple(found)


def _search(
    dialplan: Dialplan,
    number: str,
    caller: str | None,
    path: tuple[str, ...],
    timed: bool,
    seen: set[str],
) -> Iterator[Answer]:
    name = path[-1]
    context = dialplan.contexts.get(name)
    # The names that were looked through are compared without regard to case.
    if context is None or name.lower() in seen or len(seen) >= MAX_CONTEXTS:
        return
    for extension in _matching(context, number, caller):
        yield Answer(name, extension, path, timed)
    for switch in context.switches:
        yield Answer(name, None, path, timed, switch)
    seen.add(name.lower())
    for include in context.includes:
        inside = (*path, include_context(include))
        yield from _search(dialplan, number, caller, inside, timed or inside[-1] != include, seen)


def _matching(context: Context, number: str, caller: str | None) -> Iterator[Extension]:
    # Names that are no patterns come first, and there may be thousands of them.
    found = context.by_number.get(number.replace("-", ""), ())
    patterns = (each for each in context.patterns if matches(each.name, number))
    for extension in (*found, *patterns):
        if any(priority.number == 1 for priority in extension.priorities) and _welcome(extension, caller):
            yield extension


def _welcome(extension: Extension, caller: str | None) -> bool:
    if extension.caller is None or caller is None:
        return True
    if not extension.caller or not caller:
        return not extension.caller and not caller
    return matches(extension.caller, caller)
