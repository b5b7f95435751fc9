"""The words that all of a replay's reports share: names of rules, numbers, counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pbxctl.plan.model import Plan


@dataclass(frozen=True, slots=True)
class Asked:
    """How the replay was asked for. Days are local, the last one included."""

    first: date | None
    last: date | None
    since: date | None
    shift_weeks: int
    mask: bool


def label(plan: Plan, rung: str, rule: str) -> str:
    """What to call a rule, whatever the day."""
    if rung == "holiday":  # the sum of many days, each with a name of its own
        return "public holiday"
    note = plan.rules.get(rule)
    return "no rule closes it" if note is None else note.label


def met_words(mode: str, rung: str) -> str:
    """A mode and the rung it came of. What a journal holds is cut to what the dialplan writes."""
    shown = _plain(mode)
    if rung == mode:
        return shown
    return f"{shown} ({_plain(rung).replace('_', ' ')})" if rung else f"{shown} (no route)"


def _plain(word: str) -> str:
    return "".join(letter for letter in word if letter.isascii() and (letter.isalnum() or letter == "_"))[:31]


def number_of(number: str, asked: Asked) -> str:
    """A number as it may be shown: whole, or with stars in its middle."""
    if not asked.mask or len(number) < 4:
        return number
    kept = 4 if len(number) > 8 else 1
    return number[:kept] + "*" * (len(number) - kept - 2) + number[-2:]


def calls(count: int) -> str:
    """``1 call``, ``2 calls``."""
    return many(count, "call")


def have(count: int) -> str:
    """``1 call has``, ``2 calls have``."""
    return f"{calls(count)} {'has' if count == 1 else 'have'}"


def many(count: int, what: str) -> str:
    """A count and its noun."""
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def duration(seconds: int) -> str:
    """Hours and minutes."""
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
