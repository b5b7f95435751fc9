"""One Asterisk with many instances side by side, on which cases are called and their stories read back."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import numpy as np

from pbxctl.journal.cel import call_events, parse_cel
from pbxctl.journal.events import CEL_EVENT_NAME, JournalEvent, StepReached, parse_event
from pbxctl.pbx.asterisk.ami import ActionRefused, AmiSession, first_line
from pbxctl.rehearse.packages import AsteriskInstall
from pbxctl.rehearse.pbx_files import REHEARSAL_IP
from pbxctl.rehearse.private_pbx import PrivatePbx
from pbxctl.rehearse.sip.agent import SipAgent
from pbxctl.rehearse.sip.scripts import answers, by_number, is_busy, never_answers, rejects
from pbxctl.render.asterisk import render_asterisk
from pbxctl.render.rendering import Rendering

from .cases import Case
from .configurations import Configuration
from .database import Pointed
from .surroundings import (
    CASE,
    CEL,
    HELD,
    ORDINARY,
    built_in_sounds,
    extensions_conf,
    settings_of,
    voicemail_conf,
    write_sounds,
)

TemplatesOf = Callable[[Configuration], Mapping[str, str]]

AT_ONCE = 48
CASE_LIMIT_S = 20.0
PUTS_AT_ONCE = 400


@dataclass(frozen=True, slots=True)
class Heard:
    """What really happened: our events in the journal, and whether the PBX's own dialplan took the call."""

    events: tuple[JournalEvent, ...]
    ordinary: bool
    trouble: str = ""


@dataclass
class Instance:
    """One configuration as it stands on the PBX."""

    configuration: Configuration
    default: Rendering
    current: Rendering
    stored: dict[str, str] = field(default_factory=dict)
    touched: dict[str, str | None] = field(default_factory=dict)

    @property
    def pointed(self) -> Pointed:
        """What a good pointer names."""
        return Pointed(self.current.generation, self.current.revision)


@dataclass(frozen=True, slots=True)
class CelEvent:
    """One channel event as the manager interface tells it at once; a user-defined one by its own name."""

    name: str
    uniqueid: str
    channel: str
    extra: str


class DifferentialPbx:
    """The PBX, the line that calls it, and the provider behind its trunk."""

    def __init__(self, pbx: PrivatePbx, instances: Mapping[str, Instance]) -> None:
        self.instances = instances
        self._pbx = pbx
        self._numbers = itertools.count(1)
        self._channels: dict[str, asyncio.Queue[CelEvent]] = {}
        self._expected: dict[str, asyncio.Queue[CelEvent]] = {}
        self._line: SipAgent

    @classmethod
    @asynccontextmanager
    async def running(
        cls,
        install: AsteriskInstall,
        configurations: Sequence[Configuration],
        templates: TemplatesOf,
        folder: Path,
    ) -> AsyncIterator[DifferentialPbx]:
        """Render all configurations by their templates, and start the PBX with them and with sounds."""
        instances = {each.instance: _rendered(each, templates(each), folder) for each in configurations}
        files: dict[str, str] = {}
        for instance in instances.values():
            # The entry, where the default generation stands, is that of the default plan.
            files |= instance.current.files
            files |= instance.default.files
        write_sounds(configurations, folder)
        pbx = PrivatePbx(
            install,
            {
                **files,
                "extensions.conf": extensions_conf(configurations, sorted(files)),
                "voicemail.conf": voicemail_conf(configurations),
                "cel.conf": CEL,
            },
            sounds=built_in_sounds(folder),
        )
        running = cls(pbx, instances)
        async with pbx, await SipAgent.open(*pbx.trunk_address) as provider:
            provider.on_invite(_PROVIDER)
            async with (
                await SipAgent.open(REHEARSAL_IP) as running._line,
                await AmiSession.connect(*pbx.manager, events="call") as ami,
            ):
                await ami.send("Filter", Operation="Add", Filter="Event: CEL")
                listener = asyncio.create_task(running._listen(ami), name="cel")
                await running._put_dates()
                try:
                    yield running
                finally:
                    listener.cancel()

    async def call_all(self, cases: Sequence[Case]) -> list[Heard]:
        """Call each case, those of one instance one after another; what happened, in the cases' order."""
        at_once = asyncio.Semaphore(AT_ONCE)
        numbers = [str(next(self._numbers)) for _ in cases]
        queues: dict[str, list[tuple[str, Case]]] = {}
        for number, case in zip(numbers, cases, strict=True):
            queues.setdefault(case.configuration.instance, []).append((number, case))
        troubles: dict[str, str] = {}

        async def one_after_another(queue: list[tuple[str, Case]]) -> None:
            for number, case in queue:
                async with at_once:
                    troubles[number] = await self._call(number, case)

        async with asyncio.TaskGroup() as group:
            for queue in queues.values():
                group.create_task(one_after_another(queue))
        heard = self._read_journal()
        return [Heard(*heard.get(number, ((), False)), trouble=troubles[number]) for number in numbers]

    def log(self) -> str:
        """What Asterisk complained of."""
        return self._pbx.log_path.read_text(errors="replace")

    async def _call(self, number: str, case: Case) -> str:
        """Place one call and see it to its end; what went wrong in doing so, empty where nothing did."""
        instance = self.instances[case.configuration.instance]
        events = self._expected[number] = asyncio.Queue()
        try:
            async with asyncio.timeout(CASE_LIMIT_S), self._held(case):
                await self._prepare(instance, case)
                call = await self._line.call(
                    quote(case.did, safe="+"),
                    self._pbx.sip_address,
                    from_user=case.caller.user,
                    from_uri="" if case.caller.user else f"sip:{REHEARSAL_IP}",
                    headers={
                        **case.headers,
                        "X-Case": number,
                        "X-Instance": case.configuration.instance,
                    },
                )
                story = iter(case.story.events)
                while (event := await events.get()).name != "CHAN_END":
                    told = _told(event)
                    if told is None:
                        continue
                    if told != next(story, None) or _ends(told, case):
                        await call.hang_up()
                    elif isinstance(told, StepReached) and told.step in case.keyed_steps:
                        await call.send_digits(case.key)
                await call.ended(CASE_LIMIT_S)
        except TimeoutError:
            return f"no end within {CASE_LIMIT_S:g} s"
        finally:
            del self._expected[number]
        return ""

    async def _prepare(self, instance: Instance, case: Case) -> None:
        """Make the database hold what the case says, and else what was rendered."""
        wanted = dict(case.database.values)
        day = case.day_key()
        if case.database.day_touched and day is not None:
            rendering = instance.current if case.database.current else instance.default
            wanted[f"{rendering.revision}/{day}"] = case.database.day
        for key in instance.touched:
            wanted.setdefault(key, instance.stored.get(key))
        family = instance.default.pointer.family
        changes = [
            self._store(family, key, value)
            for key, value in wanted.items()
            if instance.touched.get(key, instance.stored.get(key)) != value
        ]
        instance.touched.update(wanted)
        service = case.service
        if service.endswith("answers") and not case.configuration.surroundings.patient:
            service += "-long"
        await asyncio.gather(*changes, self._store("service", case.configuration.instance, service))

    async def _store(self, family: str, key: str, value: str | None) -> None:
        if value is not None:
            await self._pbx.ami.send("DBPut", Family=family, Key=key, Val=value)
            return
        with contextlib.suppress(ActionRefused):
            await self._pbx.ami.send("DBDel", Family=family, Key=key)

    async def _put_dates(self) -> None:
        for instance in self.instances.values():
            entries = {*instance.default.entries, *instance.current.entries}
            instance.stored = {entry.key: entry.value for entry in entries}
        entries_of_all = [
            (instance.default.pointer.family, key, value)
            for instance in self.instances.values()
            for key, value in instance.stored.items()
        ]
        for start in range(0, len(entries_of_all), PUTS_AT_ONCE):
            batch = entries_of_all[start : start + PUTS_AT_ONCE]
            await asyncio.gather(*(self._store(*entry) for entry in batch))

    @asynccontextmanager
    async def _held(self, case: Case) -> AsyncIterator[None]:
        """Other callers who are being forwarded meanwhile, as many as the case says."""
        if not case.forwards or case.group is None:
            yield
            return
        held = [await self._hold(case, case.group) for _ in range(case.forwards)]
        try:
            yield
        finally:
            for events, channel in held:
                await self._pbx.ami.send("Hangup", Channel=channel)
                while (await events.get()).name != "CHAN_END":
                    pass

    async def _hold(self, case: Case, group: str) -> tuple[asyncio.Queue[CelEvent], str]:
        token = f"held-{next(self._numbers)}"
        events = self._expected[token] = asyncio.Queue()
        family = f"pbxctl-{case.configuration.instance}"
        await self._pbx.ami.send(
            "Originate",
            Channel="Local/s@hold/n",
            Application="Wait",
            Data="600",
            Variable=[f"__TOKEN={token}", f"__HOLD={group}", f"__FAMILY={family}"],
            Async="true",
        )
        event = await events.get()
        del self._expected[token]
        return events, event.channel

    async def _listen(self, ami: AmiSession) -> None:
        with ami.events("CEL") as stream:
            while True:
                try:
                    headers = await stream.next(limit_s=60)
                except TimeoutError:
                    continue
                event = CelEvent(
                    first_line(headers, "EventName"),
                    first_line(headers, "UniqueID"),
                    first_line(headers, "Channel"),
                    first_line(headers, "Extra"),
                )
                self._dispatch(event)

    def _dispatch(self, event: CelEvent) -> None:
        named = _extra(event.extra) if event.name in (CASE, HELD) else ""
        if named in self._expected and event.uniqueid not in self._channels:
            self._channels[event.uniqueid] = self._expected[named]
        if (queue := self._channels.get(event.uniqueid)) is not None:
            queue.put_nowait(event)
            if event.name == "CHAN_END":
                del self._channels[event.uniqueid]

    def _read_journal(self) -> dict[str, tuple[tuple[JournalEvent, ...], bool]]:
        """Each case's own events, and whether the PBX's own dialplan took the call."""
        with self._pbx.journal_path.open(encoding="utf-8", errors="replace", newline="") as file:
            lines = list(parse_cel(file))
        named: dict[str, str] = {}
        ordinary = set()
        for line in lines:
            if line.user_type == CASE:
                named[_extra(line.extra)] = line.uniqueid
            if line.user_type == ORDINARY:
                ordinary.add(line.uniqueid)
        events = call_events(lines)
        return {
            number: (tuple(events.get(uniqueid, ())), uniqueid in ordinary)
            for number, uniqueid in named.items()
        }


_PROVIDER = by_number(
    {
        # Long enough for the PBX to join the two before it ends.
        "answers-long": answers(),
        "answers": answers(plays=np.zeros(1600, np.int16), hangs_up=True),
        "busy": is_busy(),
        "rings": never_answers(),
        "404": rejects(404),
        "503": rejects(503),
    }
)


def _rendered(configuration: Configuration, templates: Mapping[str, str], folder: Path) -> Instance:
    settings = settings_of(configuration, folder)
    return Instance(
        configuration,
        render_asterisk(configuration.default, templates, settings),
        render_asterisk(configuration.current, templates, settings),
    )


def _extra(text: str) -> str:
    try:
        return str(json.loads(text)["extra"])
    except (ValueError, KeyError, TypeError):
        return ""


def _told(event: CelEvent) -> JournalEvent | None:
    """What a channel event tells of the call's story, if it is one of ours."""
    return parse_event(_extra(event.extra)) if event.name == CEL_EVENT_NAME else None


def _ends(told: JournalEvent, case: Case) -> bool:
    """Whether the caller hangs up on this."""
    return isinstance(told, StepReached) and told.step == case.gone_in
