"""The whole examination: look once, then judge."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pbxctl.config import LoadedConfig
from pbxctl.doctor.clashes import clashes
from pbxctl.doctor.clock import clock
from pbxctl.doctor.codecs import codecs
from pbxctl.doctor.disks import disks
from pbxctl.doctor.emergency import Dialled, dialled_today, emergency
from pbxctl.doctor.entries import Reached, reached_today
from pbxctl.doctor.facts import Facts, Subject
from pbxctl.doctor.files import files
from pbxctl.doctor.finding import APPLY, FINDINGS, Finding, Findings, Severity
from pbxctl.doctor.gather import gather
from pbxctl.doctor.hook import hook
from pbxctl.doctor.journal import journal
from pbxctl.doctor.mailboxes import mailboxes
from pbxctl.doctor.modules import modules, version
from pbxctl.doctor.ordinary import ordinary
from pbxctl.doctor.outgoing import outgoing
from pbxctl.doctor.rights import rights
from pbxctl.doctor.sounds import built_in_sounds, sounds
from pbxctl.pbx.asterisk.ami import AmiSession
from pbxctl.plan.model import Plan
from pbxctl.render.rendering import Rendering

CHECKS: tuple[Callable[[Subject], Findings], ...] = (
    rights,
    version,
    modules,
    files,
    hook,
    ordinary,
    outgoing,
    clashes,
    emergency,
    mailboxes,
    sounds,
    clock,
    codecs,
    journal,
    disks,
)


@dataclass(frozen=True, slots=True)
class Report:
    """What was found, the worst first, and who answers each DID and each emergency number today."""

    version: str
    findings: tuple[Finding, ...]
    dids: tuple[Reached, ...]
    emergency: tuple[Dialled, ...]

    def count(self, severity: Severity) -> int:
        """How many findings are of this severity."""
        return sum(finding.severity is severity for finding in self.findings)


async def examine(session: AmiSession, loaded: LoadedConfig, plan: Plan, rendering: Rendering) -> Report:
    """Look at the PBX that this session is with, for this configuration. Nothing is changed there.

    Raises:
        PbxUnreachable: the PBX went away meanwhile.
    """
    empty = Subject(loaded.config, plan, rendering, Facts())
    zones = sorted({timeline.zone for timeline in plan.timelines.values()})
    user = loaded.config.pbx.ami.user if loaded.config.pbx.ami else ""
    facts = await gather(session, empty.prefix, zones, built_in_sounds(empty), user=user)
    return judge(Subject(loaded.config, plan, rendering, facts))


def judge(subject: Subject) -> Report:
    """What the facts say."""
    findings = [finding for check in CHECKS for finding in check(subject)]
    findings += _about_the_look(subject)
    order = list(FINDINGS)
    findings.sort(key=lambda finding: order.index(finding.id))
    version = subject.facts.version or ""
    return Report(version, tuple(findings), reached_today(subject), dialled_today(subject))


def _about_the_look(subject: Subject) -> Findings:
    facts = subject.facts
    if facts.database is not None and not subject.applied:
        yield Finding(
            "not-applied",
            "nothing of pbxctl is in force on this PBX yet",
            f"database get {subject.prefix} {subject.rendering.pointer.key}",
            APPLY,
        )
    looks = {
        "the dialplan": facts.dialplan,
        "modules": facts.modules,
        "endpoints": facts.endpoints,
        "the database": facts.database,
        "the clock": facts.offset_s,
        "the journal": facts.cel,
        "sounds": facts.absent_sounds,
    }
    if unseen := [name for name, fact in looks.items() if fact is None]:
        yield Finding(
            "not-looked-at",
            f"could not be looked at: {', '.join(unseen)}",
            "the PBX does not tell, or its folders are not on this machine",
            "give the manager user its rights, and run pbxctl doctor on the PBX itself",
        )
