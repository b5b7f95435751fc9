"""What surrounds a call: the clock, the database, the zone of the server, what applications bring about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

MAX_VALUE = 255
"""A value of the database is cut there."""


def _nothing(application: str, data: str) -> Mapping[str, str] | None:
    return {}


@dataclass(frozen=True)
class World:
    """What is outside the dialplan.

    ``clock`` gives the epoch second each time it is looked at, since each condition looks anew.
    ``database`` holds values by realm and key. ``zone`` is the server's own. ``run`` says what an
    application leaves in variables, None for one that FreeSWITCH does not know.
    """

    clock: Callable[[], int]
    database: Mapping[tuple[str, str], str] = field(default_factory=dict)
    zone: str = "UTC"
    run: Callable[[str, str], Mapping[str, str] | None] = _nothing

    def select(self, realm: str, key: str) -> str:
        """A value as ``db`` gives it: empty where there is none, cut where it is long."""
        value = self.database.get((realm, key), "").encode()
        return value[:MAX_VALUE].decode(errors="ignore")
