"""The rendering for FreeSWITCH: reviewed byte for byte, reproducible, and no way in for anybody's words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from pbxctl.dialplan.freeswitch import NotMeasured
from pbxctl.dialplan.freeswitch.text import parse_document
from pbxctl.errors import InputWrong
from pbxctl.plan.flow import Collect, Flow, Handover, Hangup, Play, Sound, Voicemail
from pbxctl.plan.model import CallerRule, Did, DidIn, Plan
from pbxctl.render.freeswitch import FreeswitchSettings
from pbxctl.render.landing import NotPlain
from pbxctl.render.landing_xml import callers, insert_command, note, refuse_unreadable
from pbxctl.render.rendering import Entry, Rendering
from tests.golden import assert_golden
from tests.plan.bakery import FIRST_DAY, bakery_plan, bakery_text, plan_of
from tests.render.freeswitch import database_of, freeswitch_templates, installed, place, render
from tests.render.test_hostile import HOSTILE, MARK

GOLDEN = Path(__file__).parent / "golden" / "freeswitch"


def code_of(rendering: Rendering) -> str:
    return rendering.files[f"pbxctl-{rendering.generation}.xml"]


def test_it_is_the_one_reviewed() -> None:
    here = render(bakery_plan())
    assert_golden(GOLDEN / "generation.xml", code_of(here))
    assert_golden(GOLDEN / "entry.xml", here.files["pbxctl.xml"])
    assert_golden(GOLDEN / "inbound.xml", here.files["pbxctl-inbound.xml"])
    commands = "".join(f"{insert_command(entry)}\n" for entry in (*here.entries, here.pointer))
    assert_golden(GOLDEN / "database.txt", commands)


def test_rendered_twice_it_is_the_same() -> None:
    assert render(bakery_plan()) == render(bakery_plan())


def test_dates_alone_change_the_revision_and_not_the_code() -> None:
    here, later = render(bakery_plan()), render(bakery_plan(FIRST_DAY + timedelta(days=20)))
    assert later.generation == here.generation
    assert code_of(later) == code_of(here)
    assert later.revision != here.revision


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{weekday: wednesday, since", "{weekday: thursday, since"),
        ("mon-fri: 08:30-17:30", "mon-fri: 08:30-17:00"),
        ("+32 475 12 34 56", "+32 475 12 34 57"),
    ],
)
def test_what_the_code_holds_changes_generation_and_revision(old: str, new: str) -> None:
    here, changed = render(bakery_plan()), render(plan_of(bakery_text().replace(old, new)))
    assert changed.generation != here.generation
    assert changed.revision != here.revision


def test_the_pointer_is_named_as_for_asterisk_and_keys_hold_no_slash_at_which_freeswitch_would_end_them() -> (
    None
):
    here = render(bakery_plan())
    assert here.pointer == Entry("pbxctl", "current", f"1|{here.generation}|{here.revision}")
    assert date(2026, 12, 24).strftime(f"{here.revision}.day.office.%Y%m%d") in {e.key for e in here.entries}
    assert not any("/" in entry.key for entry in here.entries)


def test_the_clock_is_read_in_one_place_and_nothing_that_callers_send_is_expanded() -> None:
    here = render(bakery_plan())
    everything = "".join(here.files.values())
    assert everything.count("strepoch()") == len(bakery_plan().routes)
    assert "${strepoch()}" not in code_of(here)
    assert re.findall(r"\$\{(?!PBXCTL_|cond\(|db\(|strepoch\(|strftime_tz\()[^}]*", everything) == []
    assert all(
        f"{zone} ${{PBXCTL_NOW}}|" in everything for zone in re.findall(r"strftime_tz\((\S+)", everything)
    )


def test_no_attribute_of_freeswitchs_own_clock_is_used() -> None:
    assert not re.search(
        r'\b(wday|time-of-day|date-time|hour|mday|mon|year)="', "".join(freeswitch_templates().values())
    )


def hostile_plans(text: str) -> Mapping[str, Plan]:
    plan = bakery_plan()
    route = plan.routes["main"]

    def with_route(**changes: object) -> Plan:
        return replace(plan, routes={**plan.routes, "main": replace(route, **changes)})  # type: ignore[arg-type]

    timeline = plan.timelines["office"]
    flow = Flow("voicemail", (Voicemail("message", text, {"done": "end", "failed": "end"}), Hangup("end")))
    ordinary = Flow("ordinary", (Handover("ordinary", text, {"missing": "end"}), Hangup("end")))
    return {
        "route": with_route(name=text),
        "schedule": with_route(schedule=text),
        "language": with_route(language=text),
        "DID": with_route(dids=(Did(text, (text,)),)),
        "mailbox": with_route(flows={"ordinary": ordinary_flow(), "voicemail": flow}),
        "context": with_route(flows={"ordinary": ordinary}),
        "instance": replace(plan, instance=text),
        "caller": replace(plan, blocked=(CallerRule(text, (text,), "callers.blocked.0"),)),
        "rule": replace(plan, blocked=(CallerRule("112", ("112",), text),)),
        "zone": replace(plan, timelines={**plan.timelines, "office": replace(timeline, zone=text)}),
        "name of a schedule": replace(
            plan, timelines={**plan.timelines, "x": replace(timeline, schedule=text)}
        ),
    }


def ordinary_flow() -> Flow:
    return Flow("ordinary", (Handover("ordinary", "own", {"missing": "end"}), Hangup("end")))


def carried(plan: Plan) -> Plan:
    """The plan with flows of which every step is carried."""
    flows = {
        "ordinary": ordinary_flow(),
        "voicemail": Flow(
            "voicemail",
            (
                Play("prompt", Sound.PROMPT, {"done": "message", "failed": "neutral"}),
                Play("neutral", Sound.NEUTRAL, {"done": "message", "failed": "built_in"}),
                Play("built_in", Sound.BUILT_IN, {"done": "message", "failed": "message"}),
                Voicemail("message", "100@default", {"done": "end", "failed": "sorry"}),
                Play("sorry", Sound.NEUTRAL, {"done": "end", "failed": "end"}),
                Hangup("end"),
            ),
        ),
    }
    return replace(plan, routes={name: replace(route, flows=flows) for name, route in plan.routes.items()})


@pytest.mark.parametrize(
    "text", [*HOSTILE.values(), f'{MARK}"/><action x="', f"{MARK}-->", f"{MARK}]]>", f"{MARK}&amp;"]
)
def test_a_configurations_words_never_become_dialplan(text: str) -> None:
    for where, plan in hostile_plans(text).items():
        try:
            rendering = render(carried(plan) if where not in ("mailbox", "context") else plan)
        except (InputWrong, LookupError, ValueError):
            continue
        everything = "".join(rendering.files.values())
        # A number and a rule's neighbours stand in comments, harmless ones.
        assert MARK not in re.sub(r"<!--.*?-->", "", everything, flags=re.DOTALL), where


def test_and_plain_words_stand_in_it_where_they_belong() -> None:
    for where, plan in hostile_plans("Zz9").items():
        if where not in ("DID", "caller", "mailbox", "context"):
            everything = "".join(render(carried(plan)).files.values())
            assert ("Zz9" in everything) is True, where


@pytest.mark.parametrize("text", ["-->", "--", "<x>", "&a;", "${x}", "a\nb"])
def test_a_comment_cannot_end_before_its_end(text: str) -> None:
    assert parse_document(f"<x><!-- {note(text)} --></x>").contexts == ()


def test_a_callers_number_counts_by_its_digits_alone_whatever_stands_between_them() -> None:
    pattern = re.compile(f"^{callers(['+32470', '0470'])}\\Z")
    assert all(pattern.search(text) for text in ("+32470", "0470", "(04) 70", "x0470y", "0470\n", "+3 2-470"))
    assert not any(pattern.search(text) for text in ("", "32470", "04700", "+0470", "anonymous", "00470"))


REFUSED_ENTRIES = [
    Entry("pbxctl", "a/b", "1"),
    Entry("pb xctl", "a", "1"),
    Entry("pbxctl", "a", "1/2"),
    Entry("pbxctl", "a", "${system(id)}"),
    Entry("pbxctl", "a", "1\ndb delete/pbxctl/a"),
    Entry("pbxctl", "a", ""),
    Entry("pbxctl", "a", "x" * 256),
]


@pytest.mark.parametrize("entry", REFUSED_ENTRIES)
def test_an_entry_that_freeswitch_would_read_back_otherwise_is_refused(entry: Entry) -> None:
    with pytest.raises(NotPlain):
        insert_command(entry)


BROKEN_FILES = {
    "no XML": ("<include><context></include>", "x.xml:1:.*no XML"),
    "two contexts of one name": (
        '<i><context name="a"/><context name="a"/></i>',
        "two contexts are called a",
    ),
    "a document type": ("<!DOCTYPE i><i/>", "document type"),
    "a value put in when the file is read": ("<i>$${x}</i>", "write \\$\\{…\\}"),
    "an include": ('<i><X-PRE-PROCESS cmd="include"/></i>', "X-PRE-PROCESS"),
    "an expression too long": (f'<i><condition expression="{"a" * 10_001}"/></i>', "shorten the list"),
}


@pytest.mark.parametrize(("text", "told"), BROKEN_FILES.values(), ids=BROKEN_FILES)
def test_a_file_that_would_keep_freeswitch_from_starting_is_refused(text: str, told: str) -> None:
    with pytest.raises(InputWrong, match=told):
        refuse_unreadable("x.xml", text)


def test_a_template_of_the_administrators_own_is_read_once_more_too() -> None:
    name = "steps/hangup.xml.j2"
    with pytest.raises(InputWrong, match=r"generation\.xml\.j2:[0-9]+:[0-9]+: this is no XML"):
        render(carried(bakery_plan()), {name: "<extension>"}, FreeswitchSettings())


@pytest.mark.parametrize(
    ("step", "told"),
    [
        (Collect("ask", 5, {"none": "end"}), r"step ask \(collect\) of mode voicemail is not supported"),
        (
            Play("ask", Sound.PROMPT, {"done": "end", "failed": "end", "1": "end", "*": "end"}),
            r"step ask \(play\) of mode voicemail: keys during a prompt \(\*, 1\) are not supported",
        ),
        (Hangup("ask", 99), "cause 99 is not supported on FreeSWITCH; 16, 17, 21 are"),
    ],
)
def test_a_step_that_freeswitch_is_not_known_to_carry_out_is_refused(
    step: Collect | Hangup | Play, told: str
) -> None:
    plan = carried(bakery_plan())
    flow = Flow("voicemail", (step, Hangup("end")))
    route = plan.routes["main"]
    changed = replace(route, flows={**route.flows, "voicemail": flow})
    with pytest.raises(InputWrong, match=f"route main: .*{told}"):
        render(replace(plan, routes={"main": changed}), None, FreeswitchSettings())


def test_the_flows_that_pbxctl_brings_along_are_not_all_carried_yet_and_it_says_so() -> None:
    with pytest.raises(InputWrong, match=r"step recording \(record\).* is not supported on FreeSWITCH"):
        render(bakery_plan(), None, FreeswitchSettings())


@pytest.mark.parametrize(
    "change", [{"we_rang_s": 3600}, {"did_in": DidIn("To", "s", "from-provider-ordinary")}], ids=str
)
def test_what_freeswitch_cannot_look_at_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(InputWrong, match="is not supported on FreeSWITCH by this version"):
        render(replace(bakery_plan(), **change))


def test_a_thousand_numbers_are_parted_into_expressions_that_compile() -> None:
    numbers = [f"+3292{number:06}" for number in range(1000)]
    route = replace(bakery_plan().routes["main"], dids=tuple(Did(each, (each,)) for each in numbers))
    rendering = render(replace(bakery_plan(), routes={"main": route}))
    dialplan = installed(rendering)
    for number in (*numbers[::111], numbers[-1]):
        trace = place(dialplan, number, "0470112233", lambda: 1_796_000_000, database_of(rendering.entries))
        assert trace.channel.variables["PBXCTL_ROUTE"] == "main"


def test_an_expression_longer_than_freeswitch_is_known_to_take_is_refused() -> None:
    ways = tuple(f"+3292{number:06}" for number in range(1000))
    plan = replace(bakery_plan(), blocked=(CallerRule(ways[0], ways, "callers.blocked.0"),))
    with pytest.raises(NotMeasured, match="shorten the list"):
        render(plan)
