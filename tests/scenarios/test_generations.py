"""Promise 4 for the routing code: a switch touches new calls only."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from pbxctl.render.asterisk import AsteriskSettings, render_asterisk
from tests.scenarios.companies import REPLACED
from tests.scenarios.company import CLOSED_WEDNESDAY
from tests.scenarios.house import Experience, House
from tests.scenarios.room import templates

CALLERS = 5
NOW_BLOCKED = "0470222222"


async def test_calls_in_progress_end_in_the_generation_they_began_in(house: House) -> None:
    room = house.rooms[REPLACED.instance]
    later = replace(REPLACED, blocked=("+32470222222",))
    settings = AsteriskSettings(str(room.sounds), str(room.recordings), rehearsal=True)
    rendering = render_asterisk(later.plan, templates(), settings)
    assert rendering.generation != room.rendering.generation

    def call(caller: str) -> asyncio.Task[Experience]:
        return asyncio.create_task(house.experience(REPLACED, CLOSED_WEDNESDAY, caller=caller))

    first = [f"047033333{number}" for number in range(CALLERS)]
    recording = [call(caller) for caller in first]
    await asyncio.gather(*(house.reached(caller, "message") for caller in first))
    second = [f"047044444{number}" for number in range(CALLERS)]
    listening = [call(caller) for caller in second]
    await asyncio.gather(*(house.reached(caller, "prompt") for caller in second))

    # As apply does it: the code and the dates beside what runs, then the one write.
    etc = house.pbx.folder / "etc"
    name = next(name for name in rendering.files if rendering.generation in name)
    (etc / name).write_text(rendering.files[name])
    extensions = (etc / "extensions.conf").read_text()
    (etc / "extensions.conf").write_text(f"{extensions}\n#include {name}\n")
    await house.pbx.run_cli("dialplan reload")
    for entry in (*rendering.entries, rendering.pointer):
        await house.pbx.database_put(entry.family, entry.key, entry.value)

    assert [task.done() for task in (*recording, *listening)] == [False] * 2 * CALLERS
    refused = await (await house.call(REPLACED, CLOSED_WEDNESDAY, caller=NOW_BLOCKED)).ended(5)
    assert refused.code == 403
    for lived in await asyncio.gather(*recording, *listening):
        assert (lived.sounds, lived.message) == (("prompt",), "mailbox")
        assert lived.heard["prompt"][0] == 1.0
