"""What a decision costs on a real Asterisk, against a chain of GotoIfTime lines and a FastAGI round trip."""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as clock
from itertools import pairwise
from zoneinfo import ZoneInfo

from benchmarks.companies import FIRST_DAY, ZONE, did_of, plan_of
from benchmarks.loops import dialplan_files, lines_of
from benchmarks.measuring import machine_line, print_table, times
from benchmarks.pbx import (
    Loop,
    agi_server,
    memory_mib,
    put_entries,
    reload_s,
    run_loop,
    shipped_templates,
)
from pbxctl.decision.decide import timeline_standing
from pbxctl.plan.model import Plan, TimelinePlan
from pbxctl.rehearse.packages import default_folder, find_install
from pbxctl.rehearse.private_pbx import PrivatePbx
from pbxctl.render.asterisk import AsteriskSettings, render_asterisk
from pbxctl.render.entries import format_standing
from pbxctl.render.rendering import Rendering

DECISIONS = ("dated", "closed_day", "hours")
RELOADS = 5


@dataclass
class Subject:
    """One PBX with so many timelines, and what was measured in it."""

    timelines: int
    pbx: PrivatePbx
    loops: Mapping[str, Loop]
    counts: Mapping[str, int]
    expected: Mapping[str, str]
    rounds: dict[str, list[float]] = field(default_factory=dict)
    costs: dict[str, float] = field(default_factory=dict)

    async def measure(self, name: str) -> None:
        """Time one loop once; a decision must be the one that the simulator's ladder gives."""
        timing = await run_loop(self.pbx, self.loops[name], self.counts[name])
        if name in DECISIONS and not timing.standing.startswith(self.expected[name]):
            raise RuntimeError(f"{name}: the PBX decided {timing.standing}, not {self.expected[name]}")
        self.rounds.setdefault(name, []).append(timing.round_us)

    def cost(self, name: str) -> float:
        """Microseconds, the counting subtracted."""
        return statistics.median(self.rounds[name]) - statistics.median(self.rounds["empty"])


def moments_of(timeline: TimelinePlan) -> dict[str, datetime]:
    """Ten o'clock on the first holiday (a dated day), closed day and day of hours (both by the week)."""
    found: dict[str, datetime] = {}
    for ahead in range(14, 60):
        day = FIRST_DAY + timedelta(days=ahead)
        at = datetime.combine(day, clock(10), ZoneInfo(ZONE))
        found.setdefault(_kind(timeline, day, at), at)
    return {name: found[name] for name in DECISIONS}


def _kind(timeline: TimelinePlan, day: date, at: datetime) -> str:
    rung = str(timeline_standing(timeline, at).rung)
    if day in timeline.dates:
        return "dated" if rung in ("holiday", "date") else ""
    return "hours" if rung == "ordinary" and day.isoweekday() < 6 else rung


async def _prepare(stack: AsyncExitStack, plan: Plan, agi_port: int, count: int) -> tuple[Subject, list[str]]:
    size = len(plan.timelines)
    began = time.perf_counter()
    rendering = render_asterisk(plan, shipped_templates(), AsteriskSettings(rehearsal=True))
    rendered = time.perf_counter() - began
    files = dialplan_files(rendering, size, agi_port)
    pbx = await stack.enter_async_context(PrivatePbx(find_install(default_folder()), files))
    loaded = memory_mib(pbx)
    put = await put_entries(pbx, rendering)
    last = size - 1
    timeline = plan.timelines[f"s{last}"]
    moments = moments_of(timeline)
    calls = {
        name: {"PBXCTL_MOMENT": str(int(at.timestamp())), "PBXCTL_DID": did_of(last)}
        for name, at in moments.items()
    }
    loops = {name: Loop(f"pbxctl-enter-r{last}", "s", "entered", call) for name, call in calls.items()}
    loops.update((name, Loop(f"bench-{name}")) for name in ("empty", "chain", "agi", "journal"))
    loops.update(_stages(rendering, f"r{last}", timeline, moments["closed_day"]))
    counts = dict.fromkeys(loops, count)
    # What takes next to no time is gone round more often, a long chain less often.
    counts["empty"] = 10 * count
    counts["chain"] = max(10, min(10 * count, 100 * count // size))
    standings = {name: timeline_standing(timeline, at) for name, at in moments.items()}
    expected = {name: f"1|{each.mode}|{each.rung}|{each.rule}|" for name, each in standings.items()}
    subject = Subject(size, pbx, loops, counts, expected)
    reloads = [await reload_s(pbx) for _ in range(RELOADS)]
    return subject, _growth(rendering, rendered, put, loaded, memory_mib(pbx), statistics.median(reloads))


def _stages(rendering: Rendering, route: str, timeline: TimelinePlan, at: datetime) -> dict[str, Loop]:
    """The closed day's decision, taken up at later and later places."""
    here = f"pbxctl-{rendering.generation}"
    known = {
        "PBXCTL_NOW": str(int(at.timestamp())),
        "PBXCTL_ROUTE": route,
        "PBXCTL_SCHEDULE": timeline.schedule,
        "PBXCTL_ZONE": timeline.zone,
        "PBXCTL_REVISION": rendering.revision,
    }
    standing = format_standing(timeline_standing(timeline, at), "0123456789ab")
    return {
        "from_route": Loop(f"{here}-route-{route}", "s", "1", known),
        "from_timeline": Loop(f"{here}-ladder", "timeline", "1", known),
        "from_standing": Loop(f"{here}-ladder", "standing", "1", {**known, "PBXCTL_STANDING": standing}),
    }


def _growth(
    rendering: Rendering, rendered: float, put: float, loaded: float, reloaded: float, reload: float
) -> list[str]:
    entries = len(rendering.entries) + 1
    return [
        f"{lines_of(rendering.files):,}",
        f"{entries:,}",
        f"{rendered:.2f} s",
        f"{entries / put:,.0f}/s",
        f"{loaded:.0f} MiB",
        f"{reloaded:.0f} MiB",
        f"{reload * 1000:.1f} ms",
    ]


def _rows(subjects: Sequence[Subject]) -> Iterator[list[str]]:
    least = subjects[0]
    for subject in subjects:
        for name in DECISIONS:
            cost = subject.cost(name)
            yield [
                f"{subject.timelines:,}",
                name.replace("_", " "),
                f"{cost:.0f} µs",
                times(cost / least.cost(name)),
                times(cost / subject.cost("chain")),
                times(cost / subject.cost("agi")),
                times(cost / statistics.median(subject.rounds["empty"])),
            ]


def _shares(subject: Subject) -> list[str]:
    left = [subject.cost(name) for name in ("closed_day", "from_route", "from_timeline", "from_standing")]
    return [f"{(now - later) / left[0]:.0%}" for now, later in pairwise((*left, 0.0))]


async def run(sizes: Sequence[int], rounds: int, count: int) -> None:
    """Start a PBX per size, go through all loops in turn, print the tables."""
    async with AsyncExitStack() as stack:
        port = await stack.enter_async_context(agi_server())
        bare = await stack.enter_async_context(
            PrivatePbx(find_install(default_folder()), dialplan_files(None, 0, port))
        )
        reload = statistics.median([await reload_s(bare) for _ in range(RELOADS)])
        growth = [["0", "0", "0", "", "", f"{memory_mib(bare):.0f} MiB", "", f"{reload * 1000:.1f} ms"]]
        subjects = []
        for size in sizes:
            subject, row = await _prepare(stack, plan_of(size), port, count)
            subjects.append(subject)
            growth.append([f"{size:,}", *row])
        names = list(subjects[0].loops)
        for subject in subjects:  # a round that does not count
            for name in names:
                await subject.measure(name)
            subject.rounds.clear()
        for each in range(rounds):
            for name in names[::-1] if each % 2 else names:
                for subject in subjects[::-1] if each % 2 else subjects:
                    await subject.measure(name)
        version = bare.install.version
    print(f"{machine_line()}, Asterisk {version}; median of {rounds} rounds of {count} decisions")
    print_table(
        "One decision, from entry to the flow (ratios: below 1 the decision is the cheaper)",
        ["timelines", "day", "costs", "/ at one timeline", "/ chain as long", "/ FastAGI", "/ empty loop"],
        list(_rows(subjects)),
    )
    print_table(
        "What it is compared with",
        ["timelines, lines of the chain", "chain", "per line", "FastAGI", "two journal lines", "empty loop"],
        [
            [
                f"{each.timelines:,}",
                f"{each.cost('chain'):.0f} µs",
                f"{each.cost('chain') / each.timelines:.1f} µs",
                f"{each.cost('agi'):.0f} µs",
                f"{each.cost('journal'):.0f} µs",
                f"{statistics.median(each.rounds['empty']):.1f} µs",
            ]
            for each in subjects
        ],
    )
    print_table(
        "Where a closed day's decision goes (shares of it)",
        ["timelines", "entry", "route and callers' rungs", "timeline", "standing"],
        [[f"{each.timelines:,}", *_shares(each)] for each in subjects],
    )
    print_table(
        f"Growth (memory at first load, and after {RELOADS} reloads with all dates in the database)",
        ["timelines", "lines", "entries", "render", "put", "loaded", "reloaded", "dialplan reload"],
        growth,
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="up to 100 timelines, fewer rounds")
    parser.add_argument("--sizes", help="numbers of timelines, such as 1,10")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--count", type=int, help="decisions per round")
    chosen = parser.parse_args(arguments)
    sizes = chosen.sizes or ("1,10,100" if chosen.quick else "1,10,100,1000")
    rounds = chosen.rounds or (3 if chosen.quick else 15)
    count = chosen.count or (50 if chosen.quick else 100)
    asyncio.run(run([int(size) for size in sizes.split(",")], rounds, count))


if __name__ == "__main__":
    main()
