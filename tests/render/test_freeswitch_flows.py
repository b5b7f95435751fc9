"""A call through a whole rendering for FreeSWITCH, flows and all, evaluated offline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from pbxctl.dialplan.freeswitch import Dialplan, Trace, parse_dialplan
from pbxctl.names import VOICEMAIL
from pbxctl.plan.model import Did
from pbxctl.plan.modes import HANDOVERS_AT_ONCE
from pbxctl.render.freeswitch import FreeswitchSettings
from tests.plan.bakery import bakery_plan
from tests.render.freeswitch import OWN, TRUNK, database_of, installed, place, render
from tests.render.test_freeswitch import carried

WEDNESDAY = int(datetime(2026, 12, 2, 10, tzinfo=ZoneInfo("Europe/Brussels")).timestamp())
THURSDAY = WEDNESDAY + 86_400

SOUNDS = "/var/lib/freeswitch/sounds/pbxctl/nl"


@cache
def whole() -> tuple[Dialplan, Mapping[tuple[str, str], str]]:
    rendering = render(carried(bakery_plan()), None, FreeswitchSettings())
    return installed(rendering), database_of((*rendering.entries, rendering.pointer))


class Pbx:
    """Sounds that are there, a mailbox that takes a message or does not."""

    def __init__(self, *, sounds: bool = True, neutral: bool = True, taken: bool = True) -> None:
        self.sounds, self.neutral, self.taken = sounds, neutral, taken

    def run(self, application: str, data: str) -> Mapping[str, str] | None:
        match application:
            case "playback":
                there = self.neutral if data.endswith("/neutral.wav") else self.sounds
                return {"current_application_response": "FILE PLAYED" if there else "FILE NOT FOUND"}
            case "voicemail":
                return {"voicemail_file_path": "/spool/message.wav" if self.taken else ""}
            case "answer" | "sleep":
                return {}
        return {} if application == OWN else None


def heard(
    pbx: Pbx, at: int = WEDNESDAY, did: str = "003292334455", caller: str = "0470112233"
) -> tuple[list[str], Trace]:
    dialplan, database = whole()
    trace = place(dialplan, did, caller, lambda: at, database, pbx.run)
    shown = ("playback", "voicemail", "hangup", OWN)
    return [f"{e.application} {e.data}" for e in trace.executed if e.application in shown], trace


MESSAGE = "voicemail default default 100"
NEUTRAL = f"playback {SOUNDS}/neutral.wav"
END = "hangup NORMAL_CLEARING"


@pytest.mark.parametrize(
    ("pbx", "wanted"),
    [
        (Pbx(), ["PROMPT", MESSAGE, END]),
        (Pbx(sounds=False), ["PROMPT", NEUTRAL, MESSAGE, END]),
        (Pbx(sounds=False, neutral=False), ["PROMPT", NEUTRAL, MESSAGE, END]),
        (Pbx(taken=False), ["PROMPT", MESSAGE, NEUTRAL, END]),
        (Pbx(sounds=False, neutral=False, taken=False), ["PROMPT", NEUTRAL, MESSAGE, NEUTRAL, END]),
    ],
)
def test_on_the_closed_day_a_caller_hears_the_prompt_and_whatever_is_missing_the_next_best(
    pbx: Pbx, wanted: list[str]
) -> None:
    found, trace = heard(pbx)
    prompt = f"playback {SOUNDS}/{trace.channel.variables['PBXCTL_PROMPT']}.wav"
    assert trace.channel.variables["PBXCTL_MODE"] == VOICEMAIL
    assert found == [prompt if each == "PROMPT" else each for each in wanted]
    assert trace.end == "hangup"


def test_a_message_goes_to_the_mailbox_of_the_number_dialled_else_to_the_routes() -> None:
    plan = carried(bakery_plan())
    main = plan.routes["main"]
    (did,) = main.dids
    personal = Did("+3292334456", ("+3292334456", "092334456"), mailbox="156@people")
    rendering = render(
        replace(plan, routes={**plan.routes, "main": replace(main, dids=(did, personal))}),
        None,
        FreeswitchSettings(),
    )
    database = database_of((*rendering.entries, rendering.pointer))
    left = {"PBXCTL_USER": "999", "PBXCTL_DOMAIN": "left-over"}
    for dialled, box in {"092334456": "people 156", "092334455": "default 100"}.items():
        trace = place(
            installed(rendering), dialled, "0470112233", lambda: WEDNESDAY, database, Pbx().run, left
        )
        found = [each.data for each in trace.executed if each.application == "voicemail"]
        assert found == [f"default {box}"]


def test_the_greeting_is_ours_alone_and_each_setting_is_made_anew_before_the_mailbox() -> None:
    _, trace = heard(Pbx())
    applications = [f"{e.application} {e.data}" for e in trace.executed if not e.inline]
    before = applications[: applications.index(MESSAGE)]
    for name in ("skip_greeting", "skip_instructions", "skip_record_urgent_check", "voicemail_skip_goodbye"):
        assert f"set {name}=true" in before


def test_on_an_ordinary_day_the_call_goes_to_the_trunks_own_context_by_the_number_that_was_dialled() -> None:
    found, trace = heard(Pbx(), THURSDAY)
    assert (found, trace.end) == ([], "transfer")
    assert (trace.channel.context, trace.channel.destination_number) == ("own", "003292334455")


def test_a_call_that_the_ordinary_context_leads_straight_back_goes_round_three_times_and_no_more() -> None:
    dialplan, database = whole()
    back = parse_dialplan(
        '<context name="own"><extension name="back"><condition>'
        f'<action application="transfer" data="${{PBXCTL_DID}} XML {TRUNK}"/>'
        "</condition></extension></context>"
    )
    looped = Dialplan({**dialplan.contexts, **back.contexts})
    trace = place(looped, "003292334455", "0470112233", lambda: THURSDAY, database, Pbx().run)
    handed = [e for e in trace.executed if e.application == "transfer" and e.data.endswith(" XML own")]
    assert (len(handed), trace.end) == (HANDOVERS_AT_ONCE, "hangup")


def test_one_that_comes_back_a_second_later_is_another_call() -> None:
    dialplan, database = whole()
    trace = place(
        dialplan,
        "003292334455",
        "0470112233",
        lambda: THURSDAY,
        database,
        Pbx().run,
        {"PBXCTL_HANDED": f"{THURSDAY - 1}:xxx"},
    )
    assert (trace.end, trace.channel.context) == ("transfer", "own")


def test_in_a_zone_that_freeswitch_does_not_know_nobody_is_kept_out() -> None:
    plan = carried(bakery_plan())
    lost = {name: replace(each, zone="Europe/Atlantis") for name, each in plan.timelines.items()}
    rendering = render(replace(plan, timelines=lost), None, FreeswitchSettings())
    entries = database_of((*rendering.entries, rendering.pointer))
    trace = place(installed(rendering), "003292334455", "0470112233", lambda: WEDNESDAY, entries, Pbx().run)
    assert trace.channel.variables["PBXCTL_STANDING"] == "1|ordinary|ordinary|ordinary|"
    assert (trace.end, trace.channel.context) == ("transfer", "own")


def test_a_number_that_is_none_of_ours_is_left_alone() -> None:
    found, _ = heard(Pbx(), did="0999999999")
    assert found == [f"{OWN} "]


def test_one_who_dials_the_name_of_an_extension_of_ours_is_left_alone() -> None:
    for did in ("pbxctl-inbound-main", "enter", "psap", "message-after"):
        assert heard(Pbx(), did=did)[0] == [f"{OWN} "]
