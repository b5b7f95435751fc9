"""The flows of the modes that pbxctl brings along."""

from __future__ import annotations

from pbxctl.names import ANSWERING_SERVICE, ORDINARY, VOICEMAIL
from pbxctl.plan.flow import Dial, Flow, Handover, Hangup, Play, Record, Sound, Step, Voicemail

REFUSED = "refused"
"""Not a mode of a route: what a blocked caller meets."""

CALL_REJECTED = 21
"""Q.850 cause 21; a SIP trunk sees 603 or 403."""

RECORD_MAX_S = 180

HANDOVERS_AT_ONCE = 3
"""A call handed over more often within one second is led back to us by the ordinary dialplan, for ever."""


def ordinary_flow(context: str, mailbox: str | None) -> Flow:
    """The PBX's own dialplan; should it not know the number, the caller is still told something true."""
    return Flow(ORDINARY, (Handover("ordinary", context, {"missing": "neutral"}), *_neutral_on(mailbox)))


def voicemail_flow(mailbox: str) -> Flow:
    """The closed-door prompt, then voicemail; whatever is missing, the next best thing."""
    return Flow(VOICEMAIL, _prompt_on(mailbox))


def answering_service_flow(dial: Dial, mailbox: str) -> Flow:
    """Ring the answering service; when nobody there takes the call, go on as ``voicemail`` does."""
    return Flow(ANSWERING_SERVICE, (dial, *_prompt_on(mailbox)))


def service_exits() -> dict[str, str]:
    """Where the answering service's ``Dial`` step leads."""
    fallen_back = ("busy", "silent", "unreachable", "capped", "looped")
    return {"answered": "end", **dict.fromkeys(fallen_back, "prompt")}


def refused_flow() -> Flow:
    """A blocked caller is refused before the call is answered, so that it costs nobody anything."""
    return Flow(REFUSED, (Hangup("refuse", CALL_REJECTED),))


def safety_net(mailbox: str, prefix: str) -> tuple[Step, ...]:
    """What no caller falls through: ``neutral``, ``built_in``, ``message``, ``recording``, ``end``.

    Each name bears the ``prefix``.
    """
    return _neutral_on(mailbox, prefix)


def _prompt_on(mailbox: str | None) -> tuple[Step, ...]:
    after = _after_sounds(mailbox)
    return (Play("prompt", Sound.PROMPT, {"done": after, "failed": "neutral"}), *_neutral_on(mailbox))


def _neutral_on(mailbox: str | None, prefix: str = "") -> tuple[Step, ...]:
    after = prefix + _after_sounds(mailbox)
    built_in, recording, end = f"{prefix}built_in", f"{prefix}recording", f"{prefix}end"
    sounds = (
        Play(f"{prefix}neutral", Sound.NEUTRAL, {"done": after, "failed": built_in}),
        Play(built_in, Sound.BUILT_IN, {"done": after, "failed": after}),
    )
    message = f"{prefix}message"
    take = () if mailbox is None else (Voicemail(message, mailbox, {"done": end, "failed": recording}),)
    record = Record(recording, RECORD_MAX_S, {"done": end, "failed": end})
    return (*sounds, *take, record, Hangup(end))


def _after_sounds(mailbox: str | None) -> str:
    return "recording" if mailbox is None else "message"
