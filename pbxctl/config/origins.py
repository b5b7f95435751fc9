"""Where each value of a configuration was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from pbxctl.config.problems import KeyPath, format_path
from pbxctl.origin import Origin

Place: TypeAlias = tuple[int, int]
"""Line and column, both from 1."""


@dataclass(frozen=True, slots=True)
class Origins:
    """The places of a file's values and keys.

    ``values`` points at what a person looks for: a scalar where it begins, a list's entry
    where it begins, a mapping or list at its key, the file at its first key. ``keys`` points
    at the keys.
    """

    file: str
    values: Mapping[KeyPath, Place]
    keys: Mapping[KeyPath, Place]

    def of(self, *path: str | int) -> Origin:
        """Where the value at ``path`` stands, or the nearest one around it that was written.

        The origin's key is the whole path, also for a value that was left out.
        """
        known = path
        while known and known not in self.values:
            known = known[:-1]
        return self._at(self.values[known], path)

    def of_key(self, *path: str | int) -> Origin:
        """Where the key at ``path`` stands, or else what :meth:`of` says."""
        if path in self.keys:
            return self._at(self.keys[path], path)
        return self.of(*path)

    def _at(self, place: Place, path: KeyPath) -> Origin:
        line, column = place
        return Origin(self.file, line, column, format_path(path))
