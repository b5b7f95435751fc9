"""One Asterisk with many instances side by side, on which cases are called and their stories read back."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import numpy as np

from pbxctl.journal.events import JournalEvent, StepReached
from pbxctl.pbx.asterisk.ami import ActionRefused, AmiSession
from pbxctl.rehearse.packages import AsteriskInstall
from pbxctl.rehearse.pbx_files import REHEARSAL_IP
from pbxctl.rehearse.private_pbx import PrivatePbx
from pbxctl.rehearse.sip.agent import SipAgent
from pbxctl.rehearse.sip.outgoing import OutgoingCall
from pbxctl.rehearse.sip.rtp import RATE_HZ
from pbxctl.rehearse.sip.scripts import answers, by_number, is_busy, never_answers, rejects

from .cases import Case
from .channels import ChannelEvents, Events, Heard, read_journal
from .configurations import Configuration
from .instances import Instance, TemplatesOf, rendered
from .surroundings import (
    CEL,
    built_in_sounds,
    extensions_conf,
    voicemail_conf,
    write_sounds,
)

AT_ONCE = 48
CASE_LIMIT_S = 20.0
PUTS_AT_ONCE = 400
HEARD_S = 0.06
"""So much of a sound is heard before a key is pressed during it."""

Numbered = tuple[str, Case]


class DifferentialPbx:
    """The PBX, the line that calls it, and the provider behind its trunk."""

    def __init__(
        self, pbx: PrivatePbx, line: SipAgent, channels: ChannelEvents, instances: Mapping[str, Instance]
    ) -> None:
        self.instances = instances
        self._pbx, self._line, self._channels = pbx, line, channels
        self._numbers = itertools.count(1)

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
        instances = {each.instance: rendered(each, templates(each), folder) for each in configurations}
        files = {name: text for each in instances.values() for name, text in each.files.items()}
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
        channels = ChannelEvents()
        async with pbx, await SipAgent.open(*pbx.trunk_address) as provider:
            provider.on_invite(_PROVIDER)
            async with (
                await SipAgent.open(REHEARSAL_IP) as line,
                await AmiSession.connect(*pbx.manager, events="call") as ami,
            ):
                await ami.send("Filter", Operation="Add", Filter="Event: CEL")
                running = cls(pbx, line, channels, instances)
                listener = asyncio.create_task(channels.listen(ami), name="channel events")
                await running._put_dates()
                try:
                    yield running
                finally:
                    listener.cancel()

    async def call_all(self, cases: Sequence[Case]) -> list[Heard]:
        """Call each case, those of one instance in their order; what happened, in the cases' order.

        Those that follow each other and find the same database and far end are called together.
        """
        at_once = asyncio.Semaphore(AT_ONCE)
        numbers = [str(next(self._numbers)) for _ in cases]
        of_instance: dict[str, list[Numbered]] = {}
        for number, case in zip(numbers, cases, strict=True):
            of_instance.setdefault(case.configuration.instance, []).append((number, case))
        troubles: dict[str, str] = {}

        async def call(number: str, case: Case) -> None:
            async with at_once:
                troubles[number] = await self._call(number, case)

        async def in_order(waiting: list[Numbered]) -> None:
            for alike in _alike(waiting):
                await self._prepare(alike[0][1])
                await asyncio.gather(*(call(*each) for each in alike))

        async with asyncio.TaskGroup() as group:
            for waiting in of_instance.values():
                group.create_task(in_order(waiting))
        heard = read_journal(self._pbx.journal_path)
        return [
            replace(heard.get(number, Heard((), ordinary=False)), trouble=troubles[number])
            for number in numbers
        ]

    async def _call(self, number: str, case: Case) -> str:
        """Place one call and see it to its end; what went wrong in doing so, empty where nothing did."""
        events = self._channels.expect(number)
        try:
            async with asyncio.timeout(CASE_LIMIT_S), self._held(case):
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
                await _see_to_its_end(call, case, events)
        except TimeoutError:
            return f"no end within {CASE_LIMIT_S:g} s"
        finally:
            self._channels.forget(number)
        return ""

    async def _prepare(self, case: Case) -> None:
        """Make the database and the answering service be what the case says."""
        configuration = case.configuration
        instance = self.instances[configuration.instance]
        service = case.service
        if service.endswith("answers") and not configuration.surroundings.patient:
            service += "-long"
        changes = instance.changes_for(case).items()
        await asyncio.gather(
            self._store("service", configuration.instance, service),
            *(self._store(instance.family, key, value) for key, value in changes),
        )

    async def _store(self, family: str, key: str, value: str | None) -> None:
        if value is not None:
            await self._pbx.ami.send("DBPut", Family=family, Key=key, Val=value)
            return
        with contextlib.suppress(ActionRefused):
            await self._pbx.ami.send("DBDel", Family=family, Key=key)

    async def _put_dates(self) -> None:
        entries = [
            (instance.family, key, value)
            for instance in self.instances.values()
            for key, value in instance.stored.items()
        ]
        for start in range(0, len(entries), PUTS_AT_ONCE):
            batch = entries[start : start + PUTS_AT_ONCE]
            await asyncio.gather(*(self._store(*entry) for entry in batch))

    @asynccontextmanager
    async def _held(self, case: Case) -> AsyncIterator[None]:
        """Other callers who are being forwarded meanwhile, as many as the case says."""
        held = [
            await self._hold(case.configuration.instance, case.group)
            for _ in range(case.forwards if case.group is not None else 0)
        ]
        try:
            yield
        finally:
            for events, channel in held:
                await self._pbx.ami.send("Hangup", Channel=channel)
                await _ended(events)

    async def _hold(self, instance: str, group: str | None) -> tuple[Events, str]:
        name = f"held-{next(self._numbers)}"
        events = self._channels.expect(name)
        await self._pbx.ami.send(
            "Originate",
            Channel="Local/s@hold/n",
            Application="Wait",
            Data="600",
            Variable=[f"__TOKEN={name}", f"__HOLD={group}", f"__FAMILY=pbxctl-{instance}"],
            Async="true",
        )
        return events, (await events.get()).channel


_PROVIDER = by_number(
    {
        "answers-long": answers(),
        # Long enough for the PBX to join the two before it ends.
        "answers": answers(plays=np.zeros(1600, np.int16), hangs_up=True),
        "presses-1-answers-long": answers(keys="1"),
        "presses-1-answers": answers(keys="1", plays=np.zeros(4800, np.int16), hangs_up=True),
        "busy": is_busy(),
        "rings": never_answers(),
        "404": rejects(404),
        "503": rejects(503),
    }
)


def _alike(waiting: list[Numbered]) -> list[list[Numbered]]:
    """Runs of cases that disturb each other in nothing: one database, and no forwards that count."""
    runs: list[list[Numbered]] = []
    for number, case in waiting:
        before = runs[-1][-1][1] if runs else None
        if (
            before is not None
            and before.group is None
            and case.group is None
            and not case.database.day_touched
            and (before.database, before.service) == (case.database, case.service)
        ):
            runs[-1].append((number, case))
        else:
            runs.append([(number, case)])
    return runs


async def _see_to_its_end(call: OutgoingCall, case: Case, events: Events) -> None:
    """Do what the caller does, until the channel has ended; a call that goes another way is hung up."""
    story = iter(case.story.events)
    while (event := await events.get()).name != "CHAN_END":
        told = event.told
        if told is None:
            continue
        if isinstance(told, StepReached) and told.step in case.keyed_plays:
            # Half a second of quiet comes first, in which nobody listens to keys.
            await call.heard(len(call.recording) / RATE_HZ + HEARD_S, CASE_LIMIT_S)
            await call.send_digits(case.key)
        if told != next(story, None) or _hangs_up_on(told, case):
            await call.hang_up()
        elif isinstance(told, StepReached) and told.step in case.keyed_steps:
            await call.send_digits(case.key)
    await call.ended(CASE_LIMIT_S)


def _hangs_up_on(told: JournalEvent, case: Case) -> bool:
    return isinstance(told, StepReached) and told.step == case.gone_in


async def _ended(events: Events) -> None:
    while (await events.get()).name != "CHAN_END":
        pass
