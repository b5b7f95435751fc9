"""A step that is a template of the administrator's own: what it may hold, and what is said of the rest."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from pbxctl.errors import FileWrong, InputWrong
from pbxctl.plan.flow import Flow, Hangup, Template
from pbxctl.plan.model import Plan
from pbxctl.render.freeswitch import FreeswitchSettings, render_freeswitch
from pbxctl.render.own_step import OWN
from pbxctl.render.rendering import Rendering
from pbxctl.render.shared import digest
from tests.plan.bakery import bakery_plan
from tests.render.freeswitch import freeswitch_templates
from tests.render.rendered import code_of, render

FILE = "desk.conf.j2"
GOOD = "; a desk\n same => n,Set(OWN_X=1)\n same => n,Goto({{ exits.done }})\n"


def plan_with(text: str) -> Plan:
    """The bakery, its mode voicemail on route main one step that runs this."""
    plan = bakery_plan()
    step = Template("desk", FILE, digest(text), {"done": "end", "failed": "other_end"})
    flow = Flow("voicemail", (step, Hangup("other_end"), Hangup("end")))
    main = plan.routes["main"]
    route = replace(main, flows={**main.flows, "voicemail": flow})
    return replace(plan, routes={**plan.routes, "main": route})


def rendered(text: str) -> Rendering:
    return render(plan_with(text), {OWN + FILE: text})


def test_its_lines_stand_in_the_step_and_the_last_leads_to_failed() -> None:
    rendering = rendered(GOOD)
    context = f"pbxctl-{rendering.generation}-flow-voicemail-main"
    assert (
        "exten => desk,1,TryExec(CELGenUserEvent(PBXCTL,1|step|voicemail|desk))\n"
        "; a desk\n"
        " same => n,Set(OWN_X=1)\n"
        f" same => n,Goto({context},end,1)\n"
        " same => n,Goto(other_end,1)\n"
    ) in code_of(rendering)


def test_another_text_is_another_generation_and_revision() -> None:
    one, other = rendered(GOOD), rendered(GOOD.replace("OWN_X=1", "OWN_X=2"))
    assert one.generation != other.generation
    assert one.revision != other.revision
    assert rendered(GOOD) == one


BAD = {
    "a context": ("[evil]\n", "is no line of a step"),
    "a context behind a step": (GOOD + "[evil]\n", "is no line of a step"),
    "an extension": ("exten => 112,1,Answer()\n", "is no line of a step"),
    "another priority": (" same => 1,Answer()\n", "is no line of a step"),
    "a hint": (" same => hint,PJSIP/1\n", "is no line of a step"),
    "an include": ("include => outbound\n", "is no line of a step"),
    "a file": ("#include /etc/passwd\n", "is no line of a step"),
    "a program": ('#exec "id"\n', "is no line of a step"),
    "a switch": ("switch => Lua\n", "is no line of a step"),
    "a comment of several lines": (";-- all that follows\n", "a comment of several lines"),
    "its end": (" same => n,Answer() ; --;\n", "a comment of several lines"),
    "an open bracket": (" same => n,Set(OWN_X=1\n", "no application with its brackets closed"),
    "a module that may be missing": (" same => n,Dial(PJSIP/201)\n", "write TryExec(Dial("),
    "the same within another": (" same => n,ExecIf(1?Dial(PJSIP/201))\n", "write TryExec(ExecIf("),
    "a variable of ours": (" same => n,Set(PBXCTL_NOW=1)\n", "sets a variable of pbxctl's"),
    "an inherited one": (" same => n,Set(__PBXCTL_NOW=1)\n", "sets a variable of pbxctl's"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_more_than_a_step_is_refused_with_its_line(name: str) -> None:
    text, told = BAD[name]
    with pytest.raises(FileWrong) as caught:
        rendered("; first\n" + text)
    line = 1 + len(text.splitlines())
    assert str(caught.value).startswith(f"{OWN}{FILE}:{line}: ")
    assert told in str(caught.value)


FAILING = {
    "an exit that nobody declared": ("{{ exits.gone }}", "has no attribute 'gone'"),
    "a name that is not there": ("{{ plan }}", "'plan' is undefined"),
    "a value with a comma": ('{{ route ~ "," }}', "cannot stand in a dialplan"),
    "a way into Python": ("{{ route.__class__ }}", "unsafe"),
    "one of our templates": ('{% include "steps/play.conf.j2" %}', "there is no template steps/play.conf.j2"),
    "a slip": ("{% if %}", "Expected an expression"),
}


@pytest.mark.parametrize("name", FAILING)
def test_a_template_that_fails_says_so(name: str) -> None:
    text, told = FAILING[name]
    with pytest.raises(InputWrong, match=re.escape(told)) as caught:
        rendered(f"; first\n same => n,NoOp({text})\n")
    if not name.startswith("one of ours") and "include" not in text:
        assert str(caught.value).startswith(f"{OWN}{FILE}:2: ")


def test_another_text_than_was_planned_is_not_rendered() -> None:
    with pytest.raises(FileWrong, match="was changed meanwhile"):
        render(plan_with(GOOD), {OWN + FILE: GOOD + "; more\n"})
    with pytest.raises(FileWrong, match="is not there any more"):
        render(plan_with(GOOD))


def test_freeswitch_refuses_it_in_one_line() -> None:
    with pytest.raises(InputWrong) as caught:
        render_freeswitch(_main_alone(plan_with(GOOD)), freeswitch_templates(), FreeswitchSettings())
    assert str(caught.value).startswith(
        "route main: step desk (template) of mode voicemail is not supported on FreeSWITCH"
    )
    assert "\n" not in str(caught.value)


def _main_alone(plan: Plan) -> Plan:
    main = plan.routes["main"]
    ordinary = Flow("ordinary", (Hangup("end"),))
    flows = {"ordinary": ordinary, "voicemail": main.flows["voicemail"]}
    return replace(plan, routes={"main": replace(main, flows=flows)})
