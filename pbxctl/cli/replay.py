"""``pbxctl replay``: what this configuration would have done with the calls of a PBX's history."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

import click

from pbxctl.cli.inputs import read_config, read_day, read_plan, today
from pbxctl.cli.printing import JSON_OPTION, print_json
from pbxctl.cli.replay_json import as_json, list_as_json
from pbxctl.cli.replay_report import FileRead, list_line, print_report
from pbxctl.cli.replay_words import Asked
from pbxctl.config import LoadedConfig
from pbxctl.errors import FileWrong, InputWrong
from pbxctl.journal.history import PIECE_BYTES, Folder, OddLine, PastCall, Reader
from pbxctl.numbers import read_number
from pbxctl.plan.as_if import closed_since
from pbxctl.plan.model import Plan
from pbxctl.simulate.replay import Replay, house_of

ODD_SHOWN = 20
ODD_KEPT = 1000
PROGRESS_LINES = 20_000
YEAR_AND_A_BIT = 400


@click.command("replay")
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--from", "first", metavar="DATE", help="Only calls of this day and later ones.")
@click.option("--to", "last", metavar="DATE", help="Only calls of this day and earlier ones.")
@click.option("--as-if-since", "since", metavar="DATE", help="As if the closed day had begun on this date.")
@click.option(
    "--shift-weeks",
    type=click.IntRange(0, 520),
    default=0,
    metavar="N",
    help="As if each call had come N weeks later, at the same time of the day.",
)
@click.option("--dialled", metavar="NUMBER", help="What was dialled, where the history does not say.")
@click.option("--zone", metavar="ZONE", help="The clock of the history, such as UTC; else the company's.")
@click.option(
    "--list",
    "listed",
    is_flag=True,
    help="Name each call that would not meet an ordinary day, or not what it met.",
)
@click.option("--mask", is_flag=True, help="Show callers' numbers with stars in the middle.")
@JSON_OPTION
@click.pass_obj
def command(
    config_file: str,
    files: tuple[str, ...],
    first: str | None,
    last: str | None,
    since: str | None,
    shift_weeks: int,
    dialled: str | None,
    zone: str | None,
    listed: bool,
    mask: bool,
    as_json: bool,
) -> None:
    """Take each call from outside of a history through this configuration, and count what it would have met.

    FILE is the journal that pbxctl has the PBX write, an Asterisk Master.csv, or a cdr or cel table as CSV,
    as FreePBX keeps it; - is standard input. Nothing is changed. A line that is no call is named, and left
    out.
    """
    loaded = read_config(config_file)
    asked = Asked(
        first=None if first is None else read_day(first),
        last=None if last is None else read_day(last),
        since=None if since is None else read_day(since),
        shift_weeks=shift_weeks,
        mask=mask,
    )
    if asked.first is not None and asked.last is not None and asked.last < asked.first:
        raise InputWrong(f"--to: {asked.last} lies before --from {asked.first}")
    if asked.since is not None:
        loaded = closed_since(loaded, asked.since)
    plan = read_plan(loaded, loaded.origins.file, today(loaded), YEAR_AND_A_BIT)
    number = "" if dialled is None else _dialled(plan, dialled)
    replay = Replay(
        _plans(loaded), ZoneInfo(loaded.config.company.timezone), (asked.first, asked.last), shift_weeks
    )
    folder = Folder(house_of(plan, number))
    clock = _zone(zone or loaded.config.company.timezone)
    # A list that runs over the same terminal would be written into the progress.
    progress = sys.stderr.isatty() and (as_json or not listed)
    read = [_Source(file, clock, progress=progress) for file in files]
    calls = itertools.chain((call for each in read for call in each.calls(folder)), folder.rest())
    if as_json:
        _print_json(plan, replay, calls, read, folder, asked, listed=listed)
        return
    for call in calls:
        replayed = replay.add(call)
        if listed and replayed is not None and replayed.remarkable:
            click.echo(list_line(plan, replayed, asked))
    _end(read)
    if listed:
        click.echo()
    print_report(plan, replay.tally, [each.done() for each in read], folder.late, asked)
    for each in read:
        each.complain(mask=mask)


def _print_json(
    plan: Plan,
    replay: Replay,
    calls: Iterable[PastCall],
    read: list[_Source],
    folder: Folder,
    asked: Asked,
    *,
    listed: bool,
) -> None:
    named = []
    for call in calls:
        replayed = replay.add(call)
        if listed and replayed is not None and replayed.remarkable:
            named.append(list_as_json(replayed, asked))
    _end(read)
    found = as_json(plan, replay.tally, [each.done() for each in read], folder.late, asked)
    print_json({**found, "calls": named} if listed else found)


class _Source:
    """One file: its calls, and what is odd about it."""

    def __init__(self, file: str, zone: ZoneInfo, *, progress: bool) -> None:
        self._file = file
        self._progress = progress
        self._reader = Reader(zone)
        self._odd: list[OddLine] = []
        self._odd_count = self._legs = 0

    def calls(self, folder: Folder) -> Iterator[PastCall]:
        with _opened(self._file) as stream:
            pieces: Iterator[bytes] = iter(lambda: stream.readline(PIECE_BYTES), b"")
            if self._progress:
                pieces = _counted(pieces, self._file)
            for leg in self._reader.legs(pieces):
                if isinstance(leg, OddLine):
                    self._odd_count += 1
                    if len(self._odd) < ODD_KEPT:
                        self._odd.append(leg)
                else:
                    self._legs += 1
                    yield from folder.add(leg)

    def done(self) -> FileRead:
        return FileRead(
            self._file, self._reader.layout, self._legs, self._odd_count, self._odd, self._reader.hours_off
        )

    def complain(self, *, mask: bool) -> None:
        for odd in self._odd[:ODD_SHOWN]:
            click.echo(f"{self._file}:{odd.line}: {said(odd, mask=mask)}", err=True)
        if self._odd_count > ODD_SHOWN:
            click.echo(f"{self._file}: and {self._odd_count - ODD_SHOWN} more such lines", err=True)


def said(odd: OddLine, *, mask: bool) -> str:
    """What is odd about a line, with what stands there unless that may be somebody's number."""
    return odd.what if mask or not odd.shown else f"{odd.what}: {odd.shown}"


def _end(read: list[_Source]) -> None:
    """Raises FileWrong where a file held no call at all."""
    for each in read:
        done = each.done()
        if done.legs == 0:
            reason = f"; line {done.odd[0].line} {done.odd[0].what}" if done.odd else ": it is empty"
            raise FileWrong(
                done.file,
                f"holds no call record{reason}. It should be Asterisk's Master.csv, pbxctl's journal, or a "
                "cdr table as CSV with the names of its columns (calldate, src, dst, …) in the first line",
            )


@contextmanager
def _opened(file: str) -> Iterator[BinaryIO]:
    if file == "-":
        yield sys.stdin.buffer
        return
    try:
        stream = Path(file).open("rb")  # noqa: SIM115 - closed below; what is yielded to may fail, too
    except FileNotFoundError:
        raise FileWrong(
            file, "there is no such file; on Asterisk it is /var/log/asterisk/cdr-csv/Master.csv"
        ) from None
    except OSError as error:
        raise FileWrong(file, f"cannot be read: {error.strerror}") from error
    with stream:
        yield stream


def _counted(pieces: Iterator[bytes], file: str) -> Iterator[bytes]:
    for count, piece in enumerate(pieces):
        if count % PROGRESS_LINES == 0:
            _progress(f"{file}: {count:,} lines")
        yield piece
    _progress("")


def _progress(text: str) -> None:
    click.echo(f"\r\x1b[K{text}", err=True, nl=False)


def _plans(loaded: LoadedConfig) -> Callable[[date], Plan]:
    return lambda first: read_plan(loaded, loaded.origins.file, first, YEAR_AND_A_BIT)


def _dialled(plan: Plan, text: str) -> str:
    try:
        number = read_number(text, plan.company.country)
    except ValueError as error:
        raise InputWrong(f"--dialled: {text!r} {error}") from None
    if plan.route_of(number) is None:
        raise InputWrong(f"--dialled: {number} is on no route of this configuration")
    return number


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        raise InputWrong(f"--zone: there is no zone {name!r}; write it like Europe/Brussels or UTC") from None
