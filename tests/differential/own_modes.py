"""Random modes of the administrator's own, as steps that he could have written."""

from __future__ import annotations

from random import Random
from typing import Any

OWN_MODES = ("reception", "second_line")

KINDS = (
    *(("play", "ask", "dial") * 2),
    "run",
    "run",
    *("voicemail", "record", "ordinary", "hangup"),
)
TEMPLATE = "mood.conf.j2"
TEMPLATE_TEXT = """\
; Who is rung says how this ends.
 same => n,Set(OWN_PREFIX={{ prefix }})
 same => n,Set(OWN_MOOD=${DB(service/${CUT(OWN_PREFIX,-,2)})})
 same => n,GotoIf($["${OWN_MOOD}" = "busy"]?{{ exits.done }})
 same => n,GotoIf($["${OWN_MOOD}" = "trunk-404"]?{{ exits.odd }})
"""
_TARGETS = ("next", "neutral", "voicemail", "hangup")


def random_modes(random: Random, instance: str, number: str) -> dict[str, list[Any]]:
    """Modes by name; a forward rings ``number``, and one of the mailboxes is not there."""
    return {name: _steps(random, instance, number) for name in OWN_MODES if random.random() < 0.7}


def _steps(random: Random, instance: str, number: str) -> list[Any]:
    count = random.randint(1, 5)
    names = [f"own_{place}" for place in range(count)]
    return [_step(random, instance, number, names[place], names[place + 1 :]) for place in range(count)]


def _step(random: Random, instance: str, number: str, name: str, ahead: list[str]) -> Any:
    """One step; what it leads to lies ahead, and much of it is left unsaid."""

    def target() -> str:
        return random.choice([*ahead, *ahead, *_TARGETS])

    kind = random.choice(KINDS)
    exits: tuple[str, ...] = ()
    step: dict[str, Any] = {"name": name}
    match kind:
        case "play":
            step["play"], exits = random.choice(["prompt", "neutral"]), ("done", "failed")
            if random.random() < 0.4:
                step["keys"] = {key: target() for key in random.sample("0123456789*", random.randint(1, 3))}
        case "ask":
            keys = random.sample("0123456789*", random.randint(1, 4))
            step |= {"ask": {key: target() for key in keys}, "wait": "1s"}
            exits = ("none",)
        case "dial":
            step |= {"dial": number, "ring": "5s", "max_calls": str(random.randint(1, 2))}
            exits = ("answered", "busy", "silent", "unreachable", "capped", "looped")
            if random.random() < 0.4:
                step["confirm"] = random.choice(["1", "5", "*"])
                exits = (*exits, "unconfirmed")
        case "voicemail":
            step["voicemail"] = random.choice(["route", f"101@{instance}", f"200@{instance}"])
            exits = ("done", "failed")
        case "record":
            step["record"], exits = "5s", ("done", "failed")
        case "ordinary":
            step["ordinary"], exits = "route", ("missing",)
        case "run":
            step |= {"run": TEMPLATE, "exits": {"done": target(), "odd": target(), "failed": target()}}
        case "hangup":
            step["hangup"] = random.choice(["normal", "busy", "refused"])
    return step | {exit_: target() for exit_ in exits if random.random() < 0.4}
