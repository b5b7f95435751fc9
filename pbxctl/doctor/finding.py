"""What the doctor says: what is missing or wrong on a PBX, how that was seen, and what mends it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Severity(StrEnum):
    """How bad it is: callers would meet it; odd, or a danger to come; only to be known."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


_ERRORS = (
    "right-missing application-missing function-missing format-missing include-missing files-refused "
    "hook-missing hook-shadowed hook-order hook-falls-nowhere no-entry outgoing-expanded ordinary-missing "
    "ordinary-leads-back context-clash emergency-shadowed mailbox-missing mailbox-deletes "
    "built-in-sound-missing prompt-missing clock-far-off zone-different cel-off cel-custom-missing "
    "cel-event-missing cel-mapping-missing journal-not-written journal-folder-missing disk-full"
)
_WARNINGS = (
    "manager-open version-untried include-strict files-not-loaded hook-unlisted ordinary-without-number "
    "ordinary-ext-did outgoing-unnoticed database-clash emergency-nowhere emergency-hidden "
    "mailbox-operator mailbox-full mailbox-elsewhere mailboxes-unknown codec-without-translation clock-off "
    "disk-low"
)
_NOTES = "not-applied freepbx lines-left-out files-not-seen not-looked-at"

FINDINGS: Mapping[str, Severity] = MappingProxyType(
    {
        **dict.fromkeys(_ERRORS.split(), Severity.ERROR),
        **dict.fromkeys(_WARNINGS.split(), Severity.WARNING),
        **dict.fromkeys(_NOTES.split(), Severity.NOTE),
    }
)
"""Every finding there is. The ids never change: monitoring is built upon them."""


APPLY = "pbxctl apply"
"""How what is missing of ours comes onto a PBX."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found.

    ``what`` is one sentence: what is so, and what comes of it. ``evidence`` is where it was seen, and
    ``way_out`` the lines or the command that mend it; both may be empty.
    """

    id: str
    what: str
    evidence: str = ""
    way_out: str = ""

    def __post_init__(self) -> None:
        if self.id not in FINDINGS:
            raise ValueError(f"{self.id} is no finding")

    @property
    def severity(self) -> Severity:
        return FINDINGS[self.id]


Findings = Iterator[Finding]
