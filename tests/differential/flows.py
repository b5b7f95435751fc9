"""Flows that no configuration can say yet: keys anywhere, several forwards, exits to anywhere ahead."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from pbxctl.plan.flow import (
    EXITS,
    UNCONFIRMED,
    Collect,
    Dial,
    Flow,
    Handover,
    Hangup,
    Offer,
    Play,
    Record,
    Sound,
    Speak,
    Step,
    Template,
    Voicemail,
)

KEYS = "0123456789*"


def odd_flow(random: Random, like: Flow, languages: Sequence[str]) -> Flow:
    """A flow for the mode of ``like``, with the contexts, numbers and mailbox that ``like`` has.

    Every exit leads ahead, the last step hangs up.
    """
    makers = [maker for step in like.steps if (maker := _maker(random, step)) is not None]
    # A forward has the most exits, and is the one kind of step that only some modes have.
    makers += [maker for step in like.steps if isinstance(step, Dial) and (maker := _maker(random, step))] * 4
    makers += [_offer(random, languages), _speak(random, languages)]
    makers += [_collect(random), _collect(random), *(_play(sound) for sound in Sound)]
    count = random.randint(2, 6)
    names = [f"step_{index}" for index in range(count)]
    steps: list[Step] = [Hangup("end", random.choice([16, 17, 21]))]
    if random.random() < 0.5:
        steps.append(Hangup("other_end", 16))
    for name in reversed(names):
        ahead = [step.name for step in steps]

        def exits(kind: str, ahead: list[str] = ahead) -> dict[str, str]:
            found = {exit_: random.choice(ahead) for exit_ in EXITS[kind.removeprefix("keyed ")]}
            if kind in ("collect", "offer") or (kind == "keyed play" and random.random() < 0.6):
                found |= {key: random.choice(ahead) for key in random.sample(KEYS, random.randint(1, 4))}
            return found

        steps.append(random.choice(makers)(name, exits))
    return Flow(like.mode, tuple(reversed(steps)))


_Exits = Callable[[str], dict[str, str]]
_Maker = Callable[[str, _Exits], Step]


def _maker(random: Random, step: Step) -> _Maker | None:
    match step:
        case Dial():
            return lambda name, exits: Dial(
                name,
                step.context,
                tuple(random.sample(step.numbers, random.randint(1, len(step.numbers)))),
                step.shown,
                step.loop,
                1,
                step.max_calls,
                {**exits("dial"), **({} if step.confirm is None else {UNCONFIRMED: exits("dial")["silent"]})},
                diverted=step.diverted,
                confirm=step.confirm,
            )
        case Voicemail():
            return lambda name, exits: Voicemail(name, step.mailbox, exits("voicemail"))
        case Record():
            return lambda name, exits: Record(name, 1, exits("record"))
        case Template():
            ends = step.exits
            return lambda name, exits: Template(
                name, step.file, step.digest, {exit_: exits("template")["failed"] for exit_ in ends}
            )
        case Handover():
            return lambda name, exits: Handover(name, step.context, exits("handover"))
    return None


def _collect(random: Random) -> _Maker:
    return lambda name, exits: Collect(name, 1, exits("collect"))


def _offer(random: Random, languages: Sequence[str]) -> _Maker:
    def made(name: str, exits: _Exits) -> Step:
        wired = exits("offer")
        return Offer(name, random.choice(languages), random.choice(sorted(set(wired) - {"done"})), wired)

    return made


def _speak(random: Random, languages: Sequence[str]) -> _Maker:
    return lambda name, exits: Speak(name, random.choice(languages), exits("speak"))


def _play(sound: Sound) -> _Maker:
    kind = "play" if sound is Sound.BUILT_IN else "keyed play"
    return lambda name, exits: Play(name, sound, exits(kind))
