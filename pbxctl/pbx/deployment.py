"""What is done to a PBX so that a revision comes into force on it, in the design's words.

One contract suite (``tests/contract``) holds every implementation to what stands here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from pbxctl.dialplan.asterisk.model import Context
from pbxctl.errors import OutOfReach, PbxctlError
from pbxctl.render.rendering import Entry


class VerifyFailed(PbxctlError):
    """The PBX does not hold what it was given; the text says what is missing or different."""


class DeployFailed(OutOfReach):
    """A file, a sound or an entry could not be written or removed; the text says which and why."""


@dataclass(frozen=True, slots=True)
class Present:
    """All of ours that a PBX holds, read back and not remembered.

    ``files`` are texts by name below our folder of dialplan files, ``entries`` values by key below
    our family, ``sounds`` SHA-256 digests by name below our folder of sounds (``nl/0123456789ab.wav``).
    ``contexts`` are those of ours in the *running* dialplan, by what they mean.
    """

    files: Mapping[str, str] = field(default_factory=dict)
    entries: Mapping[str, str] = field(default_factory=dict)
    sounds: Mapping[str, str] = field(default_factory=dict)
    contexts: Mapping[str, Context] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GlobalChanged:
    """A global variable whose running value is not what its file says: a reload would put it back."""

    name: str
    running: str
    written: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a reload of the dialplan would do besides ours.

    ``unloaded`` are the administrator's own contexts or files that changed since they were loaded;
    ``included`` says whether his files include ours at all.
    """

    included: bool = True
    unloaded: tuple[str, ...] = ()
    globals_changed: tuple[GlobalChanged, ...] = ()


class Deployment(Protocol):
    """One PBX, as far as our part of it goes. Every method may be called again after it failed.

    Each raises :class:`DeployFailed` or ``PbxUnreachable`` where it could not do its work; a file, a sound
    or an entry is then there whole, as it was or as it was to be.
    """

    async def present(self) -> Present:
        """Read back all that is ours."""
        ...

    async def surroundings(self) -> Surroundings:
        """What a reload would do besides; asked before the first write."""
        ...

    async def write_file(self, name: str, text: str) -> None:
        """Put a dialplan file into our folder, atomically; what is there keeps owner and mode."""
        ...

    async def remove_file(self, name: str) -> None:
        """Remove a file of ours; one that is gone is no error."""
        ...

    async def write_sound(self, name: str, data: bytes) -> None:
        """Put a sound below our folder of sounds, atomically."""
        ...

    async def remove_sounds(self, names: Collection[str]) -> None:
        """Remove sounds of ours; one that is gone is no error."""
        ...

    async def sweep(self) -> None:
        """Remove what a run that was killed left half-written, while nobody else writes."""
        ...

    async def put(self, entries: Iterable[Entry]) -> None:
        """Write entries of the database in the order given."""
        ...

    async def remove_entries(self, family: str, keys: Collection[str]) -> None:
        """Remove entries; one that is gone is no error."""
        ...

    async def load(self) -> None:
        """Have the PBX read its dialplan files. That it answers proves nothing: read back."""
        ...

    async def calls_inside(self, contexts: Collection[str]) -> int:
        """How many channels are in one of these contexts now."""
        ...
