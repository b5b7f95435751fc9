"""Every calendar of a configuration, read and expanded; the last good copy where one cannot be had."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pbxctl.calendars.bounds import CalendarUnreadable
from pbxctl.calendars.limited import expand_limited
from pbxctl.calendars.source import is_address, read_source, shown
from pbxctl.config import LoadedConfig
from pbxctl.errors import PbxctlError
from pbxctl.files import write_whole
from pbxctl.plan.build import zone_of
from pbxctl.plan.calendars import period_to_read
from pbxctl.timeline.calendars import CalendarsRead, ReadCalendar
from pbxctl.timeline.ics import Expanded


def read_calendars(
    loaded: LoadedConfig, folder: Path, kept: Path, first_day: date, horizon_days: int
) -> CalendarsRead:
    """Read each calendar for a plan of that period; nothing here is fatal.

    ``folder`` is that of the configuration, ``kept`` the one for the last good copies.
    """
    calendars: dict[str, list[ReadCalendar]] = {}
    problems: list[str] = []
    first, days = period_to_read(first_day, horizon_days)
    for name, schedule in loaded.config.schedules.items():
        for index, source in enumerate(schedule.calendars):
            origin = loaded.origins.of("schedules", name, "calendars", index)
            copy = _Copy(source.ics, folder, kept)
            found, told = copy.expanded(zone_of(loaded.config, schedule), first, days)
            calendars.setdefault(name, []).append(found)
            problems += [f"{origin}: {shown(source.ics)}: {each}" for each in told]
    return CalendarsRead(calendars, tuple(problems))


@dataclass(frozen=True, slots=True)
class _Copy:
    """One calendar, and where its last good copy lies."""

    ics: str
    folder: Path
    kept: Path

    def expanded(self, zone: str, first: date, days: int) -> tuple[ReadCalendar, list[str]]:
        """What it holds, by itself or by its last good copy, and what there is to say about its events."""
        name = shown(self.ics)
        try:
            content = read_source(self.ics, self.folder)
            fresh = expand_limited(content, zone, first, days)
        except CalendarUnreadable as error:
            old = self._last(zone, first, days)
            if old is None:
                return ReadCalendar((), name, str(error)), []
            copied = datetime.fromtimestamp(self._path().stat().st_mtime, ZoneInfo(zone)).date()
            return ReadCalendar(old.occurrences, name, str(error), copied), list(old.problems)
        problems = list(fresh.problems)
        try:
            self._keep(content)
        except (OSError, PbxctlError) as error:
            problems.append(f"its copy cannot be kept in {self.kept}: {error}")
        return ReadCalendar(fresh.occurrences, name), problems

    def _path(self) -> Path:
        named = self.ics if is_address(self.ics) else str((self.folder / self.ics).resolve())
        return self.kept / f"{hashlib.sha256(named.encode()).hexdigest()[:32]}.ics"

    def _last(self, zone: str, first: date, days: int) -> Expanded | None:
        try:
            return expand_limited(read_source(str(self._path()), self.folder), zone, first, days)
        except CalendarUnreadable:
            return None

    def _keep(self, content: bytes) -> None:
        self.kept.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(self._path(), content, mode=0o600)
