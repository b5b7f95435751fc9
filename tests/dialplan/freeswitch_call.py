"""A call to a few lines of dialplan, for tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from pbxctl.dialplan.freeswitch import Channel, Trace, World, evaluate, parse_dialplan

WEDNESDAY = "2026-12-02 10:00:00"


def epoch(moment: str, zone: str = "Europe/Brussels", fold: int = 0) -> int:
    return int(datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone), fold=fold).timestamp())


def call(
    extensions: str,
    *,
    at: int | None = None,
    number: str = "100",
    caller: str = "0470112233",
    zone: str = "Europe/Brussels",
    variables: Mapping[str, str] | None = None,
    database: Mapping[tuple[str, str], str] | None = None,
    run: Callable[[str, str], Mapping[str, str] | None] = lambda application, data: {},
) -> Trace:
    """A call to the context ``public`` with these extensions; the server's clock stands still."""
    now = epoch(WEDNESDAY) if at is None else at
    dialplan = parse_dialplan(f'<include><context name="public">{extensions}</context></include>')
    channel = Channel(number, "public", caller, variables=dict(variables or {}))
    return evaluate(dialplan, channel, World(lambda: now, database or {}, zone, run))


def done(trace: Trace) -> list[str]:
    """What was carried out, as ``application data``."""
    return [f"{e.application} {e.data}".strip() for e in trace.executed if not e.inline]


def holds(attributes: str, **surroundings: object) -> bool:
    """Whether a condition with these attributes holds."""
    extension = (
        f'<extension name="x"><condition {attributes}>'
        '<action application="yes"/><anti-action application="no"/></condition></extension>'
    )
    (application,) = done(call(extension, **surroundings))  # type: ignore[arg-type]
    return application == "yes"


def value(text: str, **surroundings: object) -> str:
    """What a text expands to."""
    trace = call(
        f'<extension name="x"><condition><action application="set" data="x={text}"/></condition></extension>',
        **surroundings,  # type: ignore[arg-type]
    )
    return trace.channel.variables.get("x", "")
