"""Take all that is ours off a PBX: no new call, then no call inside, then nothing."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection

from pbxctl.errors import PbxctlError
from pbxctl.pbx.deployment import Present, VerifyFailed
from pbxctl.reconcile.changes import leftovers
from pbxctl.reconcile.host import Host
from pbxctl.reconcile.records import History, Intent, Undertaking

CALLS_ASKED_EVERY_S = 1.0


class CallsInside(PbxctlError):
    """Calls are still in contexts of ours; new ones go the ordinary way already."""


async def uninstall(host: Host, family: str, *, patience_s: float) -> None:
    """Remove files, sounds and the whole database family of ours, facts that people set included.

    First the contexts that a trunk includes go, so that new calls follow the ordinary dialplan; the rest
    once no call is inside any more, ``patience_s`` seconds from now at most. It goes by what is there and
    not by what is remembered: whatever breaks it off, it may be called again and goes on.

    Raises:
        CallsInside: calls are inside still.
        VerifyFailed: something is there still.
        OutOfReach: the PBX went away, or a file cannot be removed.
    """
    deployment, entry = host.deployment, f"{family}.conf"
    host.state.begin(Intent(Undertaking.UNINSTALL, "", None))
    present = await deployment.present()
    host.progress("new calls go the ordinary way")
    if entry in present.files:
        await deployment.write_file(entry, _without_hook(present.files[entry], family))
    await host.load()
    present = await deployment.present()
    if hooked := [name for name in present.contexts if _is_hook(name, family)]:
        raise VerifyFailed(f"the PBX still runs the context {hooked[0]}; no call in it was touched")
    await _wait_empty(host, family, present, patience_s)
    host.progress("files, sounds and entries go")
    present = await deployment.present()
    ours = leftovers(present, (), family)
    for name in ours.files:
        await deployment.remove_file(name)
    await host.load()
    await deployment.remove_entries(family, tuple(present.entries))
    await deployment.remove_sounds(ours.sounds)
    await deployment.sweep()
    left = await deployment.present()
    remaining = [*leftovers(left, (), family).files, *left.entries, *left.sounds]
    remaining += [name for name in left.contexts if _is_inside(name, family)]
    if remaining:
        raise VerifyFailed(f"the PBX still holds {remaining[0]} of ours; run pbxctl uninstall again")
    await asyncio.sleep(host.settled_s)
    host.state.keep_history(History())
    host.state.end()


def is_there(present: Present, family: str) -> bool:
    """Whether a PBX holds anything of ours."""
    ours = leftovers(present, (), family)
    inside = any(_is_inside(name, family) or _is_hook(name, family) for name in present.contexts)
    return bool(ours.files or present.entries or ours.sounds or inside)


async def _wait_empty(host: Host, family: str, present: Present, patience_s: float) -> None:
    contexts = [name for name in present.contexts if _is_inside(name, family)]
    deadline = asyncio.get_running_loop().time() + patience_s
    told = False
    while inside := await host.deployment.calls_inside(contexts):
        if asyncio.get_running_loop().time() >= deadline:
            raise CallsInside(
                f"new calls go the ordinary way, but {inside} are still with pbxctl; run pbxctl uninstall "
                "again when they have ended"
            )
        if not told:
            host.progress(f"waiting for {inside} calls to end")
            told = True
        # A PBX tells of no moment at which a context is empty.
        await asyncio.sleep(min(CALLS_ASKED_EVERY_S, patience_s))


def _without_hook(text: str, family: str) -> str:
    """The entry file with the contexts that calls are in, and without those that a trunk includes."""
    parts = re.split(r"^(?=\[)", text, flags=re.MULTILINE)
    return "".join(part for part in parts if not _is_hook(_header(part), family))


def _header(part: str) -> str:
    return part[1:].partition("]")[0] if part.startswith("[") else ""


def _is_inside(context: str, family: str) -> bool:
    """A context of a generation, or one through which calls come into it."""
    return re.match(rf"{re.escape(family)}-([0-9a-f]{{8}}|enter)-", context) is not None


def _is_hook(context: str, family: str) -> bool:
    """A context that others include or jump to."""
    return context in _hooks(family)


def _hooks(family: str) -> Collection[str]:
    return [f"{family}-{name}" for name in ("inbound", "unlisted", "rehearse", "outgoing")]
