"""The dates as database entries, version 1.

``REVISION/day/SCHEDULE/YYYYMMDD`` is ``1&EPOCH:WINDOW&EPOCH:WINDOW…``, the parts of that day in
order; ``REVISION/window/SCHEDULE/WINDOW`` is ``1|MODE|RUNG|RULE|PROMPT``, what stands in such a part.
``REVISION/horizon`` is ``1|YYYYMMDD|YYYYMMDD``: the first and the last local day that were worked out.
``current`` is ``1|GENERATION|REVISION``, the pointer to what is in force.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from pbxctl.errors import InputWrong
from pbxctl.plan.model import Standing, TimelinePlan
from pbxctl.render.landing import MAX_ENTRY_BYTES, NotPlain, entry
from pbxctl.render.rendering import Entry

DAY = "1(&[0-9]+:w[0-9]+)+"
STANDING = "1[|][a-z_]+[|][a-z_]+[|][a-zA-Z0-9_.-]+[|][0-9a-f]*"
HORIZON = "1[|]([0-9]{8})[|]([0-9]{8})"
POINTER = "1[|][0-9a-f]+[|][0-9a-f]+"
"""POSIX extended expressions for whole values, as the dialplan tests them before it believes one."""

MAX_PARTS = (MAX_ENTRY_BYTES - len("1")) // len("&1790000000:w0")
"""A dated entry holds no more parts than this."""


def nth_part(number: int) -> str:
    """The expression (PCRE) that captures start and window of a dated entry's part, counted from 0."""
    return f"^1(?:&[0-9]+:w[0-9]+){{{number}}}&([0-9]+):(w[0-9]+)"


StemOf = Callable[[Standing], str]


def format_standing(standing: Standing, stem: str) -> str:
    """``1|MODE|RUNG|RULE|PROMPT``, in the database and in the code alike.

    Raises:
        NotPlain: the dialplan would not believe it, and pass it over.
    """
    value = entry(f"1|{standing.mode}|{standing.rung}|{standing.rule}|{stem}")
    if not re.fullmatch(STANDING, value):
        raise NotPlain(f"{value[:60]!r} is not what the dialplan takes for the state of a route")
    return value


def date_entries(
    family: str, revision: str, timeline: TimelinePlan, stem_of: StemOf, *, between: str = "/"
) -> Iterator[Entry]:
    """The entries of one schedule: its windows, then the dates that differ from the weekly table.

    ``between`` stands between the parts of a key: FreeSWITCH's would end at a slash.
    """
    names: dict[str, str] = {}
    days: list[Entry] = []
    for day, parts in sorted(timeline.dates.items()):
        named = []
        for part in parts:
            value = format_standing(part.standing, stem_of(part.standing))
            named.append(f"{part.start}:{names.setdefault(value, f'w{len(names)}')}")
        value = "&".join(("1", *named))
        if len(value) > MAX_ENTRY_BYTES:
            raise InputWrong(
                f"schedule {timeline.schedule}: on {day} it changes {len(parts)} times, more than the PBX's "
                "database holds for a day; join some of its hours or dates"
            )
        days.append(
            Entry(family, between.join((revision, "day", timeline.schedule, f"{day:%Y%m%d}")), entry(value))
        )
    for value, name in names.items():
        yield Entry(family, between.join((revision, "window", timeline.schedule, name)), value)
    yield from days


def horizon_entry(family: str, revision: str, first_day: date, days: int, between: str = "/") -> Entry:
    """The mark that the dates of ``days`` local days from ``first_day`` on are there.

    Only under it does a day without an entry follow the week; it belongs behind all others, so that
    it is never there without them.
    """
    last_day = first_day + timedelta(days=days - 1)
    return Entry(family, f"{revision}{between}horizon", entry(f"1|{first_day:%Y%m%d}|{last_day:%Y%m%d}"))
