"""FreeSWITCH's regular expressions (PCRE), as far as Python's read the same."""

from __future__ import annotations

import re
from functools import lru_cache

from pbxctl.dialplan.freeswitch.channel import NotMeasured

Match = re.Match[str]

COMPILES = 10_000
TOO_LARGE = 40_000
"""Characters of an expression: 1,000 dates were seen to compile, 5,000 were too large, between is unknown."""

_UNLIKE = re.compile(r"\[\[:|\\[QEGKRXhHvVpPgk]|\(\?[^:=!<P]|\(\*")
"""What Python reads otherwise, or not at all."""


def search(expression: str, text: str) -> Match | None:
    """Where the expression matches, if it does; one that does not compile matches nothing.

    Raises:
        NotMeasured: what FreeSWITCH makes of the expression is not known here.
    """
    pattern = _compiled(expression)
    return None if pattern is None else pattern.search(text)


def substitute(data: str, match: Match | None) -> str:
    """``data`` with ``$0`` to ``$99`` replaced; a group that is not there is empty."""

    def group(found: Match) -> str:
        number = int(found[1])
        if match is None or number > match.re.groups:
            return ""
        return match[number] or ""

    return re.sub(r"\$([0-9]{1,2})", group, data)


@lru_cache(maxsize=4096)
def _compiled(expression: str) -> re.Pattern[str] | None:
    if len(expression) >= TOO_LARGE:
        return None
    if len(expression) > COMPILES:
        raise NotMeasured(
            f"an expression of {len(expression)} characters; at most {COMPILES} are known to work"
        )
    if expression[:1] in ("_", "/") or _UNLIKE.search(expression):
        raise NotMeasured(f"the expression {expression[:60]!r} is of a kind that is not read here")
    try:
        return re.compile(expression.replace(r"\z", r"\Z"))
    except re.error:
        return None
