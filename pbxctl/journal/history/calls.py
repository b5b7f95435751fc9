"""Legs -> the calls that were: from outside or not, to which number, and who answered.

A call that a queue offers to ten phones is ten records. They are one call here, whose moment, caller
and number are those of its earliest leg.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from pbxctl.journal.history.layouts import Leg
from pbxctl.numbers import dialled_key, read_number

OPEN_CALLS: Final = 10_000
"""Legs of one call stand closer together than this many calls; so many are kept in mind."""

_MACHINES: Final = frozenset(
    {"voicemail", "voicemailmain", "playback", "background", "record", "read", "mixmonitor", "playtones"}
    | {"minivmrecord", "directory", "receivefax", "rxfax", "milliwatt", "echo", "wait", "musiconhold"}
)
_FROM_OUTSIDE: Final = ("from-trunk", "from-pstn", "from-did", "ext-did", "from-dahdi", "from-zaptel")
_FROM_INSIDE: Final = ("from-internal", "outbound-allroutes", "outrt-", "macro-dialout", "from-queue")
_INTERNAL_DIGITS: Final = 6


class Direction(StrEnum):
    """Whence and whither a call went."""

    INBOUND = "inbound"
    OUTGOING = "outgoing"
    INTERNAL = "internal"


class Ending(StrEnum):
    """Who answered, as far as such a record can say."""

    PERSON = "person"
    MACHINE = "machine"  # voicemail, an announcement, a menu
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class PastCall:
    """One call as it was. ``at`` is aware.

    ``did`` is canonical where it is a number of the house, else the digits that were dialled, and
    empty where the history does not say. ``caller`` is ``+`` and digits, empty where withheld.
    ``talked_s`` is how long a person talked with the caller, in seconds.
    """

    at: datetime
    did: str
    caller: str
    direction: Direction
    ending: Ending
    talked_s: int
    linkedid: str
    legs: int

    @property
    def answered(self) -> bool:
        """Whether a person answered."""
        return self.ending is Ending.PERSON


@dataclass(frozen=True, slots=True)
class House:
    """What tells a call from outside: the company's numbers, and the contexts of the trunk's calls.

    ``numbers`` are the canonical ones by each spelling of theirs; ``country`` says how others are read;
    ``dialled`` is taken for the number where the history does not say which one was dialled.
    """

    numbers: Mapping[str, str]
    contexts: frozenset[str]
    country: str
    dialled: str = ""

    def known(self, written: str) -> str:
        """The canonical number of ours that is written there; empty if it is none."""
        if not written or len(written) > 40:
            return ""
        number = self.numbers.get(written) or self.numbers.get(dialled_key(written))
        if number is not None:
            return number
        # A person's spelling, such as 09/233.44.55, comes into a userfield or a DID by hand.
        if not any(character.isdigit() for character in written):
            return ""
        try:
            return self.numbers.get(read_number(written, self.country), "")
        except ValueError:
            return ""


class _Open:
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
        # What a Local channel reached stands in a leg of its own, unless the PBX took it out of the way.
        if self.person or (self.local and not self.machine):
            return Ending.PERSON
        return Ending.MACHINE if self.machine else Ending.NOBODY


class Folder:
    """Puts legs together into calls, in memory that does not grow with the file.

    ``late`` counts legs of calls that were long through; each was left out.
    """

    def __init__(self, house: House) -> None:
        self.late = 0
        self._house = house
        # A plain dict searches its whole front for the oldest, once those before it are gone.
        self._open: OrderedDict[str, _Open] = OrderedDict()
        self._done: OrderedDict[str, None] = OrderedDict()

    def add(self, leg: Leg) -> Iterator[PastCall]:
        """Take a leg in; the call that nothing more is expected of, if there is one."""
        if not leg.key:
            alone = _Open(leg)
            alone.add(leg)
            yield self._call(alone)
            return
        call = self._open.get(leg.key)
        if call is None:
            if leg.key in self._done:
                self.late += 1
                return
            call = self._open[leg.key] = _Open(leg)
        call.add(leg)
        if len(self._open) > OPEN_CALLS:
            oldest, through = self._open.popitem(last=False)
            self._done[oldest] = None
            if len(self._done) > 5 * OPEN_CALLS:
                self._done.popitem(last=False)
            yield self._call(through)

    def rest(self) -> Iterator[PastCall]:
        """The calls that are still open, at the end of the last file."""
        for call in self._open.values():
            yield self._call(call)
        self._open.clear()

    def _call(self, call: _Open) -> PastCall:
        leg = call.first
        house = self._house
        did = house.known(call.did) or house.known(leg.dst) or house.known(leg.userfield)
        direction = self._direction(call, did)
        if direction is not Direction.INBOUND:
            did = dialled_key(leg.dst)
        elif not did:
            dialled = dialled_key(call.did) or dialled_key(leg.dst)
            # A number that is short is a phone of the house: where the call went, not what was dialled.
            did = dialled if len(dialled) > _INTERNAL_DIGITS else house.dialled
        ending = call.ending
        talked_s = call.talked_s if ending is Ending.PERSON else 0
        return PastCall(leg.at, did, dialled_key(leg.src), direction, ending, talked_s, leg.key, call.legs)

    def _direction(self, call: _Open, did: str) -> Direction:
        leg, house = call.first, self._house
        if call.did or leg.context in house.contexts or leg.context.startswith(_FROM_OUTSIDE):
            return Direction.INBOUND
        caller = dialled_key(leg.src)
        from_inside = (
            call.outgoing
            or leg.context.startswith(_FROM_INSIDE)
            or caller in house.numbers
            or _is_short(caller)
        )
        # Where the dialplan went on to a phone, or to a step without a number, what was dialled is lost.
        lost = len(dialled_key(leg.dst)) <= _INTERNAL_DIGITS
        if not from_inside and (did or (lost and leg.src)):
            return Direction.INBOUND
        return Direction.INTERNAL if lost else Direction.OUTGOING


def _is_short(number: str) -> bool:
    return 0 < len(number) <= _INTERNAL_DIGITS
