"""Bring a revision into force: add beside, load, verify, switch, verify; or leave all as it was."""

from __future__ import annotations

import asyncio

from pbxctl.errors import PbxctlError
from pbxctl.pbx.deployment import Present, VerifyFailed
from pbxctl.reconcile.changes import Changes, beside, differences, lacks, work_out
from pbxctl.reconcile.host import Host, SoundOf
from pbxctl.reconcile.records import Intent, Undertaking
from pbxctl.reconcile.revision import Revision
from pbxctl.reconcile.undo import withdraw


async def bring_into_force(host: Host, wanted: Revision, sound_of: SoundOf, at: int) -> Changes:
    """Make ``wanted``, which the state folder keeps, the revision in force; ``at`` is now, in epoch seconds.

    Nothing is done where it is in force already. Returns what had to be changed.

    Raises:
        VerifyFailed: the PBX did not take it; it holds what it held before.
        OutOfReach: the PBX went away, or a file cannot be written. It holds what it held before, unless the
            text says that the next run has to see to that.
    """
    present = await host.deployment.present()
    changes = work_out(wanted, present)
    if not changes:
        host.state.remember(wanted.id, at)
        return changes
    host.state.begin(
        Intent(
            Undertaking.APPLY,
            wanted.id,
            _known_before(host),
            tuple(name for name in changes.sounds if name not in present.sounds),
            present.files.get(wanted.entry_file),
            present.entries.get(wanted.pointer.key),
        )
    )
    try:
        await _add_beside(host, wanted, changes, sound_of)
        await _switch(host, wanted)
    except BaseException as error:
        await _give_up(host, error)
        raise
    host.state.remember(wanted.id, at)
    host.state.end()
    return changes


async def _add_beside(host: Host, wanted: Revision, changes: Changes, sound_of: SoundOf) -> None:
    deployment = host.deployment
    await deployment.sweep()
    if changes.sounds:
        host.progress(f"{len(changes.sounds)} sounds")
        for name in changes.sounds:
            await deployment.write_sound(name, sound_of(name))
    if changes.entries:
        host.progress(f"{len(changes.entries)} entries of the database")
        await deployment.put(changes.entries)
    if changes.code:
        host.progress(f"the file {wanted.code_file}")
        await deployment.write_file(wanted.code_file, wanted.files[wanted.code_file])
    if changes.surplus:
        await deployment.remove_entries(wanted.family, changes.surplus)
    if changes.loads:
        host.progress("the PBX reads its dialplan")
        await host.load()
    if changes.entries:
        # Or a PBX that dies now would come up with the switch and without the dates.
        await asyncio.sleep(host.settled_s)
    remaining = beside(wanted, await deployment.present())
    if remaining:
        raise VerifyFailed(lacks(wanted, remaining))


async def _switch(host: Host, wanted: Revision) -> None:
    deployment = host.deployment
    changes = work_out(wanted, await deployment.present())
    if changes.entry:
        host.progress(f"the file {wanted.entry_file}")
        await deployment.write_file(wanted.entry_file, wanted.files[wanted.entry_file])
    if changes.enters:
        host.progress("the PBX reads its dialplan")
        await host.load()
        _verify(wanted, await deployment.present(), but_pointer=True)
    if changes.switches is not None:
        host.progress("the switch")
        await deployment.put([changes.switches])
        await asyncio.sleep(host.settled_s)
    _verify(wanted, await deployment.present())


def _verify(wanted: Revision, present: Present, *, but_pointer: bool = False) -> None:
    missing = differences(wanted, present)
    if but_pointer:
        missing = [each for each in missing if not each.startswith("the pointer")]
    if missing:
        raise VerifyFailed(lacks(wanted, missing))


async def _give_up(host: Host, error: BaseException) -> None:
    """Undo what was begun; where that cannot be done now, the next run will."""
    intent = host.state.intent()
    if intent is None:
        return
    try:
        await asyncio.shield(withdraw(host, intent))
    except PbxctlError as trouble:
        note = (
            f"what was begun could not be undone: {trouble}. Calls are not touched; "
            "run pbxctl apply again, it will see to that first"
        )
    else:
        note = "nothing was changed: the PBX is as it was before"
    error.add_note(note)
    if not isinstance(error, PbxctlError):
        # Nobody prints what ended us, such as Ctrl-C.
        host.progress(note)


def _known_before(host: Host) -> str | None:
    """The revision in force, where this host knows it whole."""
    present = host.state.history().present
    return present if present in host.state.kept() else None
