"""Whether whom the house rings is noticed, and safely."""

from __future__ import annotations

from collections.abc import Iterator

from pbxctl.dialplan.asterisk import Dialplan
from pbxctl.doctor.entries import is_freepbx, without_ours
from pbxctl.doctor.facts import Subject
from pbxctl.doctor.finding import Finding, Findings

_FREEPBX = (
    "extensions_custom.conf:\n[macro-dialout-trunk-predial-hook]\nexten => s,1,Set(PBXCTL_DIALLED=${OUTNUM})"
)


def outgoing(subject: Subject) -> Findings:
    """The two lines where calls leave the house; needed where ``callers.we_rang`` is set."""
    if subject.facts.dialplan is None:
        return
    lines = list(_lines(subject, subject.facts.dialplan))
    for where, text in lines:
        if "${" in text:
            yield Finding(
                "outgoing-expanded",
                f"{where} hands a number to {text.partition('(')[0]}, which expands it once more: a phone "
                f"that dials ${{SHELL(…)}} would run a command",
                text,
                _two_lines(subject),
            )
    if not lines and subject.plan.we_rang_s is not None:
        yield Finding(
            "outgoing-unnoticed",
            "callers.we_rang is set, and nothing notices whom the house rings: nobody is let through for it",
            "dialplan show",
            _two_lines(subject),
        )


def _lines(subject: Subject, dialplan: Dialplan) -> Iterator[tuple[str, str]]:
    """Lines of others that lead to our context for it."""
    for context in without_ours(subject, dialplan).contexts.values():
        for extension in context.extensions:
            for line in extension.priorities:
                if f"{subject.prefix}-outgoing" in line.data:
                    yield f"{extension.name} in [{context.name}]", f"{line.app}({line.data})"


def _two_lines(subject: Subject) -> str:
    call = f" same => n,TryExec(Gosub({subject.prefix}-outgoing,s,1))"
    if is_freepbx(subject):
        return f"{_FREEPBX}\n{call}"
    dial_out = subject.config.pbx.dial_out
    context = dial_out.context if dial_out else "the context through which calls leave the house"
    noted = " same => n,Set(PBXCTL_DIALLED=${EXTEN})"
    # Without it, a call that nobody took runs on into the second line of a pattern that has now three.
    ends = " same => n,Hangup()"
    return f"extensions.conf, [{context}], in front of each Dial:\n{noted}\n{call}\nand behind it:\n{ends}"
