"""A configuration's words can never become dialplan: they are refused, or they are nowhere in the text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from pbxctl.errors import InputWrong
from pbxctl.origin import Origin
from pbxctl.plan.flow import Confirm, Dial, Handover, Step, Voicemail
from pbxctl.plan.model import (
    CallerRule,
    Company,
    Did,
    DidIn,
    Part,
    Plan,
    RoutePlan,
    RuleNote,
    Standing,
    WeeklyTable,
)
from pbxctl.plan.modes import REFUSED
from pbxctl.render.asterisk import AsteriskSettings, render_asterisk
from pbxctl.render.entries import format_standing
from pbxctl.render.landing import NotPlain, comment, entry, number, word
from tests.plan.bakery import FIRST_DAY, bakery_plan
from tests.render.rendered import render, templates

MARK = "Zz9"
"""Stands in every hostile value, and nowhere else: where it is found, the value was let through."""

HOSTILE = {
    "comma": f"{MARK},1,System(touch /tmp/x)",
    "shell": f"{MARK}${{SHELL(touch /tmp/x)}}",
    "expression": f"{MARK}$[1 + 1]",
    "semicolon": f"{MARK};",
    "block comment": f"{MARK};--",
    "line end": f"{MARK}\nexten => s,1,System(id)",
    "carriage return": f"{MARK}\rexten => s,1,System(id)",
    "line end of Unicode": f"{MARK}\u2028exten => s,1,System(id)",
    "double quote": f'{MARK}"',
    "single quote": f"{MARK}'",
    "NUL": f"{MARK}\x00",
    "10 kB": MARK + "a" * 10_000 + " ",
    "right to left": f"{MARK}\u202e",
    "bracket": f"{MARK}]",
    "context": f"{MARK}]\n[default]",
    "include": f"#include {MARK}",
    "backslash": f"{MARK}\\",
    "round bracket": f"{MARK})",
    "ampersand": f"{MARK}&SIP/x",
    "bar": f"{MARK}|x",
    "question mark": f"{MARK}?x",
    "colon": f"{MARK}:x",
    "equals": f"{MARK}=x",
    "blank": f"{MARK} x",
    "not ASCII": f"{MARK}é",
    "fullwidth": f"{MARK}\uff0c",
}


def main_of(plan: Plan) -> RoutePlan:
    return plan.routes["main"]


def with_main(plan: Plan, route: RoutePlan) -> Plan:
    return replace(plan, routes={**plan.routes, "main": route})


def with_steps(plan: Plan, change: Callable[[Step], Step]) -> Plan:
    return replace(
        plan,
        routes={
            name: replace(
                route,
                flows={
                    mode: replace(flow, steps=tuple(change(step) for step in flow.steps))
                    for mode, flow in route.flows.items()
                },
            )
            for name, route in plan.routes.items()
        },
    )


def by_key(step: Step, asked: Confirm) -> Step:
    if not isinstance(step, Dial):
        return step
    return replace(step, confirm=asked, exits={**step.exits, "unconfirmed": step.exits["silent"]})


def dial(text: str) -> Iterator[tuple[str, Callable[[Step], Step]]]:
    yield "context", lambda step: replace(step, context=text) if isinstance(step, Dial) else step
    yield "numbers", lambda step: replace(step, numbers=(text,)) if isinstance(step, Dial) else step
    yield "shown", lambda step: replace(step, shown=text) if isinstance(step, Dial) else step
    yield "diverted", lambda step: replace(step, diverted=text) if isinstance(step, Dial) else step
    yield "loop", lambda step: replace(step, loop=(text,)) if isinstance(step, Dial) else step


def in_standing(plan: Plan, change: Callable[[Standing], Standing], *, weekly: bool) -> Plan:
    office = plan.timelines["office"]
    part = Part(0, change(Standing("voicemail", "hours", "schedules.office.hours", None)))
    if weekly:
        office = replace(office, weekly=(WeeklyTable(None, ((part,),) * 7),))
    else:
        office = replace(office, dates={date(2026, 12, 1): (part,)})
    return replace(plan, timelines={**plan.timelines, "office": office})


def plans(text: str) -> Iterator[tuple[str, Plan]]:
    """The example with this text in each of its fields in turn."""
    plan = bakery_plan(FIRST_DAY, 3)
    main = main_of(plan)
    yield "instance", replace(plan, instance=text)
    yield "route name", with_main(plan, replace(main, name=text))
    yield (
        "schedule",
        with_main(
            replace(
                plan, timelines={**plan.timelines, text: replace(plan.timelines["office"], schedule=text)}
            ),
            replace(main, schedule=text),
        ),
    )
    yield (
        "zone",
        replace(plan, timelines={**plan.timelines, "office": replace(plan.timelines["office"], zone=text)}),
    )
    yield "language", with_main(plan, replace(main, language=text))
    yield "ordinary context", with_main(plan, replace(main, ordinary=text))
    yield "did", with_main(plan, replace(main, dids=(Did(text, (text,)),)))
    yield "mailbox of a number", with_main(plan, replace(main, dids=(Did("092", ("092",), mailbox=text),)))
    yield "language of a number", with_main(plan, replace(main, dids=(Did("092", ("092",), text),)))
    known = DidIn("To", "s", "from-provider-ordinary")
    for name in ("header", "extension", "ordinary"):
        yield f"number in a header, {name}", replace(plan, did_in=replace(known, **{name: text}))
    yield "always passes", replace(plan, always_pass=(CallerRule(text, ("022",), "r"),))
    yield "always passes, spelled", replace(plan, always_pass=(CallerRule("+322", (text,), "r"),))
    yield "always passes, rule", replace(plan, always_pass=(CallerRule("+322", ("022",), text),))
    yield "blocked", replace(plan, blocked=(CallerRule("+322", (text,), text),))
    yield "never closed", replace(plan, never_close=(Did(text, (text,)),))
    yield "company", replace(plan, company=Company(text, text, "BE", ("nl", "fr", "en")))
    yield "country", replace(plan, company=replace(plan.company, country=text))
    yield "label", replace(plan, rules={text: RuleNote(Origin(text, 1, 1, text), text)})
    yield (
        "holiday",
        replace(
            plan,
            timelines={
                **plan.timelines,
                "office": replace(plan.timelines["office"], holidays={date(2026, 12, 25): text}),
            },
        ),
    )
    yield (
        "mode of a flow",
        with_main(
            plan, replace(main, flows={**main.flows, text: replace(main.flows["voicemail"], mode=text)})
        ),
    )
    yield "mode of the refused", replace(plan, refused=replace(plan.refused, mode=text))
    for name, change in dial(text):
        yield f"dial {name}", with_steps(plan, change)
    yield "mailbox", with_steps(plan, lambda s: replace(s, mailbox=text) if isinstance(s, Voicemail) else s)
    yield "handover", with_steps(plan, lambda s: replace(s, context=text) if isinstance(s, Handover) else s)
    for weekly in (True, False):
        where = "week" if weekly else "dates"
        yield f"rule of the {where}", in_standing(plan, lambda s: replace(s, rule=text), weekly=weekly)
        yield f"rung of the {where}", in_standing(plan, lambda s: replace(s, rung=text), weekly=weekly)
        yield f"mode of the {where}", in_standing(plan, lambda s: replace(s, mode=text), weekly=weekly)


NOWHERE = ("company", "country", "label", "holiday", "never closed")


def found_in(plan: Plan, text: str) -> bool:
    rendering = render(plan, rehearsal=True)
    everything = [*rendering.files.items(), *((e.key, e.value) for e in rendering.entries)]
    return text in "".join(f"{name}{body}" for name, body in everything)


@pytest.mark.parametrize("field", [name for name, _ in plans("") if name not in NOWHERE])
def test_a_harmless_value_does_stand_in_the_text(field: str) -> None:
    """So that the test below looks at fields that are rendered at all."""
    harmless = "0990990" if field.startswith(("did", "dial", "blocked", "always passes, s")) else "zzharmless"
    assert found_in(dict(plans(harmless))[field], harmless)


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_value_is_refused_or_nowhere(hostile: str) -> None:
    for field, plan in plans(hostile):
        try:
            assert not found_in(plan, MARK), field
        except (InputWrong, ValueError):
            assert field not in NOWHERE


@pytest.mark.parametrize("field", NOWHERE)
def test_what_stands_nowhere_in_a_dialplan_may_be_anything(field: str) -> None:
    for hostile in ('O\'Brien & Söhne, "Bäckerei"', "电话; ${x}"):
        plan = dict(plans(hostile))[field]
        assert render(plan).files


# Plain to the eye, and yet Asterisk would take each of them for more than a name.
MEANING_MORE = {
    "a pattern as a DID": ("did", "_X."),
    "a pattern as a caller who passes": ("always passes, spelled", "_X."),
    "a pattern as a way to dial": ("dial numbers", "_X."),
    "a letter as a number": ("dial shown", "s"),
    "the hang-up extension as a DID": ("did", "h"),
    "a number with a blank": ("did", "09 233"),
    "a rule that the dialplan would not believe": ("rule of the dates", "schedules/office"),
    "a mode in capitals": ("mode of the dates", "Voicemail"),
}


@pytest.mark.parametrize(("field", "text"), MEANING_MORE.values(), ids=MEANING_MORE)
def test_a_value_that_would_mean_more_than_it_says_is_refused(field: str, text: str) -> None:
    with pytest.raises(NotPlain):
        render(dict(plans(text))[field], rehearsal=True)


@pytest.mark.parametrize("setting", ["sounds", "recordings"])
@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_so_with_the_folders_of_the_pbx(setting: str, hostile: str) -> None:
    folder = f"/var/{hostile}"
    settings = AsteriskSettings(sounds=folder) if setting == "sounds" else AsteriskSettings(recordings=folder)
    with pytest.raises(NotPlain):
        render_asterisk(bakery_plan(), templates(), settings)


@pytest.mark.parametrize("field", ["key", "language", "wait_s", "tries"])
@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_so_with_all_that_is_asked_of_whoever_takes_a_forward(field: str, hostile: str) -> None:
    values: dict[str, Any] = {"key": "1", "language": "nl", "wait_s": 4, "tries": 2, field: hostile}
    plan = with_steps(bakery_plan(FIRST_DAY, 3), lambda step: by_key(step, Confirm(**values)))
    with pytest.raises((InputWrong, KeyError, ValueError)):
        render(plan)


@pytest.mark.parametrize("hostile", [*HOSTILE.values(), ""], ids=[*HOSTILE, "nothing"])
def test_the_gate_for_words_refuses(hostile: str) -> None:
    with pytest.raises(NotPlain, match="cannot stand in a dialplan") as raised:
        word(hostile)
    assert "\n" not in str(raised.value)
    assert len(str(raised.value)) < 500


@pytest.mark.parametrize("text", ["office", "100@default", "a_b-c.d", "/var/lib/x", "+32", "*281"])
def test_and_lets_names_numbers_and_paths_pass(text: str) -> None:
    assert word(text) == text


@pytest.mark.parametrize("text", ["", "+", "_X.", "s", "0 9", "09,1", "٠٩", "09\n", "+32+1", "x09"])
def test_the_gate_for_numbers_refuses(text: str) -> None:
    with pytest.raises(NotPlain, match="no number"):
        number(text)


COMMENTS = {
    "a semicolon": ("a;b", "a b"),
    "the block that would never end": (";-- all", " -- all"),
    "a line end": ("a\nexten => s,1,x", "a exten => s,1,x"),
    "a line end of Unicode": ("a\u2028b\u2029c\x85d", "a b c d"),
    "a NUL": ("a\x00b", "a b"),
    "right to left": ("a\u202eb", "a b"),
    "a half character": ("a\ud800b", "a b"),
    "letters of all languages": ("Bäckerei 电话", "Bäckerei 电话"),
    "what means nothing in a comment": ("${X},\"'[]#", "${X},\"'[]#"),
    "a text without end": ("a" * 300, "a" * 200),
}


@pytest.mark.parametrize(("text", "told"), COMMENTS.values(), ids=COMMENTS)
def test_free_text_in_a_comment_stays_in_it(text: str, told: str) -> None:
    assert comment(text) == told


def test_a_database_entry_has_the_length_that_every_pbx_reads() -> None:
    assert entry("a" * 255) == "a" * 255
    with pytest.raises(NotPlain, match="256 characters"):
        entry("a" * 256)


@pytest.mark.parametrize("text", ["a,b", "${X}", "a;b", "a\nb", 'a"b', "é", "a]b", "a)b", "a\\b", "a=b"])
def test_a_database_entry_means_nothing_to_a_parser(text: str) -> None:
    with pytest.raises(NotPlain, match="cannot be an entry"):
        entry(text)


def test_a_day_with_more_parts_than_an_entry_holds_is_one_clear_error() -> None:
    plan = bakery_plan()
    standing = Standing("voicemail", "hours", "r", None)
    office = plan.timelines["office"]
    parts = tuple(Part(1_796_205_600 + 60 * index, standing) for index in range(19))
    crowded = replace(office, dates={date(2026, 12, 1): parts})
    told = "schedule office: on 2026-12-01 it changes 19 times, more .*; join some of its hours or dates"
    with pytest.raises(InputWrong, match=f"^{told}$"):
        render(replace(plan, timelines={**plan.timelines, "office": crowded}))
    fits = replace(office, dates={date(2026, 12, 1): parts[:17]})
    assert render(replace(plan, timelines={**plan.timelines, "office": fits})).entries


def test_every_entry_of_the_example_fits() -> None:
    rendering = render(bakery_plan(date(2026, 11, 23), 400))
    assert max(len(each.value.encode()) for each in rendering.entries) <= 255
    assert all(len(f"/{each.family}/{each.key}") <= 255 for each in rendering.entries)


def test_a_standing_is_written_in_one_form() -> None:
    standing = Standing(REFUSED, "blocked", "callers.blocked.0", None)
    assert format_standing(standing, "") == "1|refused|blocked|callers.blocked.0|"
