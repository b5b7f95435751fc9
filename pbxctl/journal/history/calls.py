"""Legs and channel events -> the calls that were: from outside or not, to which number, and who answered.

A call that a queue offers to ten phones is ten records. They are one call here, whose moment, caller
and number are those of its earliest leg, or those that it reached pbxctl with.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from pbxctl.journal.history.channel_events import ChannelEvent
from pbxctl.journal.history.layouts import Leg
from pbxctl.journal.history.legs import LegCall
from pbxctl.journal.history.past import Direction, Ending, PastCall
from pbxctl.journal.history.told import ToldCall
from pbxctl.numbers import dialled_key, read_number

OPEN_CALLS: Final = 10_000
"""Legs of one call stand closer together than this many calls; so many are kept in mind."""

_FROM_OUTSIDE: Final = ("from-trunk", "from-pstn", "from-did", "ext-did", "from-dahdi", "from-zaptel")
_FROM_INSIDE: Final = ("from-internal", "outbound-allroutes", "outrt-", "macro-dialout", "from-queue")
_INTERNAL_DIGITS: Final = 6


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


class _Whence(NamedTuple):
    """What tells whence and whither a call went. ``did`` is what our own dialplan or FreePBX took it for."""

    src: str
    dst: str
    did: str
    userfield: str
    context: str
    outgoing: bool


class Folder:
    """Puts legs and channel events together into calls, in memory that does not grow with the file.

    ``late`` counts records of calls that were long through; each was left out.
    """

    def __init__(self, house: House) -> None:
        self.late = 0
        self._house = house
        self._bridges = False
        # A plain dict searches its whole front for the oldest, once those before it are gone.
        self._open: OrderedDict[str, LegCall | ToldCall] = OrderedDict()
        self._done: OrderedDict[str, None] = OrderedDict()

    def add(self, record: Leg | ChannelEvent) -> Iterator[PastCall]:
        """Take a record in; the call that nothing more is expected of, if there is one."""
        if isinstance(record, Leg) and not record.key:
            alone = LegCall(record)
            alone.add(record)
            yield self._call(alone)
            return
        call = self._open.get(record.key)
        if call is None and record.key in self._done:
            self.late += 1
            return
        if isinstance(record, ChannelEvent):
            self._bridges = self._bridges or record.bridges or record.kind.startswith("BRIDGE_")
            # Where both files tell of a call, its events know more.
            if not isinstance(call, ToldCall):
                call = self._open[record.key] = ToldCall(record)
            call.add(record)
        elif not isinstance(call, ToldCall):
            if call is None:
                call = self._open[record.key] = LegCall(record)
            call.add(record)
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

    def _call(self, call: LegCall | ToldCall) -> PastCall:
        return self._of_events(call) if isinstance(call, ToldCall) else self._of_legs(call)

    def _of_legs(self, call: LegCall) -> PastCall:
        leg = call.first
        direction, did = self._whither(
            _Whence(leg.src, leg.dst, call.did, leg.userfield, leg.context, call.outgoing)
        )
        ending = call.ending
        talked_s = call.talked_s if ending is Ending.PERSON else 0
        return PastCall(leg.at, did, dialled_key(leg.src), direction, ending, talked_s, leg.key, call.legs)

    def _of_events(self, call: ToldCall) -> PastCall:
        entered = None if call.entered is None else call.entered[1]
        began = call.began
        first = call.first if began is None else began
        caller = first.caller if entered is None else entered.caller
        # Where a channel is later on may be what was keyed in there; only where it began, it was dialled.
        dialled = "" if began is None else began.exten
        did = call.misrouted if entered is None else entered.did
        direction, did = self._whither(_Whence(caller, dialled, did, "", first.context, outgoing=False))
        ending = call.ending(bridges=self._bridges)
        return PastCall(
            at=call.at,
            did=did,
            caller=dialled_key(caller),
            direction=direction,
            ending=ending,
            talked_s=call.talked_s if ending is Ending.PERSON else 0,
            linkedid=first.key,
            legs=len(call.channels),
            met=call.met,
            begun=began is not None,
            ended=call.ended,
        )

    def _whither(self, whence: _Whence) -> tuple[Direction, str]:
        """The direction, and the number dialled."""
        house = self._house
        did = house.known(whence.did) or house.known(whence.dst) or house.known(whence.userfield)
        direction = self._direction(whence, did)
        if direction is not Direction.INBOUND:
            return direction, dialled_key(whence.dst)
        if not did:
            dialled = dialled_key(whence.did) or dialled_key(whence.dst)
            # A number that is short is a phone of the house: where the call went, not what was dialled.
            did = dialled if len(dialled) > _INTERNAL_DIGITS else house.dialled
        return direction, did

    def _direction(self, whence: _Whence, did: str) -> Direction:
        house = self._house
        if whence.did or whence.context in house.contexts or whence.context.startswith(_FROM_OUTSIDE):
            return Direction.INBOUND
        caller = dialled_key(whence.src)
        from_inside = (
            whence.outgoing
            or whence.context.startswith(_FROM_INSIDE)
            or caller in house.numbers
            or _is_short(caller)
        )
        # Where the dialplan went on to a phone, or to a step without a number, what was dialled is lost.
        lost = len(dialled_key(whence.dst)) <= _INTERNAL_DIGITS
        if not from_inside and (did or (lost and whence.src)):
            return Direction.INBOUND
        return Direction.INTERNAL if lost else Direction.OUTGOING


def _is_short(number: str) -> bool:
    return 0 < len(number) <= _INTERNAL_DIGITS
