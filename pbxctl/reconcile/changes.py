"""Wanted less present: what has to be written so that a revision can come into force. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from pbxctl.dialplan.asterisk.model import Context
from pbxctl.pbx.deployment import Present
from pbxctl.reconcile.revision import Revision, is_ours, without_revision
from pbxctl.render.rendering import Entry


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs between a revision and a PBX.

    ``surplus`` are keys under the revision that it does not have: dates that somebody else added.
    ``loads`` says whether the PBX has to read its dialplan files anew, ``enters`` whether its contexts in
    which calls enter are to be others. ``switches`` is None where the pointer stands right.
    """

    sounds: tuple[str, ...]
    code: bool
    entry: bool
    entries: tuple[Entry, ...]
    surplus: tuple[str, ...]
    loads: bool
    enters: bool
    switches: Entry | None

    def __bool__(self) -> bool:
        return bool(
            self.sounds
            or self.code
            or self.entry
            or self.entries
            or self.surplus
            or self.loads
            or self.enters
            or self.switches
        )


@dataclass(frozen=True, slots=True)
class Leftovers:
    """What of ours a PBX holds that no revision to be kept needs."""

    files: tuple[str, ...]
    keys: tuple[str, ...]
    sounds: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.files or self.keys or self.sounds)


def work_out(wanted: Revision, present: Present) -> Changes:
    """What has to be written so that ``wanted`` is in force."""
    return Changes(
        sounds=tuple(
            name for name, digest in sorted(wanted.sounds.items()) if present.sounds.get(name) != digest
        ),
        code=present.files.get(wanted.code_file) != wanted.files[wanted.code_file],
        entry=present.files.get(wanted.entry_file) != wanted.files[wanted.entry_file],
        entries=tuple(entry for entry in wanted.entries if present.entries.get(entry.key) != entry.value),
        surplus=_surplus(wanted, present),
        loads=not _loaded(wanted.code_contexts, present),
        enters=not _loaded(wanted.entry_contexts, present),
        switches=None if present.entries.get(wanted.pointer.key) == wanted.pointer.value else wanted.pointer,
    )


def differences(wanted: Revision, present: Present) -> list[str]:
    """What a PBX lacks of a revision that should be in force on it, in words."""
    changes = work_out(wanted, present)
    found = [f"the sound {name}" for name in changes.sounds]
    if changes.code:
        found.append(f"the file {wanted.code_file}")
    if changes.entry:
        found.append(f"the file {wanted.entry_file}")
    found += [f"the database entry {entry.family}/{entry.key}" for entry in changes.entries]
    found += [f"the surplus database entry {wanted.family}/{key}" for key in changes.surplus]
    for contexts in (wanted.code_contexts, wanted.entry_contexts):
        found += [f"the context {name}" for name in contexts if not _means(contexts, present, name)]
    if changes.switches is not None:
        found.append(f"the pointer {wanted.pointer.family}/{wanted.pointer.key}")
    return found


def beside(wanted: Revision, present: Present) -> list[str]:
    """Of :func:`differences`, those that have to be gone before calls may be switched over."""
    entered = {f"the context {name}" for name in wanted.entry_contexts}
    later = {f"the file {wanted.entry_file}", f"the pointer {wanted.pointer.family}/{wanted.pointer.key}"}
    return [each for each in differences(wanted, present) if each not in entered | later]


def leftovers(present: Present, keep: Collection[Revision], family: str) -> Leftovers:
    """What of ours is there beside what the revisions ``keep`` need; facts that people set are kept."""
    files = {name for revision in keep for name in revision.files}
    revisions = {revision.id for revision in keep}
    sounds = {name for revision in keep for name in revision.sounds}
    return Leftovers(
        files=tuple(sorted(name for name in present.files if is_ours(family, name) and name not in files)),
        keys=tuple(sorted(key for key in present.entries if _is_stale(key, revisions))),
        sounds=tuple(sorted(name for name in present.sounds if name not in sounds)),
    )


def lacks(revision: Revision, missing: list[str]) -> str:
    """A sentence about what a PBX lacks of a revision."""
    shown = ", ".join(missing[:3]) + (f" and {len(missing) - 3} more" if len(missing) > 3 else "")
    return f"the PBX does not hold revision {revision.id} as it was written: {shown}"


def code_contexts(present: Present, generation_prefix: str) -> list[str]:
    """The contexts of a generation that run on a PBX."""
    return [name for name in present.contexts if name.startswith(f"{generation_prefix}-")]


def _surplus(wanted: Revision, present: Present) -> tuple[str, ...]:
    known = {entry.key for entry in wanted.entries}
    return tuple(
        sorted(key for key in present.entries if key.startswith(f"{wanted.id}/") and key not in known)
    )


def _is_stale(key: str, revisions: Collection[str]) -> bool:
    """Only what stands under a revision: twelve hexadecimal digits, then a slash."""
    revision, slash, _ = key.partition("/")
    is_revision = bool(slash) and len(revision) == 12 and set(revision) <= set("0123456789abcdef")
    return is_revision and revision not in revisions


def _loaded(contexts: Mapping[str, Context], present: Present) -> bool:
    return all(_means(contexts, present, name) for name in contexts)


def _means(contexts: Mapping[str, Context], present: Present, name: str) -> bool:
    running = present.contexts.get(name)
    return running is not None and without_revision(running) == contexts[name]
