"""Whatever the plan: jumps lead somewhere, paths end, the clock is read once, names are short enough."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from pbxctl.errors import InputWrong
from pbxctl.plan.flow import EXITS, Collect, Flow, Hangup
from pbxctl.plan.model import Plan
from pbxctl.render.rendering import Rendering
from tests.plan.bakery import bakery_plan, bakery_text, plan_of
from tests.render.dialplan import Context, ends_well, jumps, parse_dialplan, targets
from tests.render.rendered import bakery_rendering, render, templates

LONGEST = "r" * 31


def longest_names() -> Plan:
    text = (
        bakery_text()
        .replace("  office:\n", f"  {LONGEST}:\n")
        .replace("schedule: office", f"schedule: {LONGEST}")
    )
    text = text.replace("  orders:\n    dids", f"  {LONGEST}:\n    dids").replace(
        "kind: asterisk", "kind: asterisk\n  instance: abcdefgh"
    )
    return plan_of(text)


def with_menu() -> Plan:
    plan = bakery_plan()
    menu = Flow(
        "menu",
        (
            Collect("key", 5, {"none": "end", "1": "again", "*": "end"}),
            Collect("again", 5, {"none": "end"}),
            Hangup("end"),
        ),
    )
    main = plan.routes["main"]
    return replace(plan, routes={**plan.routes, "main": replace(main, flows={**main.flows, "menu": menu})})


PLANS = {
    "the bakery": bakery_plan(),
    "the longest names": longest_names(),
    "a blocked caller": plan_of(bakery_text().replace("blocked: []", 'blocked: ["+32 470 00 00 01"]')),
    "no lists": plan_of(bakery_text().replace('["+32 2 555 01 02", "+32 475 12 34 56"]', "[]")),
    "a menu": with_menu(),
    "the number dialled in To": plan_of(
        bakery_text().replace(
            "kind: asterisk", "kind: asterisk\n  did_in: {header: To, ordinary: from-provider-ordinary}"
        )
    ),
    "whom we rang, and a mailbox for each number": plan_of(
        bakery_text()
        .replace("blocked: []", "blocked: []\n  we_rang: 4h")
        .replace(
            'dids: ["+32 9 233 44 55"]',
            'dids: ["+32 9 233 44 55 - 59"]\n    mailboxes: {"+32 9 233 44 56 - 59": "1{last:2}@default"}',
        )
    ),
    "a forward taken by a key": plan_of(bakery_text().replace("ring: 20s", 'ring: 20s, confirm: "*"')),
    "the caller's number shown": plan_of(bakery_text().replace("caller_id: own", "caller_id: caller")),
}


BROUGHT_ALONG = {"PBXCTL_CALLED", "PBXCTL_DID", "PBXCTL_HANDED", "PBXCTL_HANDED_AT"}


@pytest.fixture(scope="module", params=PLANS.values(), ids=list(PLANS))
def rendering(request: pytest.FixtureRequest) -> Rendering:
    return render(request.param, rehearsal=True)


@pytest.fixture(scope="module")
def text(rendering: Rendering) -> str:
    return "\n".join(rendering.files.values())


@pytest.fixture(scope="module")
def contexts(text: str) -> dict[str, Context]:
    return parse_dialplan(text)


def test_every_jump_leads_to_something(contexts: dict[str, Context]) -> None:
    outside = {"from-provider-ordinary", "outbound"}
    found = list(jumps(contexts))
    assert len(found) > 100
    for here, application, jump in found:
        if jump.context in outside:
            # Somebody else's: only ever behind a look whether it is there.
            assert application.startswith(f"GotoIf(${{DIALPLAN_EXISTS({jump.context},"), (here, application)
            continue
        assert jump.extension in contexts[jump.context].extensions, (here, application)
        assert jump.label == "1" or jump.label in contexts[jump.context].labels[jump.extension], application


def test_a_jump_to_a_name_of_the_database_looks_first(contexts: dict[str, Context]) -> None:
    for context in contexts.values():
        for extension, applications in context.extensions.items():
            for application in applications:
                for target in targets(application):
                    # Our own names for a route and for a weekday are no outside values.
                    if "$" in target and "PBXCTL_ROUTE" not in target and "PBXCTL_SCHEDULE" not in target:
                        asked = target.removesuffix(",1").replace(",s", "")
                        assert "DIALPLAN_EXISTS(" in application, (extension, application)
                        assert asked.split(",")[0] in application.split("?")[0], (extension, application)


def test_every_path_ends_in_a_goto_or_a_hang_up(contexts: dict[str, Context]) -> None:
    for name, context in contexts.items():
        for extension, applications in context.extensions.items():
            # What the PBX's own dialplan, or Dial, calls as a subroutine goes back to it.
            returns = name.endswith(("-outgoing", "-confirm")) and applications[-1] == "Return()"
            assert returns or ends_well(applications), (
                f"{extension}@{name} runs off its end: {applications[-1]}"
            )


def test_names_are_no_longer_than_asterisk_keeps(contexts: dict[str, Context]) -> None:
    for name, context in contexts.items():
        assert len(name) <= 79
        assert all(len(extension) <= 79 for extension in context.extensions)


def test_the_longest_names_that_a_configuration_may_have_come_near_the_limit() -> None:
    names = parse_dialplan("\n".join(render(longest_names()).files.values()))
    assert max(map(len, names)) == 79


def test_one_more_is_refused_rather_than_cut() -> None:
    plan = replace(longest_names(), instance="abcdefghi")
    with pytest.raises(InputWrong, match=r"longer than the 79 characters.*shorten the name"):
        render(plan)


def test_the_clock_is_read_once_on_entry_and_nowhere_else(
    contexts: dict[str, Context], rendering: Rendering, text: str
) -> None:
    code = next(body for name, body in rendering.files.items() if rendering.generation in name)
    for reading in (
        "EPOCH",
        "DATETIME",
        "GotoIfTime",
        "ExecIfTime",
        "IFTIME",
        "STRPTIME",
        "STRFTIME()",
        "date",
    ):
        assert not re.search(
            rf"\b{re.escape(reading)}\b", re.sub(r";.*", "", code).replace("PBXCTL_DATE", "")
        ), reading
    assert "STRFTIME(${EPOCH}" not in text
    assert re.findall(r"STRFTIME\(([^,)]*)", text) == ["${PBXCTL_NOW}"]
    entries = [context for name, context in contexts.items() if "-enter-" in name]
    assert entries
    for context in entries:
        lines = [line for lines in context.extensions.values() for line in lines]
        assert sum("EPOCH" in line for line in lines) == 1
    # Outside of the decision: when somebody in the house dialled.
    outgoing = contexts.get("pbxctl-outgoing")
    rang = 0 if outgoing is None else sum("EPOCH" in line for line in outgoing.extensions["s"])
    assert text.count("${EPOCH}") == len(entries) + rang
    assert rang == text.count("[pbxctl-outgoing]")


def test_every_variable_of_ours_that_is_read_is_set_or_cleared_on_entry(
    contexts: dict[str, Context], text: str
) -> None:
    # The last is set by the PBX's own dialplan, where calls leave the house.
    read = set(re.findall(r"PBXCTL_[A-Z0-9_]+", text)) - {"PBXCTL_DIALLED"}
    assert len(read) > 10
    for name, context in contexts.items():
        if "-enter-" in name:
            head = context.extensions["s"]
            first = next(index for index, line in enumerate(head) if "GotoIf(" in line)
            known = {line[4:].split("=")[0] for line in head[:first] if line.startswith("Set(")}
            # The number dialled is set one jump earlier, in the contexts that lead here; by the
            # other two, a call that is led back to us is known again.
            assert read - known == BROUGHT_ALONG, name
    for name, context in contexts.items():
        if name.endswith(("-inbound", "-rehearse")):
            firsts = {extension: lines[0] for extension, lines in context.extensions.items()}
            # To the trunk's one extension the header tells it.
            firsts.pop("s", None)
            assert set(firsts.values()) == {"MSet(PBXCTL_DID=${EXTEN},PBXCTL_CALLED=${EXTEN})"}


def test_no_moment_counts_but_through_the_rehearsal_context() -> None:
    usual = bakery_rendering().files["pbxctl.conf"]
    assert "rehearse" not in usual
    assert "PJSIP_HEADER" not in usual  # nor is any other header looked at, unless one names the number
    assert ",entered)" not in usual


def test_nothing_of_ours_stays_on_a_channel_that_is_handed_over(contexts: dict[str, Context]) -> None:
    for name, context in contexts.items():
        lines = "\n".join(line for lines in context.extensions.values() for line in lines)
        for word in ("Gosub", "Macro", "hangup_handler", "Set(GLOBAL", "AGI(", "CURL(", "System(", "SHELL("):
            assert word not in lines, name
        # What is inherited may stand on the way out to somebody else's telephone, never on the caller's.
        assert "Set(_" not in lines or "-leg-" in name, name


def test_every_line_is_short_enough_for_asterisk(text: str) -> None:
    assert max(len(line.encode()) for line in text.splitlines()) < 8_000


def test_every_rung_and_step_has_a_template_and_every_template_is_used() -> None:
    assert {name.split("/")[1].split(".")[0] for name in templates() if name.startswith("steps/")} == set(
        EXITS
    )
    assert {name.split("/")[1].split(".")[0] for name in templates() if name.startswith("rungs/")} == {
        "psap",
        "blocked",
        "always_pass",
        "override",
        "timeline",
    }


def test_a_flow_ends_with_its_fax_way_out(contexts: dict[str, Context]) -> None:
    flows = {name: context for name, context in contexts.items() if re.search("-flow-[a-z_]+-", name)}
    assert flows
    assert all("fax" in context.extensions for context in flows.values())
