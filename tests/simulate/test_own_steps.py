"""What the simulator says of steps that only modes of the administrator's own have."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from pbxctl.decision.decide import Call
from pbxctl.decision.facts import NO_FACTS
from pbxctl.plan.flow import Flow, Hangup, Step, Template, Voicemail
from pbxctl.simulate import Story, World, simulate
from tests.plan.bakery import bakery_plan

CLOSED = datetime(2026, 12, 2, 10, tzinfo=ZoneInfo("Europe/Brussels"))
USUAL = World()


def story_of(*steps: Step, world: World = USUAL) -> Story:
    """A call on the closed day to a number with a mailbox of its own, its mode these steps."""
    plan = bakery_plan()
    main = plan.routes["main"]
    flow = Flow("voicemail", (*steps, Hangup("end"), Hangup("other_end")))
    did = replace(main.dids[0], mailbox="155@default")
    route = replace(main, dids=(did, *main.dids[1:]), flows={**main.flows, "voicemail": flow})
    plan = replace(plan, routes={**plan.routes, "main": route})
    return simulate(plan, Call(did.number, "0470112233"), CLOSED, NO_FACTS, world)


def test_a_template_ends_by_the_exit_declared_first_unless_the_world_says_otherwise() -> None:
    step = Template("desk", "desk.conf.j2", "", {"spoken": "end", "failed": "other_end"})
    assert [each.exit for each in story_of(step).taken] == ["spoken", None]
    failing = World(exits={"desk": "failed"})
    assert [each.step.name for each in story_of(step, world=failing).taken] == ["desk", "other_end"]


def test_a_mailbox_that_a_step_names_comes_before_the_dialled_numbers_own() -> None:
    exits = {"done": "end", "failed": "end"}
    assert story_of(Voicemail("box", "200@default", exits)).mailbox == "155@default"
    assert story_of(Voicemail("box", "200@default", exits, fixed=True)).mailbox == "200@default"
