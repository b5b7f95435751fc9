"""How many lines of a call history are read and replayed in a second, against a bare ``csv.reader``."""

from __future__ import annotations

import argparse
import csv
import io
import random
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from benchmarks.companies import FIRST_DAY, ZONE, did_of, plan_of
from benchmarks.measuring import interleaved, machine_line, print_table, times
from pbxctl.journal.history import PIECE_BYTES, Folder, OddLine, PastCall, Reader, records
from pbxctl.journal.history.layouts import TABLE
from pbxctl.plan.model import Plan
from pbxctl.simulate.replay import Replay, house_of

ROUTES = 10


def history_of(lines: int) -> bytes:
    """A table with a head: three legs a call, one call every few minutes; the same one in each run."""
    chance = random.Random(lines)
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(TABLE)
    at = datetime.combine(FIRST_DAY, datetime.min.time(), ZoneInfo(ZONE)).timestamp()
    for number in range(lines):
        if number % 3 == 0:
            at += chance.randrange(60, 600)
            uniqueid, did = f"{int(at)}.{number}", did_of(chance.randrange(ROUTES))
            caller = f"04{chance.randrange(70_000_000, 80_000_000)}"
        leg = {
            "calldate": f"{datetime.fromtimestamp(at, ZoneInfo(ZONE)):%Y-%m-%d %H:%M:%S}",
            "clid": f'"Customer {caller}" <{caller}>',
            "src": caller,
            "dst": "600",
            "dcontext": "ext-group",
            "channel": f"PJSIP/provider-{number // 3:08x}",
            "dstchannel": f"PJSIP/20{number % 3}-{number:08x}",
            "lastapp": "Dial",
            "lastdata": "PJSIP/201&PJSIP/202&PJSIP/203,20,tr",
            "duration": "75",
            "billsec": "60",
            "disposition": "ANSWERED" if number % 3 == 2 else "NO ANSWER",
            "amaflags": "3",
            "uniqueid": uniqueid,
            "did": did,
            "cnum": caller,
            "linkedid": uniqueid,
            "sequence": str(number),
        }
        writer.writerow([leg.get(column, "") for column in TABLE])
    return text.getvalue().encode()


def pieces_of(text: bytes) -> Iterator[bytes]:
    """The file as the command hands it in."""
    stream = io.BytesIO(text)
    return iter(lambda: stream.readline(PIECE_BYTES), b"")


def calls_of(text: bytes, plan: Plan) -> Iterator[PastCall]:
    """Its legs put together."""
    folder = Folder(house_of(plan))
    for leg in Reader(ZoneInfo(ZONE)).legs(pieces_of(text)):
        if isinstance(leg, OddLine):
            raise TypeError(leg.what)
        yield from folder.add(leg)
    yield from folder.rest()


def replay(text: bytes, plan: Plan) -> int:
    """All of it; how many calls were decided."""
    replay = Replay(cache(lambda _: plan), ZoneInfo(ZONE))
    for call in calls_of(text, plan):
        replay.add(call)
    return replay.tally.count()


def run(lines: int, rounds: int) -> None:
    """Make the history up, read it, print."""
    text, plan = history_of(lines), plan_of(ROUTES)
    if replay(text, plan) != (lines + 2) // 3:
        raise RuntimeError("not every call was replayed: nothing worth measuring")
    decoded = text.decode()
    subjects: dict[str, Callable[[], object]] = {
        "csv.reader alone": lambda: sum(1 for _ in csv.reader(io.StringIO(decoded, newline=""))),
        "records: bounded, any encoding": lambda: sum(1 for _ in records(pieces_of(text))),
        "legs: columns, moments": lambda: sum(1 for _ in Reader(ZoneInfo(ZONE)).legs(pieces_of(text))),
        "calls: put together": lambda: sum(1 for _ in calls_of(text, plan)),
        "replayed: decided and counted": lambda: replay(text, plan),
    }
    medians = interleaved(subjects, rounds)
    least = medians["csv.reader alone"]
    days = timedelta(seconds=lines / 3 * 330).days
    print(f"{machine_line()}; median of {rounds} rounds of {lines:,} lines")
    print_table(
        f"Lines of a history read in a second ({lines:,} lines, three a call, {days} days)",
        ["up to", "lines/s", "time / csv.reader"],
        [[name, f"{lines / taken:,.0f}", times(taken / least)] for name, taken in medians.items()],
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a shorter history, fewer rounds")
    parser.add_argument("--lines", type=int, help="lines of the history")
    parser.add_argument("--rounds", type=int)
    chosen = parser.parse_args(arguments)
    run(chosen.lines or (3_000 if chosen.quick else 100_000), chosen.rounds or (3 if chosen.quick else 9))


if __name__ == "__main__":
    main()
