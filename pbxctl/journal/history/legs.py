"""The legs of one call, as call detail records tell of them -> who answered, and for how long."""

from __future__ import annotations

from typing import Final

from pbxctl.journal.history.layouts import Leg
from pbxctl.journal.history.past import Ending

_MACHINES: Final = frozenset(
    {"voicemail", "voicemailmain", "playback", "background", "record", "read", "mixmonitor", "playtones"}
    | {"minivmrecord", "directory", "receivefax", "rxfax", "milliwatt", "echo", "wait", "musiconhold"}
)


class LegCall:
    """A call that may still have more legs."""

    __slots__ = ("did", "first", "legs", "local", "machine", "outgoing", "person", "reached", "talked_s")

    def __init__(self, leg: Leg) -> None:
        self.first = leg
        self.reached = leg.at.timestamp()
        self.did = ""
        self.outgoing = self.person = self.local = self.machine = False
        self.talked_s = 0
        self.legs = 0

    def add(self, leg: Leg) -> None:
        """Take a leg in, in whatever order they come."""
        self.legs += 1
        if (reached := leg.at.timestamp()) < self.reached:
            self.first, self.reached = leg, reached
        self.did = self.did or leg.did
        self.outgoing = self.outgoing or leg.outgoing
        if not leg.answered:
            return
        if leg.application.strip().lower() in _MACHINES or not leg.dstchannel:
            self.machine = True
        elif leg.dstchannel.startswith("Local/"):
            self.local = True
            self.talked_s = max(self.talked_s, leg.billed_s)
        else:
            self.person = True
            self.talked_s = max(self.talked_s, leg.billed_s)

    @property
    def ending(self) -> Ending:
        """Who answered, as far as legs can say."""
        # What a Local channel reached stands in a leg of its own, unless the PBX took it out of the way.
        if self.person or (self.local and not self.machine):
            return Ending.PERSON
        return Ending.MACHINE if self.machine else Ending.NOBODY
