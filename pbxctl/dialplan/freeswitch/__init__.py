"""FreeSWITCH's XML dialplan, evaluated offline as a real FreeSWITCH 1.10.12 was measured to do.

What was neither measured nor is plain in its source is refused by :class:`NotMeasured`, never guessed.
"""

from pbxctl.dialplan.freeswitch.channel import Channel, NotMeasured
from pbxctl.dialplan.freeswitch.evaluate import Executed, Trace, evaluate
from pbxctl.dialplan.freeswitch.text import Dialplan, parse_dialplan
from pbxctl.dialplan.freeswitch.world import World

__all__ = [
    "Channel",
    "Dialplan",
    "Executed",
    "NotMeasured",
    "Trace",
    "World",
    "evaluate",
    "parse_dialplan",
]
