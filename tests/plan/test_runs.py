"""Numbers that follow each other are told and tried as ranges."""

from __future__ import annotations

from pbxctl.plan.model import Did
from pbxctl.plan.runs import runs, sampled, told


def dids(*numbers: str) -> tuple[Did, ...]:
    return tuple(Did(number, (number,)) for number in numbers)


HUNDRED = dids(*(f"+32923344{last:02}" for last in range(100)))


def test_a_range_is_told_by_its_ends_and_two_numbers_are_told_one_by_one() -> None:
    assert told(HUNDRED) == "+3292334400 to +3292334499 (100 numbers)"
    assert told(dids("+3292334455", "+3292334456", "201")) == "+3292334455, +3292334456, 201"


def test_a_longer_number_does_not_follow_a_shorter_one() -> None:
    assert [len(run) for run in runs(dids("98", "99", "100", "101"))] == [2, 2]


def test_of_a_range_some_are_tried_and_single_numbers_all() -> None:
    tried = [did.number for did in sampled((*HUNDRED, *dids("+3292335555", "+3292335556")))]
    assert tried == ["+3292334400", "+3292334450", "+3292334499", "+3292335555", "+3292335556"]
