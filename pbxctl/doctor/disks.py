"""Room for messages and for the journal."""

from __future__ import annotations

from pbxctl.doctor.facts import Disk, Subject
from pbxctl.doctor.finding import Finding, Findings

FULL_BYTES = 50 * 1024 * 1024
LOW_BYTES = 500 * 1024 * 1024


def disks(subject: Subject) -> Findings:
    """The folders of the journal and of voicemail."""
    for disk in subject.facts.disks or ():
        if disk.free < LOW_BYTES:
            yield Finding(
                "disk-full" if disk.free < FULL_BYTES else "disk-low",
                f"only {_mebibytes(disk)} are free in {disk.folder}: with the disk full, messages and "
                "records of calls are lost, though calls go on",
                f"{_mebibytes(disk)} of {disk.total // 1024**2} MiB",
                f"make room: du -xh {disk.folder} | sort -h | tail",
            )


def _mebibytes(disk: Disk) -> str:
    return f"{disk.free // 1024**2} MiB"
