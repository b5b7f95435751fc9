"""What commands read before they can do anything: the files, and today's date."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from pbxctl.cli.step_templates import read_step_templates
from pbxctl.config import LoadedConfig, load_config
from pbxctl.config.source import MAX_BYTES
from pbxctl.errors import FileWrong, InputWrong
from pbxctl.plan.build import HORIZON_DAYS, build_plan, zone_of
from pbxctl.plan.calendars import CalendarEvents
from pbxctl.plan.model import Plan
from pbxctl.speech.scan import scan_recordings
from pbxctl.timeline.calendars import CalendarsRead
from pbxctl.timeline.instants import instant, local

YEARS = range(2000, 2200)
"""As in the configuration: outside of it a year is a slip of the finger."""


def read_config(file: str, out: str = "name yours with --config or PBXCTL_CONFIG") -> LoadedConfig:
    """Read and check the configuration; ``out`` is what to do where there is none.

    Raises:
        InputWrong: it or its folder of recordings cannot be read, or something in it is wrong.
    """
    try:
        with Path(file).open("rb") as stream:
            text = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise FileWrong(file, f"there is no such file; {out}") from None
    except OSError as error:
        raise FileWrong(file, f"cannot be read: {error.strerror}") from error
    loaded = load_config(text, file)
    folder = recordings_folder(file, loaded)
    recordings = {} if folder is None else scan_recordings(folder)
    return replace(loaded, recordings=recordings, templates=read_step_templates(loaded, file))


def recordings_folder(file: str, loaded: LoadedConfig) -> Path | None:
    """Where the company's recordings lie; None: it has none. A relative one lies beside the configuration."""
    folder = loaded.config.prompts.folder
    return None if folder is None else Path(file).parent / folder


def read_plan(
    loaded: LoadedConfig, config_file: str, first_day: date, horizon_days: int = HORIZON_DAYS
) -> Plan:
    """The plan of a configuration with its calendars read; what is odd in them is told on standard error."""
    events = read_events(loaded, config_file, first_day, horizon_days)
    return build_plan(loaded, first_day, horizon_days, events)


def read_events(loaded: LoadedConfig, config_file: str, first_day: date, horizon_days: int) -> CalendarEvents:
    """The events of a configuration's calendars; what is odd in them is told on standard error."""
    read = read_calendars_of(loaded, config_file, first_day, horizon_days)
    if read.calendars:
        from pbxctl.checks.calendars import always_told

        for advice in always_told(loaded, first_day, horizon_days, today(loaded), read.calendars):
            click.echo(str(advice), err=True)
    return read.events


def read_calendars_of(
    loaded: LoadedConfig, config_file: str, first_day: date, horizon_days: int
) -> CalendarsRead:
    """The calendars of a configuration; events that are not as they should be are told on standard error."""
    if not any(schedule.calendars for schedule in loaded.config.schedules.values()):
        return CalendarsRead({}, ())
    from pbxctl.calendars.read import read_calendars

    folder = Path(config_file).resolve().parent
    read = read_calendars(loaded, folder, _kept_calendars(), first_day, horizon_days)
    for problem in read.problems:
        click.echo(problem, err=True)
    return read


def _kept_calendars() -> Path:
    """Where the last good copies of calendars lie."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get("PBXCTL_CALENDARS") or Path(cache) / "pbxctl" / "calendars")


def today(loaded: LoadedConfig) -> date:
    """Today's date where the company is; the earlier one where its schedules have several zones."""
    return day_at(loaded, datetime.now(UTC))


def day_at(loaded: LoadedConfig, at: datetime) -> date:
    """The first date that any schedule has at a moment (aware): the day a plan for it begins on."""
    config = loaded.config
    zones = {zone_of(config, schedule) for schedule in config.schedules.values()}
    return min(at.astimezone(ZoneInfo(zone)).date() for zone in zones)


def read_day(text: str) -> date:
    """A date as a person writes it on the command line.

    Raises:
        InputWrong: it is none; the text says what would be right.
    """
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise InputWrong(f"{text!r} is not a date; write it like 2026-12-02") from None
    return _sensible(day, text)


def read_moment(text: str, zone: str) -> datetime:
    """A moment as a person writes it, in the company's zone unless it names an offset of its own.

    Of a time that the clocks show twice the first is taken, and that is told on standard error.

    Raises:
        InputWrong: it is none; the text says what would be right.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise InputWrong(
            f"{text!r} is not a moment; write it like '2026-12-02 10:00', or with an offset like "
            "2026-10-25T02:30+01:00 where the clock shows it twice"
        ) from None
    _sensible(moment.date(), text)
    return moment if moment.tzinfo is not None else _on_the_clock(moment, text, ZoneInfo(zone))


def _on_the_clock(wall: datetime, text: str, zone: ZoneInfo) -> datetime:
    """The moment at which the clocks of a zone show a time (naive)."""
    first, second = (wall.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != wall:
        skip = instant(wall.replace(microsecond=0), zone)
        before, after = local(skip - 1, zone) + timedelta(seconds=1), local(skip, zone)
        raise InputWrong(
            f"there is no {text!r} in {zone.key}: the clocks go from {before:%H:%M} to {after:%H:%M} then; "
            f"write '{before - timedelta(minutes=1):%Y-%m-%d %H:%M}' or '{after:%Y-%m-%d %H:%M}'"
        )
    if first.utcoffset() != second.utcoffset():
        click.echo(
            f"{text!r} comes twice in {zone.key}: the first is taken; "
            f"write {second.isoformat(timespec='minutes')} for the second",
            err=True,
        )
    return first


def _sensible(day: date, text: str) -> date:
    if day.year not in YEARS:
        raise InputWrong(f"{text!r} lies too far away; write a year from {YEARS[0]} to {YEARS[-1]}")
    return day
