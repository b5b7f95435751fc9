"""Dialplans as other people write them, at random, with whatever Asterisk swallows.

A label in place of a number (``exten => 5,here,NoOp()``) is left out: Asterisk 22.10 looks it up while it
loads, and where a pattern of that context is written in two ways (``_X.``, ``_x.``), it crashes at the
next reload.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

APPLICATIONS = (
    "NoOp(a, b)",
    "Set(A=${B:1:2}\\;x)",
    "Dial(PJSIP/${EXTEN}@trunk,30,tT)",
    'ExecIf($["${A}" = "b"]?Goto(other,1))',
    "Hangup()",
    "Answer",
    "Playback( spaced )",
    "GotoIf($[ 1 ]?(x):(y))",
    "NoOp(unclosed",
    "NoOp (gap)",
    "Set(Q=é€)",
    "NoOp(a)b)trailing",
)
NAMES = (
    "100",
    "1-01",
    "_X.",
    "_x.",
    "_1XX",
    "_[1-3]ZZ!",
    "_N-XX",
    "s",
    "t",
    "_+32.",
    "_[48]1",
    "_[a-c-]X",
    "_.",
)
INCLUDES = ('#include "foreign/*.conf"', "#tryinclude gone-*.conf")
BAD = (
    "this line has no sign",
    "exten => 5,n(,NoOp()",
    "exten => 5,0,NoOp()",
    "wrong => word",
    "exten => ,1,NoOp()",
    "#nonsense here",
    "= nothing",
)
OTHERS = ("switch => Loopback/12:x@y", "lswitch => Loopback/1", "ignorepat => 9", "ignorepat => ${ONE}")
COMMENTS = (
    "; a comment",
    ";-- one\nexten => 666,1,NoOp(never)\n--; ",
    "same => n,NoOp(x) ;-- in --; ; and after",
    "",
)


def foreign_dialplan(seed: int, contexts: int, lines: int) -> Mapping[str, str]:
    """So many contexts of about so many lines, as files, ``extensions.conf`` among them."""
    random = seeded(seed)
    names: list[str] = []
    parts: list[list[str]] = [[] for _ in range(3)]
    for at in range(contexts):
        parts[at * 3 // contexts] += _context(random, f"ctx{at}", names, lines)
    head = [
        "[general]",
        "clearglobalvars=yes",
        "[globals]",
        "ONE=1",
        "TWO=${ONE}2",
        "__INHERITED=x",
        "EMPTY=",
        "[base](!)",
        "exten => 900,1,NoOp(from the template)",
        " same => n(there),Hangup()",
    ]
    return {
        "extensions.conf": "\n".join(
            [
                *head,
                *parts[0],
                '#include "foreign/*.conf"',
                "#tryinclude gone-*.conf",
                *_context(random, "last", names, 4),
            ]
        )
        + "\n",
        "foreign/10.conf": "\n".join(parts[1]),
        "foreign/20.conf": "\n".join(parts[2]) + "\n",
    }


def seeded(seed: int) -> Random:
    """Chance that can be had again."""
    return Random(seed)  # noqa: S311


def _context(random: Random, name: str, before: list[str], lines: int) -> list[str]:
    option = random.choice(("", "", "", "(base)", "(+)" if before and random.random() < 0.5 else ""))
    if option == "(+)":
        name = random.choice(before)
    elif name not in before:
        before.append(name)
    return [f"[{name}]{option}", *(_line(random, before) for _ in range(lines))]


def random_names(random: Random) -> tuple[str, ...]:
    return str(random.randrange(100, 400)), f"_{random.randrange(20)}X!", "${ONE}55"


def _line(random: Random, before: list[str]) -> str:
    kind = random.random()
    application = random.choice(APPLICATIONS)
    if kind < 0.35:
        extension = random.choice(
            (*NAMES, str(random.randrange(100, 400)), f"_{random.randrange(20)}X!", "${ONE}55")
        )
        caller = random.choice(("",) * 9 + ("/0470-12", "/_04X.", "/"))
        number = random.choice(("1", "1", "1", "n", "hint", "2", "1(start)"))
        device = random.choice(("PJSIP/100", "Custom:x&PJSIP/2", "PJSIP/${ONE}", "PJSIP/${EXTEN}"))
        return f"exten => {extension}{caller},{number},{device if number == 'hint' else application}"
    if kind < 0.80:
        number = random.choice(
            ("n", "n", "n", "n(here)", "n(there)", "n+2", "n+10(far)", "s", "n(a)+1", "40")
        )
        return f" same {random.choice(('=>', '='))} {number},{application}"
    if kind < 0.88 and before:
        return f"include => {random.choice(before)}{random.choice(('',) * 5 + (',09:00-17:00,mon-fri,*,*',))}"
    if kind < 0.90:
        return random.choice(OTHERS)
    if kind < 0.95:
        return random.choice(COMMENTS)
    return random.choice(BAD)
