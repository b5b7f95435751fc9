"""A PBX's own call history, before pbxctl and since: CSV -> legs and channel events -> the calls that were.

Nothing in such a file is trusted, and no line of it can end the reading: an odd one is named.
"""

from pbxctl.journal.history.calls import Folder, House
from pbxctl.journal.history.channel_events import ChannelEvent
from pbxctl.journal.history.layouts import Leg, Reader
from pbxctl.journal.history.past import Direction, Ending, PastCall
from pbxctl.journal.records import PIECE_BYTES, OddLine, Record, records

__all__ = [
    "PIECE_BYTES",
    "ChannelEvent",
    "Direction",
    "Ending",
    "Folder",
    "House",
    "Leg",
    "OddLine",
    "PastCall",
    "Reader",
    "Record",
    "records",
]
