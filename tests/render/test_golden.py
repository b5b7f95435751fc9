"""The example's rendering is the one reviewed, byte for byte, whenever and wherever it is rendered."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date, timedelta
from difflib import unified_diff
from pathlib import Path

import pytest

from pbxctl.plan.model import Plan
from pbxctl.render.rendering import Rendering
from tests.golden import assert_golden
from tests.plan.bakery import FIRST_DAY, bakery_plan, bakery_text, plan_of
from tests.render.rendered import bakery_rendering, code_of, render

GOLDEN = Path(__file__).parent / "golden"


def database(rendering: Rendering) -> str:
    return "".join(f"{e.family}/{e.key} = {e.value}\n" for e in (*rendering.entries, rendering.pointer))


def test_the_generation_is_the_one_reviewed() -> None:
    assert_golden(GOLDEN / "generation.conf", code_of(bakery_rendering()))


def test_the_entry_is_the_one_reviewed() -> None:
    assert_golden(GOLDEN / "entry.conf", bakery_rendering().files["pbxctl.conf"])


def test_the_database_is_the_one_reviewed() -> None:
    assert_golden(GOLDEN / "database.txt", database(bakery_rendering()))


def test_what_a_key_that_takes_a_forward_adds_is_the_one_reviewed() -> None:
    """Beside what is there without: a question, three lines of the forward, and two options of its Dial."""
    by_key = render(plan_of(bakery_text().replace("ring: 20s", "ring: 20s, confirm: 1")))
    usual = bakery_rendering()
    before, after = (
        code_of(each).replace(each.generation, "GENERATION").splitlines(keepends=True)
        for each in (usual, by_key)
    )
    found = unified_diff(before, after, "without", "with", n=1)
    # Not by which lines: those move with whatever stands above them.
    told = "".join("@@\n" if line.startswith("@@") else line for line in found)
    assert_golden(GOLDEN / "confirm.diff", told)


def test_rendered_twice_it_is_the_same() -> None:
    assert render(bakery_plan()) == bakery_rendering()


SCRIPT = """
from tests.render.rendered import bakery_rendering
from tests.render.test_golden import database
r = bakery_rendering()
print(r.generation, r.revision, *r.prompts, *r.files.items(), database(r))
"""


@pytest.mark.parametrize("seed", ["1", "2"])
def test_another_process_with_other_hashes_renders_the_same(seed: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONHASHSEED": seed, "TZ": "Asia/Tokyo", "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=True,
    )
    here = bakery_rendering()
    told = " ".join(
        [here.generation, here.revision, *here.prompts, *map(str, here.files.items()), database(here)]
    )
    assert ran.stdout == told + "\n"


DATES_ALONE = {
    "another first day": bakery_plan(FIRST_DAY + timedelta(days=20)),
    "a longer horizon": bakery_plan(FIRST_DAY, 300),
    "another own date": plan_of(bakery_text().replace("from: 2026-12-24 12:00", "from: 2026-12-23 12:00")),
}


@pytest.mark.parametrize("plan", DATES_ALONE.values(), ids=DATES_ALONE)
def test_dates_alone_change_the_revision_and_not_the_code(plan: Plan) -> None:
    here, changed = bakery_rendering(), render(plan)
    assert changed.generation == here.generation
    assert code_of(changed) == code_of(here)
    assert changed.revision != here.revision


CODE_TOO = {
    "another closed day": ("{weekday: wednesday, since", "{weekday: thursday, since"),
    "another since": ("since: 2026-12-02", "since: 2026-12-09"),
    "other hours": ("mon-fri: 08:30-17:30", "mon-fri: 08:30-17:00"),
    "another mailbox": ("100@default", "102@default"),
    "another ordinary context": ("from-provider-ordinary", "from-trunk"),
    "another ring time": ("ring: 20s", "ring: 30s"),
    "another caller who passes": ("+32 475 12 34 56", "+32 475 12 34 57"),
    "another language first": ("languages: [nl, fr, en]", "languages: [fr, nl, en]"),
}


@pytest.mark.parametrize(("old", "new"), CODE_TOO.values(), ids=CODE_TOO)
def test_what_the_code_holds_changes_generation_and_revision(old: str, new: str) -> None:
    assert old in bakery_text()
    here, changed = bakery_rendering(), render(plan_of(bakery_text().replace(old, new)))
    assert changed.generation != here.generation
    assert changed.revision != here.revision


def test_other_dids_are_another_generation_which_old_entries_do_not_know() -> None:
    # A number of a route without a forward stands in the entry file alone.
    changed = render(plan_of(bakery_text().replace("+32 9 233 44 55", "+32 9 233 44 56")))
    here = bakery_rendering()
    assert changed.entrance != here.entrance
    assert changed.generation != here.generation
    assert changed.revision != here.revision


def test_another_flow_is_another_generation_which_the_same_entries_know() -> None:
    changed = render(plan_of(bakery_text().replace("ring: 20s", "ring: 30s")))
    here = bakery_rendering()
    assert changed.generation != here.generation
    assert changed.entrance == here.entrance


def test_what_nobody_hears_or_meets_changes_nothing() -> None:
    changed = render(plan_of(bakery_text().replace("reason: Christmas", "reason: Kerst")))
    assert changed.revision == bakery_rendering().revision


def test_the_pointer_names_generation_and_revision() -> None:
    here = bakery_rendering()
    assert (here.pointer.family, here.pointer.key) == ("pbxctl", "current")
    assert here.pointer.value == f"1|{here.generation}|{here.revision}"
    assert here.entries
    assert all(entry.key.startswith(f"{here.revision}/") for entry in here.entries)
    assert date(2026, 12, 24).strftime(f"{here.revision}/day/office/%Y%m%d") in {e.key for e in here.entries}


def test_every_window_that_a_day_names_is_there_and_no_other() -> None:
    named, there = set(), set()
    *dates, horizon = bakery_rendering().entries
    assert horizon.key.endswith("/horizon"), "what says that the dates are there comes behind them"
    for entry in dates:
        _, kind, schedule, name = entry.key.split("/")
        if kind == "window":
            there.add((schedule, name))
        else:
            named |= {(schedule, part.split(":")[1]) for part in entry.value.split("&")[1:]}
    assert named == there
