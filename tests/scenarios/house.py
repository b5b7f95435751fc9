"""A private PBX with some companies on it, their colleagues and answering services at the telephone."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pbxctl.journal.cel import CelLine, call_events, parse_cel
from pbxctl.journal.events import JournalEvent, StepReached
from pbxctl.journal.records import OddLine
from pbxctl.rehearse.hearing import heard, read_sound
from pbxctl.rehearse.packages import AsteriskInstall
from pbxctl.rehearse.pbx_files import REHEARSAL_IP, Neighbours
from pbxctl.rehearse.private_pbx import PrivatePbx
from pbxctl.rehearse.sip.agent import Handler, SipAgent
from pbxctl.rehearse.sip.call import CallResult
from pbxctl.rehearse.sip.incoming import IncomingCall
from pbxctl.rehearse.sip.message import Value
from pbxctl.rehearse.sip.outgoing import OutgoingCall
from pbxctl.rehearse.sip.rtp import RATE_HZ, Samples
from pbxctl.rehearse.sip.scripts import answers, is_busy
from tests.scenarios.caller import (
    ENOUGH,
    GENERATED_TONE,
    Ears,
    first_sound_s,
    longest_silence_s,
    melody,
    speak_after_tone,
)
from tests.scenarios.company import Company
from tests.scenarios.room import BUILT_IN, Room, extensions_conf, modules_conf, voicemail_conf, write_built_in
from tests.scenarios.stories import is_over, stories_of

MESSAGE_LIMIT_S = 6.0
EVENT_LIMIT_S = 10.0
PRESSED_AFTER_S = 0.2
"""So much more is heard before each key is pressed."""


@dataclass(frozen=True, slots=True)
class Experience:
    """What a caller lived through. ``message`` is where his words lie: ``mailbox``, ``recording``, ``""``."""

    caller: str
    result: CallResult
    heard: Mapping[str, tuple[float, float]]
    message: str
    first_sound_s: float | None
    longest_silence_s: float

    @property
    def sounds(self) -> tuple[str, ...]:
        """What was heard, in the order of the names."""
        return tuple(sorted(self.heard))


@dataclass
class House:
    """The running PBX, and the agents that call it and are called by it."""

    pbx: PrivatePbx
    rooms: Mapping[str, Room]
    ears: Ears
    line: SipAgent
    provider: SipAgent
    phones: SipAgent
    services: dict[str, Handler] = field(default_factory=dict)
    rung_by: list[str] = field(default_factory=list)
    service_rung_by: list[tuple[str, str]] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        install: AsteriskInstall,
        rooms: Sequence[Room],
        folder: Path,
        *,
        noload: Sequence[str] = (),
        built_in: Sequence[str] = (*BUILT_IN, "beep"),
        files: Mapping[str, str] | None = None,
        dialplan: str = "",
        at: datetime | None = None,
        neighbours: Neighbours | None = None,
    ) -> AsyncIterator[House]:
        """Start it with these rooms, without the modules of ``noload`` and but the ``built_in`` sounds.

        ``folder`` is the one that the rooms were made in; ``at`` is the moment that the PBX takes for now.
        """
        voice = install.voice("en")
        assert voice is not None
        write_built_in(folder / "built-in", voice, built_in)
        pbx = PrivatePbx(
            install,
            {
                "extensions.conf": extensions_conf(rooms) + dialplan,
                "voicemail.conf": voicemail_conf(rooms),
                "modules.conf": modules_conf(noload),
                **{name: text for room in rooms for name, text in room.files.items()},
                **(files or {}),
            },
            folder=folder,
            at=at,
            sounds={"en": folder / "built-in"},
            neighbours=neighbours,
        )
        async with (
            pbx,
            await SipAgent.open(REHEARSAL_IP) as line,
            await SipAgent.open(*pbx.trunk_address) as provider,
            await SipAgent.open(*pbx.phones_address) as phones,
        ):
            by_instance = {room.company.instance: room for room in rooms}
            house = cls(pbx, by_instance, _ears(voice), line, provider, phones)
            phones.on_invite(house.colleague)
            provider.on_invite(house._answering_service)
            for room in rooms:
                for entry in (*room.rendering.entries, room.rendering.pointer):
                    await pbx.database_put(entry.family, entry.key, entry.value)
            yield house

    def new_caller(self) -> str:
        """A number that nobody has called from yet."""
        return f"0470{next(self._numbers):06}"

    async def call(
        self,
        company: Company,
        at: datetime | None,
        *,
        caller: Value = "",
        did: Value = "",
        headers: Mapping[str, Value] | None = None,
        **more: Value,
    ) -> OutgoingCall:
        """Place a call at the moment ``at``, or through the trunk, now, where it is None."""
        extra: dict[str, Value] = dict(headers or {})
        if at is not None:
            extra.setdefault("X-PBXCTL-Moment", str(int(at.timestamp())))
        agent = self.provider if at is None else self.line
        return await agent.call(
            did or company.did,
            self.pbx.sip_address,
            from_user=caller or self.new_caller(),
            headers=extra,
            **more,
        )

    async def experience(
        self,
        company: Company,
        at: datetime | None,
        *,
        caller: str = "",
        did: str = "",
        headers: Mapping[str, Value] | None = None,
        presses: str = "",
        keys: Mapping[str, str] | None = None,
        **more: Value,
    ) -> Experience:
        """Call as a customer does, speak after the tone, and see what came of it.

        ``presses`` are keys pressed one after another, the first as soon as a sound is heard.
        ``keys`` are pressed, each in the step that it is given for.
        """
        caller = caller or self.new_caller()
        call = await self.call(company, at, caller=caller, did=did, headers=headers, **more)
        words = melody(f"{caller} {next(self._numbers)}")
        room = self.rooms[company.instance]
        there = set(room.messages())
        for key in presses:
            await call.heard(len(call.recording) / RATE_HZ + PRESSED_AFTER_S, EVENT_LIMIT_S)
            await call.send_digits(key)
        pressing = [asyncio.create_task(self._press(call, caller, *each)) for each in (keys or {}).items()]
        result = await speak_after_tone(call, self.ears, words)
        await asyncio.gather(*pressing)
        spoke = bool(call.stream.sent_packets) and result.ended_by == "us" and result.answered_s is not None
        message = await self._message(room, words, there) if spoke else ""
        recording = result.heard_after_answer
        return Experience(
            caller,
            result,
            await asyncio.to_thread(self.ears.recognise, result.recording),
            message,
            first_sound_s(result),
            longest_silence_s(recording),
        )

    async def _press(self, call: OutgoingCall, caller: str, step: str, key: str) -> None:
        await self.reached(caller, step)
        await call.send_digits(key)

    async def story(self, caller: str) -> list[JournalEvent]:
        """Our own events of the calls from ``caller``, once the journal is at the end of each."""
        lines = await self._journal_until(lambda lines: is_over(lines, caller))
        return [event for events in stories_of(lines, caller) for event in events]

    async def reached(self, caller: str, step: str) -> None:
        """Return once the call from ``caller`` has reached that step of its flow."""
        await self._journal_until(
            lambda lines: any(
                isinstance(event, StepReached) and event.step == step
                for events in stories_of(lines, caller)
                for event in events
            )
        )

    async def stories_after(self, known: set[str], count: int = 1) -> list[list[JournalEvent]]:
        """Our events of calls whose channels are not ``known``, once ``count`` of them are over."""

        def over(lines: list[CelLine]) -> set[str]:
            ended = {line.uniqueid for line in lines if line.type == "CHAN_END"}
            return ended & set(call_events(lines)) - known

        lines = await self._journal_until(lambda lines: len(over(lines)) >= count)
        return [events for uniqueid, events in call_events(lines).items() if uniqueid not in known]

    def known_channels(self) -> set[str]:
        """The channels of which the journal has events of ours."""
        return set(call_events(self.journal())) if self.pbx.journal_path.exists() else set()

    async def idle(self) -> None:
        """Return once no channel is left."""
        async with asyncio.timeout(EVENT_LIMIT_S):
            while (await self.pbx.run_cli("core show channels count"))[0].split()[0] != "0":  # noqa: ASYNC110
                await asyncio.sleep(0.05)  # A channel ends a moment after the BYE, and tells nobody here.

    def complaints(self, *kinds: str) -> list[str]:
        """The lines of Asterisk's log of these kinds: ``ERROR``, ``WARNING``."""
        # The loader of 16 names its own modules that later releases no longer have.
        log = self.pbx.log_path.read_text(errors="replace")
        lines = (line for line in log.splitlines() if any(f" {kind}[" in line for kind in kinds))
        return [line for line in lines if "but was deprecated in Asterisk" not in line]

    def journal(self) -> list[CelLine]:
        """Every line of the journal until now, but for what cannot be read."""
        return [line for line in self._journal() if isinstance(line, CelLine)]

    def odd_lines(self) -> list[OddLine]:
        return [line for line in self._journal() if isinstance(line, OddLine)]

    def _journal(self) -> list[CelLine | OddLine]:
        return list(parse_cel(self.pbx.journal_path.read_bytes().splitlines(keepends=True)))

    async def _journal_until(self, complete: Callable[[list[CelLine]], bool]) -> list[CelLine]:
        async with asyncio.timeout(EVENT_LIMIT_S):
            while True:
                with contextlib.suppress(FileNotFoundError):
                    if complete(lines := self.journal()):
                        return lines
                await asyncio.sleep(0.05)

    async def _message(self, room: Room, words: Samples, seen: set[tuple[Path, int]]) -> str:
        """Where these words came to lie, once the PBX has filed them; ``seen`` are files of before."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(MESSAGE_LIMIT_S):
                while True:
                    # Asterisk tells nobody when it has filed a message.
                    for version, where in room.messages().items():
                        if version not in seen:
                            seen.add(version)
                            if await asyncio.to_thread(_holds, version[0], words):
                                return where
                    await asyncio.sleep(0.1)
        return ""

    async def colleague(self, call: IncomingCall) -> None:
        """Answer, say who one is, hang up."""
        self.rung_by.append(call.from_user)
        await answers(plays=melody("colleague"), hangs_up=True)(call)

    async def _answering_service(self, call: IncomingCall) -> None:
        self.service_rung_by.append((call.to_user, call.from_user))
        await self.services.get(call.to_user, is_busy())(call)


def _ears(voice: Path) -> Ears:
    prompts = ("neutral prompt", "prompt", "fell_back", "mailbox_full", "language", "confirm")
    names = ("colleague", "neutral", "service", *prompts, *(f"fr {name}" for name in prompts), *BUILT_IN)
    sounds = {name: melody(name) for name in names}
    return Ears({**sounds, "tone": GENERATED_TONE}, (read_sound(voice / "beep.wav"), GENERATED_TONE))


def _holds(path: Path, words: Samples) -> bool:
    with contextlib.suppress(Exception):  # It is being written.
        recording = read_sound(path)
        return len(recording) >= RATE_HZ // 2 and heard(recording, words).share >= ENOUGH
    return False
