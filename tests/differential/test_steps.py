"""Every exit of every step, each leading somewhere else, so that none can stand for another."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, replace

import pytest

from pbxctl.plan.flow import (
    EXITS,
    UNCONFIRMED,
    Collect,
    Confirm,
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
from pbxctl.rehearse.packages import AsteriskInstall
from pbxctl.render.shared import digest

from .callers import presented
from .cases import KEYS, Case, case_of
from .configurations import Configuration, lasting
from .database import LATER, Pointed, database_of, good_pointer
from .edges import STRANGER, all_there, edge_configuration
from .own_modes import TEMPLATE, TEMPLATE_TEXT
from .pbx import DifferentialPbx
from .places import PLACES
from .report import Difference, differs
from .worlds import SERVICES

MODE = "voicemail"
AT = 1_796_000_000
WAITED_FOR = "15*"
CAP = 2


@dataclass(frozen=True, slots=True)
class Stage:
    """A step with an end for each exit, and whether what it needs is there."""

    step: str
    complete: bool
    keyed: bool = True


STAGES = (
    *(
        Stage(step, complete)
        for step in EXITS
        if step not in ("hangup", "collect", "offer", "speak")
        for complete in (True, False)
    ),
    *(Stage(sound, complete) for sound in ("neutral", "built_in") for complete in (True, False)),
    *(Stage("collect", complete=True, keyed=keyed) for keyed in (True, False)),
    *(Stage("keyed prompt", complete, keyed) for complete in (True, False) for keyed in (True, False)),
    *(Stage("keyed neutral", complete=True, keyed=keyed) for keyed in (True, False)),
    *(Stage("keyed offer", complete, keyed) for complete in (True, False) for keyed in (True, False)),
    *(Stage("speak", complete) for complete in (True, False)),
    Stage("offer of the caller's own", complete=True),
    Stage("dial twice", complete=True),
    Stage("dial by key", complete=True),
)


def _ends(*exits: str) -> dict[str, str]:
    return {exit_: f"end_{exit_.replace('*', 'star')}" for exit_ in exits}


_SPEAKING: Mapping[str, tuple[Step, ...]] = {
    "keyed offer": (Offer("first", "fr", "1", _ends("done", *WAITED_FOR)),),
    "offer of the caller's own": (Offer("first", "nl", "1", _ends("done", *WAITED_FOR)),),
    # What is played behind it is played in that language.
    "speak": (
        Speak("first", "fr", {"done": "prompt"}),
        Play("prompt", Sound.PROMPT, _ends(*EXITS["play"])),
    ),
}


def _steps(name: str, like: Mapping[str, Flow], instance: str) -> tuple[Step, ...]:
    if name in _SPEAKING:
        return _SPEAKING[name]
    service = like["answering_service"].steps[0]
    assert isinstance(service, Dial)
    dial = replace(service, max_calls=CAP, exits=_ends(*EXITS["dial"]))
    match name:
        case "play":
            return (Play("first", Sound.PROMPT, _ends(*EXITS["play"])),)
        case "neutral" | "built_in":
            return (Play("first", Sound(name), _ends(*EXITS["play"])),)
        case "keyed prompt" | "keyed neutral":
            sound = Sound(name.removeprefix("keyed "))
            return (Play("first", sound, _ends(*EXITS["play"], *WAITED_FOR)),)
        case "collect":
            return (Collect("first", 1, _ends("none", *WAITED_FOR)),)
        case "dial":
            return (dial,)
        case "dial by key":
            by_key = Confirm("1", "nl", 1, 2)
            return (replace(dial, exits=_ends(*EXITS["dial"], UNCONFIRMED), confirm=by_key),)
        case "dial twice":
            # The call itself is no longer one of those that are being forwarded.
            once = replace(dial, name="first", max_calls=1, exits=dict.fromkeys(EXITS["dial"], "service"))
            return (once, replace(dial, max_calls=1))
        case "voicemail":
            return (Voicemail("first", f"100@{instance}", _ends(*EXITS["voicemail"])),)
        case "record":
            return (Record("first", 1, _ends(*EXITS["record"])),)
        case "template":
            return (Template("first", TEMPLATE, digest(TEMPLATE_TEXT), _ends("done", "odd", "failed")),)
    return (Handover("first", f"{instance}-ordinary", _ends(*EXITS["handover"])),)


def _configuration(stage: Stage, index: int) -> Configuration:
    base = edge_configuration(PLACES[0], 3 * index)
    route = base.default.routes["main"]
    steps = _steps(stage.step, route.flows, base.instance)
    ends = sorted({end for step in steps for end in step.exits.values() if end.startswith("end_")})
    flow = Flow(MODE, (*steps, *(Hangup(end) for end in ends)))
    language = "nl" if stage.complete else "de"
    route = replace(route, language=language, flows={**route.flows, MODE: flow})
    company = replace(base.default.company, languages=(language, "fr"))
    plan = replace(base.default, routes={"main": route}, company=company)
    # A key can be pressed only in sounds that last.
    during = stage.step.startswith("keyed ") and stage.keyed
    surroundings = replace(all_there(plan), patient=not during, keyed=stage.keyed)
    if not stage.complete:
        surroundings = replace(
            surroundings,
            sounds=frozenset(),
            mailboxes=frozenset(),
            recordings_writable=False,
            ordinary_numbers=frozenset(),
            outbound_numbers=frozenset(),
        )
    plan = lasting(plan, surroundings)
    return replace(base, default=plan, current=plan, surroundings=surroundings)


def _cases(stage: Stage, configuration: Configuration, pointed: Pointed) -> Iterator[Case]:
    database = database_of({"override/main": f"1|1|{MODE}|{LATER}|me|x"}, good_pointer(pointed))
    route = configuration.default.routes["main"]
    did = route.dids[0].number

    def case(service: str = "answers", key: str = "", forwards: int = 0, diverted_from: str = "") -> Case:
        return case_of(
            configuration,
            did,
            "main",
            STRANGER,
            AT,
            database,
            diverted_from=diverted_from,
            service=service,
            key=key,
            forwards=forwards,
        )

    pressed = stage.keyed and (stage.step == "collect" or stage.step.startswith("keyed "))
    keys = KEYS if pressed else ("",)
    yield from (case(key=key) for key in keys)
    if stage.step.startswith("dial") or stage.step == "template":
        yield from (case(service=service) for service in SERVICES)
    if stage.step.startswith("dial"):
        yield from (case(service="busy", forwards=forwards) for forwards in (CAP - 1, CAP, CAP + 1))
        dial = route.flows[MODE].steps[0]
        assert isinstance(dial, Dial)
        yield from (case(diverted_from=number) for number in dial.loop)
        for number in dial.loop:
            yield case_of(configuration, did, "main", presented(number), AT, database)


@pytest.fixture(scope="module")
async def stages(
    asterisk_install: AsteriskInstall,
    templates: Mapping[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[tuple[DifferentialPbx, Mapping[Stage, Configuration]]]:
    """One PBX with an instance for each stage."""
    configurations = {stage: _configuration(stage, index) for index, stage in enumerate(STAGES)}
    folder = tmp_path_factory.mktemp("stages")
    async with DifferentialPbx.running(
        asterisk_install, list(configurations.values()), lambda _: templates, folder
    ) as pbx:
        yield pbx, configurations


async def test_every_exit_of_every_step(
    stages: tuple[DifferentialPbx, Mapping[Stage, Configuration]],
) -> None:
    pbx, configurations = stages
    cases = [
        case
        for stage, configuration in configurations.items()
        for case in _cases(stage, configuration, pbx.instances[configuration.instance].pointed)
    ]
    heard = await pbx.call_all(cases)
    found = [Difference(case, real) for case, real in zip(cases, heard, strict=True) if differs(case, real)]
    assert not found, "\n".join(map(str, found[:3]))
    taken = {(each.step.kind, each.exit) for case in cases for each in case.story.taken}
    wanted: set[tuple[str, str | None]] = {(kind, exit_) for kind, exits in EXITS.items() for exit_ in exits}
    wanted |= {(kind, key) for kind in ("collect", "play", "offer") for key in WAITED_FOR}
    wanted |= {("template", "done"), ("template", "odd")}
    wanted |= {("handover", None), ("hangup", None), ("dial", UNCONFIRMED)}
    assert taken >= wanted, wanted - taken
