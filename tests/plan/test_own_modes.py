"""Modes of the administrator's own: where each exit leads, and that nothing missing ends in silence."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pbxctl.config import load_config
from pbxctl.config.steps import EXITS as WRITTEN
from pbxctl.plan import flow as flows
from pbxctl.plan.build import build_plan
from pbxctl.plan.flow import EXITS, Dial, Flow, Hangup, Voicemail

QUIET = (Path(__file__).parents[1] / "checks" / "quiet.yaml").read_text()


def flow_of(steps: object, prompts: object = None) -> Flow:
    """The flow of a mode with these steps, on a route with the mailbox 100@default."""
    content = yaml.load(QUIET, yaml.BaseLoader) | {"modes": {"reception": steps}}  # noqa: S506 - texts alone
    content |= {"prompts": prompts or {}}
    loaded = load_config(yaml.safe_dump(content).encode(), "pbxctl.yaml")
    return build_plan(loaded, date(2026, 11, 30), 8).routes["main"].flows["reception"]


def told(steps: object, prompts: object = None) -> list[str]:
    """Each step with its exits, in one line."""
    return [
        " ".join((step.name, *(f"{exit_}>{target}" for exit_, target in step.exits.items())))
        for step in flow_of(steps, prompts).steps
    ]


NET = {
    "neutral": "net_neutral done>net_message failed>net_built_in",
    "built_in": "net_built_in done>net_message failed>net_message",
    "message": "net_message done>net_end failed>net_full",
    "full": "net_full done>net_recording failed>net_recording",
    "recording": "net_recording done>net_end failed>net_end",
    "end": "net_end",
}
WHOLE_NET = list(NET.values())
TAKING = [NET["message"], NET["full"], NET["recording"], NET["end"]]


def _others(target: str, after: int = 0) -> str:
    """The exits of a forward that nobody took."""
    return " ".join(f"{exit_}>{target}" for exit_ in EXITS["dial"][1 + after :])


UNTAKEN = _others("play_2", 2)
USUAL = {
    "a forward that is taken by a key": (
        [{"dial": "+32 2 555 09 08", "confirm": "1", "busy": "voicemail", "silent": "hangup"}, "play"],
        [
            f"dial_1 busy>net_message silent>net_end answered>net_end {UNTAKEN} unconfirmed>play_2",
            "play_2 done>net_message failed>net_neutral",
            *WHOLE_NET,
        ],
    ),
    "what nobody took by a key": (
        [{"dial": "+32 2 555 09 08", "confirm": "*", "unconfirmed": "voicemail"}],
        [
            f"dial_1 unconfirmed>net_message answered>net_end {_others('net_neutral')}",
            *WHOLE_NET,
        ],
    ),
    "a word": (["play"], ["play_1 done>net_message failed>net_neutral", *WHOLE_NET]),
    "the plain recording": (
        [{"play": "neutral"}],
        ["play_1 done>net_message failed>net_built_in", *WHOLE_NET[1:]],
    ),
    "voicemail": (["voicemail"], ["voicemail_1 done>net_end failed>net_full", *WHOLE_NET[3:]]),
    "a recording": (["record"], ["record_1 done>net_end failed>net_end", NET["end"]]),
    "handing over": (["ordinary"], ["ordinary_1 missing>net_neutral", *WHOLE_NET]),
    "hanging up": (["hangup"], ["hangup_1"]),
    "keys": (
        [{"ask": {"*": "next", "1": "hangup"}}, {"name": "box", "voicemail": "route"}],
        [
            "ask_1 *>box 1>net_end none>box",
            "box done>net_end failed>net_full",
            *WHOLE_NET[3:],
        ],
    ),
    "keys while it plays": (
        [{"play": "neutral", "keys": {"1": "box"}, "done": "hangup"}, {"name": "box", "voicemail": "route"}],
        [
            "play_1 done>net_end 1>box failed>net_built_in",
            "box done>net_end failed>net_full",
            *WHOLE_NET[1:],
        ],
    ),
    "a forward that nobody takes goes on": (
        [{"dial": "+32 2 555 09 08"}, "hangup"],
        [
            f"dial_1 answered>net_end {_others('hangup_2')}",
            "hangup_2",
            NET["end"],
        ],
    ),
    "behind the last forward callers are spoken to": (
        [{"dial": "+32 2 555 09 08", "busy": "voicemail"}],
        [
            f"dial_1 busy>net_message answered>net_end {_others('net_neutral', 1)}",
            *WHOLE_NET,
        ],
    ),
    "a step that nothing leads to is not there": (
        [{"voicemail": "200@default", "failed": "hangup"}, "record"],
        ["voicemail_1 failed>net_end done>net_end", NET["end"]],
    ),
}


@pytest.mark.parametrize("name", USUAL)
def test_where_exits_lead_that_nobody_wrote(name: str) -> None:
    steps, expected = USUAL[name]
    assert told(steps) == expected


_SKIPPED_NEUTRAL = "net_neutral done>net_message failed>net_built_in 1>net_message"
KEYED = {
    "a key skips to what follows, whatever the sound": (
        {"skip_key": "1"},
        ["play", {"play": "neutral"}],
        [
            "play_1 done>play_2 failed>net_neutral 1>play_2",
            "play_2 done>net_message failed>net_built_in 1>net_message",
            _SKIPPED_NEUTRAL,
            *WHOLE_NET[1:],
        ],
    ),
    "languages are offered in front of a prompt, wherever it stands": (
        {"language_keys": {"fr": "2", "nl": "3"}},
        [{"ask": {"5": "say"}, "none": "hangup"}, {"name": "say", "play": "prompt"}],
        [
            "ask_1 none>net_end 5>net_offer_nl_2",
            "net_offer_nl_2 done>net_offer_fr_2 3>net_speak_nl_2 2>net_speak_fr_2",
            "net_offer_fr_2 done>say 3>net_speak_nl_2 2>net_speak_fr_2",
            "say done>net_message failed>net_neutral 3>net_speak_nl_2 2>net_speak_fr_2",
            "net_speak_nl_2 done>net_again_2",
            "net_speak_fr_2 done>net_again_2",
            "net_again_2 done>net_message failed>net_neutral",
            *WHOLE_NET,
        ],
    ),
    "a step's own keys come first, and count in all that is said for it": (
        {"skip_key": "1", "language_keys": {"fr": "2", "nl": "3"}},
        [{"play": "prompt", "keys": {"1": "hangup", "3": "voicemail"}}],
        [
            "net_offer_fr_1 done>play_1 2>net_speak_fr_1 1>net_end 3>net_message",
            "play_1 1>net_end 3>net_message done>net_message failed>net_neutral 2>net_speak_fr_1",
            "net_speak_fr_1 done>net_again_1",
            "net_again_1 1>net_end 3>net_message done>net_message failed>net_neutral",
            _SKIPPED_NEUTRAL,
            *WHOLE_NET[1:],
        ],
    ),
}


@pytest.mark.parametrize("name", KEYED)
def test_keys_for_all_modes_count_in_one_s_own_too(name: str) -> None:
    prompts, steps, expected = KEYED[name]
    assert told(steps, prompts) == expected


def test_a_step_holds_what_was_written() -> None:
    service, box, bye = flow_of(
        [
            {"name": "service", "dial": "02 555 09 08", "ring": "30s", "max_calls": "2", "busy": "bye"},
            {"name": "box", "voicemail": "200@other", "failed": "bye"},
            {"name": "bye", "hangup": "busy"},
        ]
    ).steps[:3]
    assert isinstance(service, Dial)
    assert (service.numbers[0], service.context, service.ring_s) == ("025550908", "outbound", 30)
    assert (service.max_calls, service.shown) == (2, "+3292334455")
    assert {"025550908", "092334455"} <= set(service.loop)
    assert box == Voicemail("box", "200@other", {"failed": "bye", "done": "net_end"}, fixed=True)
    assert bye == Hangup("bye", 17)


def test_a_file_writes_the_exits_that_the_plan_knows() -> None:
    called = {"ask": "collect", "ordinary": "handover", "run": "template"}
    assert {called.get(kind, kind): exits for kind, exits in WRITTEN.items()} == {
        kind: exits for kind, exits in EXITS.items() if kind not in ("offer", "speak")
    }


BAD_EXITS = ("failed", "missing", "none", "busy")
_STEPS = st.lists(
    st.sampled_from(
        [
            "play",
            {"play": "neutral"},
            {"ask": {"1": "next", "2": "hangup"}},
            {"dial": "+32 2 555 09 08"},
            "voicemail",
            {"voicemail": "200@other"},
            "ordinary",
        ]
    ),
    min_size=1,
    max_size=6,
)


@given(_STEPS)
def test_with_everything_missing_the_way_leads_to_a_plain_recording(steps: list[object]) -> None:
    """And past something that speaks, or tries to: whatever Asterisk has left."""
    flow = flow_of(steps)
    step, way = flow.steps[0], []
    while step.exits:
        way.append(step)
        step = flow.step(next(step.exits[exit_] for exit_ in BAD_EXITS if exit_ in step.exits))
    assert isinstance(way[-1], flows.Record)
    assert way[-1].name == "net_recording"
