"""Put a revision onto a PBX: first what it would change and what speaks against it, then the change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pbxctl.errors import InputWrong, PbxctlError
from pbxctl.pbx.deployment import Surroundings
from pbxctl.plan.format import plan_from_json, plan_to_json
from pbxctl.plan.model import Plan
from pbxctl.reconcile.apply import bring_into_force
from pbxctl.reconcile.changes import Changes, work_out
from pbxctl.reconcile.host import Host, SoundOf
from pbxctl.reconcile.retire import retire
from pbxctl.reconcile.revision import Revision
from pbxctl.reconcile.safety import Before, Objection, objections, refusal, standing
from pbxctl.reconcile.uninstall import is_there, uninstall
from pbxctl.simulate.compare import Difference, compare

PLAN_FILE = "plan.json"


class Refused(PbxctlError):
    """Something speaks against it that nobody said was meant."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What applying a revision would change. ``difference`` is None where nothing was in force before."""

    wanted: Revision
    plan: Plan
    before: str | None
    changes: Changes
    difference: Difference | None
    objections: tuple[Objection, ...]


def kept_revision(host: Host, id_: str) -> tuple[Revision, Plan]:
    """A revision that was in force before, and its plan.

    Raises:
        InputWrong: it is not kept here; the text names those that are.
    """
    text = host.state.text_of(id_, PLAN_FILE) if id_ in host.state.kept() else None
    if text is None:
        known = ", ".join(host.state.kept()) or "none"
        raise InputWrong(f"--revision: {id_!r} is not kept in {host.state.path}; there is {known}")
    return host.state.revision(id_), plan_from_json(text)


async def propose(host: Host, wanted: Revision, plan: Plan, today: date) -> Proposal:
    """Compare a revision with the PBX; nothing is changed. ``today`` is the company's."""
    before = _before(host)
    present = await host.deployment.present()
    changes = work_out(wanted, present)
    loads = changes.loads or changes.enters
    around = await host.deployment.surroundings() if loads else Surroundings()
    return Proposal(
        wanted=wanted,
        plan=plan,
        before=None if before.revision is None else before.revision.id,
        changes=changes,
        difference=None if before.plan is None else compare(before.plan, plan),
        objections=objections(plan, before, changes, present, around, today),
    )


async def carry_out(host: Host, proposal: Proposal, sound_of: SoundOf, at: int) -> None:
    """Bring what was proposed into force; ``at`` is now, in epoch seconds.

    Raises:
        Refused: something speaks against it that the host has not accepted.
        VerifyFailed, OutOfReach: as :func:`pbxctl.reconcile.apply.bring_into_force`.
    """
    if against := standing(proposal.objections, host.accepted):
        raise Refused(refusal(against))
    host.state.keep(proposal.wanted, {PLAN_FILE: plan_to_json(proposal.plan)})
    await bring_into_force(host, proposal.wanted, sound_of, at)
    await retire(host, at)
    host.state.forget_old()


async def take_off(host: Host, family: str, *, patience_s: float) -> bool:
    """Take all of ours off the PBX; the ordinary dialplan is alone again. False: nothing of ours was there.

    Raises:
        CallsInside, VerifyFailed, OutOfReach: as :func:`pbxctl.reconcile.uninstall.uninstall`.
    """
    if host.state.intent() is None and not is_there(await host.deployment.present(), family):
        return False
    await uninstall(host, family, patience_s=patience_s)
    return True


def _before(host: Host) -> Before:
    present = host.state.history().present
    if present is None or present not in host.state.kept():
        return Before(None, None)
    text = host.state.text_of(present, PLAN_FILE)
    return Before(host.state.revision(present), None if text is None else plan_from_json(text))


@dataclass(frozen=True, slots=True)
class Summary:
    """What is written, in numbers and names, and whether the PBX reads its dialplan and is switched."""

    sounds: int
    files: tuple[str, ...]
    entries: int
    reads_dialplan: bool
    switches: bool


def summary(changes: Changes, wanted: Revision) -> Summary:
    """What would be written."""
    files = ((wanted.code_file, changes.code), (wanted.entry_file, changes.entry))
    return Summary(
        sounds=len(changes.sounds),
        files=tuple(name for name, written in files if written),
        entries=len(changes.entries),
        reads_dialplan=changes.loads or changes.enters,
        switches=changes.switches is not None,
    )
