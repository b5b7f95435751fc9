"""The people around a private PBX, played by our own user agent: callers, colleagues, the service."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from zlib import crc32

import numpy as np

from pbxctl.plan.flow import Collect, Dial, Play, Sound
from pbxctl.rehearse.dialled import Dialled
from pbxctl.rehearse.hearing import heard
from pbxctl.rehearse.scenarios import Scenario, Service
from pbxctl.rehearse.sip.agent import Handler, SipAgent
from pbxctl.rehearse.sip.call import Call, CallResult
from pbxctl.rehearse.sip.incoming import IncomingCall
from pbxctl.rehearse.sip.rtp import RATE_HZ, Samples
from pbxctl.rehearse.sip.scripts import answers, is_busy, never_answers, rejects, takes_by

VOICE_S = 2.4
LONGEST_CALL_S = 120.0
# Nobody lets it ring longer, or waits longer for the tone once the prompt should be over.
RING_PATIENCE_S = 60.0
TONE_PATIENCE_S = 8.0
TALK_S = 3.0
# By so much of its beginning or end a caller knows a sentence; then he finds the key.
KNOWN_BY_S = 2
THINKS_S = 0.5
BEEP_LOOKED_FOR_EVERY_S = 0.2
# Nobody speaks into the tone, or hangs up within his last word.
_BREATH: Samples = np.zeros(RATE_HZ * 2 // 5, dtype=np.int16)


def voice(name: str) -> Samples:
    """What somebody of this name says: a melody of his own, as no prompt and nobody else has it."""
    rng = np.random.default_rng(crc32(name.encode()))
    note = np.arange(RATE_HZ * 3 // 10)
    notes = []
    for _ in range(round(VOICE_S / 0.3)):
        tones = rng.uniform(300, 3000, size=3)
        chord = sum(np.sin(2 * np.pi * tone * note / RATE_HZ + rng.uniform(0, 6)) for tone in tones)
        notes.append(chord * np.hanning(len(note)))
    melody = np.concatenate(notes)
    samples: Samples = (melody / np.abs(melody).max() * 9000).astype(np.int16)
    return samples


@dataclass(slots=True)
class Colleagues:
    """The desk phones: they answer, say who they are, and remember who rang."""

    rung_by: list[str] = field(default_factory=list)

    async def take(self, call: IncomingCall) -> None:
        """Answer as a colleague would."""
        self.rung_by.append(call.from_user)
        await answers(after_s=0.2, plays=voice("colleague"))(call)


@dataclass(slots=True)
class AnsweringService:
    """The far end of the trunk. One call at a time is told how to behave, by :meth:`expect`."""

    behaviour: Service = Service.ANSWERS
    key: str = ""
    rung: asyncio.Event = field(default_factory=asyncio.Event)
    shown: list[str] = field(default_factory=list)

    def expect(self, behaviour: Service, key: str = "") -> asyncio.Event:
        """The next call meets this behaviour, taken by ``key``; the event is set once it has arrived."""
        self.behaviour, self.key, self.rung = behaviour, key, asyncio.Event()
        return self.rung

    async def take(self, call: IncomingCall) -> None:
        """Do as was told."""
        handlers: dict[Service, Handler] = {
            Service.ANSWERS: takes_by(self.key, plays=voice("answering service"))
            if self.key
            else answers(after_s=0.5, plays=voice("answering service")),
            Service.UNCONFIRMED: answers(after_s=0.5, plays=voice("answering service")),
            Service.BUSY: is_busy(),
            Service.SILENT: never_answers(),
            Service.GONE: rejects(503),
        }
        handler = handlers[self.behaviour]
        self.shown.append(call.from_user)
        self.rung.set()
        await handler(call)


async def telephone(
    agent: SipAgent,
    pbx: tuple[str, int],
    scenario: Scenario,
    dialled: Dialled,
    sounds: Mapping[Sound, Samples],
    beep: Samples,
) -> CallResult:
    """Call, listen, press keys, speak after the tone if one comes, and hang up; as a caller would.

    ``sounds`` are those that the caller should hear.
    """
    call = await agent.call(
        dialled.user, pbx, from_user=scenario.caller, to=dialled.to, headers=dict(dialled.headers)
    )
    answered = asyncio.ensure_future(call.answered(RING_PATIENCE_S))
    await asyncio.wait([answered])
    if answered.exception() is not None:
        return await call.hang_up()
    await _press(call, scenario, sounds)
    steps = (each.step for each in scenario.trace.story.taken)
    played = [sounds[step.sound] for step in steps if isinstance(step, Play) and step.sound in sounds]
    prompt_s = sum(map(len, played)) / RATE_HZ
    if scenario.may_speak:
        # What a caller is asked meanwhile, and a forward that nobody takes, come before the tone.
        patience_s = prompt_s + TONE_PATIENCE_S + (RING_PATIENCE_S if _waits(scenario) else 0)
        if await _sound(call, beep, patience_s):
            call.play(np.concatenate([_BREATH, voice(scenario.caller), _BREATH]))
            await _unless_over(call, call.said(LONGEST_CALL_S))
    elif played and (scenario.is_answered_by_service or scenario.reaches_colleague):
        who = "answering service" if scenario.is_answered_by_service else "colleague"
        await _sound(call, voice(who), prompt_s + RING_PATIENCE_S)
    elif played:
        # The PBX hangs up once it has played.
        await _unless_over(call, call.heard(LONGEST_CALL_S, LONGEST_CALL_S))
    else:
        await _unless_over(call, call.heard(TALK_S, RING_PATIENCE_S))
    return await call.hang_up()


async def _press(call: Call, scenario: Scenario, sounds: Mapping[Sound, Samples]) -> None:
    """Press each key in its step, which is known by what is heard before it."""
    left = len(scenario.pressed)
    for each in scenario.trace.story.taken:
        if not left:
            return
        step, key = each.step, scenario.pressed.get(each.step.name)
        if isinstance(step, Collect):
            await asyncio.sleep(step.timeout_s + THINKS_S if key is None else THINKS_S)
        elif isinstance(step, Play) and (sound := sounds.get(step.sound)) is not None:
            part = sound[-KNOWN_BY_S * RATE_HZ :] if key is None else sound[: KNOWN_BY_S * RATE_HZ]
            until_s = (len(call.recording) + len(sound)) / RATE_HZ + TONE_PATIENCE_S
            await _sound(call, part, until_s)
        if key is not None:
            await call.send_digits(key)
            left -= 1


def _waits(scenario: Scenario) -> bool:
    """Whether the caller waits for something but the end of what is played."""
    return any(isinstance(each.step, Collect | Dial) for each in scenario.trace.story.taken)


async def _sound(call: Call, sound: Samples, patience_s: float) -> bool:
    """Wait for a sound, such as the tone after which one may speak; whether it came."""
    waited = BEEP_LOOKED_FOR_EVERY_S
    while waited < patience_s and not call.is_over:
        await _unless_over(call, call.heard(waited, patience_s))
        recent = call.recording[-RATE_HZ * 2 - len(sound) :]
        if len(recent) > len(sound) and heard(recent, sound).share > 0.9:
            return True
        waited = len(call.recording) / RATE_HZ + BEEP_LOOKED_FOR_EVERY_S
    return False


async def _unless_over(call: Call, wait: Awaitable[None]) -> None:
    """Wait for this, but no longer than the call lasts."""
    tasks = [asyncio.ensure_future(wait), asyncio.ensure_future(call.ended(LONGEST_CALL_S * 2))]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
