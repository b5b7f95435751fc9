"""A PBX's own call history, as it was before pbxctl: CSV -> legs -> the calls that were.

Nothing in such a file is trusted, and no line of it can end the reading: an odd one is named.
"""

from pbxctl.journal.history.calls import Direction, Ending, Folder, House, PastCall
from pbxctl.journal.history.layouts import Leg, Reader
from pbxctl.journal.history.records import PIECE_BYTES, OddLine, Record, records

__all__ = [
    "PIECE_BYTES",
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
