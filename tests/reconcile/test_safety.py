"""What nobody does by accident twice is told, and refused until it is accepted by its id."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from pbxctl.pbx.deployment import GlobalChanged, Present, Surroundings
from pbxctl.plan.model import Plan
from pbxctl.reconcile.changes import work_out
from pbxctl.reconcile.safety import Before, objections, standing
from tests.plan.bakery import FIRST_DAY, HORIZON_DAYS, bakery_text, plan_of
from tests.reconcile.world import revisions

NOTHING_AROUND = Surroundings()


def plan(old: str = "", new: str = "") -> Plan:
    assert old in bakery_text()
    return plan_of(bakery_text().replace(old, new) if old else bakery_text())


def ids(
    wanted: Plan,
    *,
    before: Before | None = None,
    present: Present | None = None,
    around: Surroundings = NOTHING_AROUND,
    today: date = FIRST_DAY,
) -> list[str]:
    revision = revisions()["numbers"]
    present = present or Present()
    before = before or Before(revisions()["first"], plan())
    found = objections(wanted, before, work_out(revision, present), present, around, today)
    return [each.id for each in found]


def test_an_ordinary_change_is_not_objected_to() -> None:
    assert ids(plan("ring: 20s", "ring: 25s")) == []


def test_a_number_that_is_lost() -> None:
    assert ids(plan("+32 9 233 44 66", "+32 9 233 44 67")) == ["number-gone"]


def test_a_route_that_is_gone_and_its_numbers_are_one_thing() -> None:
    without = replace(plan(), routes={"main": plan().routes["main"]})
    assert ids(without) == ["route-gone"]


def test_a_number_lost_beside_a_route_that_is_gone_is_told_too() -> None:
    changed = plan("+32 9 233 44 55", "+32 9 233 44 56")
    without = replace(changed, routes={"main": changed.routes["main"]})
    assert ids(without) == ["route-gone", "number-gone"]


def test_a_plan_that_is_suddenly_empty() -> None:
    open_all_day = {name: replace(each, windows=()) for name, each in plan().timelines.items()}
    assert ids(replace(plan(), timelines=open_all_day)) == ["never-closed", "never-closed"]


@pytest.mark.parametrize(("days", "found"), [(HORIZON_DAYS - 1, []), (HORIZON_DAYS, ["dates-over"])])
def test_a_revision_whose_dates_have_ended(days: int, found: list[str]) -> None:
    assert ids(plan(), today=FIRST_DAY + timedelta(days=days)) == found


def test_a_file_changed_by_another_hand() -> None:
    first = revisions()["first"]
    files = {**first.files, first.entry_file: "; changed\n"}
    assert ids(plan(), present=Present(files=files)) == ["edited"]


def test_files_that_are_gone_are_put_back_without_a_word() -> None:
    assert ids(plan(), present=Present(files={})) == []


def test_a_revision_that_another_host_applied() -> None:
    entries = {"current": "1|42945336|9abbc5a41dd2"}
    assert ids(plan(), before=Before(None, None), present=Present(entries=entries)) == ["unknown-revision"]


@pytest.mark.parametrize(
    ("around", "id_"),
    [
        (Surroundings(included=False), "include-missing"),
        (Surroundings(unloaded=("context from-trunk",)), "foreign-files"),
        (Surroundings(globals_changed=(GlobalChanged("NIGHT", "yes", "no"),)), "globals"),
    ],
)
def test_what_a_reload_would_do_besides(around: Surroundings, id_: str) -> None:
    assert ids(plan(), around=around) == [id_]


def test_nothing_is_objected_to_where_nothing_changes() -> None:
    revision = revisions()["first"]
    present = Present(
        files=revision.files,
        entries={entry.key: entry.value for entry in (*revision.entries, revision.pointer)},
        sounds=revision.sounds,
        contexts={**revision.code_contexts, **revision.entry_contexts},
    )
    changes = work_out(revision, present)
    assert not changes
    lost = plan("+32 9 233 44 66", "+32 9 233 44 67")
    around = Surroundings(unloaded=("context x",))
    assert objections(lost, Before(revision, plan()), changes, present, around, FIRST_DAY) == ()


def test_what_was_accepted_stands_no_more() -> None:
    found = objections(
        plan("+32 9 233 44 66", "+32 9 233 44 67"),
        Before(revisions()["first"], plan()),
        work_out(revisions()["numbers"], Present()),
        Present(),
        Surroundings(unloaded=("context x",)),
        FIRST_DAY,
    )
    assert [each.id for each in standing(found, ())] == ["number-gone", "foreign-files"]
    assert [each.id for each in standing(found, ("number-gone",))] == ["foreign-files"]
