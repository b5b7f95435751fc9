"""The mobiles of the staff: colleagues, wherever they are."""

from __future__ import annotations

import pytest

from pbxctl.decision.decide import Call, decide
from pbxctl.decision.facts import NO_FACTS
from pbxctl.simulate.explain import explain
from tests.decision.test_decide import MAIN, at
from tests.plan.bakery import bakery_text, plan_of

PLAN = plan_of(
    bakery_text()
    + """staff:
  owner: {extension: 201, mobile: "0475 00 11 22", language: nl, mail: owner@bakkerij-peeters.example}
  foreman: {mobile: "+33 6 12 34 56 78"}
  apprentice: {extension: 203}
"""
)
CLOSED = at("2026-12-02 10:00")


@pytest.mark.parametrize(
    ("caller", "rung", "rule"),
    [
        ("+32475001122", "always_pass", "staff.owner.mobile"),
        ("0475001122", "always_pass", "staff.owner.mobile"),
        ("0033612345678", "always_pass", "staff.foreman.mobile"),
        ("+32475123456", "always_pass", "callers.always_pass.1"),
        ("201", "closed_day", "schedules.office.closed_day"),
        ("203", "closed_day", "schedules.office.closed_day"),
        ("", "closed_day", "schedules.office.closed_day"),
    ],
)
def test_a_mobile_passes_and_an_extension_does_not(caller: str, rung: str, rule: str) -> None:
    decision = decide(PLAN, Call(MAIN, caller), CLOSED, NO_FACTS)
    assert decision is not None
    assert (decision.rung, decision.rule) == (rung, rule)
    assert decision.mode == ("ordinary" if rung == "always_pass" else "voicemail")


def test_why_names_the_person_and_the_line() -> None:
    reasons = explain(PLAN, Call(MAIN, "+32475001122"), CLOSED, NO_FACTS).reasons
    (spoke,) = [reason for reason in reasons if reason.spoke]
    assert spoke.sentence == "the mobile of owner, who belongs to the staff"
    assert spoke.origin is not None
    assert spoke.origin.key == "staff.owner.mobile"
