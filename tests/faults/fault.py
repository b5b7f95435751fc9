"""A part that is taken away, what callers must then live through, and the table of what they did."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from pbxctl.rehearse.sip.agent import Handler
from pbxctl.rehearse.sip.scripts import is_busy
from tests.scenarios.company import ORDINARY_FRIDAY, OVERRIDE_UNTIL, At, Company
from tests.scenarios.house import Experience, House
from tests.scenarios.room import Room

CALLS_AT_ONCE = 32


@dataclass(frozen=True, slots=True)
class Expected:
    """The sounds that are heard whole, in the order of their names, and where the words come to lie."""

    sounds: tuple[str, ...]
    message: str = ""


_PROMPTS = {"prompt", "neutral prompt"}

PROMPT = Expected(("prompt",), "mailbox")
NO_DAY = Expected(("neutral prompt",), "mailbox")
NEUTRAL = Expected(("neutral",), "mailbox")
BUILT_IN = Expected(("vm-intro", "vm-nobodyavail"), "mailbox")
COLLEAGUE = Expected(("colleague",))


def _spoken(expected: Expected, aside: str, beside: set[str]) -> tuple[str, ...]:
    """The sounds, with a short sentence where one of those is heard that it stands beside."""
    there = beside & set(expected.sounds)
    return tuple(sorted({*expected.sounds, aside})) if there else expected.sounds


def recorded(expected: Expected) -> Expected:
    """The same, but with the words in a plain file, and the caller is told so."""
    return Expected(_spoken(expected, "mailbox_full", {*_PROMPTS, "neutral"}), "recording")


def unrecorded(expected: Expected) -> Expected:
    """The same, but no words can be kept: he is told that it may be so, and the call ends at once."""
    return replace(recorded(expected), message="")


def fallen_back(expected: Expected) -> Expected:
    """The same, but the caller is told that the answering service cannot take the call."""
    return Expected(_spoken(expected, "fell_back", _PROMPTS), expected.message)


def without_a_day(expected: Expected) -> Expected:
    """The same, but no day is named in the company's prompt."""
    sounds = tuple("neutral prompt" if name == "prompt" else name for name in expected.sounds)
    return Expected(sounds, expected.message)


def always(expected: Expected) -> Mapping[At | None, Expected]:
    """The same whichever way the doors are closed; after an override, nobody knows when people answer."""
    return {
        At.VOICEMAIL: expected,
        At.ANSWERING_SERVICE: fallen_back(expected),
        At.OVERRIDE: without_a_day(expected),
    }


def _as_it_is(room: Room) -> Room:
    return room


def _nothing(room: Room) -> Mapping[str, str | None]:
    return {}


def _busy(house: House, company: Company) -> Handler:
    return is_busy()


@dataclass(frozen=True)
class Fault:
    """One part missing.

    ``expected`` is by the way in which the doors are closed, None for an open company. ``take``
    takes the part away before the PBX starts; ``database`` gives values to be put afterwards (None:
    deleted); ``noload`` and ``built_in`` ask for a PBX of their own.
    """

    name: str
    expected: Mapping[At | None, Expected]
    take: Callable[[Room], Room] = _as_it_is
    database: Callable[[Room], Mapping[str, str | None]] = _nothing
    service: Callable[[House, Company], Handler] = _busy
    noload: tuple[str, ...] = ()
    built_in: tuple[str, ...] = ("vm-nobodyavail", "vm-intro", "beep")
    company: Callable[[int], Company] = Company
    caller_is_us: bool = False

    def cases(self) -> list[tuple[Fault, At | None]]:
        return [(self, at) for at in self.expected]


def case_name(case: object) -> str:
    """How a test of one case is called."""
    if isinstance(case, tuple):
        fault, at = case
        return f"{fault.name}, {at or 'open'}"
    return str(case)


Case = tuple[Fault, "At | None"]
Lived = dict[tuple[str, "At | None"], Experience]


@dataclass
class Table:
    """What was measured: part, doors, heard, message."""

    rows: list[tuple[str, str, str, str, str]] = field(default_factory=list)

    def add(self, fault: Fault, at: At | None, lived: Experience) -> None:
        heard = ", ".join(
            f"{name} {share:.0%} {level:.0f} dB" for name, (share, level) in sorted(lived.heard.items())
        )
        first = "" if lived.first_sound_s is None else f"{lived.first_sound_s:.1f}"
        self.rows.append((fault.name, str(at or "open"), heard or "nothing", first, lived.message or "—"))

    def lines(self) -> list[str]:
        head = [
            "| missing | doors | heard (share, level) | first sound, s | message |",
            "|---|---|---|---|---|",
        ]
        return head + [f"| {' | '.join(row)} |" for row in self.rows]


TABLE = Table()


async def live_through(
    house: House, faults: Sequence[tuple[Fault, Company]], at_once: int = CALLS_AT_ONCE
) -> Lived:
    """Call each company in every way that its fault expects something of, all at the same time."""
    gate = asyncio.Semaphore(at_once)
    lived: Lived = {}

    async def one(fault: Fault, company: Company, at: At | None) -> None:
        async with gate:
            caller = company.did if fault.caller_is_us else ""
            lived[fault.name, at] = await house.experience(company, moment_of(at), caller=caller)

    for fault, company in faults:
        await prepare(house, fault, company)
    async with asyncio.TaskGroup() as tasks:
        for fault, company in faults:
            for at in fault.expected:
                tasks.create_task(one(fault, company, at))
    for fault, _ in faults:
        for at in fault.expected:
            TABLE.add(fault, at, lived[fault.name, at])
    return lived


async def prepare(house: House, fault: Fault, company: Company) -> None:
    """Put the override in force, then the values of the fault, and have the answering service behave."""
    room = house.rooms[company.instance]
    override = f"1|1|voicemail|{int(OVERRIDE_UNTIL.timestamp())}|201|test"
    for key, value in {"override/main": override, **fault.database(room)}.items():
        if value is not None:
            await house.pbx.database_put(company.prefix, key, value)
        else:
            await house.pbx.run_cli(f"database deltree {company.prefix} {key}".rstrip())
    house.services[company.service] = fault.service(house, company)


def moment_of(at: At | None) -> datetime:
    """The moment of a call."""
    return ORDINARY_FRIDAY if at is None else at.moment


def judge(fault: Fault, at: At | None, lived: Experience) -> None:
    """Something true was heard, and soon; and a message was possible, or somebody answered."""
    expected = fault.expected[at]
    assert (lived.sounds, lived.message) == (expected.sounds, expected.message), lived
    if "mailbox_full" in expected.sounds:
        # "If the call ends at once, nothing was recorded": before the caller has spoken, or never.
        assert lived.result.ended_by == ("us" if expected.message else "them"), lived
