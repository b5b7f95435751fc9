"""Where a value was written, so that every reason can point at its line."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Origin:
    """A place in a file.

    ``line`` and ``column`` count from 1, as editors do. ``key`` is the path of the
    value in the configuration, such as ``schedules.office.dates.0``; it names a rule
    in the plan, in the PBX database and in the journal, since it stays readable
    after the file was edited.
    """

    file: str
    line: int
    column: int
    key: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.key}"
