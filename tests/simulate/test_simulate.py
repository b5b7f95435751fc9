"""What a call meets, step by step: every world that a step can end in, for every mode."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pbxctl.decision.decide import Call
from pbxctl.decision.facts import NO_FACTS, Facts, Override, PsapWindow
from pbxctl.journal.events import Decided, Entered, Misrouted, StepReached
from pbxctl.numbers import spellings
from pbxctl.plan.flow import Flow, Hangup
from pbxctl.plan.model import CallerRule, DidIn, Plan
from pbxctl.prompts.needed import catalogue_of, needed_prompts
from pbxctl.simulate import USUAL_WORLD, End, Story, World, simulate
from pbxctl.simulate.explain import explain
from tests.plan.bakery import FIRST_DAY, HORIZON_DAYS, bakery_plan, bakery_text, plan_of

ZONE = ZoneInfo("Europe/Brussels")
MAIN, ORDERS, NOBODY, BLOCKED = "+3292334455", "+3292334466", "+32470000003", "+32470000001"
OPEN = datetime(2026, 12, 3, 10, tzinfo=ZONE)
CLOSED = datetime(2026, 12, 2, 10, tzinfo=ZONE)


def plan() -> Plan:
    blocked = CallerRule(BLOCKED, spellings(BLOCKED, "BE"), "callers.blocked.0")
    return replace(bakery_plan(), blocked=(blocked,))


@dataclass(frozen=True)
class Walk:
    """A call, the world it meets, and the steps it takes; ``after`` a colon is the exit it left by."""

    steps: str
    end: End
    did: str = MAIN
    at: datetime = CLOSED
    world: World = USUAL_WORLD
    caller: str = NOBODY
    diverted_from: str = ""


PROMPTED = "prompt:done message:done end"
WALKS = {
    "ordinary": Walk("ordinary", End.ORDINARY, at=OPEN),
    "ordinary that nobody knows": Walk(
        "ordinary:missing neutral:done message:done end", End.PBX, at=OPEN, world=World(ordinary_knows=False)
    ),
    "ordinary that nobody knows, and nothing is there": Walk(
        "ordinary:missing neutral:failed built_in:failed message:failed full:done recording:failed end",
        End.PBX,
        at=OPEN,
        world=World(
            dict.fromkeys(("neutral", "built_in", "message", "recording"), "failed"), ordinary_knows=False
        ),
    ),
    "voicemail": Walk(PROMPTED, End.PBX),
    "the prompt is missing": Walk(
        "prompt:failed neutral:done message:done end", End.PBX, world=World({"prompt": "failed"})
    ),
    "both recordings are missing": Walk(
        "prompt:failed neutral:failed built_in:done message:done end",
        End.PBX,
        world=World({"prompt": "failed", "neutral": "failed"}),
    ),
    "no sound at all": Walk(
        "prompt:failed neutral:failed built_in:failed message:done end",
        End.PBX,
        world=World({"prompt": "failed", "neutral": "failed", "built_in": "failed"}),
    ),
    "the mailbox is missing": Walk(
        "prompt:done message:failed full:done recording:done end", End.PBX, world=World({"message": "failed"})
    ),
    "the disk is full": Walk(
        "prompt:done message:failed full:done recording:failed end",
        End.PBX,
        world=World({"message": "failed", "recording": "failed"}),
    ),
    "the sentence about the mailbox is missing": Walk(
        "prompt:done message:failed full:failed recording:done end",
        End.PBX,
        world=World({"message": "failed", "full": "failed"}),
    ),
    "the sentence about the service is missing": Walk(
        f"service:busy fell_back:failed {PROMPTED}",
        End.PBX,
        did=ORDERS,
        world=World({"service": "busy", "fell_back": "failed"}),
    ),
    "gone in the prompt": Walk("prompt", End.CALLER, world=World(gone_in="prompt")),
    "gone while speaking": Walk("prompt:done message", End.CALLER, world=World(gone_in="message")),
    "gone in the plain recording": Walk(
        "prompt:failed neutral", End.CALLER, world=World({"prompt": "failed"}, gone_in="neutral")
    ),
    "would be gone in a step that is not reached": Walk(PROMPTED, End.PBX, world=World(gone_in="built_in")),
    "answering service": Walk("service:answered end", End.PBX, did=ORDERS),
    "the service is busy": Walk(
        f"service:busy fell_back:done {PROMPTED}", End.PBX, did=ORDERS, world=World({"service": "busy"})
    ),
    "the service is silent": Walk(
        f"service:silent fell_back:done {PROMPTED}", End.PBX, did=ORDERS, world=World({"service": "silent"})
    ),
    "the service is unreachable": Walk(
        f"service:unreachable fell_back:done {PROMPTED}",
        End.PBX,
        did=ORDERS,
        world=World({"service": "unreachable"}),
    ),
    "one forward is free yet": Walk("service:answered end", End.PBX, did=ORDERS, world=World(forwards=3)),
    "no forward is free": Walk(
        f"service:capped fell_back:done {PROMPTED}", End.PBX, did=ORDERS, world=World(forwards=4)
    ),
    "gone while the service rings": Walk("service", End.CALLER, did=ORDERS, world=World(gone_in="service")),
    "our own number calls us": Walk(f"service:looped {PROMPTED}", End.PBX, did=ORDERS, caller="092334466"),
    "the service diverts to us": Walk(
        f"service:looped {PROMPTED}", End.PBX, did=ORDERS, diverted_from="+32 2 555 01 02"
    ),
    "a loop is seen before the cap": Walk(
        f"service:looped {PROMPTED}", End.PBX, did=ORDERS, diverted_from="025550102", world=World(forwards=9)
    ),
    "somebody else diverted": Walk("service:answered end", End.PBX, did=ORDERS, diverted_from="+3225550103"),
    "withheld on both sides": Walk("service:answered end", End.PBX, did=ORDERS, caller="anonymous"),
    "blocked": Walk("refuse", End.PBX, caller="0470000001"),
    "blocked while open": Walk("refuse", End.PBX, caller=BLOCKED, at=OPEN),
    "a number on no route": Walk("", End.ORDINARY, did="+3292334400"),
    "a number that nobody knows": Walk("", End.PBX, did="+3292334400", world=World(ordinary_knows=False)),
}


def walked(walk: Walk) -> Story:
    call = Call(walk.did, walk.caller)
    return simulate(plan(), call, walk.at, NO_FACTS, walk.world, diverted_from=walk.diverted_from)


@pytest.mark.parametrize(
    ("header", "diverter", "exit_"),
    [
        ("Diversion", ORDERS, "answered"),
        ("Diversion", "025550102", "looped"),
        ("P-Called-Party-ID", ORDERS, "looped"),
    ],
)
def test_a_trunk_that_names_the_number_dialled_in_diversion_diverts_nothing_by_that(
    header: str, diverter: str, exit_: str
) -> None:
    theirs = replace(plan(), did_in=DidIn(header, "s", "from-provider-ordinary"))
    story = simulate(theirs, Call(ORDERS, NOBODY), CLOSED, NO_FACTS, diverted_from=diverter)
    assert story.taken[0].exit == exit_


def shown(story: Story) -> str:
    return " ".join(f"{each.step.name}:{each.exit}".removesuffix(":None") for each in story.taken)


@pytest.mark.parametrize("walk", WALKS.values(), ids=WALKS)
def test_a_call_takes_these_steps_and_ends_there(walk: Walk) -> None:
    story = walked(walk)
    assert (shown(story), story.end) == (walk.steps, walk.end)


def test_the_table_walks_every_exit_of_every_step() -> None:
    """So that a new step, or a new exit, asks for a line in the table."""
    flows = [flow for route in plan().routes.values() for flow in route.flows.values()]
    there = {(step.name, exit_) for flow in flows for step in flow.steps for exit_ in step.exits}
    done = {(each.step.name, each.exit) for walk in WALKS.values() for each in walked(walk).taken}
    assert {(step, exit_) for step, exit_ in done if exit_} == there


BY_KEY = bakery_text().replace("ring: 20s", "ring: 20s, confirm: 1")
FELL_BACK = f"fell_back:done {PROMPTED}"
FAR_ENDS = {
    "presses the key": (USUAL_WORLD, "service:answered end"),
    "presses none, or another": (World(confirms=False), f"service:unconfirmed {FELL_BACK}"),
    "is said not to": (World({"service": "unconfirmed"}), f"service:unconfirmed {FELL_BACK}"),
    "is busy, and would not": (World({"service": "busy"}, confirms=False), f"service:busy {FELL_BACK}"),
}


@pytest.mark.parametrize("far_end", FAR_ENDS)
def test_a_forward_that_asks_for_a_key_is_taken_by_it_alone(far_end: str) -> None:
    world, steps = FAR_ENDS[far_end]
    assert shown(simulate(plan_of(BY_KEY), Call(ORDERS, NOBODY), CLOSED, NO_FACTS, world)) == steps


def test_where_no_key_is_asked_for_nobody_fails_to_press_it() -> None:
    story = simulate(plan(), Call(ORDERS, NOBODY), CLOSED, NO_FACTS, World(confirms=False))
    assert shown(story) == "service:answered end"


def test_why_says_by_which_key_a_call_is_taken() -> None:
    told = [
        explain(each, Call(ORDERS, NOBODY), CLOSED, NO_FACTS).happenings[0].sentence
        for each in (plan(), plan_of(BY_KEY))
    ]
    assert told[1] == told[0] + "; whoever picks up takes the call by 1"


def exits_of(flow: Flow) -> dict[str, list[str]]:
    return {step.name: sorted(step.exits) for step in flow.steps if step.exits}


@st.composite
def worlds(draw: st.DrawFn) -> World:
    steps: dict[str, set[str]] = {}
    for route in plan().routes.values():
        for flow in route.flows.values():
            for name, exits in exits_of(flow).items():
                steps.setdefault(name, set()).update(exits)
    # These are decided by the world's other fields.
    del steps["ordinary"]
    chosen = {name: draw(st.sampled_from(sorted(exits))) for name, exits in sorted(steps.items())}
    gone = draw(st.none() | st.sampled_from([*sorted(steps), "ordinary", "end", "refuse"]))
    return World(chosen, gone, draw(st.integers(0, 5)), draw(st.booleans()))


NUMBERS = st.sampled_from([MAIN, ORDERS, NOBODY, BLOCKED, "", "anonymous", "025550102", "+32475123456"])
FACTS = st.builds(
    Facts,
    st.dictionaries(
        st.sampled_from(["main", "orders"]),
        st.builds(
            Override,
            st.just(1),
            st.sampled_from(["ordinary", "voicemail", "answering_service", "none"]),
            st.sampled_from([0, 9_999_999_999]),
            st.just(""),
            st.just(""),
        ),
    ),
    st.none() | st.just(PsapWindow(9_999_999_999, "201")),
    st.booleans(),
)


@settings(deadline=None, max_examples=300)
@given(worlds(), NUMBERS, NUMBERS, NUMBERS, st.integers(0, 86_400 * (HORIZON_DAYS + 30)), FACTS)
def test_every_call_in_every_world_ends(
    world: World, did: str, caller: str, diverted_from: str, ahead: int, facts: Facts
) -> None:
    at = datetime.combine(FIRST_DAY, datetime.min.time(), ZONE) + timedelta(seconds=ahead)
    story = simulate(plan(), Call(did, caller), at, facts, world, diverted_from=diverted_from)
    if story.decision is None:
        assert story.taken == ()
        assert story.end is (End.ORDINARY if world.ordinary_knows else End.PBX)
        return
    assert len(story.taken) <= 9
    *before, last = story.taken
    assert all(each.exit in each.step.exits for each in before)
    assert last.exit is None
    match story.end:
        case End.CALLER:
            assert last.step.name == world.gone_in
        case End.ORDINARY:
            assert last.step.kind == "handover"
        case End.PBX:
            assert isinstance(last.step, Hangup)


@settings(deadline=None)
@given(worlds(), st.sampled_from([MAIN, ORDERS]), st.integers(0, 86_400 * HORIZON_DAYS))
def test_the_journal_tells_the_call_whole(world: World, did: str, ahead: int) -> None:
    at = datetime.combine(FIRST_DAY, datetime.min.time(), ZONE) + timedelta(seconds=ahead)
    story = simulate(plan(), Call(did, "+32 470/00.00.03"), at, NO_FACTS, world)
    assert story.decision is not None
    entered, decided, *steps = story.events
    assert entered == Entered(story.decision.route, did, NOBODY)
    assert isinstance(decided, Decided)
    assert (decided.mode, decided.rung, decided.rule) == (
        story.decision.mode,
        story.decision.rung,
        story.decision.rule,
    )
    assert steps == [StepReached(decided.mode, each.step.name) for each in story.taken]
    stems = {prompt.stem for prompt in needed_prompts(plan(), catalogue_of(plan()))}
    assert decided.prompt in ({""} if decided.mode == "ordinary" else stems)


def test_a_number_that_nobody_knows_is_named_in_the_journal() -> None:
    story = walked(WALKS["a number that nobody knows"])
    assert story.events == (Misrouted("+3292334400"),)
    assert walked(WALKS["a number on no route"]).events == ()


def test_an_override_plays_the_neutral_prompt_for_it_knows_no_end() -> None:
    facts = Facts({"main": Override(1, "voicemail", 9_999_999_999, "", "")})
    story = simulate(plan(), Call(MAIN, NOBODY), OPEN, facts)
    decided = story.events[1]
    assert isinstance(decided, Decided)
    neutral = [
        p.stem for p in needed_prompts(plan(), catalogue_of(plan())) if p.answers.relation == "unknown"
    ]
    assert decided.prompt in neutral
