"""What a run began and did not finish is finished, or taken back."""

from __future__ import annotations

import asyncio

from pbxctl.pbx.deployment import Present, VerifyFailed
from pbxctl.reconcile.changes import code_contexts, differences, lacks, work_out
from pbxctl.reconcile.host import Host
from pbxctl.reconcile.records import Intent, Undertaking
from pbxctl.reconcile.revision import Revision, contexts_of, without_revision
from pbxctl.render.rendering import Entry


async def recover(host: Host, at: int) -> str | None:
    """See to what a run that was broken off left; a sentence about it, None where nothing was.

    An ``apply`` that had switched is finished, any other is undone. An ``uninstall`` stays where it got to.

    Raises:
        VerifyFailed: the PBX did not take back what was before.
        OutOfReach: the PBX, or a file, cannot be reached.
    """
    intent = host.state.intent()
    if intent is None:
        return None
    if intent.undertaking is Undertaking.UNINSTALL:
        host.state.end()
        return "an uninstall was broken off; it is not gone on with"
    if intent.revision not in host.state.kept():
        host.state.end()
        return f"a run was broken off; its revision {intent.revision} is not kept here: what is there counts"
    wanted = host.state.revision(intent.revision)
    if not _but_sounds(differences(wanted, await host.deployment.present())):
        host.state.remember(wanted.id, at)
        host.state.end()
        return f"revision {wanted.id} was brought into force by a run that was broken off"
    await withdraw(host, intent)
    return f"a run that was broken off before it had brought revision {wanted.id} into force was undone"


async def withdraw(host: Host, intent: Intent) -> None:
    """Put the PBX back to what was in force before ``intent``; it may be asked for again and again."""
    deployment = host.deployment
    unwanted = host.state.revision(intent.revision)
    before = None if intent.before is None else host.state.revision(intent.before)
    present = await deployment.present()
    if before is None:
        await _put_back_found(host, unwanted, intent, present)
    else:
        changes = work_out(before, present)
        if changes.entries:
            await deployment.put(changes.entries)
        if changes.switches is not None:
            await deployment.put([changes.switches])
        for name in (before.code_file, before.entry_file):
            if present.files.get(name) != before.files[name]:
                await deployment.write_file(name, before.files[name])
    await _load_where_needed(host, before, unwanted, intent)
    present = await deployment.present()
    # A sound that was spoken anew says the same; the old one is not to be had again.
    if before is not None and (missing := _but_sounds(differences(before, present))):
        raise VerifyFailed(lacks(before, missing))
    if before is None and not _runs_found(unwanted, intent, present):
        raise VerifyFailed("the PBX still runs the contexts of a revision that was not brought into force")
    await _remove_unwanted(host, unwanted, before, intent.sounds)
    await asyncio.sleep(host.settled_s)
    host.state.end()


async def _put_back_found(host: Host, unwanted: Revision, intent: Intent, present: Present) -> None:
    """Where no revision of ours was known before: put back what was found."""
    deployment, pointer = host.deployment, unwanted.pointer
    if intent.found_pointer is None:
        await deployment.remove_entries(unwanted.family, [pointer.key])
    elif present.entries.get(pointer.key) != intent.found_pointer:
        await deployment.put([Entry(pointer.family, pointer.key, intent.found_pointer)])
    if intent.found_entry is None:
        await deployment.remove_file(unwanted.entry_file)
    elif present.files.get(unwanted.entry_file) != intent.found_entry:
        await deployment.write_file(unwanted.entry_file, intent.found_entry)


def _runs_found(unwanted: Revision, intent: Intent, present: Present) -> bool:
    """Whether the contexts in which calls enter are those that were found, or none."""
    found = contexts_of(intent.found_entry) if intent.found_entry is not None else {}
    running = {name: without_revision(present.contexts[name]) for name in found if name in present.contexts}
    return running == found and not any(
        name in present.contexts for name in unwanted.entry_contexts if name not in found
    )


async def _load_where_needed(host: Host, before: Revision | None, unwanted: Revision, intent: Intent) -> None:
    """After the files are back: have them read where what runs is still the unwanted one."""
    present = await host.deployment.present()
    if before is not None:
        changes = work_out(before, present)
        needed = changes.loads or changes.enters
    else:
        needed = not _runs_found(unwanted, intent, present)
    if needed:
        await host.load()


async def _remove_unwanted(
    host: Host, unwanted: Revision, before: Revision | None, sounds: tuple[str, ...]
) -> None:
    """Remove what the unwanted revision alone had; its code stays for as long as a call is in it."""
    if before is None or before.code_file != unwanted.code_file:
        present = await host.deployment.present()
        names = code_contexts(present, unwanted.code_file.removesuffix(".conf"))
        if await host.deployment.calls_inside(names):
            return
        await host.deployment.remove_file(unwanted.code_file)
        if names:
            await host.load()
    if before is None or before.id != unwanted.id:
        await host.deployment.remove_entries(unwanted.family, [entry.key for entry in unwanted.entries])
    await host.deployment.remove_sounds(sounds)


def _but_sounds(missing: list[str]) -> list[str]:
    return [each for each in missing if not each.startswith("the sound ")]
