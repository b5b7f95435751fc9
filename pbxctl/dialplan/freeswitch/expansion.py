"""``${…}``: variables and functions in a text."""

from __future__ import annotations

import re
from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pbxctl.dialplan.freeswitch import patterns
from pbxctl.dialplan.freeswitch.channel import Channel, NotMeasured
from pbxctl.dialplan.freeswitch.clock import format_time
from pbxctl.dialplan.freeswitch.world import World

MAX_RECURSION = 100

ZONE_ERROR = "-ERR Invalid timezone/format"

_FUNCTION = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)\((.*)\)", re.DOTALL)
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_COMPARISON = re.compile(r"([^!<>=]*)(!=|>=|<=|==|>|<)(.*)", re.DOTALL)


def expand(text: str, channel: Channel, world: World, depth: int = 0) -> str:
    """The text with its ``${…}`` replaced.

    The *value of a variable* is expanded once more, as FreeSWITCH does; what a function returns is not.

    Raises:
        NotMeasured: it holds something of which it is not known what FreeSWITCH makes of it.
    """
    if "${" not in text or depth > MAX_RECURSION:
        return text
    if "$${" in text or "\\$" in text:
        raise NotMeasured(f"{text[:60]!r} holds $${{ or \\$, which are not read here")
    found: list[str] = []
    rest = text
    while (begin := rest.find("${")) >= 0:
        end = _closing(rest, begin)
        if end is None:
            break
        found += [rest[:begin], _value(rest[begin + 2 : end], channel, world, depth)]
        rest = rest[end + 1 :]
    return "".join([*found, rest])


def _closing(text: str, begin: int) -> int | None:
    depth = 0
    for place in range(begin, len(text)):
        depth += (text[place] == "{") - (text[place] == "}")
        if depth == 0 and place > begin:
            return place
    return None


def _value(inner: str, channel: Channel, world: World, depth: int) -> str:
    if function := _FUNCTION.fullmatch(inner.strip()):
        arguments = expand(function[2], channel, world, depth + 1)
        if function[1] not in FUNCTIONS:
            raise NotMeasured(f"the function {function[1]} is not known here")
        return FUNCTIONS[function[1]](arguments, world)
    name = expand(inner, channel, world, depth + 1)
    if not _VARIABLE.fullmatch(name):
        raise NotMeasured(f"${{{name[:60]}}} is no plain variable")
    return expand(channel.value(name), channel, world, depth + 1)


def _cond(arguments: str, world: World) -> str:
    comparison, question, branches = arguments.partition("?")
    yes, colon, no = branches.partition(":")
    parts = _COMPARISON.fullmatch(comparison)
    if not question or parts is None or ":" in comparison or ":" in no:
        return "-ERR"
    left, operator, right = parts[1].strip(), parts[2], parts[3].strip()
    return (yes if _holds(left, operator, right) else no if colon else "").strip()


def _holds(left: str, operator: str, right: str) -> bool:
    numeric = bool(_NUMBER.fullmatch(left)), bool(_NUMBER.fullmatch(right))
    if operator in ("==", "!=") and not any(numeric):
        return (left == right) == (operator == "==")
    # A word counts as its length: so a missing number is 0.
    a, b = (
        float(text) if is_ else float(len(text)) for text, is_ in zip((left, right), numeric, strict=True)
    )
    return {"==": a == b, "!=": a != b, ">": a > b, ">=": a >= b, "<": a < b, "<=": a <= b}[operator]


def _db(arguments: str, world: World) -> str:
    # Four parts at most: what follows a third / is the value of an insert, and no part of the key.
    parts = arguments.split("/", 3)
    if parts[0] != "select" or len(parts) < 3:
        raise NotMeasured(f"db({arguments[:60]}): only select/REALM/KEY is known here")
    return world.select(parts[1], parts[2])


def _expr(arguments: str, world: World) -> str:
    if "<" in arguments or ">" in arguments:
        raise NotMeasured("expr knows neither > nor <; write ${cond(A > B ? yes : no)}")
    raise NotMeasured("expr is not read here; write ${cond(…)}")


def _regex(arguments: str, world: World) -> str:
    if arguments.startswith("m:"):
        raise NotMeasured("regex(m:…) is not read here")
    parts = arguments.split("|")
    if not 2 <= len(parts) <= 3:
        return "-ERR"
    match = patterns.search(parts[1], parts[0])
    if len(parts) == 2:
        return "false" if match is None else "true"
    return parts[0] if match is None else patterns.substitute(parts[2].replace("%", "$"), match)


def _strepoch(arguments: str, world: World) -> str:
    if arguments:
        raise NotMeasured("strepoch of a date is not read here; write ${strepoch()}")
    return str(world.clock())


def _strftime(arguments: str, world: World) -> str:
    # Seen: %F and %u give an empty string, and nothing says so.
    if "%F" in arguments or "%u" in arguments:
        return ""
    return _formatted(arguments, ZoneInfo(world.zone), world)


def _strftime_tz(arguments: str, world: World) -> str:
    name, _, format_ = arguments.partition(" ")
    try:
        zone = ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZONE_ERROR
    return _formatted(format_, zone, world)


def _formatted(format_: str, zone: ZoneInfo, world: World) -> str:
    moment, bar, after = format_.partition("|")
    if not bar:
        return format_time(format_, world.clock(), zone)
    if not (moment.isascii() and moment.isdigit()):
        raise NotMeasured(f"strftime of the moment {moment[:20]!r}")
    return format_time(after, int(moment), zone)


FUNCTIONS: dict[str, Callable[[str, World], str]] = {
    "cond": _cond,
    "db": _db,
    "expr": _expr,
    "regex": _regex,
    "strepoch": _strepoch,
    "strftime": _strftime,
    "strftime_tz": _strftime_tz,
}
