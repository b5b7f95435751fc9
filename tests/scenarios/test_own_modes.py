"""Modes of the administrator's own, by real calls: nothing missing ends in silence."""

from __future__ import annotations

import pytest

from pbxctl.journal.events import Decided, StepReached
from pbxctl.rehearse.sip.scripts import answers
from tests.scenarios.caller import melody
from tests.scenarios.companies import OWN, OWN_BARE
from tests.scenarios.company import Company
from tests.scenarios.house import House

IN_SILENCE_S = 5.0
"""A caller who hears nothing for longer believes that the line is dead."""

MEANT = [
    ("reception", {"menu": "1"}, ("prompt", "service"), ""),
    ("reception", {"menu": "2"}, ("prompt",), "mailbox"),
    ("reception", {"menu": "3"}, ("colleague", "prompt"), ""),
    ("reception", {"menu": "7"}, ("prompt", "service"), ""),
    ("reception", {}, ("prompt", "service"), ""),
    ("forward_only", {}, ("service",), ""),
    ("no_such_box", {}, ("mailbox_full", "prompt"), "recording"),
    ("by_record", {}, ("neutral",), "recording"),
    ("handed_over", {}, ("colleague",), ""),
    ("by_template", {}, ("neutral",), "mailbox"),
    ("falls_through", {}, ("neutral",), "mailbox"),
    ("gone_module", {}, ("neutral",), "mailbox"),
]


@pytest.mark.parametrize(("mode", "keys", "sounds", "message"), MEANT)
async def test_what_the_steps_say_is_what_callers_meet(
    house: House, mode: str, keys: dict[str, str], sounds: tuple[str, ...], message: str
) -> None:
    house.services[OWN.service] = answers(plays=melody("service"), hangs_up=True)
    try:
        lived = await house.experience(OWN, OWN.day_of(mode), keys=keys)
    finally:
        house.services.clear()
    assert (lived.sounds, lived.message) == (sounds, message)
    assert lived.longest_silence_s < IN_SILENCE_S


@pytest.mark.parametrize(("mode", "sounds"), [("reception", ("prompt",)), ("forward_only", ("neutral",))])
async def test_a_forward_that_nobody_takes_goes_on(house: House, mode: str, sounds: tuple[str, ...]) -> None:
    lived = await house.experience(OWN, OWN.day_of(mode), keys={"menu": "1"} if mode == "reception" else None)
    assert (lived.sounds, lived.message) == (sounds, "mailbox")


@pytest.mark.parametrize("mode", [name for name, _ in OWN_BARE.modes if name != "busy_tone"])
async def test_with_nothing_there_callers_are_still_spoken_to_and_can_still_speak(
    house: House, mode: str
) -> None:
    lived = await house.experience(OWN_BARE, OWN_BARE.day_of(mode))
    assert (lived.sounds, lived.message) == (("vm-intro", "vm-nobodyavail"), "recording")
    assert lived.longest_silence_s < IN_SILENCE_S


@pytest.mark.parametrize("company", [OWN, OWN_BARE])
async def test_a_mode_that_hangs_up_is_not_answered(house: House, company: Company) -> None:
    result = await (await house.call(company, company.day_of("busy_tone"))).ended(5)
    assert (result.code, result.answered_s, result.cause) == (486, None, "Q.850;cause=17")


async def test_the_journal_names_mode_and_steps(house: House) -> None:
    caller = house.new_caller()
    await house.experience(OWN, OWN.day_of("no_such_box"), caller=caller)
    _, decided, *steps = await house.story(caller)
    assert isinstance(decided, Decided)
    assert decided.mode == "no_such_box"
    assert steps == [
        StepReached("no_such_box", name) for name in ("play_1", "box", "net_full", "net_recording")
    ]


async def test_an_override_may_name_an_own_mode(house: House) -> None:
    at = OWN.day_of("by_record")
    value = f"1|7|reception|{int(at.timestamp()) + 60}|201|test"
    await house.pbx.database_put(OWN.prefix, "override/main", value)
    try:
        lived = await house.experience(OWN, at, keys={"menu": "2"})
    finally:
        await house.pbx.ami.send("DBDel", Family=OWN.prefix, Key="override/main")
    assert (lived.sounds, lived.message) == (("neutral prompt",), "mailbox")
