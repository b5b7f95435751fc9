"""What a rendering is: files and database entries, byte for byte reproducible."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """One entry of the PBX's database."""

    family: str
    key: str
    value: str


@dataclass(frozen=True, slots=True)
class Rendering:
    """One revision of a plan for one PBX.

    ``files`` are by name; ``entries`` hold the dates, under the revision. ``pointer`` is the one
    write that switches to it. ``prompts`` are the stems of the sounds it plays. ``entrance`` names
    the numbers and the routes that they enter by: where it changes, the pointer alone does not switch.
    """

    generation: str
    revision: str
    files: Mapping[str, str]
    entries: tuple[Entry, ...]
    pointer: Entry
    prompts: tuple[str, ...]
    entrance: str = ""
