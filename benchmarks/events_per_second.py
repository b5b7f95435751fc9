"""How many events a second our connection to the manager interface hands on, against bare panoramisk."""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from panoramisk import Manager

from benchmarks.flood import KINDS
from benchmarks.measuring import interleaved, machine_line, print_table, times
from pbxctl.pbx.asterisk.ami import AmiSession
from pbxctl.pbx.asterisk.connection import AmiConnection
from pbxctl.pbx.asterisk.feed import Missed

LIMIT_S = 60.0
BARE, SESSION, CONNECTION = "panoramisk", "AmiSession", "AmiConnection"


@contextmanager
def flooding(count: int, kind: str) -> Iterator[int]:
    """The port of a manager interface that says so many events to each who logs in."""
    arguments = [sys.executable, "-m", "benchmarks.flood", str(count), kind]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


async def by_panoramisk(port: int, count: int) -> None:
    """Its own manager, with one function for all events."""
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    taken = 0

    def take(_: Manager, event: Any) -> None:
        nonlocal taken
        taken += event.event not in ("Last", "FullyBooted")
        if event.event == "Last":
            done.set_result(None)

    manager = Manager(loop=loop, host="127.0.0.1", port=port, username="u", secret="s")  # noqa: S106
    manager.register_event("*", take)
    await manager.connect()
    await asyncio.wait_for(done, LIMIT_S)
    manager.close()
    assert taken == count


async def by_session(port: int, count: int) -> None:
    """A session that lives once, and a function for all events."""
    done = asyncio.get_running_loop().create_future()
    taken = 0

    def take(event: Any) -> None:
        nonlocal taken
        taken += event["Event"] not in ("Last", "FullyBooted")
        if event["Event"] == "Last":
            done.set_result(None)

    async with await AmiSession.open("127.0.0.1", port, on_event=take) as session:
        await session.log_in("u", "s", events="on")
        await asyncio.wait_for(done, LIMIT_S)
    assert taken == count


async def by_connection(port: int, count: int) -> None:
    """The lasting connection and a listener, who fetches one event after the other."""
    taken = 0
    async with AmiConnection("127.0.0.1", port, "u", lambda: "s", events="on") as connection:
        feed = connection.events(backlog=count + 10)
        while True:
            item = await feed.next(LIMIT_S)
            if isinstance(item, Missed):
                continue
            if item["Event"] == "Last":
                break
            taken += item["Event"] != "FullyBooted"
    assert taken == count


SUBJECTS: dict[str, Callable[[int, int], Coroutine[Any, Any, None]]] = {
    BARE: by_panoramisk,
    SESSION: by_session,
    CONNECTION: by_connection,
}


def run(count: int, rounds: int) -> None:
    """Measure each kind of event, print."""
    rows = []
    for kind in KINDS:
        with flooding(count, kind) as port:

            def subject(name: str, port: int = port) -> Callable[[], object]:
                return lambda: asyncio.run(SUBJECTS[name](port, count))

            medians = interleaved({name: subject(name) for name in SUBJECTS}, rounds)
        rows.append(
            [
                kind,
                *(f"{count / medians[name]:,.0f}" for name in SUBJECTS),
                *(times(medians[BARE] / medians[name]) for name in (SESSION, CONNECTION)),
            ]
        )
    print(f"{machine_line()}; median of {rounds} rounds of {count:,} events, log-in included")
    print_table(
        "Events handed on in a second (ratio: above 1 is faster than bare panoramisk)",
        ["event", *SUBJECTS, f"{SESSION} / {BARE}", f"{CONNECTION} / {BARE}"],
        rows,
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer events, fewer rounds")
    parser.add_argument("--count", type=int, help="events per round")
    parser.add_argument("--rounds", type=int)
    chosen = parser.parse_args(arguments)
    run(
        chosen.count or (5_000 if chosen.quick else 50_000),
        chosen.rounds or (3 if chosen.quick else 11),
    )


if __name__ == "__main__":
    main()
