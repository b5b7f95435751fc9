"""Which flows FreeSWITCH is known to carry out, and in what words of its own.

A step is rendered only where it was measured what a caller then lives through; any other is
refused, since a step that is merely hoped to work loses calls in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pbxctl.errors import InputWrong
from pbxctl.plan.flow import Flow, Handover, Hangup, Play, Step, Voicemail
from pbxctl.plan.model import Did
from pbxctl.plan.modes import HANDOVERS_AT_ONCE
from pbxctl.render.landing_xml import expression

_CARRIED = (Play, Voicemail, Handover, Hangup)

_CAUSES = {16: "NORMAL_CLEARING", 17: "USER_BUSY", 21: "CALL_REJECTED"}


def mailbox_view(mailbox: str) -> dict[str, str]:
    """A mailbox in FreeSWITCH's words."""
    user, _, domain = mailbox.partition("@")
    return {"user": user, "domain": domain}


def flow_view(
    context: str, flow: Flow, where: str, stem_of: Callable[[Step], str], dids: Sequence[Did] = ()
) -> dict[str, Any]:
    """A flow as its templates print it.

    ``where`` says whose it is, ``stem_of`` names a step's own prompt, ``dids`` are dialled to come to it.

    A handover's exit ``missing`` is taken where the call is led back to us; whether the ordinary
    context knows the number, FreeSWITCH's dialplan cannot ask.

    Raises:
        InputWrong: one of its steps is not carried; the text names it.
    """
    return {
        "context": context,
        "own_mailboxes": any(did.mailbox is not None for did in dids),
        "steps": [_step(step, flow, where, stem_of) for step in flow.reachable()],
    }


def _step(step: Step, flow: Flow, where: str, stem_of: Callable[[Step], str]) -> dict[str, Any]:
    place = f"{where}: step {step.name} ({step.kind}) of mode {flow.mode}"
    if not isinstance(step, _CARRIED):
        raise InputWrong(
            f"{place} is not supported on FreeSWITCH by this version; "
            "play, voicemail, handover and hangup are: use a mode of these alone"
        )
    if isinstance(step, Play) and step.keys:
        keys = ", ".join(step.keys)
        raise InputWrong(
            f"{place}: keys during a prompt ({keys}) are not supported on FreeSWITCH by this version; "
            "leave them out of the exits"
        )
    view: dict[str, Any] = {"name": step.name, "kind": step.kind, "exits": step.exits}
    match step:
        case Play():
            view["sound"] = stem_of(step) or step.sound
        case Voicemail():
            view |= {**mailbox_view(step.mailbox), "fixed": step.fixed}
        case Handover():
            view["context"] = step.context
            view["handovers"] = expression(f"x{{1,{HANDOVERS_AT_ONCE}}}")
        case Hangup():
            if step.cause not in _CAUSES:
                causes = ", ".join(map(str, sorted(_CAUSES)))
                raise InputWrong(f"{place}: cause {step.cause} is not supported on FreeSWITCH; {causes} are")
            view["cause"] = _CAUSES[step.cause]
    return view
