"""Where lines may lead to."""

from __future__ import annotations

import pytest

from pbxctl.dialplan.asterisk import Dialplan, parse_extensions
from pbxctl.dialplan.asterisk.jumps import Place, places_reached


def dialplan(line: str) -> Dialplan:
    text = f"""
[start]
exten => 1,1,{line}
include => within
[within]
exten => 2,1,Goto(3,1)
[there]
exten => _X,1,NoOp()
exten => s,1,NoOp()
"""
    return parse_extensions(text, "x.conf", lambda name: ()).dialplan


@pytest.mark.parametrize(
    ("line", "reached"),
    [
        ("Goto(there,s,1)", [("there", "s")]),
        ("Goto(there,${EXTEN},1)", [("there", "1")]),
        ("Goto(here)", []),
        ("Gosub(there,5,1(argument))", [("there", "5")]),
        ('GotoIf($["${A}" = "b"]?there,5,1:there,6,1)', [("there", "5"), ("there", "6")]),
        ("GotoIf(${A}?:there,6,1)", [("there", "6")]),
        ("Dial(Local/7@there/n,30)", [("there", "7")]),
        ("Dial(PJSIP/1&Local/${EXTEN}@there)", [("there", "1")]),
        ("Goto(2,1)", [("within", "2")]),
        ("Goto(${WHERE},1,1)", []),
        ("NoOp(there,s,1)", []),
    ],
)
def test_a_line_leads_to(line: str, reached: list[tuple[str, str]]) -> None:
    found = list(places_reached(dialplan(line), Place("start", "1")))

    assert [(answer.context, place.number) for place, answer, _ in found[1:]] == reached
    assert all(way[0] == Place("start", "1") and way[-1] == place for place, _, way in found)


def test_round_and_round_ends() -> None:
    assert len(list(places_reached(dialplan("Goto(start,1,1)"), Place("start", "1")))) == 1
