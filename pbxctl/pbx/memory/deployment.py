"""What a PBX holds of ours, in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache

from pbxctl.dialplan.asterisk.model import Context
from pbxctl.dialplan.asterisk.text import parse_extensions
from pbxctl.pbx.deployment import Present, Surroundings
from pbxctl.render.rendering import Entry


@lru_cache(maxsize=16)
def _dialplan(text: str) -> Mapping[str, Context]:
    return parse_extensions(text, "", lambda _: ()).dialplan.contexts


class MemoryDeployment:
    """A PBX that takes whatever it is given. ``calls`` counts the channels in each context."""

    def __init__(self) -> None:
        self.files: dict[str, str] = {}
        self.sounds: dict[str, bytes] = {}
        self.entries: dict[tuple[str, str], str] = {}
        self.running: Mapping[str, Context] = {}
        self.calls: dict[str, int] = {}
        self.around = Surroundings()

    async def present(self) -> Present:
        return Present(
            files=dict(self.files),
            entries={key: value for (_, key), value in self.entries.items()},
            sounds={name: hashlib.sha256(data).hexdigest() for name, data in self.sounds.items()},
            contexts=dict(self.running),
        )

    async def surroundings(self) -> Surroundings:
        return self.around

    async def write_file(self, name: str, text: str) -> None:
        self.files[name] = text

    async def remove_file(self, name: str) -> None:
        self.files.pop(name, None)

    async def write_sound(self, name: str, data: bytes) -> None:
        self.sounds[name] = data

    async def remove_sounds(self, names: Collection[str]) -> None:
        for name in names:
            self.sounds.pop(name, None)

    async def put(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            self.entries[entry.family, entry.key] = entry.value

    async def remove_entries(self, family: str, keys: Collection[str]) -> None:
        for key in keys:
            self.entries.pop((family, key), None)

    async def sweep(self) -> None:
        pass  # Nothing is ever half-written here.

    async def load(self) -> None:
        self.running = _dialplan("\n".join(self.files[name] for name in sorted(self.files)))

    async def calls_inside(self, contexts: Collection[str]) -> int:
        return sum(self.calls.get(name, 0) for name in contexts)
