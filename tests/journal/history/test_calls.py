"""Legs put together: which are one call, whence it came, and who answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pbxctl.journal.history import Direction, Ending, Folder, Leg, PastCall
from pbxctl.journal.history import calls as calls_module
from pbxctl.simulate.replay import house_of
from tests.journal.history.reading import brussels
from tests.plan.bakery import bakery_plan

HOUSE = house_of(bakery_plan())
LEG = Leg(
    line=2,
    at=brussels("2026-11-04T10:00:00"),
    key="1.1",
    src="0470000103",
    dst="600",
    did="",
    context="ext-group",
    channel="PJSIP/provider-1",
    dstchannel="PJSIP/201-2",
    application="Dial",
    userfield="",
    outgoing=False,
    answered=False,
    billed_s=0,
)


def folded(*legs: Leg) -> list[PastCall]:
    folder = Folder(HOUSE)
    return [call for leg in legs for call in folder.add(leg)] + list(folder.rest())


INBOUND, OUTGOING, INTERNAL = Direction.INBOUND, Direction.OUTGOING, Direction.INTERNAL
WHENCE = [
    pytest.param({"did": "+3292334455"}, INBOUND, "+3292334455", id="a DID"),
    pytest.param({"did": "092334455"}, INBOUND, "+3292334455", id="a DID as another trunk spells it"),
    pytest.param({"did": "09/233 44 55"}, INBOUND, "+3292334455", id="a DID as a person writes it"),
    pytest.param({"did": "+3292334477"}, INBOUND, "+3292334477", id="a DID that is not ours"),
    pytest.param({"did": "+3292334499"}, INBOUND, "+3292334499", id="a DID that is never closed"),
    pytest.param(
        {"dst": "003292334455", "context": "sip-in"}, INBOUND, "+3292334455", id="our number dialled"
    ),
    pytest.param(
        {"dst": "201", "userfield": "+3292334466"}, INBOUND, "+3292334466", id="our number in the userfield"
    ),
    pytest.param(
        {"context": "from-provider-ordinary"}, INBOUND, "", id="the trunk's context, the number lost"
    ),
    pytest.param({"context": "from-trunk-sip-provider"}, INBOUND, "", id="a trunk's context of FreePBX's"),
    pytest.param({"dst": "202"}, INBOUND, "", id="an outside number rings a phone"),
    pytest.param({"dst": "s"}, INBOUND, "", id="an outside number reaches a step of a dialplan"),
    pytest.param({"src": "anonymous", "dst": "202"}, INBOUND, "", id="withheld, and rings a phone"),
    pytest.param({"src": "", "dst": "s", "context": "wake-up"}, INTERNAL, "", id="what the PBX began itself"),
    pytest.param({"src": "201", "dst": "s"}, INTERNAL, "", id="a phone reaches a step of a dialplan"),
    pytest.param({"src": "201", "dst": "0470000103"}, OUTGOING, "0470000103", id="a phone calls outside"),
    pytest.param({"src": "201", "dst": "203"}, INTERNAL, "203", id="a phone calls a phone"),
    pytest.param(
        {"src": "201", "dst": "092334455"}, OUTGOING, "092334455", id="a phone calls the company's own number"
    ),
    pytest.param(
        {"src": "092334455", "dst": "0470000103"}, OUTGOING, "0470000103", id="shown as the company's number"
    ),
    pytest.param(
        {"src": "0470000103", "dst": "0470000104", "outgoing": True},
        OUTGOING,
        "0470000104",
        id="outbound_cnum",
    ),
    pytest.param(
        {"src": "092334455", "dst": "202"}, INTERNAL, "202", id="a phone that shows the company's number"
    ),
    pytest.param({"context": "from-internal", "dst": "112"}, INTERNAL, "112", id="a short number dialled"),
    pytest.param({"src": "anonymous", "did": "+3292334455"}, INBOUND, "+3292334455", id="withheld"),
]


@pytest.mark.parametrize(("fields", "direction", "did"), WHENCE)
def test_whence_a_call_came_and_to_which_number(
    fields: dict[str, Any], direction: Direction, did: str
) -> None:
    [call] = folded(LEG._replace(**fields))

    assert (call.direction, call.did) == (direction, did)


def test_the_number_that_the_history_lost_can_be_said() -> None:
    folder = Folder(replace(HOUSE, dialled="+3292334466"))

    [call] = [*folder.add(LEG), *folder.rest()]

    assert call.did == "+3292334466"


A: dict[str, Any] = {"answered": True, "billed_s": 60}
VOICEMAIL = {"application": "VoiceMail", "dstchannel": ""}
LOCAL = {"dstchannel": "Local/201@from-queue-1;1", "application": "Queue"}
ANSWERED_BY = [
    pytest.param([A], Ending.PERSON, 60, id="a phone"),
    pytest.param([{}], Ending.NOBODY, 0, id="none"),
    pytest.param([{}, A, {}], Ending.PERSON, 60, id="one of three phones"),
    pytest.param([{}, {**A, **VOICEMAIL}], Ending.MACHINE, 0, id="voicemail after a phone"),
    pytest.param(
        [{**A, "application": "VoiceMail"}], Ending.MACHINE, 0, id="voicemail, as Asterisk 11 wrote it"
    ),
    pytest.param(
        [{**A, "dstchannel": "", "application": "Queue"}], Ending.MACHINE, 0, id="waited in a queue"
    ),
    pytest.param([{**A, **LOCAL}], Ending.PERSON, 60, id="a Local channel that was taken out of the way"),
    pytest.param(
        [{**A, **LOCAL}, {**A, **VOICEMAIL}], Ending.MACHINE, 0, id="voicemail behind a Local channel"
    ),
    pytest.param(
        [{**A, **LOCAL}, A, {**A, **VOICEMAIL}], Ending.PERSON, 60, id="a phone, then its voicemail"
    ),
]


@pytest.mark.parametrize(("legs", "ending", "talked_s"), ANSWERED_BY)
def test_who_answered(legs: list[dict[str, Any]], ending: Ending, talked_s: int) -> None:
    told = [LEG._replace(**leg) for leg in legs]

    for order in (told, told[::-1]):
        [call] = folded(*order)
        assert (call.ending, call.talked_s, call.legs) == (ending, talked_s, len(legs))
        assert call.answered == (ending is Ending.PERSON)


def test_the_earliest_leg_says_when_and_who_wherever_it_stands() -> None:
    later = LEG._replace(at=LEG.at + timedelta(seconds=20), src="201", context="from-internal")

    assert folded(LEG, later) == folded(later, LEG)
    assert folded(later, LEG)[0].caller == "0470000103"


def test_legs_without_a_key_are_calls_of_their_own() -> None:
    assert len(folded(LEG._replace(key=""), LEG._replace(key=""))) == 2


def test_a_rotated_file_told_twice_counts_once() -> None:
    [call] = folded(LEG._replace(**A), LEG._replace(**A))

    assert call.talked_s == 60


def test_memory_does_not_grow_with_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls_module, "OPEN_CALLS", 10)
    folder = Folder(HOUSE)
    through = [call for n in range(100) for call in folder.add(LEG._replace(key=str(n)))]

    assert [call.linkedid for call in through] == [str(n) for n in range(90)]
    assert list(folder.add(LEG._replace(key="89"))) == []
    assert folder.late == 1
    assert len(list(folder.rest())) == 10
