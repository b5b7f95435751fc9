"""Whether calls from outside come to us first, and fall through where we are gone; the lines for it."""

from __future__ import annotations

from pbxctl.dialplan.asterisk import Dialplan, answer, answers
from pbxctl.doctor.entries import (
    FREEPBX_HOOK,
    Entry,
    as_planned,
    entries,
    includes_of,
    is_freepbx,
    is_ours,
    reached_today,
    spellings,
    told,
    without_ours,
)
from pbxctl.doctor.facts import Subject
from pbxctl.doctor.finding import Finding, Findings

FREEPBX_ORDINARY = ("ext-did", "ext-did-post-custom", "from-did-direct", "ext-did-catchall")
_NOBODY_S_NUMBER = "+99900000000"


def hook(subject: Subject) -> Findings:
    """Each context of a trunk: ours first, then the ordinary one, then whoever else dials."""
    if subject.facts.dialplan is None:
        return
    found = entries(subject)
    if not found:
        numbers = ", ".join(route.dids[0].number for route in subject.plan.routes.values())
        yield Finding(
            "no-entry",
            f"no context was found that calls to {numbers} could enter by: none of an endpoint's answers "
            "them",
            "ShowDialPlan, PJSIPShowEndpoints",
            "give the trunk a context of its own, its context= in pjsip.conf:\n"
            + _lines(subject, "from-provider"),
        )
    for entry in found:
        if is_freepbx(subject):
            yield from _freepbx(subject, entry)
        else:
            yield from _plain(subject, entry)


def _plain(subject: Subject, entry: Entry) -> Findings:
    if not _is_hooked(subject, entry):
        yield Finding(
            "hook-missing",
            f"calls that enter [{entry.context}]{_from(entry)} do not come to pbxctl: [{entry.context}] "
            f"does not include {subject.inbound}",
            _today(subject, entry),
            _how(subject, entry.context),
        )
        return
    yield from _shadowed(subject, entry)
    yield from _order(subject, entry)
    yield from _fall_through(subject, entry)
    theirs = as_planned(subject, _dialplan(subject))
    if answer(theirs, _NOBODY_S_NUMBER, entry.context) is None:
        yield Finding(
            "hook-unlisted",
            f"a number that nobody knows leaves no record at all when it is dialled in [{entry.context}]",
            f"dialplan show {_NOBODY_S_NUMBER}@{entry.context}",
            f"extensions.conf, last line of [{entry.context}]:\ninclude => {subject.unlisted}",
        )


def _freepbx(subject: Subject, entry: Entry) -> Findings:
    if _is_hooked(subject, entry):
        yield from _shadowed(subject, entry)
        yield from _fall_through(subject, entry)
        return
    lines = [f"[{FREEPBX_HOOK}]", f"include => {subject.inbound}"]
    for ordinary in sorted({route.ordinary for route in subject.plan.routes.values()}):
        if ordinary not in _dialplan(subject).contexts:
            lines += ["", f"[{ordinary}]", *(f"include => {name}" for name in FREEPBX_ORDINARY)]
    yield Finding(
        "hook-missing",
        f"calls that enter [{entry.context}]{_from(entry)} do not come to pbxctl: FreePBX asks "
        f"[{FREEPBX_HOOK}] first, and that does not include {subject.inbound}",
        _today(subject, entry),
        "extensions_custom.conf:\n" + "\n".join(lines) + '\nthen: asterisk -rx "dialplan reload"',
    )


def _shadowed(subject: Subject, entry: Entry) -> Findings:
    """Something that answers before we are asked."""
    planned = as_planned(subject, _dialplan(subject))
    before: dict[str, list[str]] = {}
    for spelling, _, _ in spellings(subject):
        found = answer(planned, spelling, entry.context)
        if found is not None and not is_ours(subject, found.context):
            before.setdefault(f"{told(found)} in [{found.context}]", []).append(spelling)
    for who, numbers in before.items():
        yield Finding(
            "hook-shadowed",
            f"{who} answers {', '.join(numbers)} before pbxctl is asked",
            f"dialplan show {numbers[0]}@{entry.context}",
            f"take {who.partition(' in ')[0]} out of [{entry.context}] and what it includes before "
            f"{subject.inbound}: an extension of the context's own comes before all includes",
        )


def _order(subject: Subject, entry: Entry) -> Findings:
    """Whoever dials a number of nobody's must be told so last."""
    planned = as_planned(subject, _dialplan(subject))
    for spelling, _, _ in spellings(subject):
        rest = [found.context for found in answers(planned, spelling, entry.context, "")]
        after = [context for context in rest if context != subject.inbound]
        if len(after) > 1 and after[0] == subject.unlisted:
            yield Finding(
                "hook-order",
                f"[{entry.context}] includes {subject.unlisted} before {after[1]}: with pbxctl's other "
                "files gone, calls would be refused",
                f"dialplan show {spelling}@{entry.context}",
                f"extensions.conf, [{entry.context}]: make include => {subject.unlisted} the last line",
            )
            return


def _fall_through(subject: Subject, entry: Entry) -> Findings:
    """With our files gone, calls must reach the ordinary dialplan."""
    theirs = without_ours(subject, _dialplan(subject))
    lost = [
        spelling for spelling, _, _ in spellings(subject) if answer(theirs, spelling, entry.context) is None
    ]
    if lost:
        ordinary = sorted({route.ordinary for route in subject.plan.routes.values()})
        yield Finding(
            "hook-falls-nowhere",
            f"with pbxctl's files gone, nobody would answer {', '.join(lost)} in [{entry.context}]",
            f"[{entry.context}] includes {', '.join(includes_of(theirs, entry.context)) or 'nothing'}",
            f"extensions.conf, [{entry.context}], after include => {subject.inbound}:\n"
            + "\n".join(f"include => {name}" for name in ordinary),
        )


def _is_hooked(subject: Subject, entry: Entry) -> bool:
    planned = as_planned(subject, _dialplan(subject))
    return any(
        found.context == subject.inbound
        for spelling, _, _ in spellings(subject)
        for found in answers(planned, spelling, entry.context)
    )


def _how(subject: Subject, context: str) -> str:
    """The wrapper for this very context."""
    dialplan = _dialplan(subject)
    ordinary = sorted({route.ordinary for route in subject.plan.routes.values()})
    if context in ordinary:
        wrapper = f"{context}-wrapper"
        return (
            f"extensions.conf, a context for the trunk to enter instead:\n{_lines(subject, wrapper)}\n"
            f"pjsip.conf, in the trunk's endpoint:\ncontext = {wrapper}"
        )
    if set(ordinary) & set(includes_of(dialplan, context)):
        return f"extensions.conf, first line of [{context}]:\ninclude => {subject.inbound}"
    missing = [name for name in ordinary if name not in dialplan.contexts]
    rename = (
        f"extensions.conf: rename [{context}] to [{missing[0]}], and put in its place:\n" if missing else ""
    )
    return (rename or f"extensions.conf, in place of what [{context}] holds:\n") + _lines(subject, context)


def _lines(subject: Subject, context: str) -> str:
    ordinary = sorted({route.ordinary for route in subject.plan.routes.values()})
    included = (subject.inbound, *ordinary, subject.unlisted)
    return "\n".join([f"[{context}]", *(f"include => {name}" for name in included)])


def _today(subject: Subject, entry: Entry) -> str:
    return "; ".join(str(row) for row in reached_today(subject) if row.entry == entry)


def _from(entry: Entry) -> str:
    return f" (endpoint {', '.join(entry.endpoints)})" if entry.endpoints else ""


def _dialplan(subject: Subject) -> Dialplan:
    return subject.facts.dialplan or Dialplan({}, {})
