"""A calendar expanded in a process of its own, so that no feed can hold up or fill anything."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date

from pbxctl.calendars.bounds import CalendarUnreadable
from pbxctl.timeline.calendars import Occurrence
from pbxctl.timeline.ics import Expanded

WALL_S = 15.0


def expand_limited(content: bytes, zone: str, first_day: date, days: int) -> Expanded:
    """As :func:`pbxctl.timeline.ics.expand_calendar`, whatever the content does to whoever reads it.

    Raises:
        CalendarUnreadable: it is no calendar, or it took too much time or memory.
    """
    asked = json.dumps({"zone": zone, "first_day": first_day.isoformat(), "days": days})
    environment = {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "LC_ALL": "C.UTF-8"}
    if "PYTHONTZPATH" in os.environ:
        environment["PYTHONTZPATH"] = os.environ["PYTHONTZPATH"]
    try:
        ran = subprocess.run(
            [sys.executable, "-m", "pbxctl.calendars.child"],
            input=asked.encode() + b"\n" + content,
            capture_output=True,
            env=environment,
            timeout=WALL_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise CalendarUnreadable(f"it could not be worked out within {WALL_S:.0f} s") from None
    if ran.returncode != 0:
        raise CalendarUnreadable("it took more time or memory than a calendar may")
    answer = json.loads(ran.stdout)
    if "error" in answer:
        raise CalendarUnreadable(f"it is no calendar that can be read: {answer['error']}")
    occurrences = (Occurrence(each["start"], each["end"], each["title"]) for each in answer["occurrences"])
    return Expanded(tuple(occurrences), tuple(answer["problems"]))
