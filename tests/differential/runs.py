"""A run: random configurations on one PBX, random calls to them, one report."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random

from pbxctl.rehearse.packages import AsteriskInstall

from .cases import Case, random_case
from .configurations import Configuration, random_configuration
from .pbx import DifferentialPbx
from .report import Report, unmet

FURTHER_DRAWS = 5000
"""So many more cases are drawn, at most, in search of what the others did not meet."""


async def random_run(
    install: AsteriskInstall,
    templates: Mapping[str, str],
    folder: Path,
    *,
    seed: int,
    configurations: int,
    cases_each: int,
) -> Report:
    """Call ``cases_each`` random cases on each of so many random configurations."""
    began = time.monotonic()
    report = Report(seed)
    made = [random_configuration(_random(seed, index), index) for index in range(configurations)]
    async with DifferentialPbx.running(install, made, lambda _: templates, folder) as pbx:
        cases = [case for each in made for case in _cases(seed, each, pbx, cases_each)]
        cases += _rare(seed, made, pbx, cases)
        report.add(cases, await pbx.call_all(cases))
    report.seconds = time.monotonic() - began
    return report


def _cases(seed: int, configuration: Configuration, pbx: DifferentialPbx, count: int) -> list[Case]:
    random = _random(seed, configuration.instance)
    pointed = pbx.instances[configuration.instance].pointed
    return [random_case(random, configuration, pointed) for _ in range(count)]


def _rare(
    seed: int, made: Sequence[Configuration], pbx: DifferentialPbx, cases: Sequence[Case]
) -> list[Case]:
    """Further cases that meet what ``cases`` do not: chance alone leaves out now one exit, now another."""
    missing = set[str].intersection(*(unmet(case) for case in cases))
    random, found = _random(seed, "rare"), list[Case]()
    for draw in range(FURTHER_DRAWS):
        if not missing:
            break
        configuration = made[draw % len(made)]
        case = random_case(random, configuration, pbx.instances[configuration.instance].pointed)
        if missing - unmet(case):
            missing &= unmet(case)
            found.append(case)
    return found


def _random(seed: int, part: object) -> Random:
    return Random(f"{seed}/{part}")  # noqa: S311 - to be had again, not secret
