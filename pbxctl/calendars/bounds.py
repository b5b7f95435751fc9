"""How large a calendar may be, and what is said of one that cannot be had."""

from __future__ import annotations

from typing import Final

from pbxctl.errors import PbxctlError

MAX_BYTES: Final = 2 * 1024 * 1024


class CalendarUnreadable(PbxctlError):
    """A calendar cannot be had; the text says why."""


def bounded(content: bytes) -> bytes:
    """The content itself.

    Raises:
        CalendarUnreadable: it is too large; whoever reads it stops one byte behind the limit.
    """
    if len(content) > MAX_BYTES:
        raise CalendarUnreadable(f"it is larger than {MAX_BYTES // 1024 // 1024} MiB")
    return content
