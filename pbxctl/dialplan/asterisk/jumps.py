"""Where a line may lead to, read without carrying anything out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pbxctl.dialplan.asterisk.match import Answer, answer
from pbxctl.dialplan.asterisk.model import Dialplan, Extension, Priority

MAX_PLACES = 500

_BRANCHING = {"gotoif", "gosubif", "gotoiftime"}
_PLAIN = {"goto", "gosub"}
_LOCAL = re.compile(r"Local/([^@&,/]+)@([^&,/)]+)", re.IGNORECASE)
_EXTEN = re.compile(r"\$\{EXTEN\}")


@dataclass(frozen=True, slots=True)
class Place:
    """A number that is looked for in a context."""

    context: str
    number: str


def places_reached(dialplan: Dialplan, start: Place) -> Iterator[tuple[Place, Answer, tuple[Place, ...]]]:
    """Every place that may be come to from ``start``, with what answers there and the way to it.

    ``Goto``, ``Gosub`` and their kin, and ``Local`` channels, as far as their targets are written
    out (``${EXTEN}`` counts as that). Every branch is taken; a place is come to once.
    """
    ahead: list[tuple[Place, tuple[Place, ...]]] = [(start, (start,))]
    seen = {start}
    while ahead and len(seen) < MAX_PLACES:
        place, way = ahead.pop(0)
        found = answer(dialplan, place.number, place.context)
        if found is None or found.extension is None:
            continue
        yield place, found, way
        for line in found.extension.priorities:
            # A jump without a context stays in the one that was entered, not in the included one.
            for target in _targets(line, found.extension, place):
                if target not in seen:
                    seen.add(target)
                    ahead.append((target, (*way, target)))


def _targets(line: Priority, extension: Extension, place: Place) -> Iterator[Place]:
    app = line.app.lower()
    texts: list[str] = []
    if app in _PLAIN:
        texts = [line.data]
    elif app in _BRANCHING:
        texts = line.data.partition("?")[2].split(":")
    for text in texts:
        parts = [part.strip() for part in re.sub(r"\(.*", "", text).split(",")]
        if len(parts) > 1:
            context = parts[-3] if len(parts) > 2 else place.context
            yield from _place(context, parts[-2], place)
    for number, context in _LOCAL.findall(line.data):
        yield from _place(context, number, place)


def _place(context: str, number: str, here: Place) -> Iterator[Place]:
    number = _EXTEN.sub(lambda _: here.number, number)
    if "$" not in context + number and number:
        yield Place(context, number)
