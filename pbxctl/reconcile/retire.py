"""What was replaced goes once nothing can need it any more."""

from __future__ import annotations

from dataclasses import replace

from pbxctl.reconcile.changes import code_contexts, leftovers
from pbxctl.reconcile.host import Host

RETIRED_AFTER_S = 3 * 86_400
"""So long the code of a revision that was replaced stays for calls in progress."""


async def retire(host: Host, at: int) -> None:
    """Remove the code, dates and sounds of revisions that were replaced days ago and that no call is in."""
    history = host.state.history()
    keep = tuple(each for each in history.applied if each.until is None or at - each.until < RETIRED_AFTER_S)
    known = set(host.state.kept())
    kept = [host.state.revision(each.revision) for each in keep if each.revision in known]
    if not kept or len(kept) < len(keep):
        # Nobody knows what of it is still needed.
        return
    present = await host.deployment.present()
    family = kept[-1].family
    stale = leftovers(present, kept, family)
    files = [
        name
        for name in stale.files
        if not await host.deployment.calls_inside(code_contexts(present, name.removesuffix(".conf")))
    ]
    for name in files:
        await host.deployment.remove_file(name)
    if len(files) == len(stale.files):
        await host.deployment.remove_entries(family, stale.keys)
        await host.deployment.remove_sounds(stale.sounds)
    if keep != history.applied:
        host.state.keep_history(replace(history, applied=keep))
