"""The flows of the modes that pbxctl brings along."""

from __future__ import annotations

from dataclasses import replace

from pbxctl.names import ANSWERING_SERVICE, ORDINARY, VOICEMAIL
from pbxctl.plan.flow import (
    UNCONFIRMED,
    Dial,
    Flow,
    Handover,
    Hangup,
    Play,
    Record,
    Sound,
    Step,
    Voicemail,
)
from pbxctl.plan.keys import NO_KEYS, Keys, offering, skippable

REFUSED = "refused"
"""Not a mode of a route: what a blocked caller meets."""

CALL_REJECTED = 21
"""Q.850 cause 21; a SIP trunk sees 603 or 403."""

RECORD_MAX_S = 180

HANDOVERS_AT_ONCE = 3
"""A call handed over more often within one second is led back to us by the ordinary dialplan, for ever."""


def ordinary_flow(context: str, mailbox: str | None, keys: Keys = NO_KEYS) -> Flow:
    """The PBX's own dialplan; should it not know the number, the caller is still told something true."""
    return Flow(
        ORDINARY, (Handover("ordinary", context, {"missing": "neutral"}), *_neutral_on(mailbox, keys))
    )


def voicemail_flow(mailbox: str, keys: Keys = NO_KEYS) -> Flow:
    """The closed-door prompt, then voicemail; whatever is missing, the next best thing."""
    return Flow(VOICEMAIL, _prompt_on(mailbox, keys))


def answering_service_flow(dial: Dial, mailbox: str, keys: Keys = NO_KEYS) -> Flow:
    """Ring the answering service; where it does not take the call, say so and go on as ``voicemail``."""
    prompted = _prompt_on(mailbox, keys)
    first = prompted[0].name
    skipping = {} if keys.skip is None else {keys.skip: _after_sounds(mailbox)}
    fallen_back = Play("fell_back", Sound.FELL_BACK, {"done": first, "failed": first, **skipping})
    # A call that comes from the service is nobody's falling back.
    dial = replace(dial, exits={**dial.exits, "looped": first})
    return Flow(ANSWERING_SERVICE, (dial, fallen_back, *prompted))


def service_exits(*, confirmed: bool = False) -> dict[str, str]:
    """Where the answering service's ``Dial`` step leads; ``confirmed``: a call is taken by a key."""
    fallen_back = ("busy", "silent", "unreachable", "capped", *((UNCONFIRMED,) if confirmed else ()))
    return {"answered": "end", **dict.fromkeys(fallen_back, "fell_back"), "looped": "prompt"}


def refused_flow() -> Flow:
    """A blocked caller is refused before the call is answered, so that it costs nobody anything."""
    return Flow(REFUSED, (Hangup("refuse", CALL_REJECTED),))


def safety_net(mailbox: str, prefix: str, keys: Keys = NO_KEYS) -> tuple[Step, ...]:
    """What no caller falls through: ``neutral``, ``built_in``, ``message``, ``full``, ``recording``, ``end``.

    Each name bears the ``prefix``.
    """
    return _neutral_on(mailbox, keys, prefix)


def _prompt_on(mailbox: str | None, keys: Keys) -> tuple[Step, ...]:
    prompt = Play("prompt", Sound.PROMPT, {"done": _after_sounds(mailbox), "failed": "neutral"})
    return (*offering(prompt, keys), *_neutral_on(mailbox, keys))


def _neutral_on(mailbox: str | None, keys: Keys, prefix: str = "") -> tuple[Step, ...]:
    after = prefix + _after_sounds(mailbox)
    built_in, full, recording, end = (f"{prefix}{name}" for name in ("built_in", "full", "recording", "end"))
    neutral = Play(f"{prefix}neutral", Sound.NEUTRAL, {"done": after, "failed": built_in})
    sounds = (
        skippable(neutral, keys),
        Play(built_in, Sound.BUILT_IN, {"done": after, "failed": after}),
    )
    take: tuple[Step, ...] = ()
    if mailbox is not None:
        take = (
            Voicemail(f"{prefix}message", mailbox, {"done": end, "failed": full}),
            Play(full, Sound.MAILBOX_FULL, {"done": recording, "failed": recording}),
        )
    record = Record(recording, RECORD_MAX_S, {"done": end, "failed": end})
    return (*sounds, *take, record, Hangup(end))


def _after_sounds(mailbox: str | None) -> str:
    return "recording" if mailbox is None else "message"
