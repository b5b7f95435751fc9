"""Who calls, and how the trunk writes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from urllib.parse import quote

from pbxctl.plan.flow import Dial
from pbxctl.plan.model import Plan, RoutePlan

from .places import FOREIGN

HOSTILE = (
    "anonymous",
    "",
    "+",
    "restricted",
    "{n})",
    "{n}):0:3",
    "{n}:1:2",
    "({n}",
    "12):5:1(34",
    "{n},s,1",
    "{n}&SIP/x",
    "{n}|x",
    '{n}"',
    '"{n}" <911>',
    "{n}\\",
    "\\{n}",
    "${{SHELL(id)}}{n}",
    "${{EXTEN}}",
    "$[1+1]{n}",
    "{n}}}",
    "{{{n}",
    "{n};phone-context=x",
    "{n} ",
    " {n}",
    "{n}\t1",
    "0" * 40,
    "{n}0000000000000000000000000000000",
    "Zoë{n}",
    "{n}\u202e",
    "..{n}",
    "{n}'",
    "{n}`id`",
    "{n}%20",
    "{n}[1]",
    "_X.",
    "s",
)
"""Numbers that no caller has; ``{n}`` stands for one that means something to the plan."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A caller's number as the dialplan must see it, and how the INVITE says so."""

    number: str
    user: str
    headers: Mapping[str, str]


def random_caller(random: Random, plan: Plan, route: RoutePlan) -> Caller:
    """A caller with a number that has a meaning to the plan, nearly has one, or has none."""
    number = _number(random, plan, route)
    if random.random() < 0.2:
        number = random.choice(HOSTILE).format(n=number)
    elif random.random() < 0.1:
        number = random.choice(
            [number + "0", number[:-1], "0" + number, number.removeprefix("+"), "+" + number]
        )
    forged = random.choice(["forged", "anonymous", "112"])
    return presented(number, asserted=random.random() < 0.2, forged=forged)


def presented(number: str, *, asserted: bool = False, forged: str = "anonymous") -> Caller:
    """How a number comes: in From, or asserted by the trunk, which knows better, beside a forged From."""
    user = quote(number, safe="+")
    if number and asserted:
        return Caller(number, forged, {"P-Asserted-Identity": f"<sip:{user}@provider.example>"})
    return Caller(number, user, {})


def random_diversion(random: Random, route: RoutePlan) -> str:
    """The number that diverted the call to us, mostly none."""
    if random.random() < 0.85:
        return ""
    number = random.choice([*_loops(route), *FOREIGN])
    return random.choice(HOSTILE).format(n=number) if random.random() < 0.2 else number


def diversion_header(number: str) -> Mapping[str, str]:
    """The header by which a trunk names who diverted the call."""
    if not number:
        return {}
    return {"Diversion": f"<sip:{quote(number, safe='+')}@provider.example>;reason=unconditional"}


def _number(random: Random, plan: Plan, route: RoutePlan) -> str:
    listed = [spelling for rule in (*plan.always_pass, *plan.blocked) for spelling in rule.spellings]
    kind = random.choices(["listed", "loop", "any"], [22, 15, 63])[0]
    if kind == "listed" and listed:
        return random.choice(listed)
    if kind == "loop" and (loops := _loops(route)):
        return random.choice(loops)
    abroad = [f"{prefix}612345678" for prefix in plan.languages_abroad]
    if abroad and random.random() < 0.4:
        return random.choice(abroad)
    return random.choice([*FOREIGN, f"0{random.randint(10**7, 10**9)}", "201", "4711"])


def _loops(route: RoutePlan) -> list[str]:
    return [
        number
        for flow in route.flows.values()
        for step in flow.steps
        if isinstance(step, Dial)
        for number in step.loop
    ]
