"""What a history tells of one call: whence and whither, who answered, and what it met."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pbxctl.journal.events import Decided


class Direction(StrEnum):
    """Whence and whither a call went."""

    INBOUND = "inbound"
    OUTGOING = "outgoing"
    INTERNAL = "internal"


class Ending(StrEnum):
    """Who answered, as far as such a record can say."""

    PERSON = "person"
    FORWARDED = "forwarded"  # whom a mode of ours passed the call to, as an answering service
    MACHINE = "machine"  # voicemail, an announcement, a menu
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class PastCall:
    """One call as it was. ``at`` is aware.

    ``did`` is canonical where it is a number of the house, else the digits that were dialled, and
    empty where the history does not say. ``caller`` is ``+`` and digits, empty where withheld.
    ``talked_s`` is how long a person talked with the caller, in seconds. ``met`` is what pbxctl decided
    then, where it was there. A call that was not ``begun`` or not ``ended`` is one of which the journal
    lost the beginning or the end.
    """

    at: datetime
    did: str
    caller: str
    direction: Direction
    ending: Ending
    talked_s: int
    linkedid: str
    legs: int
    met: Decided | None = None
    begun: bool = True
    ended: bool = True

    @property
    def answered(self) -> bool:
        """Whether a person answered."""
        return self.ending is Ending.PERSON
