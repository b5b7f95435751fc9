"""What a change of the configuration alters is what calls would meet otherwise, and nothing else."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from pbxctl.config import load_config
from pbxctl.decision.decide import timeline_standing
from pbxctl.plan.build import build_plan
from pbxctl.plan.model import Plan
from pbxctl.simulate.compare import Alteration, compare

BAKERY = (Path(__file__).parents[2] / "examples" / "bakery" / "pbxctl.yaml").read_text()
FIRST = date(2026, 10, 19)  # the clocks are put back in its first week
DAYS = 90


def plan(text: str) -> Plan:
    return build_plan(load_config(text.encode(), "pbxctl.yaml"), FIRST, DAYS)


def changed(*steps: tuple[str, str]) -> str:
    text = BAKERY
    for before, after in steps:
        assert before in text
        text = text.replace(before, after)
    return text


FALLS_BACK = "answered to end, busy to fell_back, capped to fell_back, looped to prompt, silent to fell_back"

CHANGES = [
    pytest.param([("weekday: wednesday", "weekday: friday")], id="another weekday"),
    pytest.param([("since: 2026-12-02", "since: 2026-10-21")], id="earlier"),
    pytest.param([("mon-fri: 08:30-17:30", "mon-fri: [07:00-12:00, 13:00-17:30]")], id="other hours"),
    pytest.param([("mode: voicemail, reason: Christmas", "mode: ordinary, reason: Christmas")], id="a date"),
    pytest.param([("    holidays: {regions: [BE], mode: voicemail}\n", "")], id="no holidays"),
    pytest.param([("regions: [BE]", "regions: [DE-BY]")], id="other holidays"),
    pytest.param([("timezone: Europe/Brussels", "timezone: Europe/Lisbon")], id="another clock"),
    pytest.param([("    schedule: orders", "    schedule: office")], id="another schedule"),
]


@pytest.mark.parametrize("steps", CHANGES)
def test_a_moment_lies_in_an_altered_window_just_when_a_call_would_meet_something_else(
    steps: list[tuple[str, str]],
) -> None:
    old, new = plan(BAKERY), plan(changed(*steps))
    windows = compare(old, new).windows
    assert windows
    seen = 0
    begin = datetime.combine(FIRST, datetime.min.time(), UTC) + timedelta(hours=6)
    for route in old.routes:
        for minutes in range(0, (DAYS - 1) * 1440, 30):
            at = begin + timedelta(minutes=minutes)
            before = timeline_standing(old.timelines[old.routes[route].schedule], at)
            after = timeline_standing(new.timelines[new.routes[route].schedule], at)
            here = [each for each in windows if each.route == route and each.start <= at < each.end]
            if (before.mode, before.rung) != (after.mode, after.rung):
                seen += 1
                assert len(here) == 1
                assert (here[0].before.mode, here[0].before.rung) == (before.mode, before.rung)
                assert (here[0].after.mode, here[0].after.rung) == (after.mode, after.rung)
            else:
                assert all(each.before.rung == "date" for each in here)
    assert seen


def test_how_it_is_written_is_no_difference() -> None:
    moved = "# a line above\n" + changed(("reason: Christmas}", "reason: Christmas}\n"))
    renamed = moved.replace("  office:", "  workshop:").replace("schedule: office", "schedule: workshop")
    found = compare(plan(BAKERY), plan(renamed.replace('"+32 9 233 44 55"', '"09/233.44.55"')))

    assert found.windows == ()
    assert found.others == ()


RANGES = "+3292334455 to +3292334459 (5 numbers), +3292335000 to +3292335099 (100 numbers)"

OTHERS = [
    pytest.param(
        [('["+32 9 233 44 66"]', '["+32 9 233 44 77"]')],
        [
            Alteration("route", "orders", "+3292334466", "+3292334477"),
            Alteration("did", "+3292334466", "orders", None),
            Alteration("did", "+3292334477", None, "orders"),
            Alteration("flow", "orders: answering_service, service, shown", "+3292334466", "+3292334477"),
            Alteration("flow", "orders: answering_service, service, diverted", "+3292334466", "+3292334477"),
        ],
        id="another number",
    ),
    pytest.param(
        [('["+32 9 233 44 55"]', '["+32 9 233 44 55 - 59", "+32 9 233 50 00 - 99"]')],
        [
            Alteration("route", "main", "+3292334455", RANGES),
            Alteration("did", "+3292334456 to +3292334459", None, "main"),
            Alteration("did", "+3292335000 to +3292335099", None, "main"),
        ],
        id="ranges of numbers",
    ),
    pytest.param(
        [
            (
                '["+32 9 233 44 55"]',
                '["+32 9 233 44 55"]\n    mailboxes: {"+32 9 233 44 55": 155@default}',
            )
        ],
        [Alteration("mailbox", "+3292334455", None, "155@default")],
        id="a mailbox of a number's own",
    ),
    pytest.param(
        [("blocked: []", 'blocked: ["0470 11 22 33"]')],
        [Alteration("blocked", "+32470112233", None, "listed")],
        id="a caller blocked",
    ),
    pytest.param(
        [(', "+32 475 12 34 56"]', "]")],
        [Alteration("always_pass", "+32475123456", "listed", None)],
        id="a caller who passes no more",
    ),
    pytest.param(
        [("ring: 20s", "ring: 25s")],
        [Alteration("flow", "orders: answering_service, service, ring_s", "20", "25")],
        id="the service rings longer",
    ),
    pytest.param(
        [("ring: 20s", "ring: 20s, confirm: 1")],
        [
            Alteration(
                "flow",
                "orders: answering_service, service, exits",
                f"{FALLS_BACK}, unreachable to fell_back",
                f"{FALLS_BACK}, unconfirmed to fell_back, unreachable to fell_back",
            ),
            Alteration(
                "flow",
                "orders: answering_service, service, confirm",
                "none",
                "1, asked for 2 times in nl, 4 s each",
            ),
        ],
        id="calls that are taken by a key",
    ),
    pytest.param(
        [("[nl, fr, en]", "[nl, fr]")],
        [Alteration("company", "languages", "nl, fr, en", "nl, fr")],
        id="a language less",
    ),
    pytest.param(
        [("+32 9 233 44 99", "+32 9 233 44 98")],
        [
            Alteration("never_close", "+3292334499", "listed", None),
            Alteration("never_close", "+3292334498", None, "listed"),
        ],
        id="another guarded number",
    ),
    pytest.param(
        [("  dial_out:", "  did_in: {header: To, ordinary: from-provider-ordinary}\n  dial_out:")],
        [
            Alteration(
                "company",
                "number dialled",
                "in the request",
                "in To of calls to s, else from-provider-ordinary",
            )
        ],
        id="the number dialled elsewhere",
    ),
]


@pytest.mark.parametrize(("steps", "wanted"), OTHERS)
def test_what_else_a_change_alters_is_told(steps: list[tuple[str, str]], wanted: list[Alteration]) -> None:
    found = compare(plan(BAKERY), plan(changed(*steps)))

    assert found.windows == ()
    told = [each for each in found.others if not each.name.endswith(", loop")]
    assert told == wanted


def test_an_exit_that_leads_elsewhere_is_told_in_words() -> None:
    def reception(busy: str) -> Plan:
        mode = f'  reception: [{{name: desk, dial: "+32 2 555 09 08", busy: {busy}}}, voicemail]'
        return plan(changed(("\nroutes:\n", f"\nmodes:\n{mode}\nroutes:\n")))

    found = compare(reception("voicemail"), reception("hangup"))
    told = [each for each in found.others if each.name == "main: reception, desk, exits"]
    assert [(each.before or "").split(", ")[:2] for each in told] == [
        ["answered to net_end", "busy to net_message"]
    ]
    assert [(each.after or "").split(", ")[1] for each in told] == ["busy to net_end"]


def test_a_route_that_goes_or_comes_is_told_with_its_numbers() -> None:
    without = BAKERY[: BAKERY.index("  orders:\n    dids")] + BAKERY[BAKERY.index("# The alarm") :]
    old, new = plan(BAKERY), plan(without)

    gone = compare(old, new)
    assert [each for each in gone.others if each.what == "route"] == [
        Alteration("route", "orders", "+3292334466", None)
    ]
    back = compare(new, old)
    assert [(each.what, each.after) for each in back.others if each.what in ("route", "did")] == [
        ("route", "+3292334466"),
        ("did", "orders"),
    ]
