"""Whom and what bringing a revision into force has at hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pbxctl.errors import PbxctlError
from pbxctl.pbx.deployment import Deployment
from pbxctl.reconcile.safety import refusal, reload_objections, standing
from pbxctl.reconcile.state import StateFolder

SETTLED_S = 1.2
"""What was put into Asterisk's database is on disk a second later (``asterisk-behaviour``)."""


class ReloadRefused(PbxctlError):
    """A reload would bring something else into force, too, and nobody said that it may."""


SoundOf = Callable[[str], bytes]
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Host:
    """One PBX, the folder that remembers for it, and whom to tell what is being done.

    ``accepted`` are the ids of objections that the person at work said are meant.
    """

    deployment: Deployment
    state: StateFolder
    progress: Progress
    settled_s: float = SETTLED_S
    accepted: tuple[str, ...] = ()

    async def load(self) -> None:
        """Have the PBX read its dialplan, after a look at what else that would bring into force.

        Raises:
            ReloadRefused: the administrator's own files or globals changed, and nobody accepted that.
        """
        against = standing(reload_objections(await self.deployment.surroundings()), self.accepted)
        if against:
            raise ReloadRefused(refusal(against))
        await self.deployment.load()
