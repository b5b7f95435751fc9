"""How long `apply` takes until what it wrote is verified in force on a real Asterisk, by number of routes."""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from benchmarks.companies import plan_of
from benchmarks.measuring import machine_line, print_table
from benchmarks.pbx import shipped_templates
from pbxctl.pbx.asterisk.deployment import AsteriskDeployment, folders_of
from pbxctl.plan.model import Plan
from pbxctl.reconcile.apply import bring_into_force
from pbxctl.reconcile.host import Host
from pbxctl.reconcile.revision import Revision, revision_of
from pbxctl.reconcile.state import StateFolder
from pbxctl.rehearse.packages import AsteriskInstall, default_folder, find_install
from pbxctl.rehearse.private_pbx import PrivatePbx
from pbxctl.render.asterisk import AsteriskSettings, render_asterisk

EXTENSIONS = "[from-provider]\ninclude => pbxctl-inbound\n\n#tryinclude pbxctl/*.conf\n"
AT = 1_795_000_000


def revision(plan: Plan) -> Revision:
    """A plan's rendering without sounds, whose number does not grow with that of routes."""
    return revision_of(render_asterisk(plan, shipped_templates(), AsteriskSettings()), {})


def with_a_date_less(plan: Plan) -> Plan:
    """The plan as if the last day of its first schedule that differs from the weekly table did not."""
    name, timeline = next(iter(plan.timelines.items()))
    last = max(timeline.dates)
    dates = {day: parts for day, parts in timeline.dates.items() if day != last}
    return replace(plan, timelines={**plan.timelines, name: replace(timeline, dates=dates)})


async def measure(install: AsteriskInstall, routes: int) -> tuple[int, list[float]]:
    """The number of entries, and the seconds: everything, nothing to do, one date."""
    plan = plan_of(routes)
    whole, changed = revision(plan), revision(with_a_date_less(plan))
    taken = []
    with tempfile.TemporaryDirectory(prefix="pbxctl-") as folder:
        async with PrivatePbx(install, {"extensions.conf": EXTENSIONS}) as pbx:
            deployment = AsteriskDeployment(pbx.ami, "pbxctl", await folders_of(pbx.ami, "pbxctl"))
            state = StateFolder(Path(folder))
            host = Host(deployment, state, lambda _: None)
            for wanted in (whole, whole, changed):
                state.keep(wanted, {})
                began = time.perf_counter()
                await bring_into_force(host, wanted, lambda _: b"", AT)
                taken.append(time.perf_counter() - began)
    return len(whole.entries), taken


def main() -> None:
    """Apply a plan of each size to a fresh Asterisk, again, and with one date changed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer routes")
    parser.add_argument("--sizes", help="numbers of routes, such as 1,100,1000 (the last takes minutes)")
    given = parser.parse_args()
    sizes = [int(size) for size in (given.sizes or ("1,10" if given.quick else "1,100")).split(",")]
    install = find_install(default_folder())
    print(machine_line())
    rows = []
    for routes in sizes:
        entries, taken = asyncio.run(measure(install, routes))
        rows.append((str(routes), str(entries), *(f"{seconds:.1f}" for seconds in taken)))
    print_table(
        "Seconds until verified in force",
        ("routes", "database entries", "whole plan", "nothing to do", "one date"),
        rows,
    )


if __name__ == "__main__":
    main()
