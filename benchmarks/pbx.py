"""A private Asterisk with a rendered plan in it, in which loops are timed; and a FastAGI server beside it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.loops import EVENT
from pbxctl.pbx.asterisk.ami import ActionRefused, first_line
from pbxctl.rehearse.private_pbx import PrivatePbx
from pbxctl.render.rendering import Rendering
from pbxctl.resources import resource_folder

LIMIT_S = 120.0
EVENT_LIMIT_S = 5.0
PUTS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Loop:
    """Where in the dialplan to go to and come back from, and the variables that the call has."""

    context: str
    extension: str = "s"
    label: str = "1"
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Timing:
    """Microseconds per round, the counting included, and what stood at the end."""

    round_us: float
    standing: str


def shipped_templates() -> dict[str, str]:
    """The dialplan templates as they are installed."""
    folder = resource_folder("dialplans") / "asterisk"
    return {str(path.relative_to(folder)): path.read_text("utf-8") for path in sorted(folder.rglob("*.j2"))}


async def put_entries(pbx: PrivatePbx, rendering: Rendering) -> float:
    """Put all dates and the pointer into the PBX's database; how many seconds it took."""
    began = time.perf_counter()
    entries = [*rendering.entries, rendering.pointer]
    for first in range(0, len(entries), PUTS_AT_ONCE):
        some = entries[first : first + PUTS_AT_ONCE]
        await asyncio.gather(
            *(
                pbx.ami.send("DBPut", Family=entry.family, Key=entry.key, Val=entry.value, limit_s=LIMIT_S)
                for entry in some
            )
        )
    return time.perf_counter() - began


async def run_loop(pbx: PrivatePbx, loop: Loop, count: int) -> Timing:
    """Go ``count`` times round ``loop`` within one Local channel, timed by the dialplan itself."""
    variables = {
        **loop.variables,
        "PLACE": loop.context,
        "SPOT": loop.extension,
        "LABEL": loop.label,
        "COUNT": str(count),
    }
    await _at_rest(pbx)
    with pbx.ami.events("UserEvent") as stream:
        # The loop never answers and hangs up in the end, which counts as a call refused.
        with suppress(ActionRefused):
            await pbx.ami.send(
                "Originate",
                Channel="Local/s@bench-loop/n",
                Application="Wait",
                Data="1",
                Async="true",
                Timeout=str(int(LIMIT_S * 1000)),
                CallerID="x <0470000000>",
                Variable=[f"__{name}={value}" for name, value in variables.items()],
                limit_s=LIMIT_S,
            )
        event = await stream.next(EVENT_LIMIT_S)
        while first_line(event, "UserEvent") != EVENT:
            event = await stream.next(EVENT_LIMIT_S)
    taken = int(first_line(event, "Ended")) - int(first_line(event, "Began"))
    return Timing(taken / count, first_line(event, "Standing"))


async def _at_rest(pbx: PrivatePbx) -> None:
    """Wait until the PBX has told its manager clients of the round before, for three seconds at most."""
    for _ in range(60):
        before = _cpu_ticks(pbx)
        await asyncio.sleep(0.05)
        if _cpu_ticks(pbx) == before:
            return


def _cpu_ticks(pbx: PrivatePbx) -> int:
    fields = Path(f"/proc/{pbx.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


async def reload_s(pbx: PrivatePbx) -> float:
    """How long ``dialplan reload`` takes."""
    began = time.perf_counter()
    await pbx.ami.command("dialplan reload", limit_s=LIMIT_S)
    return time.perf_counter() - began


def memory_mib(pbx: PrivatePbx) -> float:
    """What the PBX's process holds in memory."""
    for line in Path(f"/proc/{pbx.pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("the kernel does not say how much memory the PBX holds")


@asynccontextmanager
async def agi_server() -> AsyncIterator[int]:
    """A FastAGI server on loopback that sets one variable at once and is done; its port."""
    server = await asyncio.start_server(_answer, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while (await reader.readline()).strip():
        pass
    writer.write(b'SET VARIABLE ANSWER "voicemail"\n')
    await writer.drain()
    await reader.readline()
    writer.close()
