"""The channel events of one call -> what it was, in memory that does not grow with their number.

The first channel of a call is the one whose uniqueid is the linkedid of all. It is the caller's; who
stood in a bridge when it did, and was no half of a Local channel, is who answered.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from pbxctl.journal.events import Decided, Entered, Misrouted
from pbxctl.journal.history.channel_events import ChannelEvent
from pbxctl.journal.history.past import Ending
from pbxctl.names import ORDINARY

MAX_CHANNELS: Final = 1000
"""So many channels of one call are told apart; a queue that rings all phones for an hour has as many."""


class ToldCall:
    """A call of which more may be told."""

    __slots__ = (
        *("answered_at", "began", "bridged", "bridged_other", "channels", "ended", "entered", "first"),
        *(
            "hung_up_at",
            "joined_at",
            "last_at",
            "left_at",
            "met",
            "misrouted",
            "mode",
            "other_at",
            "stayed_s",
        ),
    )

    def __init__(self, event: ChannelEvent) -> None:
        self.first = event
        self.began: ChannelEvent | None = None
        self.entered: tuple[datetime, Entered] | None = None
        self.misrouted = ""
        self.met: Decided | None = None
        self.mode = ORDINARY
        self.channels: set[str] = set()
        self.bridged = self.bridged_other = self.ended = False
        self.answered_at: datetime | None = None
        self.other_at: datetime | None = None
        self.hung_up_at: datetime | None = None
        self.joined_at: datetime | None = None
        self.left_at: datetime | None = None
        self.stayed_s = 0.0
        self.last_at = event.at

    def add(self, event: ChannelEvent) -> None:
        """Take in what happened next. What is told twice counts once."""
        if event.at > self.last_at:
            self.last_at = event.at
        if len(self.channels) < MAX_CHANNELS:
            self.channels.add(event.uniqueid)
        if event.event is not None:
            self._take_ours(event)
        elif event.uniqueid == event.key:
            self._take_callers(event)
        elif not event.channel.startswith("Local/"):
            self._take_others(event)
        if event.kind == "LINKEDID_END":
            self.ended = True

    def _take_ours(self, event: ChannelEvent) -> None:
        match event.event:
            case Entered() as entered:
                self.entered = self.entered or (event.at, entered)
            case Misrouted(did):
                self.misrouted = self.misrouted or did
            case Decided() as decided:
                # A code that is keyed in during the call has it decided anew.
                self.met = self.met or decided
                self.mode = decided.mode

    def _take_callers(self, event: ChannelEvent) -> None:
        match event.kind:
            case "CHAN_START":
                self.began = self.began or event
            case "ANSWER":
                self.answered_at = self.answered_at or event.at
            case "BRIDGE_ENTER" | "BRIDGE_START":
                self.bridged = True
                if self.left_at is None or event.at >= self.left_at:
                    self.joined_at = self.joined_at or event.at
            case "BRIDGE_EXIT" | "BRIDGE_END":
                self._leave(event.at)
            case "HANGUP" | "CHAN_END":
                self._leave(event.at)
                self.hung_up_at = self.hung_up_at or event.at
                self.ended = True

    def _take_others(self, event: ChannelEvent) -> None:
        if event.kind in ("BRIDGE_ENTER", "BRIDGE_START"):
            self.bridged_other = True
        elif event.kind == "ANSWER":
            self.other_at = self.other_at or event.at

    def _leave(self, at: datetime) -> None:
        if self.joined_at is not None:
            self.stayed_s += _between(self.joined_at, at)
            self.joined_at, self.left_at = None, at

    def ending(self, *, bridges: bool) -> Ending:
        """Who answered; ``bridges`` says whether the history tells of bridges at all."""
        if bridges or self.bridged:
            reached = self.bridged and self.bridged_other
        else:
            reached = self.answered_at is not None and self.other_at is not None
        if reached:
            return Ending.PERSON if self.mode == ORDINARY else Ending.FORWARDED
        return Ending.NOBODY if self.answered_at is None else Ending.MACHINE

    @property
    def talked_s(self) -> int:
        """How long the caller was connected, in whole seconds; as far as is told where the end is not."""
        if self.bridged:
            joined = 0.0 if self.joined_at is None else _between(self.joined_at, self.last_at)
            return round(self.stayed_s + joined)
        if self.answered_at is None or self.other_at is None:
            return 0
        return round(_between(max(self.answered_at, self.other_at), self.hung_up_at or self.last_at))

    @property
    def at(self) -> datetime:
        """When it reached us; else when it began; else when it is first heard of."""
        if self.entered is not None:
            return self.entered[0]
        return (self.began or self.first).at


def _between(start: datetime, end: datetime) -> float:
    return max(0.0, (end - start).total_seconds())
