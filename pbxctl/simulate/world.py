"""What a simulated call meets outside the plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

USUAL_EXITS: Mapping[str, str] = {
    "play": "done",
    "collect": "none",
    "offer": "done",
    "speak": "done",
    "dial": "answered",
    "voicemail": "done",
    "record": "done",
}
"""How each kind of step ends when all is there and the caller stays to the end."""


@dataclass(frozen=True, slots=True)
class World:
    """How steps end, where that is not decided by the plan.

    ``exits`` gives the exit of single steps by their name, or by name and the language that the caller is
    spoken to in (``prompt/fr``); all others end as usual. The caller
    hangs up in the step ``gone_in``. ``forwards`` calls are already forwarded on the call's
    route; ``ordinary_knows`` says whether the PBX's own dialplan has the number, ``ordinary_loops``
    whether it leads every call straight back to us; ``confirms`` whether whoever picks up a forward presses
    the key that takes it, where one is asked for.
    """

    exits: Mapping[str, str] = field(default_factory=dict)
    gone_in: str | None = None
    forwards: int = 0
    ordinary_knows: bool = True
    ordinary_loops: bool = False
    confirms: bool = True


USUAL_WORLD = World()
