"""A revision as a host keeps it: all that is needed to bring it into force, and back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from pbxctl.dialplan.asterisk.model import Context
from pbxctl.dialplan.asterisk.text import parse_extensions
from pbxctl.render.rendering import Entry, Rendering

_DEFAULT_REVISION = re.compile(r"(?<=PBXCTL_REVISION=)[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Revision:
    """What one revision puts onto a PBX.

    ``entry_file`` holds the contexts whose names never change, ``code_file`` the generation.
    ``sounds`` are the SHA-256 digests of its sounds by name (``nl/0123456789ab.wav``).
    """

    id: str
    generation: str
    entrance: str
    family: str
    entry_file: str
    code_file: str
    files: Mapping[str, str]
    entries: tuple[Entry, ...]
    pointer: Entry
    sounds: Mapping[str, str]

    @property
    def entry_contexts(self) -> Mapping[str, Context]:
        """The contexts in which calls enter, but for the revision that their code falls back to."""
        return contexts_of(self.files[self.entry_file])

    @property
    def code_contexts(self) -> Mapping[str, Context]:
        """The contexts of its generation."""
        return contexts_of(self.files[self.code_file])


def revision_of(rendering: Rendering, sounds: Mapping[str, str]) -> Revision:
    """A rendering and the digests of its sounds as a revision."""
    prefix = rendering.pointer.family
    return Revision(
        id=rendering.revision,
        generation=rendering.generation,
        entrance=rendering.entrance,
        family=prefix,
        entry_file=f"{prefix}.conf",
        code_file=f"{prefix}-{rendering.generation}.conf",
        files=rendering.files,
        entries=rendering.entries,
        pointer=rendering.pointer,
        sounds=sounds,
    )


@lru_cache(maxsize=16)
def contexts_of(text: str) -> Mapping[str, Context]:
    """What a dialplan file of ours means, without the revision that an entry falls back to."""
    plain = _DEFAULT_REVISION.sub("", text)
    return parse_extensions(plain, "", lambda _: ()).dialplan.contexts


def without_revision(context: Context) -> Context:
    """A running context as :func:`contexts_of` reads one from a file."""
    extensions = tuple(
        replace(
            extension,
            priorities=tuple(
                replace(line, data=_DEFAULT_REVISION.sub("", line.data)) for line in extension.priorities
            ),
        )
        for extension in context.extensions
    )
    return replace(context, extensions=extensions)


def is_ours(family: str, name: str) -> bool:
    """Whether a file in our folder is one that a rendering of this family has put there."""
    return re.fullmatch(rf"{re.escape(family)}(-[0-9a-f]{{8}})?\.conf", name) is not None
