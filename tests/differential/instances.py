"""Configurations as they stand on the PBX: rendered twice, and what was put into the database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pbxctl.render.asterisk import render_asterisk
from pbxctl.render.own_step import OWN
from pbxctl.render.rendering import Rendering

from .cases import Case
from .configurations import Configuration
from .database import Pointed
from .own_modes import TEMPLATE, TEMPLATE_TEXT
from .surroundings import settings_of

TemplatesOf = Callable[[Configuration], Mapping[str, str]]


@dataclass
class Instance:
    """One configuration on the PBX.

    ``stored`` are the entries of both renderings; ``touched`` is what cases have put there since.
    """

    default: Rendering
    current: Rendering
    stored: Mapping[str, str]
    touched: dict[str, str | None] = field(default_factory=dict)

    @property
    def family(self) -> str:
        """Where the instance's values stand in the database."""
        return self.default.pointer.family

    @property
    def files(self) -> Mapping[str, str]:
        """The dialplan: both generations, and the entry in which the default one is named."""
        return {**self.current.files, **self.default.files}

    @property
    def pointed(self) -> Pointed:
        """What a good pointer names."""
        return Pointed(self.current.generation, self.current.revision)

    def changes_for(self, case: Case) -> Mapping[str, str | None]:
        """What to write so that the database holds what the case says, and else what was rendered."""
        wanted = dict(case.database.values)
        day = case.day_key()
        if case.database.day_touched and day is not None:
            rendering = self.current if case.database.current else self.default
            wanted[f"{rendering.revision}/{day}"] = case.database.day
            if not case.database.day:
                # Entries get lost together, and with them the mark that they are there.
                wanted[f"{rendering.revision}/horizon"] = None
        for key in self.touched:
            wanted.setdefault(key, self.stored.get(key))
        changes = {
            key: value
            for key, value in wanted.items()
            if self.touched.get(key, self.stored.get(key)) != value
        }
        self.touched.update(wanted)
        return changes


def rendered(configuration: Configuration, templates: Mapping[str, str], folder: Path) -> Instance:
    """Render a configuration's plans; its sounds and recordings lie below ``folder``."""
    settings = settings_of(configuration, folder)
    templates = {**templates, OWN + TEMPLATE: TEMPLATE_TEXT}
    default = render_asterisk(configuration.default, templates, settings)
    current = render_asterisk(configuration.current, templates, settings)
    entries = (*default.entries, *current.entries)
    return Instance(default, current, {entry.key: entry.value for entry in entries})
