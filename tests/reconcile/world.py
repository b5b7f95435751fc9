"""A host with a PBX in memory, three revisions to apply to it, and trouble at the operation one asks for."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pbxctl.pbx.deployment import DeployFailed, Deployment
from pbxctl.pbx.memory.deployment import MemoryDeployment
from pbxctl.reconcile.changes import differences
from pbxctl.reconcile.host import Host
from pbxctl.reconcile.revision import Revision, revision_of
from pbxctl.reconcile.state import StateFolder
from tests.plan.bakery import bakery_text, plan_of
from tests.render.rendered import render

WRITES = ("write_file", "remove_file", "write_sound", "remove_sounds", "put", "remove_entries", "load")

NOW = 1_795_000_000


class Killed(BaseException):
    """The process is gone: nothing that it would have done afterwards is done."""


@dataclass
class Trouble:
    """What happens at the ``at``-th write: ``fails`` it, or ``dies`` before it or ``after`` it."""

    at: int
    kind: str
    lasting: bool = False
    count: int = 0


class Troubled:
    """A deployment on which a write fails, or at which we die; reads are left alone."""

    def __init__(self, deployment: Any, trouble: Trouble | None = None) -> None:
        self.deployment = deployment
        self.trouble = trouble
        self.at_trouble: Callable[[], Awaitable[None]] | None = None

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.deployment, name)
        if name not in WRITES:
            return method
        return lambda *given: self._troubled(name, method, given)

    async def _troubled(
        self, name: str, method: Callable[..., Awaitable[None]], given: tuple[Any, ...]
    ) -> None:
        trouble = self.trouble
        if trouble is None:
            await method(*given)
            return
        trouble.count += 1
        hit = trouble.count > trouble.at if trouble.lasting else trouble.count == trouble.at
        if hit and self.at_trouble is not None:
            await self.at_trouble()
        if hit and trouble.kind == "is lost":
            return
        if hit and trouble.kind == "fails":
            raise DeployFailed("no space left on device")
        if hit and trouble.kind == "dies before":
            if name == "put":
                # In the middle of it.
                entries = list(given[0])
                await method(entries[: len(entries) // 2])
            raise Killed
        await method(*given)
        if hit and trouble.kind == "dies after":
            raise Killed


@cache
def revisions() -> dict[str, Revision]:
    """One to begin with, one with other dates, one with other code, one with other numbers."""
    changes = {
        "first": ("", ""),
        "dates": ("2027-01-06", "2027-01-07"),
        "code": ("ring: 20s", "ring: 25s"),
        "numbers": ("+32 9 233 44 55", "+32 9 233 44 56"),
    }
    found = {}
    for name, (old, new) in changes.items():
        assert old in bakery_text()
        rendering = render(plan_of(bakery_text().replace(old, new) if old else bakery_text()))
        sounds = {f"nl/{stem}.wav": digest_of(sound_of(f"nl/{stem}.wav")) for stem in rendering.prompts}
        found[name] = revision_of(rendering, sounds)
    return found


def sound_of(name: str) -> bytes:
    return f"the sound {name}".encode()


def digest_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def host_in(folder: Path, deployment: Deployment | None = None) -> tuple[Host, Troubled]:
    """A host that keeps the revisions in ``folder``, for the PBX given or one in memory."""
    troubled = Troubled(deployment or MemoryDeployment())
    state = StateFolder(folder / "state")
    for revision in revisions().values():
        state.keep(revision, {})
    return Host(troubled, state, lambda _: None, settled_s=0), troubled


async def in_force(deployment: Deployment) -> str | None:
    """Which revision the PBX holds whole, by name; None for nothing of ours that a call could enter."""
    present = await deployment.present()
    whole = [name for name, revision in revisions().items() if not differences(revision, present)]
    if whole:
        return whole[0]
    assert "current" not in present.entries, "half of a revision is in force"
    assert not any(name.endswith("-inbound") for name in present.contexts), "half of a revision is in force"
    return None
