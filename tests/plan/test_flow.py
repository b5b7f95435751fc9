"""A flow that could lead a caller astray cannot be built."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pbxctl.names import KEYS
from pbxctl.plan.flow import (
    EXITS,
    Collect,
    Confirm,
    Dial,
    Flow,
    Handover,
    Hangup,
    Play,
    Record,
    Sound,
    Step,
    Voicemail,
)
from pbxctl.plan.modes import (
    answering_service_flow,
    ordinary_flow,
    refused_flow,
    service_exits,
    voicemail_flow,
)

END = Hangup("end")


def play(name: str, done: str, failed: str) -> Play:
    return Play(name, Sound.PROMPT, {"done": done, "failed": failed})


CONFIRM = Confirm("1", "nl", 4, 2)


def dial(target: str, **more: str) -> Dial:
    exits = {**dict.fromkeys(EXITS["dial"], target), **more}
    return Dial("service", "outbound", ("022",), None, (), 20, 4, exits)


def collect(**exits: str) -> Collect:
    return Collect("key", 5, exits)


MISTAKES: dict[str, tuple[tuple[Step, ...], str]] = {
    "no steps": ((), "must be there"),
    "two steps of one name": ((END, Hangup("end", 17)), "names of their own"),
    "a name of one letter": ((Hangup("h"),), "no name"),
    "a name of two letters": ((Hangup("ab"),), "no name"),
    "the name of the fax extension": ((Hangup("fax"),), "no name"),
    "a name that begins like a pattern": ((Hangup("_X."),), "no name"),
    "a capital letter": ((Hangup("End"),), "no name"),
    "a comma in a name": ((Hangup("end,1"),), "no name"),
    "a line end behind a name": ((Hangup("end\n"),), "no name"),
    "a name too long": ((Hangup("a" * 32),), "no name"),
    "an exit missing": ((Play("prompt", Sound.PROMPT, {"done": "end"}), END), "has the exits"),
    "no exits at all": ((Play("prompt", Sound.PROMPT, {}), END), "has the exits"),
    "an exit too many": (
        (Play("prompt", Sound.PROMPT, {"done": "end", "failed": "end", "busy": "end"}), END),
        "has the exits",
    ),
    "an exit from the end": ((Hangup("end", 16, {"done": "end"}),), "has the exits"),
    "a handover that cannot miss": ((Handover("ordinary", "x", {}), END), "has the exits"),
    "a forward that asks for a key, and nothing for those who do not press it": (
        (replace(dial("end"), confirm=CONFIRM), END),
        "has the exits",
    ),
    "a forward that asks for no key, and something for those who do not press it": (
        (dial("end", unconfirmed="end"), END),
        "has the exits",
    ),
    "a key that ends inputs": ((collect(**{"none": "end", "#": "end"}), END), "has the exits"),
    "a key during a sound that ends inputs": (
        (Play("prompt", Sound.PROMPT, {"done": "end", "failed": "end", "#": "end"}), END),
        "has the exits",
    ),
    "a key during built-in sentences": (
        (Play("prompt", Sound.BUILT_IN, {"done": "end", "failed": "end", "1": "end"}), END),
        "has the exits",
    ),
    "a key of two": ((collect(**{"none": "end", "12": "end"}), END), "has the exits"),
    "keys but no none": ((collect(**{"1": "end"}), END), "has the exits"),
    "an exit to nowhere": ((play("prompt", "end", "nowhere"), END), "not there"),
    "a key to nowhere": ((collect(**{"none": "end", "1": "nowhere"}), END), "not there"),
    "a step that leads to itself": ((play("prompt", "end", "prompt"), END), "round for ever"),
    "a circle of two": ((play("one", "two", "end"), play("two", "one", "end"), END), "round for ever"),
    "a circle behind the first step": (
        (play("one", "two", "end"), play("two", "three", "end"), play("three", "end", "two"), END),
        "round for ever",
    ),
    "a circle that nobody reaches": (
        (END, play("one", "two", "two"), play("two", "one", "one")),
        "round for",
    ),
}


@pytest.mark.parametrize(("steps", "told"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_with_the_mode(steps: tuple[Step, ...], told: str) -> None:
    with pytest.raises(ValueError, match=told) as raised:
        Flow("voicemail", steps)
    assert "voicemail" in str(raised.value)


def test_the_circle_is_shown() -> None:
    with pytest.raises(ValueError, match="one > two > one"):
        Flow("voicemail", (play("one", "two", "end"), play("two", "one", "end"), END))


def test_every_key_but_the_hash_may_be_collected() -> None:
    flow = Flow("menu", (collect(none="end", **dict.fromkeys(KEYS, "end")), END))
    assert len(flow.step("key").exits) == 12


def test_keys_during_a_sound_are_told_in_the_order_of_their_signs() -> None:
    prompt = Play(
        "prompt", Sound.PROMPT, {"9": "end", "done": "end", "*": "end", "1": "end", "failed": "end"}
    )
    assert Flow("menu", (prompt, END)).steps[0] == prompt
    assert prompt.keys == ("*", "1", "9")


def test_a_step_that_is_not_there_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="nowhere"):
        Flow("voicemail", (END,)).step("nowhere")


@settings(deadline=None)
@given(st.lists(st.integers(0, 30), max_size=30), st.randoms(use_true_random=False))
def test_steps_that_only_lead_onwards_never_make_a_circle(jumps: list[int], random: st.DataObject) -> None:
    last = len(jumps)
    names = [f"step{index}" for index in range(last + 1)]
    steps = [play(names[at], names[min(at + 1 + jump, last)], names[at + 1]) for at, jump in enumerate(jumps)]
    Flow("voicemail", (*steps, Hangup(names[last])))
    if jumps:
        back = play(names[last], names[0], names[0])
        with pytest.raises(ValueError, match="round for ever"):
            Flow("voicemail", (*steps, back))


SERVICE = Dial("service", "outbound", ("022",), None, ("022",), 20, 4, service_exits())
BY_KEY = replace(SERVICE, confirm=CONFIRM, exits=service_exits(confirmed=True))
FLOWS = {
    "ordinary with a mailbox": ordinary_flow("from-provider", "100@default"),
    "ordinary without": ordinary_flow("from-provider", None),
    "voicemail": voicemail_flow("100@default"),
    "answering service": answering_service_flow(SERVICE, "100@default"),
    "answering service by key": answering_service_flow(BY_KEY, "100@default"),
    "refused": refused_flow(),
}


@pytest.mark.parametrize("flow", FLOWS.values(), ids=FLOWS)
def test_every_step_of_ours_can_be_reached_and_every_path_ends_in_a_hang_up(flow: Flow) -> None:
    reached, ahead = set(), [flow.steps[0].name]
    while ahead:
        step = flow.step(ahead.pop())
        reached.add(step.name)
        ahead.extend(step.exits.values())
        assert step.exits or isinstance(step, Hangup)
    assert reached == {step.name for step in flow.steps}


@pytest.mark.parametrize("name", ["voicemail", "answering service", "answering service by key"])
def test_whatever_is_missing_a_caller_can_still_leave_words(name: str) -> None:
    """From every step but the ends and the talk itself, a message or a recording lies ahead on all paths."""
    flow = FLOWS[name]

    def leaves_words(name: str) -> bool:
        step = flow.step(name)
        if isinstance(step, Voicemail | Record):
            return True
        exits = {target for exit_, target in step.exits.items() if exit_ != "answered"}
        return bool(exits) and all(leaves_words(target) for target in exits)

    assert leaves_words(flow.steps[0].name)


def test_every_kind_of_step_has_its_exits_named() -> None:
    kinds = {kind.__dataclass_fields__["kind"].default for kind in Step.__args__}
    assert kinds == set(EXITS)
