"""Whether the PBX and this machine agree about time."""

from __future__ import annotations

from pbxctl.doctor.facts import Subject
from pbxctl.doctor.finding import Finding, Findings

OFF_S = 2.0
FAR_OFF_S = 60.0


def clock(subject: Subject) -> Findings:
    """Modes are switched by the PBX's clock; overrides and dates are worked out by this machine's."""
    offset = subject.facts.offset_s
    if offset is not None and abs(offset) > OFF_S:
        way = "ahead of" if offset > 0 else "behind"
        yield Finding(
            "clock-far-off" if abs(offset) > FAR_OFF_S else "clock-off",
            f"the PBX's clock is {abs(offset):.0f} s {way} this machine's: its day begins at another moment",
            "EPOCH",
            "set both by the network: timedatectl set-ntp true",
        )
    for zone, example in (subject.facts.zones or {}).items():
        yield Finding(
            "zone-different",
            f"the PBX reads the clock of {zone} otherwise than this machine: windows would begin at another "
            "hour",
            example,
            "apt-get install --only-upgrade tzdata on both, then restart Asterisk",
        )
