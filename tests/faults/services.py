"""The ways in which an answering service can fail its callers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

import numpy as np

from pbxctl.prompts.kinds import PromptKind
from pbxctl.rehearse.sip.agent import Handler
from pbxctl.rehearse.sip.call import Call
from pbxctl.rehearse.sip.incoming import IncomingCall
from pbxctl.rehearse.sip.rtp import RATE_HZ, Samples
from pbxctl.rehearse.sip.scripts import answers, diverts, never_answers, rejects, takes_by
from tests.faults.fault import PROMPT, Expected, Fault, fallen_back
from tests.scenarios.caller import PATIENCE_S, melody, unless_over
from tests.scenarios.company import RING_S, STOCK_TAKING, At, Company
from tests.scenarios.house import House
from tests.scenarios.room import Room

ANSWERED = Expected(("service",))
SERVICE: Mapping[At | None, Expected] = {At.ANSWERING_SERVICE: fallen_back(PROMPT)}
LOOPED: Mapping[At | None, Expected] = {At.ANSWERING_SERVICE: PROMPT}


def _always(handler: Handler) -> Callable[[House, Company], Handler]:
    return lambda house, company: handler


async def _says_nothing(call: IncomingCall) -> None:
    """Neither ring nor refuse."""
    await call.ended(PATIENCE_S)


def _carrier_forwards(
    house: House, company: Company, *, says_so: bool = False, keeps_ours: bool = False
) -> Handler:
    """The service's number is forwarded to us: the carrier places a new call, with Diversion or without.

    ``keeps_ours``: it passes on what we told of the call, and nothing of its own.
    """

    async def handle(call: IncomingCall) -> None:
        headers = {}
        if says_so:
            headers["Diversion"] = f"<sip:{company.service}@carrier.example>;reason=unconditional"
        elif keeps_ours:
            headers["Diversion"] = call.header("Diversion")
        onward = await house.call(company, STOCK_TAKING, caller=call.from_user, headers=headers)
        await unless_over(call, onward.answered(PATIENCE_S))
        if onward.is_answered and not call.is_over:
            await call.answer()
            await unless_over(call, _join(call, onward))
        for each in (call, onward):
            if not each.is_over:
                await each.hang_up()

    return handle


async def _join(one: Call, other: Call) -> None:
    loop = asyncio.get_running_loop()
    passed = {one: len(one.recording), other: len(other.recording)}
    said_until = {one: 0.0, other: 0.0}
    while not one.is_over and not other.is_over:
        for source, sink in ((one, other), (other, one)):
            new = source.recording[passed[source] :]
            passed[source] += len(new)
            if len(new) and loop.time() >= said_until[sink]:
                # It was quiet there. Two sounds that follow one another do so by a few samples early or
                # late: without some way ahead a packet in the midst of the second would not be full.
                sink.play(_AHEAD)
                said_until[sink] = loop.time() + len(_AHEAD) / RATE_HZ
            sink.play(new)
            said_until[sink] += len(new) / RATE_HZ
        # The caller sends all the time; the far end, while it records him, does not.
        await one.heard(len(one.recording) / RATE_HZ + 0.04, PATIENCE_S)


_AHEAD: Samples = np.zeros(RATE_HZ // 5, dtype=np.int16)
"""What is passed on after a silence waits this long, so that what comes late tears no gap."""


def _hangs_up_meanwhile(house: House, company: Company) -> Handler:
    """Picks up, and hangs up in the middle of what is asked."""

    async def handle(call: IncomingCall) -> None:
        await call.answer()
        await unless_over(call, call.heard(1.0, PATIENCE_S))
        await call.hang_up()

    return handle


def taken_by(key: str) -> Handler:
    """Picked up, the key pressed once it is asked for, and a word said."""
    return takes_by(key, plays=np.concatenate([_AHEAD, melody("service")]), hangs_up=True)


def without_outbound_context(room: Room) -> Room:
    return replace(room, knows_outside=False)


def without_the_question(room: Room) -> Room:
    """The sound that asks for the key is gone."""
    for prompt in room.company.prompts:
        if prompt.kind is PromptKind.CONFIRM:
            (room.sounds / prompt.file("nl")).unlink()
    return room


BY_KEY = partial(Company, confirm="1")
_GREETING = np.concatenate([melody("machine"), melody("machine")])

_DIVERTS_BACK = partial(_carrier_forwards, says_so=True)
_DIVERTS_BACK_AS_WE_TOLD = partial(_carrier_forwards, keeps_ours=True)
_DIVERTS_BACK_SILENTLY = _carrier_forwards

SERVICES = (
    Fault(
        "service answers",
        {At.ANSWERING_SERVICE: ANSWERED},
        service=_always(answers(plays=melody("service"), hangs_up=True)),
    ),
    Fault("service busy", SERVICE),
    Fault("service does not answer", SERVICE, service=_always(never_answers())),
    Fault("service says nothing at all", SERVICE, service=_always(_says_nothing)),
    Fault("service refuses", SERVICE, service=_always(rejects(603))),
    Fault("service out of order", SERVICE, service=_always(rejects(503))),
    Fault("service number unknown", SERVICE, service=_always(rejects(404))),
    Fault("outbound context missing", SERVICE, without_outbound_context),
    Fault(
        "service redirects to us (302)",
        SERVICE,
        service=lambda house, company: diverts(f"sip:{company.did}@127.0.0.1"),
    ),
    Fault(
        "service redirects elsewhere (302)", SERVICE, service=_always(diverts("sip:+32470999999@127.0.0.1"))
    ),
    Fault(
        "service takes it by the key",
        {At.ANSWERING_SERVICE: ANSWERED},
        service=_always(taken_by("1")),
        company=BY_KEY,
    ),
    Fault("a machine answers", SERVICE, service=_always(answers(plays=_GREETING)), company=BY_KEY),
    Fault("somebody answers and is silent", SERVICE, service=_always(answers()), company=BY_KEY),
    Fault("somebody presses another key", SERVICE, service=_always(taken_by("2")), company=BY_KEY),
    Fault(
        "somebody presses the key after two others",
        SERVICE,
        service=_always(taken_by("551")),
        company=BY_KEY,
    ),
    Fault("somebody answers too late", SERVICE, service=_always(answers(after_s=RING_S + 2)), company=BY_KEY),
    Fault("somebody hangs up when asked", SERVICE, service=_hangs_up_meanwhile, company=BY_KEY),
    Fault("nobody answers who would be asked", SERVICE, service=_always(never_answers()), company=BY_KEY),
    Fault(
        "nothing can be asked, and somebody presses the key",
        {At.ANSWERING_SERVICE: ANSWERED},
        without_the_question,
        service=_always(taken_by("1")),
        company=BY_KEY,
    ),
    Fault("we call ourselves", LOOPED, caller_is_us=True),
    Fault("service forwards to us, showing our number", LOOPED, service=_DIVERTS_BACK_SILENTLY),
    Fault("service forwards to us, with Diversion", LOOPED, service=_DIVERTS_BACK),
    Fault(
        "service forwards to us, with Diversion and the caller's number",
        LOOPED,
        service=_DIVERTS_BACK,
        company=partial(Company, caller_id="caller"),
    ),
    Fault(
        "service forwards to us, with our own Diversion and the caller's number",
        {At.ANSWERING_SERVICE: PROMPT},
        service=_DIVERTS_BACK_AS_WE_TOLD,
        company=partial(Company, caller_id="caller"),
    ),
    Fault(
        "service forwards to us, and nothing says so",
        SERVICE,
        service=_DIVERTS_BACK_SILENTLY,
        company=partial(Company, caller_id="caller", max_calls=2, ring_s=6),
    ),
)
