"""The process that reads what others wrote: limited in time, memory and files, and gone afterwards.

Standard input is one line of JSON (zone, first day, days) and the calendar; standard output is JSON.
"""

from __future__ import annotations

import json
import resource
import sys
from dataclasses import asdict
from datetime import date

CPU_S = 5
MEMORY_BYTES = 512 * 1024 * 1024


def main() -> int:
    """Expand one calendar; exit code 0 whatever it holds, unless a limit ends us."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from pbxctl.timeline.ics import expand_calendar

    asked = json.loads(sys.stdin.buffer.readline())
    content = sys.stdin.buffer.read()
    try:
        found = expand_calendar(content, asked["zone"], date.fromisoformat(asked["first_day"]), asked["days"])
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError) as error:
        answer: dict[str, object] = {"error": " ".join(str(error).split())[:120] or type(error).__name__}
    except (RecursionError, MemoryError):
        answer = {"error": "it needs too much memory"}
    else:
        answer = asdict(found)
    sys.stdout.write(json.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main())
