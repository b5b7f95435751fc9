"""The base of every error that a person may meet.

An error says who can mend it: the user (:class:`InputWrong`), the world outside
(:class:`OutOfReach`), or nobody but us (anything that is not a :class:`PbxctlError`).
``cli`` is the one place that turns them into sentences and exit codes.
"""


class PbxctlError(Exception):
    """Something a person can act on; its text is one clear sentence."""


class InputWrong(PbxctlError):
    """What the user gave is wrong; the text says where, what, and what would be right."""


class OutOfReach(PbxctlError):
    """The PBX, the database or another program we need cannot be reached."""
