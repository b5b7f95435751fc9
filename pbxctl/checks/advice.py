"""What a check says: not that something is wrong, but that it is odd, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from pbxctl.config import Config, LoadedConfig
from pbxctl.config.problems import KeyPath
from pbxctl.origin import Origin
from pbxctl.plan.model import Plan
from pbxctl.timeline.calendars import ReadCalendar


@dataclass(frozen=True, slots=True)
class Advice:
    """A warning with its way out.

    ``id`` never changes once it was published: people write it into scripts to accept a warning.
    ``message`` is one sentence: what is odd, what comes of it, and what silences it.
    """

    id: str
    origin: Origin
    message: str

    def __str__(self) -> str:
        return f"{self.origin}: {self.message} [{self.id}]"


@dataclass(frozen=True, slots=True)
class Finding:
    """A warning before its place was looked up."""

    id: str
    path: KeyPath
    message: str


@dataclass(frozen=True, slots=True)
class Subject:
    """What is looked at: a configuration without mistakes, its plan, and the local day of the look.

    ``calendars`` are those of its schedules, by name, that were read for the plan.
    """

    loaded: LoadedConfig
    plan: Plan
    today: date
    calendars: Mapping[str, Sequence[ReadCalendar]] = field(default_factory=dict)

    @property
    def config(self) -> Config:
        """The configuration itself."""
        return self.loaded.config


Findings = Iterator[Finding]
