"""The clock in conditions and texts: what the time attributes of a condition say of a moment."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pbxctl.dialplan.freeswitch.channel import Channel, NotMeasured
from pbxctl.dialplan.freeswitch.world import World

WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")

_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{1,2})(?::([0-9]{1,2}))?")
_MOMENT = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?: ([0-9]{1,2}):([0-9]{1,2})(?::([0-9]{1,2}))?)?")
_DIRECTIVES = frozenset("aAbBdFHIjmMpSTuwyYe")
"""What a format may ask for: those that say the same in every language and on every server."""


def times_match(times: Mapping[str, str], channel: Channel, world: World) -> bool | None:
    """What the time attributes say of this moment; None where there are none. Each asks the clock anew.

    Raises:
        NotMeasured: an attribute is of a form of which it is not known what FreeSWITCH makes of it.
    """
    if not times:
        return None
    if any("$" in value for value in times.values()):
        return False  # variables in time attributes never match
    now = world.clock()
    here = local_time(now, channel, world)
    if here is None:
        return False
    return all(_CHECKS[name](value, now, here, world) for name, value in times.items())


def local_time(now: int, channel: Channel, world: World) -> datetime | None:
    """The moment in the zone that counts for conditions; None where nobody knows that zone."""
    if offset := channel.variables.get("tod_tz_offset"):
        if not re.fullmatch(r"[+-]?[0-9]{1,2}", offset):
            raise NotMeasured(f"tod_tz_offset={offset[:20]}; whole hours are known")
        return datetime.fromtimestamp(now, timezone(timedelta(hours=int(offset))))
    name = channel.variables.get("timezone", world.zone)
    try:
        return datetime.fromtimestamp(now, ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def format_time(format_: str, now: int, zone: ZoneInfo) -> str:
    """The moment as ``strftime`` writes it.

    Raises:
        NotMeasured: a directive whose outcome would depend on language or server.
    """
    for directive in re.findall(r"%(.?)", format_.replace("%%", ""), re.DOTALL):
        if directive not in _DIRECTIVES:
            raise NotMeasured(f"%{directive} in {format_[:40]!r} is not read here")
    return datetime.fromtimestamp(now, zone).strftime(format_ or "%Y-%m-%d %T")


def _number(get: Callable[[datetime], int]) -> Callable[[str, int, datetime, World], bool]:
    return lambda value, now, here, world: _in_numbers(value, get(here))


def _in_numbers(value: str, number: int) -> bool:
    if re.fullmatch(r"[0-9]+", value):
        return int(value) == number
    if span := re.fullmatch(r"([0-9]+)-([0-9]+)", value):
        return int(span[1]) <= number <= int(span[2])
    if re.fullmatch(r"[0-9]+(,[0-9]+)+", value):
        return number in {int(part) for part in value.split(",")}
    raise NotMeasured(f"{value[:40]!r} is no number, range or list as they are known here")


def _wday(value: str, now: int, here: datetime, world: World) -> bool:
    today = here.isoweekday() % 7 + 1  # 1 is Sunday
    for part in value.lower().split(","):
        days = [_weekday(name) for name in part.split("-")]
        if None in days or len(days) > 2 or (first := days[0]) is None or (last := days[-1]) is None:
            raise NotMeasured(f"wday={value[:40]!r}")
        if last < first:
            raise NotMeasured(f"wday={value[:40]!r} goes over the end of the week")
        if first <= today <= last:
            return True
    return False


def _weekday(name: str) -> int | None:
    name = name.strip()
    if name in WEEKDAYS:
        return WEEKDAYS.index(name) + 1
    return int(name) if re.fullmatch(r"[1-7]", name) else None


def _time_of_day(value: str, now: int, here: datetime, world: World) -> bool:
    begin, _, end = value.partition("-")
    first, last = _second_of_day(begin), _second_of_day(end)
    if first is None or last is None:
        return False  # it fails in silence
    if last < first:
        raise NotMeasured(f"time-of-day={value[:40]!r} goes over midnight")
    # The end is in it, to the second.
    return first <= here.hour * 3600 + here.minute * 60 + here.second <= last


def _second_of_day(text: str) -> int | None:
    found = _CLOCK.fullmatch(text)
    if found is None:
        return None
    return int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3] or 0)


def _date_time(value: str, now: int, here: datetime, world: World) -> bool:
    """Half-open, and always in the *server's* zone, whatever ``timezone`` says."""
    zone = ZoneInfo(world.zone)
    for part in value.split(","):
        begin, _, end = part.partition("~")
        first, last = _instant(begin, now, zone), _instant(end, now, zone)
        if first <= now < last:
            return True
    return False


def _instant(text: str, now: int, zone: ZoneInfo) -> int:
    found = _MOMENT.fullmatch(text.strip())
    if found is None:
        raise NotMeasured(f"date-time with {text[:40]!r}; A~B is known, each as 2026-12-24 12:00")
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    try:
        edge = int(datetime(year, month, day, hour, minute, second, tzinfo=zone).timestamp())
    except ValueError:
        raise NotMeasured(f"date-time with {text[:40]!r}: no calendar has that") from None
    near = [datetime.fromtimestamp(edge + aside, zone).utcoffset() for aside in (-7200, 7200)]
    if near[0] != near[1] and abs(now - edge) <= 7200:
        # Seen on a server in Brussels time: an hour off at the change, and not which way.
        raise NotMeasured(f"date-time {text[:40]} beside a change of the server's clock")
    return edge


def _dst(value: str, now: int, here: datetime, world: World) -> bool:
    # "false" never matches, whatever the season: it asks for what cannot be.
    server = datetime.fromtimestamp(now, ZoneInfo(world.zone))
    return value.lower() in ("true", "yes", "on") and bool(server.dst())


def _tz_offset(value: str, now: int, here: datetime, world: World) -> bool:
    raise NotMeasured("tz-offset in a condition is not read here")


def _week_of_month(here: datetime) -> int:
    first_weekday = here.replace(day=1).isoweekday() % 7
    return (here.day + first_weekday - 1) // 7 + 1


_CHECKS: Mapping[str, Callable[[str, int, datetime, World], bool]] = {
    "date-time": _date_time,
    "year": _number(lambda here: here.year),
    "yday": _number(lambda here: here.timetuple().tm_yday),
    "mon": _number(lambda here: here.month),
    "mday": _number(lambda here: here.day),
    "week": _number(lambda here: (here.timetuple().tm_yday - 1) // 7 + 1),
    "mweek": _number(_week_of_month),
    "wday": _wday,
    "hour": _number(lambda here: here.hour),
    "minute": _number(lambda here: here.minute),
    "minute-of-day": _number(lambda here: here.hour * 60 + here.minute + 1),  # it counts from 1
    "time-of-day": _time_of_day,
    "tz-offset": _tz_offset,
    "dst": _dst,
}
