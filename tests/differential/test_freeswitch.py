"""FreeSWITCH's rendering decides as ``decide`` does: random calls, evaluated offline."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from random import Random

import pytest

from .cases import Case, random_case
from .configurations import random_configuration
from .freeswitch import found, install, wanted

SEED = int(os.environ.get("PBXCTL_DIFFERENTIAL_SEED", "20261202"))


def differing(seed: int, configurations: int, cases_each: int, met: Counter[str]) -> Iterator[str]:
    random = Random(seed)  # noqa: S311 - a test
    for index in range(configurations):
        on = install(random_configuration(random, index))
        for _ in range(cases_each):
            case = random_case(random, on.configuration, on.pointed)
            right, real = wanted(case), found(case, on)
            met[right[1]] += 1
            if real != right:
                yield told(case, right, real)


def told(case: Case, right: object, real: object) -> str:
    return (
        f"{case.caller.number!r} to {case.did} at {case.at} with {case.database}:\n"
        f"  decide    {right}\n  rendered  {real}\n{case.plan.instance}: {case.configuration.text}"
    )


RUNGS = {
    "psap",
    "blocked",
    "always_pass",
    "override",
    "date",
    "holiday",
    "closed_day",
    "hours",
    "ordinary",
    "",
}


def judge(seed: int, configurations: int, cases_each: int) -> None:
    met: Counter[str] = Counter()
    found_ = list(differing(seed, configurations, cases_each, met))
    assert not found_, f"seed {seed}: {len(found_)} of {met.total()} differ\n" + "\n".join(found_[:3])
    assert set(met) >= RUNGS, f"seed {seed}: no call met {sorted(RUNGS - set(met))}"


@pytest.mark.timeout(120)
def test_a_thousand_random_calls_meet_on_freeswitch_what_is_decided() -> None:
    judge(SEED, configurations=25, cases_each=40)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_twenty_thousand_random_calls_meet_on_freeswitch_what_is_decided() -> None:
    judge(SEED + 1, configurations=250, cases_each=80)
