"""The bytes of a calendar: a file, or an address on the web."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from urllib.parse import urlsplit

from pbxctl.calendars.bounds import MAX_BYTES, CalendarUnreadable, bounded
from pbxctl.calendars.web import fetch


def is_address(ics: str) -> bool:
    """Whether it lies on the web, and not in a file."""
    return ics.lower().startswith(("https://", "http://"))


def shown(ics: str) -> str:
    """How to name it towards a person: the path of an address can be as secret as a password."""
    return f"{urlsplit(ics).scheme}://{urlsplit(ics).hostname}/…" if is_address(ics) else ics


def read_source(ics: str, folder: Path) -> bytes:
    """Read a calendar; a file's path is relative to ``folder``, that of the configuration.

    Raises:
        CalendarUnreadable: it cannot be had, is too large, or took too long.
    """
    return fetch(ics) if is_address(ics) else _file(folder / ics)


def _file(path: Path) -> bytes:
    try:
        # Not blocked by a pipe that nobody writes to.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as stream:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise CalendarUnreadable("it is no file")
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise CalendarUnreadable(f"it cannot be read: {error.strerror}") from error
    return bounded(content)
