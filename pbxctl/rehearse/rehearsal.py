"""A rehearsal: a private PBX at each moment, real calls to it, and what they heard."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path

from pbxctl.errors import OutOfReach
from pbxctl.journal.cel import call_events, parse_cel
from pbxctl.journal.events import Decided, Entered, JournalEvent
from pbxctl.plan.flow import Play, Sound
from pbxctl.plan.model import Plan
from pbxctl.prompts.needed import catalogue_of, needed_prompts, prompt_of_step
from pbxctl.rehearse.dialled import dialled
from pbxctl.rehearse.hearing import read_sound
from pbxctl.rehearse.owned_folder import OwnedFolder
from pbxctl.rehearse.packages import AsteriskInstall
from pbxctl.rehearse.pbx_files import Neighbours
from pbxctl.rehearse.people import AnsweringService, Colleagues, telephone
from pbxctl.rehearse.private_pbx import PrivatePbx
from pbxctl.rehearse.scenarios import Scenario
from pbxctl.rehearse.sip.agent import SipAgent
from pbxctl.rehearse.sip.call import CallResult
from pbxctl.rehearse.sip.rtp import Samples
from pbxctl.rehearse.stage import PHONE, TRUNK_CONTEXT, stage_files
from pbxctl.rehearse.verdict import Evidence, Verdict, broken_off, judge
from pbxctl.render.asterisk import AsteriskSettings, render_asterisk
from pbxctl.resources import resource_folder
from pbxctl.speech.build import build_prompts
from pbxctl.speech.espeak import Espeak

Progress = Callable[[str], None]

PBXES_AT_ONCE = 6
MESSAGE_LIMIT_S = 10.0
JOURNAL_LIMIT_S = 5.0


@dataclass(frozen=True, slots=True)
class Props:
    """What every private PBX of a rehearsal needs: the program, the templates, the sounds that were built."""

    install: AsteriskInstall
    templates: Mapping[str, str]
    sounds: Path


def build_sounds(
    plan: Plan, install: AsteriskInstall, folder: Path, cache: Path, recordings: Path | None = None
) -> None:
    """Put every sound that the plan can play into ``folder``: the company's prompts and our plain recordings.

    Raises:
        OutOfReach: the synthesiser is missing or failed.
        InputWrong: a recording is gone, or no sound.
    """
    plain = resource_folder("sounds")
    for language in plan.company.languages:
        shutil.copytree(plain / language, folder / language, dirs_exist_ok=True)
    prompts = needed_prompts(plan, catalogue_of(plan))
    espeak = Espeak(install.espeak, install.espeak_env)
    build_prompts(prompts, plan.company.languages, folder, cache, espeak, recordings=recordings)


async def rehearse(
    plan: Plan, scenarios: Sequence[Scenario], props: Props, progress: Progress
) -> list[Verdict]:
    """Place every scenario's call, each moment on a PBX of its own, and judge what was heard.

    Raises:
        OutOfReach: a private PBX does not start.
    """
    gate = asyncio.Semaphore(PBXES_AT_ONCE)

    async def at_moment(at: datetime, calls: list[Scenario]) -> list[Verdict]:
        async with gate, private_stage(plan, props, at) as stage:
            return await stage.play(calls, progress)

    groups = [(at, list(calls)) for at, calls in groupby(scenarios, key=lambda scenario: scenario.at)]
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(at_moment(at, calls)) for at, calls in groups]
    return [verdict for task in running for verdict in task.result()]


@asynccontextmanager
async def private_stage(plan: Plan, props: Props, at: datetime) -> AsyncIterator[Stage]:
    """A private PBX at ``at`` with the plan in force, its people at their telephones."""
    with OwnedFolder() as owned:
        folder = owned.path
        settings = AsteriskSettings(sounds="pbxctl", recordings=str(folder / "spool" / "pbxctl"))
        rendering = render_asterisk(plan, props.templates, settings)
        pbx = PrivatePbx(
            props.install,
            stage_files(plan, rendering),
            folder=folder,
            at=at,
            sounds={"pbxctl": props.sounds},
            neighbours=Neighbours(
                trunk_context=TRUNK_CONTEXT, phones=(PHONE,), softphone_context=TRUNK_CONTEXT
            ),
        )
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(pbx)
            # As apply does it: the dates first, and the one write that switches last.
            for entry in (*rendering.entries, rendering.pointer):
                await pbx.database_put(entry.family, entry.key, entry.value)
            colleagues, service = Colleagues(), AnsweringService()
            phones = await stack.enter_async_context(await SipAgent.open(*pbx.phones_address))
            phones.on_invite(colleagues.take)
            trunk = await stack.enter_async_context(await SipAgent.open(*pbx.trunk_address))
            trunk.on_invite(service.take)
            yield Stage(plan, props, pbx, trunk, colleagues, service)


@dataclass(frozen=True, slots=True)
class Stage:
    """One private PBX with its people."""

    plan: Plan
    props: Props
    pbx: PrivatePbx
    trunk: SipAgent
    colleagues: Colleagues
    service: AnsweringService

    async def play(self, scenarios: Sequence[Scenario], progress: Progress) -> list[Verdict]:
        """Place the calls side by side, wait for what they leave behind, and judge them.

        Whatever goes wrong within one call is that call's verdict, and no other's.
        """
        turn = asyncio.Lock()
        placed = await asyncio.gather(
            *(self._one(each, turn, progress) for each in scenarios), return_exceptions=True
        )
        stories = await self._stories(scenarios)
        verdicts = []
        for scenario, outcome in zip(scenarios, placed, strict=True):
            try:
                if isinstance(outcome, BaseException):
                    raise outcome
                result, message = outcome
                first = scenario.heard_first
                evidence = Evidence(
                    result=result,
                    prompt=None if first is None else self._sounds(scenario).get(first),
                    message=message,
                    rang=scenario.caller in self.colleagues.rung_by,
                    events=stories.get((scenario.route, scenario.caller), []),
                )
                verdicts.append(await asyncio.to_thread(judge, scenario, evidence))
            except Exception as error:
                verdicts.append(broken_off(scenario, error))
        return verdicts

    async def _one(
        self, scenario: Scenario, turn: asyncio.Lock, progress: Progress
    ) -> tuple[CallResult, Samples | None]:
        sounds, beep = self._sounds(scenario), read_sound(self._beep())
        whom = dialled(scenario.did, self.plan.did_in)
        async with AsyncExitStack() as busy:
            # The answering service sees one and the same number whoever calls: it is rung by one at a time.
            if scenario.service is not None:
                await busy.enter_async_context(turn)
            call = asyncio.ensure_future(
                telephone(self.trunk, self.pbx.sip_address, scenario, whom, sounds, beep)
            )
            if scenario.service is not None:
                rung = asyncio.ensure_future(self.service.expect(scenario.service, scenario.key).wait())
                await asyncio.wait([call, rung], return_when=asyncio.FIRST_COMPLETED)
                rung.cancel()
        result = await call
        message = await self._message(scenario) if scenario.may_speak else None
        progress(scenario.title)
        return result, message

    def _beep(self) -> Path:
        voice = self.props.install.voice("en")
        if voice is None:
            raise OutOfReach("the private PBX has no sounds; install asterisk-core-sounds-en-wav")
        return voice / "beep.wav"

    def _sounds(self, scenario: Scenario) -> dict[Sound, Samples]:
        """What is played to the caller, but for sentences that the PBX brings along."""
        story, spoken = scenario.trace.story, scenario.trace.spoken
        if spoken is None:
            return {}
        catalogue = catalogue_of(self.plan)
        decided = next((event.prompt for event in story.events if isinstance(event, Decided)), "")
        sounds: dict[Sound, Samples] = {}
        for step in (each.step for each in story.taken):
            if isinstance(step, Play) and step.sound is not Sound.BUILT_IN:
                own = prompt_of_step(catalogue, step)
                name = decided if step.sound is Sound.PROMPT else step.sound if own is None else own.stem
                sounds[step.sound] = read_sound(self.props.sounds / spoken.language / f"{name}.wav")
        return sounds

    async def _message(self, scenario: Scenario) -> Samples | None:
        """The message that this caller left, once the PBX has filed it."""
        mailbox = scenario.trace.story.mailbox
        if mailbox is None:
            return None
        box, _, context = mailbox.partition("@")
        inbox = self.pbx.spool / "voicemail" / context / box / "INBOX"
        with suppress(TimeoutError):
            async with asyncio.timeout(MESSAGE_LIMIT_S):
                while True:
                    for card in sorted(inbox.glob("msg*.txt")):
                        if scenario.caller in card.read_text(errors="replace"):
                            return read_sound(card.with_suffix(".wav"))
                    # Asterisk tells nobody when it has filed a message.
                    await asyncio.sleep(0.1)
        return None

    async def _stories(self, scenarios: Sequence[Scenario]) -> dict[tuple[str, str], list[JournalEvent]]:
        """Our own events of each call, by route and caller, once the journal has them all."""
        wanted = sum(len(scenario.trace.story.events) for scenario in scenarios)
        stories: dict[tuple[str, str], list[JournalEvent]] = {}
        with suppress(TimeoutError):
            async with asyncio.timeout(JOURNAL_LIMIT_S):
                while sum(map(len, stories.values())) < wanted:
                    stories = {}
                    for events in self._journal().values():
                        if events and isinstance(events[0], Entered):
                            stories[events[0].route, events[0].caller] = events
                    await asyncio.sleep(0.1)
        return stories

    def _journal(self) -> dict[str, list[JournalEvent]]:
        try:
            with self.pbx.journal_path.open("rb") as stream:
                return call_events(parse_cel(stream))
        except FileNotFoundError:
            return {}
