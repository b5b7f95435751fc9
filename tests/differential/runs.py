"""A run: random configurations on one PBX, random calls to them, one report."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from random import Random

from pbxctl.rehearse.packages import AsteriskInstall

from .cases import Case, random_case
from .configurations import Configuration, random_configuration
from .pbx import DifferentialPbx
from .report import Report


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
        report.add(cases, await pbx.call_all(cases))
    report.seconds = time.monotonic() - began
    return report


def _cases(seed: int, configuration: Configuration, pbx: DifferentialPbx, count: int) -> list[Case]:
    random = _random(seed, configuration.instance)
    pointed = pbx.instances[configuration.instance].pointed
    return [random_case(random, configuration, pointed) for _ in range(count)]


def _random(seed: int, part: object) -> Random:
    return Random(f"{seed}/{part}")  # noqa: S311 - to be had again, not secret
